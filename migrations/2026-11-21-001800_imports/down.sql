drop index stock_moves_by_import;
alter table stock_moves drop constraint stock_moves_tenant_id_import_id_fkey;
drop table import_mappings;
drop table import_rows;
drop table imports;
