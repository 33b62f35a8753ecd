-- What the books are measured with: in company-2 shipments that wait for their invoice, and a customer with a hundred thousand entries in its
-- ledger; in company-3 customers who owe five thousand bills each, or two hundred. Thrown away with the run.
-- {bills}: shipments. Each has an order, a customer and an address of its own, whose ids and numbers hold its place and nothing else, so that the
-- statements of one become those of another by putting one place for the other.
set synchronous_commit = off;
set session_replication_role = replica;
create temp table b_company as
    select c.id as tenant, w.id as warehouse, w.registration_id as registration
      from companies c join warehouses w on w.tenant_id = c.id and w.is_default where c.slug = 'company-2';
update gst_registrations g set address = '2 Mount Road', city = 'Chennai', pincode = '600002' from b_company b where g.tenant_id = b.tenant;
create temp table b_product as
    select p.id, p.sku, p.name, p.hsn, row_number() over (order by p.sku) as l
      from b_company b join products p on p.tenant_id = b.tenant and p.status = 'active' order by p.sku limit 10;
create temp table b_place as
    select n, 'b' || lpad(to_hex(n), 7, '0') as k, '90-' || lpad(n::text, 5, '0') as no from generate_series(1, {bills}) n;
create function pg_temp.its(k text, kind integer, l bigint default 0) returns uuid language sql immutable as $$
    select (k || '-' || lpad(kind::text, 4, '0') || '-7000-8000-' || lpad(l::text, 12, '0'))::uuid
$$;
insert into customers (tenant_id, id, code, name, city, terms_days)
    select b.tenant, pg_temp.its(p.k, 5), 'B-' || p.no, 'Stores ' || p.no, 'Madurai', 30 from b_company b, b_place p;
insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_billing, is_default)
    select b.tenant, pg_temp.its(p.k, 6), pg_temp.its(p.k, 5), 'Main shop', '4 Bazaar Street', 'Madurai', '625001', '33', true, true from b_company b, b_place p;
insert into customer_accounts (tenant_id, id, open_orders, open_amount) select b.tenant, pg_temp.its(p.k, 5), 1, 5040 from b_company b, b_place p;
insert into orders (tenant_id, id, number, customer_id, status, source, placed_by_name, placed_at, confirmed_at, warehouse_id, registration_id, ship_to_id, ship_to,
                    place_of_supply, priced_on, taxable, cgst, sgst, total, open_amount)
    select b.tenant, pg_temp.its(p.k, 1), 'SO-' || p.no, pg_temp.its(p.k, 5), 'confirmed', 'portal', 'A buyer', now() - interval '1 hour', now() - interval '30 minutes',
           b.warehouse, b.registration, pg_temp.its(p.k, 6), 'Main shop, Bazaar Street', '33', current_date, 4800, 120, 120, 5040, 5040
      from b_company b, b_place p;
insert into order_lines (tenant_id, id, order_id, customer_id, position, product_id, sku, name, unit, hsn, quantity, open_qty, picking_qty, price, tax_rate, taxable, cgst, sgst, total)
    select b.tenant, pg_temp.its(p.k, 2, g.l), pg_temp.its(p.k, 1), pg_temp.its(p.k, 5), g.l, g.id, g.sku, g.name, 'PCS', g.hsn, 12, 12, 12, 40, 5, 480, 12, 12, 504
      from b_company b, b_place p, b_product g;
insert into shipments (tenant_id, id, number, order_id, customer_id, warehouse_id, status, packages, weight_g, packed_at)
    select b.tenant, pg_temp.its(p.k, 3), 'SH-' || p.no, pg_temp.its(p.k, 1), pg_temp.its(p.k, 5), b.warehouse, 'packed', 1, 1000, now() from b_company b, b_place p;
insert into shipment_lines (tenant_id, id, shipment_id, order_line_id, customer_id, product_id, position, quantity, packed_qty)
    select b.tenant, pg_temp.its(p.k, 4, g.l), pg_temp.its(p.k, 3), pg_temp.its(p.k, 2, g.l), pg_temp.its(p.k, 5), g.id, g.l, 12, 12 from b_company b, b_place p, b_product g;

-- Who owes what: A-1 to A-6 five thousand bills each and E-1 to E-6 two hundred, of whom the first warms up.
create temp table b_third as select id as tenant from companies where slug = 'company-3';
create temp table b_debtor as
    select v.k, v.code, v.bills, n from (values ('a0000000', 'A', 5000), ('a1000000', 'E', 200)) v (k, code, bills), generate_series(1, 6) n;
insert into customers (tenant_id, id, code, name, city, terms_days)
    select b.tenant, pg_temp.its(d.k, 5, d.n), d.code || '-' || d.n, 'Debtor ' || d.code || '-' || d.n, 'Madurai', 30 from b_third b, b_debtor d;
set session_replication_role = default;
insert into customer_accounts (tenant_id, id, balance) select b.tenant, pg_temp.its(d.k, 5, d.n), 100 * d.bills from b_third b, b_debtor d;
insert into ledger_entries (tenant_id, id, customer_id, kind, entry_date, due_on, amount, reason, at)
    select b.tenant, gen_random_uuid(), pg_temp.its(d.k, 5, d.n), 'opening', current_date - 500 + g / 20, current_date - 470 + g / 20, 100, 'Old book', now()
      from b_third b, b_debtor d, generate_series(1, d.bills) g;

-- The ledger of shop-1, over a thousand days: 52,000 bills, of which the oldest 48,000 are paid, each by an entry of its own three weeks later.
create temp table b_bill as
    select n, 'c' || lpad(to_hex(n), 7, '0') as k, current_date - 1000 + n / 52 as day, 100 + n % 900 as amount from generate_series(1, 52000) n;
create temp table b_shop as
    select b.tenant, k.id from b_company b join customers k on k.tenant_id = b.tenant and k.code = 'C-1';
insert into ledger_entries (tenant_id, id, customer_id, kind, entry_date, due_on, amount, reason, at)
    select s.tenant, pg_temp.its(k, 1), s.id, 'opening', day, day + 30, amount, 'Old book, page ' || n, now() from b_shop s, b_bill
    union all
    select s.tenant, pg_temp.its(k, 2), s.id, 'opening', day + 20, null, -amount, 'Old book, page ' || n, now() from b_shop s, b_bill where n <= 48000;
insert into allocations (tenant_id, customer_id, credit_id, debit_id, amount, entry_date, cause, at)
    select s.tenant, s.id, pg_temp.its(k, 2), pg_temp.its(k, 1), amount, day + 20, 'oldest_first', now() from b_shop s, b_bill where n <= 48000;
insert into customer_accounts (tenant_id, id, balance) select s.tenant, s.id, (select sum(amount) from b_bill where n > 48000) from b_shop s
    on conflict (tenant_id, id) do update set balance = excluded.balance;
