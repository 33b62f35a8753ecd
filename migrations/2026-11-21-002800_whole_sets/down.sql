drop function search_shipments(text[], text);

-- The walls as they were said before.
do $$
declare
    place record;
    wall text;
begin
    for place in
        select p.polrelid::regclass as relation, pg_get_expr(p.polqual, p.polrelid) as wall, p.polwithcheck is not null as checks from pg_policy p
            where p.polname = 'tenant_wall' and pg_get_expr(p.polqual, p.polrelid) like '%CASE%'
    loop
        wall := regexp_replace(place.wall, '\s+', ' ', 'g');
        wall := regexp_replace(wall,
            'CASE WHEN \(current_setting\(''app\.customer_id''::text, true\) <> ''''::text\) THEN \((\w+) = \(current_setting\(''app\.customer_id''::text, true\)\)::uuid\) ELSE true END',
            '(nullif(current_setting(''app.customer_id'', true), '''') is null or \1 = nullif(current_setting(''app.customer_id'', true), '''')::uuid)');
        wall := regexp_replace(wall,
            'CASE WHEN \(current_setting\(''app\.customer_id''::text, true\) <> ''''::text\) THEN false ELSE true END',
            'nullif(current_setting(''app.customer_id'', true), '''') is null');
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

create or replace function quote_lines(products uuid[], quantities numeric[], customer uuid, day date)
    returns table (product_id uuid, sku text, name text, name_hi text, unit text, pack_size numeric, pack_name text, hsn text, status text, mrp numeric, picture_id uuid,
                   quantity numeric, price numeric, includes_tax boolean, price_list_id uuid, next_qty numeric, next_price numeric,
                   rate numeric, cess_rate numeric, free numeric)
    language plpgsql stable security definer rows 30 set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
begin
    return query
        select p.id, p.sku, p.name, p.name_hi, p.unit, p.pack_size, p.pack_name, p.hsn, p.status, p.mrp, p.picture_id,
               u.quantity, f.price, f.includes_tax, f.price_list_id, f.next_qty, f.next_price, r.rate, r.cess_rate, coalesce(s.free, 0)
            from unnest(products, quantities) with ordinality u(product, quantity, place)
            join products p on p.tenant_id = current_tenant() and p.id = u.product
            left join prices_for(products, quantities, customer, day) f on f.product_id = p.id and f.quantity = u.quantity
            left join rates_on((select array_agg(q.hsn order by q.id) from products q where q.tenant_id = current_tenant() and q.id = any (products)),
                               (select array_agg(q.tax_condition order by q.id) from products q where q.tenant_id = current_tenant() and q.id = any (products)), day) r
              on r.code = p.hsn and r.condition = p.tax_condition
            left join free_stock(products, customer) s on s.product_id = p.id
            order by u.place;
end $$;

create or replace function free_stock(products uuid[], customer uuid) returns table (product_id uuid, free numeric)
    language plpgsql stable security definer rows 30 set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
begin
    return query
        select l.product_id, l.on_hand - l.reserved from stock_levels l
            where l.tenant_id = current_tenant() and l.product_id = any (products)
              and l.warehouse_id = coalesce(
                  (select c.warehouse_id from customers c where c.tenant_id = current_tenant() and c.id = coalesce(setting_uuid('customer_id'), customer)),
                  (select w.id from warehouses w where w.tenant_id = current_tenant() and w.is_default));
end $$;

create or replace function prices_for(products uuid[], quantities numeric[], customer uuid, day date)
    returns table (product_id uuid, quantity numeric, price numeric, includes_tax boolean, price_list_id uuid, price_item_id uuid, min_qty numeric,
                   next_qty numeric, next_price numeric)
    language plpgsql stable security definer rows 30 set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
begin
    return query
        with buyer as (
            select c.id, c.group_id from customers c
                where c.tenant_id = current_tenant() and c.id = coalesce(setting_uuid('customer_id'), customer)
        ), asked as (
            select l.id, l.includes_tax, row_number() over (order by min(t.level), l.valid_from desc, l.id) as rank
                from (
                    select t.price_list_id, 1 as level from price_list_targets t join buyer b on t.customer_id = b.id where t.tenant_id = current_tenant()
                    union all
                    select t.price_list_id, 2 from price_list_targets t join buyer b on t.group_id = b.group_id where t.tenant_id = current_tenant()
                    union all
                    select d.id, 3 from price_lists d where d.tenant_id = current_tenant() and d.is_default
                ) t join price_lists l on l.tenant_id = current_tenant() and l.id = t.price_list_id
                where l.status = 'active' and l.valid_from <= day and (l.valid_to is null or l.valid_to >= day)
                group by l.id, l.includes_tax, l.valid_from
        )
        select w.product, w.quantity, best.price, best.includes_tax, best.list, best.item, best.min_qty, further.min_qty, further.price
            from unnest(products, quantities) w(product, quantity)
            left join lateral (
                select i.price, a.includes_tax, a.id as list, i.id as item, i.min_qty from asked a
                    join price_items i on i.tenant_id = current_tenant() and i.price_list_id = a.id and i.product_id = w.product
                    where i.min_qty <= w.quantity and i.valid_from <= day
                    order by a.rank, i.min_qty desc, i.valid_from desc limit 1
            ) best on true
            left join lateral (
                select i.min_qty, i.price from price_items i
                    where i.tenant_id = current_tenant() and i.price_list_id = best.list and i.product_id = w.product
                      and i.min_qty > w.quantity and i.valid_from <= day
                    order by i.min_qty, i.valid_from desc limit 1
            ) further on true;
end $$;

-- The rows are audited one by one again.
do $$
declare
    place record;
begin
    for place in
        select t.tgrelid::regclass as relation from pg_trigger t where t.tgname = 'audit_new' order by t.tgrelid
    loop
        execute format('drop trigger audit_new on %s', place.relation);
        execute format('drop trigger audit on %s', place.relation);
        perform audit_table(place.relation, case when place.relation = 'products'::regclass then '{terms}'::text[] else '{}' end);
    end loop;
end $$;
drop function audit_in_sets(regclass, text[]);
drop function audit_new_rows();

create or replace function search_orders(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := upper(trim(translate(words, '%_\', '')));
    digits text := case when plain ~ '^[0-9]{1,5}$' then lpad(plain, 5, '0') end;
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
