drop policy buyers_see_proofs on files;
alter table stock_moves drop constraint stock_moves_tenant_id_shipment_line_id_fkey;
drop table shipment_lines;
drop table shipments;
drop table drivers;
drop table vehicles;
