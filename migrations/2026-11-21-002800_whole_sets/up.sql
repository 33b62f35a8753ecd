-- What is written a thousand rows at a time is audited so too, and numbers of documents may have more than five figures.

-- Like audit_row() for rows that are new, for all rows of a statement at once.
create function audit_new_rows() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    insert into audit_entries (tenant_id, table_name, row_id, action, user_id, request_id, cause, after)
        select a.tenant_id, tg_table_name, a.id, 'insert', w.user_id, w.request_id, w.cause, to_jsonb(a) - coalesce(tg_argv, '{}')::text[]
            from (select setting_uuid('user_id') as user_id, setting_uuid('request_id') as request_id, nullif(current_setting('app.cause', true), '') as cause) w
            cross join added a;
    return null;
end $$;
comment on function audit_new_rows() is 'Writes the audit entries of the rows that a statement adds. Arguments: columns that are secret and left out.';

create function audit_in_sets(target regclass, secrets text[] default '{}') returns void language plpgsql as $$
declare
    arguments text := (select coalesce(string_agg(quote_literal(s), ', '), '') from unnest(secrets) s);
begin
    execute format('drop trigger audit on %s', target);
    execute format('create trigger audit after update or delete on %s for each row execute function audit_row(%s)', target, arguments);
    execute format('create trigger audit_new after insert on %s referencing new table as added for each statement execute function audit_new_rows(%s)', target, arguments);
end $$;
comment on function audit_in_sets(regclass, text[]) is 'For a table whose rows come in many: audits new rows a statement at a time, changed and removed ones each by itself.';
select audit_in_sets('products', '{terms}');
select audit_in_sets('price_items');
select audit_in_sets('order_lines');
select audit_in_sets('shipment_lines');

-- Figures alone are the end of a number, which has at least five.
create or replace function search_orders(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := upper(trim(translate(words, '%_\', '')));
    digits text := case when plain ~ '^[0-9]{1,9}$' then lpad(plain, greatest(5, length(plain)), '0') end;
begin
    if plain = '' or setting_uuid('customer_id') is not null then return; end if;
    return query
        select o.id from orders o where o.tenant_id = current_tenant() and o.number = plain
        union
        select o.id from orders o where o.tenant_id = current_tenant()
            and o.number = any (select 'SO-' || lpad(y::text, 2, '0') || '-' || digits from generate_series(20, 60) y where digits is not null)
        union
        select o.id from orders o where o.tenant_id = current_tenant() and o.po_number is not null and upper(o.po_number) = plain
        union
        select o.id from orders o where o.tenant_id = current_tenant() and o.customer_id in (select search_customers(words));
end $$;

-- The lists of a customer are found once, and not for each product again; the company is asked for once, and not for each row.
create or replace function prices_for(products uuid[], quantities numeric[], customer uuid, day date)
    returns table (product_id uuid, quantity numeric, price numeric, includes_tax boolean, price_list_id uuid, price_item_id uuid, min_qty numeric,
                   next_qty numeric, next_price numeric)
    language plpgsql stable security definer rows 30 set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
declare
    tenant constant uuid := current_tenant();
    buyer constant uuid := coalesce(setting_uuid('customer_id'), customer);
begin
    return query
        with lists as (
            select t.price_list_id, 1 as level from price_list_targets t where t.tenant_id = tenant and t.customer_id = buyer
            union all
            select t.price_list_id, 2 from customers c join price_list_targets t on t.tenant_id = tenant and t.group_id = c.group_id
                where c.tenant_id = tenant and c.id = buyer
            union all
            select d.id, 3 from price_lists d where d.tenant_id = tenant and d.is_default
        ), asked as materialized (
            select l.id, l.includes_tax, row_number() over (order by min(t.level), l.valid_from desc, l.id) as rank
                from lists t join price_lists l on l.tenant_id = tenant and l.id = t.price_list_id
                where l.status = 'active' and l.valid_from <= day and (l.valid_to is null or l.valid_to >= day)
                group by l.id, l.includes_tax, l.valid_from
        )
        select w.product, w.quantity, best.price, best.includes_tax, best.list, best.item, best.min_qty, further.min_qty, further.price
            from unnest(products, quantities) w(product, quantity)
            left join lateral (
                select i.price, a.includes_tax, a.id as list, i.id as item, i.min_qty from asked a
                    join price_items i on i.tenant_id = tenant and i.price_list_id = a.id and i.product_id = w.product
                    where i.min_qty <= w.quantity and i.valid_from <= day
                    order by a.rank, i.min_qty desc, i.valid_from desc limit 1
            ) best on true
            left join lateral (
                select i.min_qty, i.price from price_items i
                    where i.tenant_id = tenant and i.price_list_id = best.list and i.product_id = w.product
                      and i.min_qty > w.quantity and i.valid_from <= day
                    order by i.min_qty, i.valid_from desc limit 1
            ) further on true;
end $$;

create or replace function free_stock(products uuid[], customer uuid) returns table (product_id uuid, free numeric)
    language plpgsql stable security definer rows 30 set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
declare
    tenant constant uuid := current_tenant();
    serves constant uuid := coalesce(
        (select c.warehouse_id from customers c where c.tenant_id = tenant and c.id = coalesce(setting_uuid('customer_id'), customer)),
        (select w.id from warehouses w where w.tenant_id = tenant and w.is_default));
begin
    return query
        select l.product_id, l.on_hand - l.reserved from stock_levels l
            where l.tenant_id = tenant and l.product_id = any (products) and l.warehouse_id = serves;
end $$;

create or replace function quote_lines(products uuid[], quantities numeric[], customer uuid, day date)
    returns table (product_id uuid, sku text, name text, name_hi text, unit text, pack_size numeric, pack_name text, hsn text, status text, mrp numeric, picture_id uuid,
                   quantity numeric, price numeric, includes_tax boolean, price_list_id uuid, next_qty numeric, next_price numeric,
                   rate numeric, cess_rate numeric, free numeric)
    language plpgsql stable security definer rows 30 set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
declare
    tenant constant uuid := current_tenant();
    codes text[];
    conditions text[];
begin
    select array_agg(k.hsn), array_agg(k.tax_condition) into codes, conditions
        from (select distinct q.hsn, q.tax_condition from products q where q.tenant_id = tenant and q.id = any (quote_lines.products)) k;
    return query
        select p.id, p.sku, p.name, p.name_hi, p.unit, p.pack_size, p.pack_name, p.hsn, p.status, p.mrp, p.picture_id,
               u.quantity, f.price, f.includes_tax, f.price_list_id, f.next_qty, f.next_price, r.rate, r.cess_rate, coalesce(s.free, 0)
            from unnest(products, quantities) with ordinality u(product, quantity, place)
            join products p on p.tenant_id = tenant and p.id = u.product
            left join prices_for(products, quantities, customer, day) f on f.product_id = p.id and f.quantity = u.quantity
            left join rates_on(codes, conditions, day) r on r.code = p.hsn and r.condition = p.tax_condition
            left join free_stock(products, customer) s on s.product_id = p.id
            order by u.place;
end $$;

-- The walls stay where they are, said so that the planner guesses better: of `x is null or …` it expects one row of two hundred to be left, of a
-- case half. It took a company's 100,000 orders for two, and read all of them for the last six.
do $$
declare
    place record;
    staff constant text := '(NULLIF(current_setting(''app.customer_id''::text, true), ''''::text) IS NULL)';
    wall text;
begin
    for place in
        select p.polrelid::regclass as relation, pg_get_expr(p.polqual, p.polrelid) as wall, p.polwithcheck is not null as checks from pg_policy p
            where p.polname = 'tenant_wall' and pg_get_expr(p.polqual, p.polrelid) like '%' || staff || '%'
    loop
        wall := regexp_replace(place.wall,
            '\(\(NULLIF\(current_setting\(''app\.customer_id''::text, true\), ''''::text\) IS NULL\) OR \((\w+) = \(NULLIF\(current_setting\(''app\.customer_id''::text, true\), ''''::text\)\)::uuid\)\)',
            'case when current_setting(''app.customer_id'', true) <> '''' then \1 = current_setting(''app.customer_id'', true)::uuid else true end');
        wall := replace(wall, staff, 'case when current_setting(''app.customer_id'', true) <> '''' then false else true end');
        if wall like '%NULLIF(current_setting(''app.customer_id''%' then
            raise exception 'the wall of % is not one that this migration knows: %', place.relation, place.wall;
        end if;
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

create function search_shipments(numbers text[], words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    tenant constant uuid := current_tenant();
begin
    if setting_uuid('customer_id') is not null then return; end if;
    return query
        select s.id from shipments s where s.tenant_id = tenant and s.number = any (numbers)
        union
        select s.id from orders o join shipments s on s.tenant_id = tenant and s.order_id = o.id where o.tenant_id = tenant and o.number = any (numbers)
        union
        select s.id from (select search_customers(words) as id) c join shipments s on s.tenant_id = tenant and s.customer_id = c.id;
end $$;
comment on function search_shipments(text[], text) is 'Ids of this transaction''s company''s shipments that have, or whose order has, one of these numbers, or whose customer these words find.';
grant execute on function search_shipments(text[], text) to mandi_app;
