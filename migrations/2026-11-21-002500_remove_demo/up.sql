-- The demo leaves as it came: all of it, whatever tables there are by then, and nothing else.

create index companies_of_demo on companies (id) where is_demo;
create index retailers_of_demo on retailers (id) where is_demo;

-- What may be removed as a whole is said when it is made, so nothing real ever becomes removable.
create function refuse_to_change_kind() returns trigger language plpgsql as $$
begin
    raise exception 'what is of the demo and what is real stays so' using errcode = 'restrict_violation';
end $$;
comment on function refuse_to_change_kind() is 'The trigger that keeps a real company or retailer from becoming one of the demo, and the other way round.';
create trigger stays_real before update of is_demo on companies for each row when (old.is_demo is distinct from new.is_demo) execute function refuse_to_change_kind();
create trigger stays_real before update of is_demo on retailers for each row when (old.is_demo is distinct from new.is_demo) execute function refuse_to_change_kind();

-- Asked by triggers that refuse a delete. Runs with the rights of whoever deletes: anybody can write the setting, but nobody who works for the
-- application is the owner, and no company that is real, whoever it is that asks. Every row of a ledger asks, so it sets nothing and names the
-- schema instead.
create function demo_lets_go(tenant uuid, relation regclass) returns boolean
    language plpgsql stable
    as $$
declare
    leaving text := nullif(pg_catalog.current_setting('app.leaving', true), '');
begin
    if leaving is null or current_user <> (select pg_catalog.pg_get_userbyid(c.relowner) from pg_catalog.pg_class c where c.oid = relation) then
        return false;
    end if;
    -- The company's own row may be gone by the time that its audit goes.
    return tenant = any (leaving::uuid[]) and not exists (select from public.companies c where c.id = tenant and not c.is_demo);
end $$;
comment on function demo_lets_go(uuid, regclass) is 'Whether remove_demo() is at work on this company, so that a trigger of this table lets its rows go.';
grant execute on function demo_lets_go(uuid, regclass) to mandi_app, mandi_platform;

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if demo_lets_go(old.tenant_id, tg_relid) then return old; end if;
    end if;
    raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;

drop trigger keep_an_owner on employees;
create trigger keep_an_owner before update or delete on employees for each row
    when (not demo_lets_go(old.tenant_id, 'employees'::regclass)) execute function keep_an_owner();

create function demo_people() returns setof uuid
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
        with belongs as (
            select e.user_id, c.is_demo from employees e join companies c on c.id = e.tenant_id
                where e.user_id in (select d.user_id from companies m join employees d on d.tenant_id = m.id where m.is_demo
                    union all select d.user_id from retailers m join retailer_users d on d.retailer_id = m.id where m.is_demo)
            union all
            select r.user_id, s.is_demo from retailer_users r join retailers s on s.id = r.retailer_id
                where r.user_id in (select d.user_id from companies m join employees d on d.tenant_id = m.id where m.is_demo
                    union all select d.user_id from retailers m join retailer_users d on d.retailer_id = m.id where m.is_demo)
        )
        select u.id from belongs b join users u on u.id = b.user_id where not u.is_platform_admin group by u.id having bool_and(b.is_demo)
    $$;
comment on function demo_people() is 'People who belong, or once belonged, to companies and retailers of the demo and to no others, and who do not run the installation.';
revoke execute on function demo_people() from public;
grant execute on function demo_people() to mandi_platform;

create function demo_files() returns table (tenant uuid, file uuid, is_coming boolean)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
        select f.tenant_id, f.id, f.is_pending and f.created_at > now() - interval '10 minutes'
            from companies c join files f on f.tenant_id = c.id where c.is_demo order by f.tenant_id, f.id
    $$;
comment on function demo_files() is 'Files of the demo; is_coming: somebody may be writing its bytes at this moment.';
revoke execute on function demo_files() from public;
grant execute on function demo_files() to mandi_platform;

create function remove_demo(without_bytes uuid[]) returns bigint
    language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
declare
    nobody constant uuid := '00000000-0000-0000-0000-000000000000';
    gone uuid[];
    shops uuid[];
    people uuid[];
    addresses text[];
    letters uuid[];
    named uuid[] := '{}';
    more uuid[];
    steps text;
    sums text;
    removed bigint;
    place record;
begin
    -- Nobody adds a row to a company or retailer that is locked so: the new row's foreign key waits, and then finds it gone.
    perform 1 from companies where is_demo order by id for update;
    perform 1 from retailers where is_demo order by id for update;
    select coalesce(array_agg(id order by id), '{}') into gone from companies where is_demo;
    select coalesce(array_agg(id order by id), '{}') into shops from retailers where is_demo;
    -- A row is what bytes are found by, so it does not go before them.
    if exists (select from files f where f.tenant_id = any (gone) and f.id <> all (without_bytes)) then
        return null;
    end if;
    select coalesce(array_agg(p), '{}') into people from demo_people() p;
    select coalesce(array_agg(u.email), '{}') into addresses from users u where u.id = any (people);
    select coalesce(array_agg(m.id), '{}') into letters from mails m where m.tenant_id is null and m.recipient = any (addresses);
    perform set_config('app.leaving', gone::text, true);

    -- A company points at its own rows (a logo): let go of them.
    for place in
        select k.conrelid::regclass as relation, a.attname as name from pg_constraint k
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey) and not a.attnotnull
            where k.contype = 'f' and k.conrelid in ('companies'::regclass, 'retailers'::regclass)
    loop
        execute format('update %s set %I = null where is_demo and %2$I is not null', place.relation, place.name);
    end loop;
    -- A real company's row that may do without a retailer stays; one that can't (a connection) goes below.
    for place in
        select c.oid::regclass as relation from pg_class c
            join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' and t.attnotnull
            join pg_attribute r on r.attrelid = c.oid and r.attname = 'retailer_id' and not r.attnotnull
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    loop
        execute format('update %s set retailer_id = null where retailer_id = any ($1) and tenant_id <> all ($2)', place.relation) using shops, gone;
    end loop;

    -- Foreign keys are checked row by row. What was loaded a moment ago is not in the statistics yet, and without them the check takes any index
    -- that begins with the company: minutes instead of seconds.
    for place in
        select distinct c.oid::regclass as relation from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname in ('tenant_id', 'retailer_id') and not a.attisdropped
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.oid <> 'audit_entries'::regclass
    loop
        execute format('analyze %s', place.relation);
    end loop;

    -- One statement for all tables: foreign keys are checked at its end, so neither the order of tables nor a circle of keys matters, and a table
    -- that comes later needs nothing said about it.
    select string_agg(format('d%s as (delete from %s where %s returning 1)', t.n, t.relation, t.condition), ', '),
           string_agg(format('(select count(*) from d%s)', t.n), ' + ')
        into steps, sums
        from (
            select c.oid::regclass as relation, row_number() over (order by c.oid) as n,
                string_agg(case a.attname when 'tenant_id' then 'tenant_id = any ($1)' else 'retailer_id = any ($2)' end, ' or ' order by a.attname) as condition
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname in ('tenant_id', 'retailer_id') and not a.attisdropped
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.oid <> 'audit_entries'::regclass
            group by c.oid
        ) t;
    execute format('with %s select %s', steps, sums) into removed using gone, shops;

    -- What is of a person alone and of no company: sessions, codes, answers kept, work that they asked for.
    delete from jobs where tenant_id is null and kind = 'mail.send' and payload ->> 'mail' = any (letters::text[]);
    delete from mails where id = any (letters);
    delete from sign_in_attempts where email = any (addresses);
    for place in
        select c.oid::regclass as relation, a.attname as name, a.attnotnull as is_required, c.relrowsecurity as is_walled,
            exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped) as has_tenant,
            exists (select from pg_constraint k where k.contype = 'f' and k.conrelid = c.oid and k.confrelid = 'users'::regclass and k.conkey = array[a.attnum]) as is_key
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid = 'uuid'::regtype
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.oid <> 'users'::regclass
          and (a.attname = 'user_id' or exists (
              select from pg_constraint k where k.contype = 'f' and k.conrelid = c.oid and k.confrelid = 'users'::regclass and k.conkey = array[a.attnum]))
    loop
        if not place.is_walled then
            execute format('delete from %s where %I = any ($1)', place.relation, place.name)
                || case when place.has_tenant then ' and coalesce(tenant_id, $2) = $2' else '' end using people, nobody;
        end if;
        -- Somebody whom a real company's rows name (who placed this order) stays as a name.
        if place.is_key then
            execute format('select coalesce(array_agg(distinct %I), ''{}'') from %s where %1$I = any ($1)', place.name, place.relation) into more using people;
            named := named || more;
        end if;
    end loop;
    -- Whoever stays as a name has no way in: the demo's password is known to everybody.
    update users set password_hash = null, disabled_at = coalesce(disabled_at, now()), updated_at = now() where id = any (named);
    delete from users where id = any (people) and id <> all (named);

    delete from retailers where id = any (shops);
    delete from companies where id = any (gone);
    -- Everything above has written here, so it goes last.
    delete from audit_entries where tenant_id = any (gone);
    perform set_config('app.leaving', '', true);
    return removed;
end $$;
comment on function remove_demo(uuid[]) is
    'Deletes every row of the companies and retailers of the demo and the people who belonged only there, and says how many rows of theirs there were. Does nothing and returns null while a company of the demo has a file that is not among those whose bytes are gone.';
revoke execute on function remove_demo(uuid[]) from public;
grant execute on function remove_demo(uuid[]) to mandi_platform;
