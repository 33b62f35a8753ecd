-- The walls as they were said before.
do $$
declare
    place record;
    wall text;
begin
    for place in
        select p.polrelid::regclass as relation, pg_get_expr(p.polqual, p.polrelid) as wall, p.polwithcheck is not null as checks from pg_policy p
            where p.polname = 'tenant_wall' and pg_get_expr(p.polqual, p.polrelid) like '%app.customer_id%'
    loop
        wall := regexp_replace(place.wall, '\( SELECT (current_setting\(''app\.customer_id''::text, true\)) AS current_setting\)', '\1', 'g');
        execute format('alter policy tenant_wall on %s using (%s)', place.relation, wall);
        if place.checks then
            execute format('alter policy tenant_wall on %s with check (%s)', place.relation, wall);
        end if;
    end loop;
end $$;

create or replace function make_tenant_table(
    target regclass, retailer_column text default null, secrets text[] default '{}', audited boolean default true
) returns void language plpgsql as $$
declare
    wall text := 'tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid';
begin
    if retailer_column is not null then
        -- Staff have no customer set and see all of the company; a retailer's buyer sees the rows of that customer.
        wall := wall || format(' and case when current_setting(''app.customer_id'', true) <> '''' then %I = current_setting(''app.customer_id'', true)::uuid else true end', retailer_column);
    else
        wall := wall || ' and case when current_setting(''app.customer_id'', true) <> '''' then false else true end';
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
