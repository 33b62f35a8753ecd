drop trigger open_the_books on gst_registrations;
drop function open_the_books();
drop function free_stock;
drop table stock_moves;
drop table stock_levels;
alter table customers drop constraint customers_tenant_id_warehouse_id_fkey;
drop index customers_by_warehouse;
drop table warehouses;
