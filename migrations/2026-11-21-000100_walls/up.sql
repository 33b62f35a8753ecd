-- The walls between companies. Everything later stands on these functions; see docs/architecture.md, "Keeping tenants apart".

-- Two roles that own nothing and cannot bypass row security. The application's login takes one of them for each transaction.
-- Roles belong to the whole server, so they may be there already.
do $$
begin
    if not exists (select from pg_roles where rolname = 'mandi_app') then
        begin
            create role mandi_app nologin nosuperuser nocreatedb nocreaterole nobypassrls;
        exception when duplicate_object or unique_violation then null; -- another database's migration was quicker
        end;
    end if;
    if not exists (select from pg_roles where rolname = 'mandi_platform') then
        begin
            create role mandi_platform nologin nosuperuser nocreatedb nocreaterole nobypassrls;
        exception when duplicate_object or unique_violation then null; -- another database's migration was quicker
        end;
    end if;
    -- With one DATABASE_URL its login owns the tables and works under `set role`, so it has to be a member.
    if not pg_has_role(current_user, 'mandi_app', 'member') then
        execute format('grant mandi_app to %I', current_user);
    end if;
    if not pg_has_role(current_user, 'mandi_platform', 'member') then
        execute format('grant mandi_platform to %I', current_user);
    end if;
end $$;

grant usage on schema public to mandi_app, mandi_platform;
-- A function is closed until somebody opens it: most of ours run with the owner's rights.
alter default privileges revoke execute on functions from public;

create function current_tenant() returns uuid
    language sql stable parallel safe
    as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;
comment on function current_tenant() is 'The company of this transaction, or null.';
grant execute on function current_tenant() to mandi_app, mandi_platform;

create function setting_uuid(name text) returns uuid
    language sql stable parallel safe
    as $$ select nullif(current_setting('app.' || name, true), '')::uuid $$;
comment on function setting_uuid(text) is 'A setting of this transaction (app.<name>) as uuid, or null.';
grant execute on function setting_uuid(text) to mandi_app, mandi_platform;

create aggregate jsonb_merge(jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');
comment on aggregate jsonb_merge(jsonb) is 'Objects laid over each other, the later one winning: rebuilds a row from its audit entries.';

-- ── Audit ────────────────────────────────────────────────────────────────────────────────────────────────────────
create table audit_entries (
    tenant_id  uuid        not null,
    id         bigint      generated always as identity,
    at         timestamptz not null default now(),
    table_name text        not null,
    row_id     uuid        not null,
    action     text        not null check (action in ('insert', 'update', 'delete')),
    user_id    uuid,
    request_id uuid,
    cause      text,
    before     jsonb,
    after      jsonb,
    primary key (tenant_id, id)
);
create index audit_entries_by_row on audit_entries (tenant_id, table_name, row_id, id);
create index audit_entries_by_user on audit_entries (tenant_id, user_id, id);
comment on table audit_entries is 'Every change to every row of a company: written by trigger only, never changed, never switched off.';
comment on column audit_entries.tenant_id is 'The company whose row changed.';
comment on column audit_entries.id is 'Order of writing; pages through the list by it.';
comment on column audit_entries.at is 'Start of the transaction that made the change.';
comment on column audit_entries.table_name is 'The table of the changed row.';
comment on column audit_entries.row_id is 'The id of the changed row.';
comment on column audit_entries.action is 'insert, update or delete.';
comment on column audit_entries.user_id is 'Who did it; null when the system did.';
comment on column audit_entries.request_id is 'The request that did it: the id which the log and error pages show.';
comment on column audit_entries.cause is 'For the system''s own changes: the job or schedule that made them.';
comment on column audit_entries.before is 'The row before (delete), or the changed columns before (update). Secret columns are left out.';
comment on column audit_entries.after is 'The row after (insert), or the changed columns after (update). Secret columns are left out.';

-- Runs with the owner's rights: nobody else may insert, so no entry can be invented.
create function audit_row() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    as $$
declare
    old_row jsonb;
    new_row jsonb;
    was jsonb;
    became jsonb;
    tenant uuid;
    row_id uuid;
begin
    if tg_op <> 'INSERT' then old_row := to_jsonb(old) - coalesce(tg_argv, '{}')::text[]; end if;
    if tg_op <> 'DELETE' then new_row := to_jsonb(new) - coalesce(tg_argv, '{}')::text[]; end if;
    -- A company is its own tenant; every other row says whose it is.
    tenant := coalesce(new_row ->> 'tenant_id', old_row ->> 'tenant_id', new_row ->> 'id', old_row ->> 'id')::uuid;
    row_id := coalesce(new_row ->> 'id', old_row ->> 'id')::uuid;
    was := old_row;
    became := new_row;
    if tg_op = 'UPDATE' then
        select jsonb_object_agg(n.key, o.value), jsonb_object_agg(n.key, n.value) into was, became
            from jsonb_each(new_row) n join jsonb_each(old_row) o using (key)
            where n.value is distinct from o.value;
        if became is null then return null; end if;
    end if;
    insert into audit_entries (tenant_id, table_name, row_id, action, user_id, request_id, cause, before, after)
        values (tenant, tg_table_name, row_id, lower(tg_op), setting_uuid('user_id'), setting_uuid('request_id'),
                nullif(current_setting('app.cause', true), ''), was, became);
    return null;
end $$;
comment on function audit_row() is 'Writes the audit entry of a changed row. Arguments: columns that are secret and left out.';

-- ── Tools for later migrations ───────────────────────────────────────────────────────────────────────────────────

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;
comment on function refuse_change() is 'The trigger behind append-only tables.';

create function make_append_only(target regclass) returns void language plpgsql as $$
begin
    execute format('create trigger append_only before update or delete on %s for each row execute function refuse_change()', target);
    execute format('create trigger append_only_truncate before truncate on %s for each statement execute function refuse_change()', target);
    execute format('revoke update, delete, truncate on %s from mandi_app, mandi_platform', target);
end $$;
comment on function make_append_only(regclass) is 'Rows of the table can be added and read, nothing else, by anybody.';

-- All or nothing: default, policies, forced row security, rights and audit of one company's table.
create function make_tenant_table(
    target regclass, retailer_column text default null, secrets text[] default '{}', audited boolean default true
) returns void language plpgsql as $$
declare
    wall text := 'tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid';
begin
    if retailer_column is not null then
        -- Staff have no customer set and see all of the company; a retailer's buyer sees the rows of that customer.
        wall := wall || format(' and (nullif(current_setting(''app.customer_id'', true), '''') is null or %I = nullif(current_setting(''app.customer_id'', true), '''')::uuid)', retailer_column);
    else
        wall := wall || ' and nullif(current_setting(''app.customer_id'', true), '''') is null';
    end if;
    execute format('alter table %s alter column tenant_id set default nullif(current_setting(''app.tenant_id'', true), '''')::uuid', target);
    execute format('alter table %s enable row level security, force row level security', target);
    execute format('create policy tenant_wall on %s to mandi_app using (%s) with check (%s)', target, wall, wall);
    execute format('create policy owner_backfill on %s to %I using (true) with check (true)', target, current_user);
    execute format('grant select, insert, update, delete on %s to mandi_app', target);
    if audited then
        perform audit_table(target, secrets);
    end if;
end $$;
comment on function make_tenant_table(regclass, text, text[], boolean) is
    'Puts the wall around a table of companies'' rows. retailer_column: the customer''s id, where a retailer reaches the table; secrets: columns that the audit leaves out.';

create function audit_table(target regclass, secrets text[] default '{}') returns void language plpgsql as $$
declare
    arguments text := (select coalesce(string_agg(quote_literal(s), ', '), '') from unnest(secrets) s);
begin
    execute format('create trigger audit after insert or update or delete on %s for each row execute function audit_row(%s)', target, arguments);
end $$;
comment on function audit_table(regclass, text[]) is 'Hangs the audit trigger on a table.';

create function open_to_platform(target regclass, rights text) returns void language plpgsql as $$
begin
    if (select relrowsecurity from pg_class where oid = target) then
        execute format('create policy platform_reach on %s to mandi_platform using (true) with check (true)', target);
    end if;
    execute format('grant %s on %s to mandi_platform', rights, target);
end $$;
comment on function open_to_platform(regclass, text) is 'Lets the platform role reach the rows of all companies in this table.';

-- The audit is a tenant table that nobody writes but its trigger.
alter table audit_entries enable row level security, force row level security;
create policy tenant_wall on audit_entries to mandi_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and nullif(current_setting('app.customer_id', true), '') is null);
do $$ begin execute format('create policy owner_backfill on audit_entries to %I using (true) with check (true)', current_user); end $$;
grant select on audit_entries to mandi_app;
select open_to_platform('audit_entries', 'select');
select make_append_only('audit_entries');
