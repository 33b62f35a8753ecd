-- What lists and searches of a large company need; tests/it/plans.rs watches that it is used.

-- Trigrams find a piece of a name, and a company's id stands beside them in the same index. Both come with PostgreSQL (contrib) and
-- are trusted: the owner of the database may add them.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

create index employees_by_words on employees using gin (tenant_id, name gin_trgm_ops, email gin_trgm_ops);

-- `ilike` is not leakproof, so behind row security it never becomes an index condition. This function has the owner's rights, for whom
-- the wall is open, and therefore filters the company itself, from the transaction's setting.
create function search_employees(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    -- A percent sign that somebody typed is not a wild card.
    plain text := translate(words, '%_\', '');
    -- The index knows pieces of three letters. Fewer are looked for where a word begins.
    is_short boolean := length(plain) < 3;
    piece text := case when is_short then plain || '%' else '%' || plain || '%' end;
    later_word text := case when is_short then '% ' || plain || '%' else piece end;
begin
    return query select e.id from employees e
        where e.tenant_id = current_tenant() and setting_uuid('customer_id') is null
          and (e.name ilike piece or e.name ilike later_word or e.email ilike piece);
end $$;
comment on function search_employees(text) is 'Ids of this transaction''s company''s people whose name or address holds these letters.';
grant execute on function search_employees(text) to mandi_app;

-- The platform's search for a person.
create index users_by_words on users using gin (name gin_trgm_ops, email gin_trgm_ops);

-- The audit log filtered by record, by action, by day, or by one id; a record's id says its table.
drop index audit_entries_by_row;
create index audit_entries_by_row on audit_entries (tenant_id, row_id, id);
create index audit_entries_by_request on audit_entries (tenant_id, request_id, id);
create index audit_entries_by_table on audit_entries (tenant_id, table_name, id);
create index audit_entries_by_action on audit_entries (tenant_id, action, id);
create index audit_entries_by_time on audit_entries (tenant_id, at, id);
