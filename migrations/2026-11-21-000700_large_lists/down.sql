drop index audit_entries_by_time, audit_entries_by_action, audit_entries_by_table, audit_entries_by_request, audit_entries_by_row;
create index audit_entries_by_row on audit_entries (tenant_id, table_name, row_id, id);
drop index users_by_words;
drop function search_employees(text);
drop index employees_by_words;
drop extension btree_gin;
drop extension pg_trgm;
