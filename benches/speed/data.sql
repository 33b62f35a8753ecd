-- The large data set, in whole sets: every company has products in categories, prices with breaks, stock with its ledger, customers, orders at
-- every step with their shipments, and an audit entry for each row. `mandi verify` finds nothing wrong with it.
--
-- Run by the superuser, nearly all of it with triggers and foreign keys switched off: what they would do, this file does, a table at a time.
-- {large_products}, {large_orders}, {large_customers}: sizes of company-1. {products}, {orders}, {customers}: of each other company.
-- Ids as the program makes them: by time, then by number.
create function pg_temp.v7(at timestamptz, salt text, n bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0') || '8' || substr(md5(salt || n::text), 1, 15))::uuid
$$;
-- A number that looks like chance and is the same each time.
create function pg_temp.chance(n bigint, salt integer, most integer) returns integer language sql immutable as $$
    select ((hashint8(n * 31 + salt)::bigint & 2147483647) % most)::integer
$$;

create temp table g_company as
    select c.id as tenant, c.slug, g.id as registration, w.id as warehouse, l.id as standard,
           case when c.slug = 'company-1' then {large_products} else {products} end as products,
           case when c.slug = 'company-1' then {large_orders} else {orders} end as orders,
           case when c.slug = 'company-1' then {large_customers} else {customers} end as customers,
           row_number() over (order by c.slug) as place
      from companies c join gst_registrations g on g.tenant_id = c.id and g.is_primary
      join warehouses w on w.tenant_id = c.id and w.is_default join price_lists l on l.tenant_id = c.id and l.is_default;

-- The shops of retailers buy at the prices of the first group.
insert into customer_groups (tenant_id, id, name)
    select tenant, pg_temp.v7(now() - interval '300 days', slug || 'group', n), (array['Kirana', 'Supermarkets', 'Hotels', 'Canteens'])[n] from g_company, generate_series(1, 4) n;
update customers k set group_id = g.id from customer_groups g where g.tenant_id = k.tenant_id and g.name = 'Kirana' and k.code like 'C-%';

set session_replication_role = replica;
set synchronous_commit = off;
set work_mem = '256MB';
set maintenance_work_mem = '512MB';
set jit = off;

-- ── Customers ────────────────────────────────────────────────────────────────────────────────────────────────────
create temp table g_group as select tenant_id as tenant, id, case name when 'Kirana' then 1 when 'Supermarkets' then 2 when 'Hotels' then 3 else 4 end as place from customer_groups;
insert into customers (tenant_id, id, code, name, phone, city, group_id, terms_days, credit_limit, created_at, updated_at)
    select c.tenant, pg_temp.v7(t.at, c.slug || 'customer', n), 'K-' || n,
           (array['Sri', 'New', 'Royal', 'City', 'Annai', 'Golden', 'Star', 'Modern'])[1 + pg_temp.chance(n, 1, 8)] || ' '
             || (array['Lakshmi', 'Murugan', 'Gupta', 'Patel', 'Kannan', 'Fatima', 'Joseph', 'Reddy', 'Iyer', 'Khan'])[1 + pg_temp.chance(n, 2, 10)] || ' '
             || (array['Stores', 'Traders', 'Mart', 'Provisions', 'Agencies'])[1 + pg_temp.chance(n, 3, 5)] || ' ' || n,
           '+9198' || lpad((n % 100000000)::text, 8, '0'), (array['Madurai', 'Salem', 'Chennai', 'Erode', 'Trichy', 'Karur'])[1 + pg_temp.chance(n, 4, 6)],
           g.id, 30, null, t.at, t.at
      from g_company c cross join lateral generate_series(1, c.customers) n cross join lateral (select now() - interval '300 days' + n * interval '1 second' as at) t
      join g_group g on g.tenant = c.tenant and g.place = 1 + n % 4;
create temp table g_customer as
    select c.tenant_id as tenant, c.id, row_number() over (partition by c.tenant_id order by c.id) as place, a.id as address
      from customers c cross join lateral (select pg_temp.v7(c.created_at, 'address' || c.id, 1) as id) a;
insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_billing, is_default, created_at, updated_at)
    select g.tenant, g.address, g.id, 'Main shop', g.place || ' Bazaar Street', coalesce(c.city, 'Madurai'), '625001', '33', true, true, c.created_at, c.created_at
      from g_customer g join customers c on c.tenant_id = g.tenant and c.id = g.id;
create index on g_customer (tenant, place);

-- ── Products ─────────────────────────────────────────────────────────────────────────────────────────────────────
insert into categories (tenant_id, id, parent_id, name, slug, path, position)
    select tenant, pg_temp.v7(now() - interval '299 days', slug || 'top', n), null, 'Department ' || n, 'department-' || n, 'Department ' || n, n from g_company, generate_series(1, 10) n;
insert into categories (tenant_id, id, parent_id, name, slug, path, position)
    select tenant, pg_temp.v7(now() - interval '299 days', slug || 'shelf', n), pg_temp.v7(now() - interval '299 days', slug || 'top', 1 + n % 10),
           'Shelf ' || n, 'shelf-' || n, 'Department ' || 1 + n % 10 || ' > Shelf ' || n, n from g_company, generate_series(1, 90) n;
create temp table g_rate as
    select hsn_prefix as hsn, rate, row_number() over (order by hsn_prefix) - 1 as place from tax_rates
      where condition = '' and left(hsn_prefix, 2) between '04' and '21' and length(hsn_prefix) in (4, 8) and cess_rate = 0 and valid_from <= current_date and (valid_to is null or valid_to >= current_date)
      order by hsn_prefix limit 40;
create temp table g_product as
    select c.tenant, pg_temp.v7(t.at, c.slug || 'product', n) as id, n, t.at, 'P-' || lpad(n::text, 7, '0') as sku,
           (array['Aachi', 'Udhaiyam', 'Sakthi', 'Lion', 'Idhayam', 'Gopuram', 'Anil', 'Naga', 'Double Horse', 'Eastern', 'Manna', 'Hatsun', 'Ramraj', 'Krishna', 'Surya', 'Bambino'])[1 + pg_temp.chance(n, 11, 16)] as brand,
           (array['Premium', 'Classic', 'Organic', 'Roasted', 'Fine', 'Whole', 'Double', 'Extra', 'Home', 'Country', 'Golden', 'Fresh', 'Royal', 'Pure', 'Select', 'Family'])[1 + pg_temp.chance(n, 12, 16)] || ' ' ||
           (array['Basmati', 'Ponni', 'Toor', 'Urad', 'Moong', 'Masoor', 'Sunflower', 'Groundnut', 'Sesame', 'Coconut', 'Turmeric', 'Chilli', 'Coriander', 'Cumin', 'Pepper', 'Mustard', 'Jaggery', 'Palm', 'Ragi', 'Wheat'])[1 + pg_temp.chance(n, 13, 20)] || ' ' ||
           (array['Rice', 'Dal', 'Oil', 'Powder', 'Masala', 'Flour', 'Soap', 'Pickle', 'Noodles', 'Biscuit', 'Tea', 'Coffee', 'Ghee', 'Papad', 'Vermicelli', 'Syrup', 'Sauce', 'Candy', 'Honey', 'Salt'])[1 + pg_temp.chance(n, 14, 20)] || ' ' ||
           (array['50 g', '100 g', '200 g', '250 g', '500 g', '1 kg', '2 kg', '5 kg', '1 l', '500 ml'])[1 + pg_temp.chance(n, 15, 10)] || ' ' || chr((65 + n / 26 % 26)::int) || chr((65 + n % 26)::int) as name,
           pg_temp.v7(now() - interval '299 days', c.slug || 'shelf', 1 + n % 90) as category, r.hsn, r.rate,
           (10 + pg_temp.chance(n, 16, 490))::numeric(14,2) as price, case when n % 3 = 0 then 1 else 12 end as pack,
           case when n % 199 = 0 then 'upcoming' when n % 97 = 0 then 'discontinued' else 'active' end as status
      from g_company c cross join lateral generate_series(1, c.products) n cross join lateral (select now() - interval '298 days' + n * interval '0.01 second' as at) t
      join g_rate r on r.place = pg_temp.chance(n, 17, (select count(*)::int from g_rate));
insert into products (tenant_id, id, sku, name, brand, category_id, hsn, unit, pack_size, pack_name, mrp, status, created_at, updated_at)
    select tenant, id, sku, brand || ' ' || name, brand, category, hsn, 'PCS', pack, case when pack > 1 then 'Case' end, round(price * 1.4, 0), status, at, at from g_product order by tenant, id;
insert into product_words (tenant_id, word)
    select distinct p.tenant_id, w from products p cross join lateral (select substr(t, 10) as w from unnest(tsvector_to_array(p.terms)) t) w where length(w) between 3 and 40 and w !~ '[0-9]' on conflict do nothing;
create index on g_product (tenant, n);

-- ── Prices ───────────────────────────────────────────────────────────────────────────────────────────────────────
insert into price_lists (tenant_id, id, name) select tenant, pg_temp.v7(now() - interval '297 days', slug || 'list', 1), 'Kirana' from g_company;
insert into price_lists (tenant_id, id, name) select tenant, pg_temp.v7(now() - interval '297 days', slug || 'list', 2), 'Supermarkets' from g_company;
insert into price_list_targets (tenant_id, id, price_list_id, group_id)
    select c.tenant, pg_temp.v7(now() - interval '297 days', slug || 'target', g.place), pg_temp.v7(now() - interval '297 days', slug || 'list', g.place), g.id
      from g_company c join g_group g on g.tenant = c.tenant and g.place <= 2;
insert into price_items (tenant_id, id, price_list_id, product_id, min_qty, price)
    select p.tenant, pg_temp.v7(p.at, p.tenant || 'item' || i.list, p.n), case i.list when 0 then c.standard when 3 then l.one else l.one end, p.id, i.least, i.price
      from g_product p join g_company c on c.tenant = p.tenant
      cross join lateral (select pg_temp.v7(now() - interval '297 days', slug || 'list', 1) as one) l
      cross join lateral (values (0, 0, p.price), (1, 0, round(p.price * 0.97, 2)), (3, 60, round(p.price * 0.94, 2))) i(list, least, price)
      where i.list = 0 or p.n % 2 = 0;

-- ── Orders ───────────────────────────────────────────────────────────────────────────────────────────────────────
-- The newest are on their way, the others have ended.
create temp table g_order as
    select o.*, case when month < 4 then year - 1 else year end as first_year
      from (select c.tenant, c.registration, c.warehouse, n, t.at, extract(year from t.at at time zone 'Asia/Kolkata')::integer as year,
                   extract(month from t.at at time zone 'Asia/Kolkata')::integer as month,
                   pg_temp.v7(t.at, c.slug || 'order', n) as id, k.id as customer, k.address,
                   case when n > c.orders - 2 * u.unit then 'to_approve' when n > c.orders - 4 * u.unit then 'confirmed' when n > c.orders - 5 * u.unit then 'picking'
                        when n > c.orders - 6 * u.unit then 'packed' when n > c.orders - 7 * u.unit then 'out' when n % 33 = 0 then 'cancelled' else 'delivered' end as step
              from g_company c
              -- A week's work is open at most, and nobody takes more than 600 orders a day: what grows from there on is the past.
              cross join lateral (select least(c.orders * 0.01, 500) as unit, greatest(200, c.orders / 600) as days) u
              cross join lateral generate_series(1, c.orders) n
              cross join lateral (select now() - u.days * interval '1 day' + n * ((u.days - 1) * interval '1 day' / c.orders) as at) t
              join g_customer k on k.tenant = c.tenant and k.place = 1 + pg_temp.chance(n, 21, c.customers)) o;
alter table g_order add column number text, add column shipment uuid, add column shipment_no text, add column challan text;
create index on g_order (tenant, n);
update g_order o set number = 'SO-' || lpad((first_year % 100)::text, 2, '0') || '-' || lpad(r.r::text, greatest(5, length(r.r::text)), '0')
    from (select tenant, n, row_number() over (partition by tenant, first_year order by n) as r from g_order) r where r.tenant = o.tenant and r.n = o.n;
update g_order o set shipment = pg_temp.v7(o.at + interval '2 hours', o.tenant || 'shipment', o.n),
        shipment_no = 'SH-' || lpad((first_year % 100)::text, 2, '0') || '-' || lpad(r.r::text, greatest(5, length(r.r::text)), '0'),
        challan = case when step in ('out', 'delivered') then 'D' || lpad((first_year % 100)::text, 2, '0') || '/' || r.r end
    from (select tenant, n, row_number() over (partition by tenant, first_year order by n) as r from g_order where step in ('picking', 'packed', 'out', 'delivered')) r
    where r.tenant = o.tenant and r.n = o.n;
analyze g_order;
analyze g_product;
create temp table g_line as
    select o.tenant, o.id as order_id, o.n, o.customer, o.warehouse, o.at, o.step, o.shipment, l as position, p.id as product, p.sku, p.brand || ' ' || p.name as name, p.hsn, p.pack,
           p.rate, p.price, p.price * 1.4 as mrp, c.standard as list, pg_temp.v7(o.at, o.tenant || 'line' || l, o.n) as id,
           pg_temp.v7(o.at + interval '2 hours', o.tenant || 'sline' || l, o.n) as shipment_line,
           q.quantity, round(p.price * q.quantity, 2) as taxable, round(p.price * q.quantity * p.rate / 200, 2) as half
      from g_order o join g_company c on c.tenant = o.tenant cross join lateral generate_series(1, 1 + pg_temp.chance(o.n, 22, 5)) l
      -- A product that is on sale, each once in an order.
      cross join lateral (select 1 + (pg_temp.chance(o.n, 23, c.products) + l * 7) % c.products as n) w
      join g_product p on p.tenant = o.tenant and p.n = w.n
      cross join lateral (select p.pack * (1 + pg_temp.chance(o.n * 5 + l, 24, 4)) as quantity) q;
delete from g_line a using g_line b where a.tenant = b.tenant and a.order_id = b.order_id and a.product = b.product and a.position > b.position;
insert into order_lines (tenant_id, id, order_id, customer_id, position, product_id, sku, name, unit, pack_size, pack_name, hsn, quantity, open_qty, shipped_qty, cancelled_qty,
                         picking_qty, price, price_list_id, mrp, tax_rate, taxable, cgst, sgst, total, created_at, updated_at)
    select tenant, id, order_id, customer, position, product, sku, name, 'PCS', pack, case when pack > 1 then 'Case' end, hsn, quantity,
           case when step in ('to_approve', 'confirmed', 'picking', 'packed') then quantity else 0 end,
           case when step in ('out', 'delivered') then quantity else 0 end, case when step = 'cancelled' then quantity else 0 end,
           case when step in ('picking', 'packed') then quantity else 0 end, price, list, round(mrp, 0), rate,
           case when step = 'cancelled' then 0 else taxable end, case when step = 'cancelled' then 0 else half end, case when step = 'cancelled' then 0 else half end,
           case when step = 'cancelled' then 0 else taxable + 2 * half end, at, at
      from g_line order by tenant, id;
create temp table g_sum as
    select tenant, order_id, sum(taxable) as taxable, sum(half) as half from g_line group by 1, 2;
insert into orders (tenant_id, id, number, customer_id, status, source, placed_by_name, placed_at, confirmed_at, ended_at, cancel_reason, warehouse_id, registration_id, ship_to_id, ship_to,
                    place_of_supply, priced_on, taxable, cgst, sgst, total, open_amount, created_at, updated_at)
    select o.tenant, o.id, o.number, o.customer, s.status, 'portal', 'A buyer', o.at,
           case when s.status in ('confirmed', 'closed') then o.at + interval '1 hour' end, case when s.status in ('closed', 'cancelled') then o.at + interval '1 day' end,
           case when s.status = 'cancelled' then 'Ordered twice' end, o.warehouse, o.registration, o.address, 'Main shop, Bazaar Street', '33',
           (o.at at time zone 'Asia/Kolkata')::date, m.taxable, m.half, m.half, m.taxable + 2 * m.half,
           case when o.step in ('to_approve', 'confirmed', 'picking', 'packed') then m.taxable + 2 * m.half else 0 end, o.at, o.at
      from g_order o
      cross join lateral (select case o.step when 'to_approve' then 'to_approve' when 'cancelled' then 'cancelled' when 'delivered' then 'closed' else 'confirmed' end as status) s
      join (select tenant, order_id, case when step = 'cancelled' then 0 else taxable end as taxable, case when step = 'cancelled' then 0 else half end as half
              from g_sum join (select tenant as t, id, step from g_order) g on g.t = tenant and g.id = order_id) m on m.tenant = o.tenant and m.order_id = o.id
      order by o.tenant, o.id;
insert into order_events (tenant_id, id, order_id, customer_id, kind, said, user_name, at)
    select tenant, pg_temp.v7(at, tenant || 'event', n), id, customer, 'placed',
           jsonb_build_object('key', 'Order {number} was placed.', 'values', jsonb_build_array(jsonb_build_array('number', jsonb_build_object('Text', number)))), 'A buyer', at from g_order;

-- ── Shipments ────────────────────────────────────────────────────────────────────────────────────────────────────
insert into vehicles (tenant_id, id, registration_no, name) select tenant, pg_temp.v7(now() - interval '296 days', slug || 'vehicle', 1), 'TN01AB1234', 'Van' from g_company;
insert into drivers (tenant_id, id, name) select tenant, pg_temp.v7(now() - interval '296 days', slug || 'driver', 1), 'Selvam' from g_company;
insert into shipments (tenant_id, id, number, order_id, customer_id, warehouse_id, status, packages, weight_g, challan_no, papers, challan_reason, vehicle_id, driver_id, expected_on, packed_at,
                       out_at, ended_at, received_by, created_at, updated_at)
    select o.tenant, o.shipment, o.shipment_no, o.id, o.customer, o.warehouse, o.step, case when o.step <> 'picking' then 1 end, case when o.step <> 'picking' then 1000 end, o.challan,
           case when o.challan is not null then 'challan' else 'invoice' end, case when o.challan is not null then 'before_invoices' end,
           case when o.challan is not null then v.id end, case when o.challan is not null then d.id end, case when o.challan is not null then (o.at + interval '1 day')::date end,
           case when o.step <> 'picking' then o.at + interval '3 hours' end, case when o.challan is not null then o.at + interval '4 hours' end,
           case when o.step = 'delivered' then o.at + interval '1 day' end, case when o.step = 'delivered' then 'The owner' end, o.at + interval '2 hours', o.at + interval '4 hours'
      from g_order o join vehicles v on v.tenant_id = o.tenant join drivers d on d.tenant_id = o.tenant where o.shipment is not null order by o.tenant, o.shipment;
insert into shipment_lines (tenant_id, id, shipment_id, order_line_id, customer_id, product_id, position, quantity, packed_qty, created_at, updated_at)
    select tenant, shipment_line, shipment, id, customer, product, position, quantity, case when step <> 'picking' then quantity end, at, at
      from g_line where shipment is not null order by tenant, shipment_line;

-- ── Stock ────────────────────────────────────────────────────────────────────────────────────────────────────────
create temp table g_stock as
    select p.tenant, p.id as product, c.warehouse, p.n, p.at, case when p.n % 17 = 0 then 0 else 1000000 end + coalesce(l.moved, 0) + coalesce(l.held, 0) as opening,
           coalesce(l.moved, 0) as moved, coalesce(l.held, 0) as held
      from g_product p join g_company c on c.tenant = p.tenant
      left join (select tenant, product, sum(quantity) filter (where step in ('out', 'delivered')) as moved,
                        sum(quantity) filter (where step in ('to_approve', 'confirmed', 'picking', 'packed')) as held from g_line group by 1, 2) l
        on l.tenant = p.tenant and l.product = p.id;
insert into stock_levels (tenant_id, id, product_id, warehouse_id, on_hand, reserved, reorder_level, updated_at)
    select tenant, pg_temp.v7(at, tenant || 'level', n), product, warehouse, opening - moved, held, case when n % 50 = 0 then 20 end, at from g_stock where opening > 0 order by tenant, product;
insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at)
    select tenant, pg_temp.v7(at, tenant || 'opening', n), product, warehouse, 'opening', opening, at from g_stock where opening > 0 order by tenant, product;
insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, shipment_line_id, at)
    select tenant, pg_temp.v7(at + interval '4 hours', tenant || 'move' || position, n), product, warehouse, 'shipment', -quantity, shipment_line, at + interval '4 hours'
      from g_line where step in ('out', 'delivered') order by tenant, n;
insert into reservations (tenant_id, id, product_id, warehouse_id, quantity, created_at)
    select tenant, id, product, warehouse, quantity, at from g_line where step in ('to_approve', 'confirmed', 'picking', 'packed');

-- ── What is counted beside them ──────────────────────────────────────────────────────────────────────────────────
insert into number_series (tenant_id, id, kind, year, last)
    select tenant, gen_random_uuid(), 'order', lpad((first_year % 100)::text, 2, '0') || '-' || lpad(((first_year + 1) % 100)::text, 2, '0'), count(*) from g_order group by tenant, first_year;
insert into number_series (tenant_id, id, kind, year, last)
    select tenant, gen_random_uuid(), 'shipment', lpad((first_year % 100)::text, 2, '0') || '-' || lpad(((first_year + 1) % 100)::text, 2, '0'), count(*)
      from g_order where shipment is not null group by tenant, first_year;
insert into order_days (tenant_id, day, orders, total)
    select tenant_id, (placed_at at time zone 'Asia/Kolkata')::date, count(*), sum(total) from orders where placed_at is not null group by 1, 2;
insert into customer_accounts (tenant_id, id, open_orders, open_amount, next_delivery)
    select k.tenant, k.id, coalesce(o.number, 0), coalesce(o.amount, 0), null from g_customer k
      left join (select tenant_id, customer_id, count(*) as number, sum(open_amount) as amount from orders where status in ('to_approve', 'confirmed') group by 1, 2) o
        on o.tenant_id = k.tenant and o.customer_id = k.id;

-- ── Audit ────────────────────────────────────────────────────────────────────────────────────────────────────────
do $$
declare place record;
begin
    if not {audit} then return; end if;
    for place in
        select c.relname, c.relname = 'companies' as is_company, c.relname = 'products' as is_product from pg_trigger t join pg_class c on c.oid = t.tgrelid where t.tgname = 'audit'
    loop
        execute format(
            'insert into audit_entries (tenant_id, at, table_name, row_id, action, cause, after)
               select r.%I, coalesce((to_jsonb(r) ->> ''created_at'')::timestamptz, now()), %L, r.id, ''insert'', ''generator'', to_jsonb(r) - %L::text[] from %I r
                 where not exists (select from audit_entries a where a.tenant_id = r.%1$I and a.table_name = %2$L and a.row_id = r.id) order by r.id',
            case when place.is_company then 'id' else 'tenant_id' end, place.relname, case when place.is_product then '{terms}' else '{}' end, place.relname);
    end loop;
end $$;
set session_replication_role = default;
