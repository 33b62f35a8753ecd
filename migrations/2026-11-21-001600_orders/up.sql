-- Demand: carts, orders and their lines, what they reserve, what happened to them; and what each customer has open.

-- The steps of each document's life. The program has the same table (`orders::rules`, `logistics::rules`); a test compares the two.
create function may_step(machine text, was text, becomes text) returns boolean
    language sql immutable parallel safe
    as $$
        select was = becomes or (machine, was, becomes) in (
            ('order', 'draft', 'to_approve'), ('order', 'draft', 'cancelled'),
            ('order', 'to_approve', 'confirmed'), ('order', 'to_approve', 'cancelled'),
            ('order', 'confirmed', 'closed'), ('order', 'confirmed', 'cancelled'),
            ('shipment', 'picking', 'packed'), ('shipment', 'picking', 'cancelled'),
            ('shipment', 'packed', 'picking'), ('shipment', 'packed', 'out'), ('shipment', 'packed', 'cancelled'),
            ('shipment', 'out', 'delivered'), ('shipment', 'out', 'returned'))
    $$;
comment on function may_step(text, text, text) is 'Whether a document of a kind may go from one state to another.';
grant execute on function may_step(text, text, text) to mandi_app, mandi_platform;

create function keep_to_the_steps() returns trigger language plpgsql as $$
begin
    if not may_step(tg_argv[0], old.status, new.status) then
        raise exception '% can''t go from % to %', tg_argv[0], old.status, new.status using errcode = 'check_violation', constraint = tg_table_name || '_steps';
    end if;
    return new;
end $$;
comment on function keep_to_the_steps() is 'The trigger that refuses a forbidden step. Argument: the machine.';

create table number_series (
    tenant_id uuid not null references companies,
    id uuid not null default gen_random_uuid(),
    registration_id uuid,
    kind text not null check (kind in ('order', 'shipment', 'challan')),
    year text not null check (year ~ '^[0-9]{2}-[0-9]{2}$'),
    last integer not null default 0 check (last >= 0),
    primary key (tenant_id, id),
    unique nulls not distinct (tenant_id, registration_id, kind, year),
    foreign key (tenant_id, registration_id) references gst_registrations (tenant_id, id)
);
comment on table number_series is 'Numbers of documents: one series for each registration (or company), kind and financial year, without gaps.';
comment on column number_series.tenant_id is 'The company.';
comment on column number_series.id is 'The series.';
comment on column number_series.registration_id is 'The registration, or null for documents of the company.';
comment on column number_series.kind is 'order, shipment or challan.';
comment on column number_series.year is 'Financial year, e.g. 26-27.';
comment on column number_series.last is 'The last number that was taken.';
create index number_series_by_registration on number_series (tenant_id, registration_id);
select make_tenant_table('number_series', null, '{}', false);

create table customer_accounts (
    tenant_id uuid not null references companies,
    id uuid not null,
    open_orders integer not null default 0 check (open_orders >= 0),
    open_amount numeric(14,2) not null default 0 check (open_amount >= 0),
    balance numeric(14,2) not null default 0,
    next_delivery date,
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, id) references customers (tenant_id, id)
);
comment on table customer_accounts is 'What a customer has open, kept beside orders and bills in the same transaction: credit is decided on it, the retailer''s home shows it.';
comment on column customer_accounts.tenant_id is 'The company.';
comment on column customer_accounts.id is 'The customer.';
comment on column customer_accounts.open_orders is 'Orders that are placed and neither closed nor cancelled.';
comment on column customer_accounts.open_amount is 'What of them is still to be shipped, with tax, in rupees.';
comment on column customer_accounts.balance is 'What is owed by bills, in rupees.';
comment on column customer_accounts.next_delivery is 'The day on which goods on their way are expected, or null.';
comment on column customer_accounts.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('customer_accounts', 'id', '{}', false);
select open_to_platform('customer_accounts', 'select');

create table carts (
    tenant_id uuid not null references companies,
    id uuid not null,
    customer_id uuid not null,
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, customer_id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
comment on table carts is 'What a customer is about to order: one cart, shared by its people and devices.';
comment on column carts.tenant_id is 'The company.';
comment on column carts.id is 'The cart.';
comment on column carts.customer_id is 'The customer.';
comment on column carts.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('carts', 'customer_id', '{}', false);

create table cart_lines (
    tenant_id uuid not null references companies,
    id uuid not null,
    cart_id uuid not null,
    customer_id uuid not null,
    product_id uuid not null,
    quantity numeric(14,3) not null check (quantity > 0),
    seen_price numeric(14,4),
    seen_rate numeric(6,3),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, cart_id, product_id),
    foreign key (tenant_id, cart_id) references carts (tenant_id, id) on delete cascade,
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, product_id) references products (tenant_id, id)
);
comment on table cart_lines is 'A product in a cart.';
comment on column cart_lines.tenant_id is 'The company.';
comment on column cart_lines.id is 'The line.';
comment on column cart_lines.cart_id is 'The cart.';
comment on column cart_lines.customer_id is 'The customer.';
comment on column cart_lines.product_id is 'The product.';
comment on column cart_lines.quantity is 'Units.';
comment on column cart_lines.seen_price is 'The price that the buyer was last shown, rupees for a unit.';
comment on column cart_lines.seen_rate is 'The GST rate that the buyer was last shown, per cent.';
comment on column cart_lines.created_at is 'When it was made.';
comment on column cart_lines.updated_at is 'Last change; guards against lost edits.';
create index cart_lines_by_customer on cart_lines (tenant_id, customer_id);
create index cart_lines_by_product on cart_lines (tenant_id, product_id);
select make_tenant_table('cart_lines', 'customer_id', '{}', false);

create table orders (
    tenant_id uuid not null references companies,
    id uuid not null,
    number text not null check (number ~ '^[A-Z0-9-]{3,20}$'),
    customer_id uuid not null,
    status text not null default 'draft' check (status in ('draft', 'to_approve', 'confirmed', 'closed', 'cancelled')),
    is_held boolean not null default false,
    hold_reason jsonb,
    source text not null check (source in ('portal', 'staff')),
    placed_by uuid references users,
    placed_by_name text not null default '' check (length(placed_by_name) <= 120),
    placed_at timestamptz,
    confirmed_at timestamptz,
    ended_at timestamptz,
    cancel_reason text check (length(cancel_reason) between 1 and 500),
    warehouse_id uuid not null,
    registration_id uuid not null,
    ship_to_id uuid,
    ship_to text not null default '' check (length(ship_to) <= 600),
    place_of_supply text check (place_of_supply ~ '^[0-9]{2}$'),
    po_number text check (length(po_number) between 1 and 40),
    note text check (length(note) between 1 and 1000),
    wanted_on date,
    priced_on date not null,
    taxable numeric(14,2) not null default 0,
    cgst numeric(14,2) not null default 0,
    sgst numeric(14,2) not null default 0,
    igst numeric(14,2) not null default 0,
    cess numeric(14,2) not null default 0,
    total numeric(14,2) not null default 0,
    open_amount numeric(14,2) not null default 0 check (open_amount >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, number),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, warehouse_id) references warehouses (tenant_id, id),
    foreign key (tenant_id, registration_id) references gst_registrations (tenant_id, id),
    foreign key (tenant_id, ship_to_id) references customer_addresses (tenant_id, id),
    check (is_held = (hold_reason is not null)),
    check (status = 'draft' or status = 'cancelled' or (placed_at is not null and place_of_supply is not null)),
    check (status not in ('confirmed', 'closed') or confirmed_at is not null),
    check (status not in ('confirmed', 'closed') or not is_held),
    check ((status in ('closed', 'cancelled')) = (ended_at is not null)),
    check (status <> 'cancelled' or cancel_reason is not null),
    check (total = taxable + cgst + sgst + igst + cess),
    check (igst = 0 or (cgst = 0 and sgst = 0)),
    constraint orders_ended_have_nothing_open check (status not in ('closed', 'cancelled') or open_amount = 0)
);
comment on table orders is 'What a customer asked for. Quantities live on the lines.';
comment on column orders.tenant_id is 'The company.';
comment on column orders.id is 'The order.';
comment on column orders.number is 'Number that people say, e.g. SO-26-00042.';
comment on column orders.customer_id is 'The customer.';
comment on column orders.status is 'draft, to_approve (placed), confirmed, closed or cancelled.';
comment on column orders.is_held is 'Whether it may not go on, whatever its status.';
comment on column orders.hold_reason is 'Why it is held: a sentence with its values.';
comment on column orders.source is 'portal or staff.';
comment on column orders.placed_by is 'Who placed it; before that, who began it.';
comment on column orders.placed_by_name is 'That person''s name then.';
comment on column orders.placed_at is 'When it was placed; null for a draft.';
comment on column orders.confirmed_at is 'When it was confirmed.';
comment on column orders.ended_at is 'When it was closed or cancelled.';
comment on column orders.cancel_reason is 'Why it was cancelled.';
comment on column orders.warehouse_id is 'Where it ships from.';
comment on column orders.registration_id is 'The registration that supplies it.';
comment on column orders.ship_to_id is 'The address that was chosen.';
comment on column orders.ship_to is 'That address as it was then.';
comment on column orders.place_of_supply is 'GST state code; null while a draft has no address.';
comment on column orders.po_number is 'The customer''s own number.';
comment on column orders.note is 'What the customer wrote.';
comment on column orders.wanted_on is 'The day on which the customer wants it, or null.';
comment on column orders.priced_on is 'The day whose prices and rates it has, in India.';
comment on column orders.taxable is 'Sum of the lines before tax, in rupees.';
comment on column orders.cgst is 'Central tax, in rupees.';
comment on column orders.sgst is 'State or union territory tax, in rupees.';
comment on column orders.igst is 'Integrated tax, in rupees.';
comment on column orders.cess is 'Cess, in rupees.';
comment on column orders.total is 'All of it, in rupees.';
comment on column orders.open_amount is 'What of it is still to be shipped, with tax, in rupees.';
comment on column orders.created_at is 'When it was made.';
comment on column orders.updated_at is 'Last change; guards against lost edits.';
create index orders_by_placed on orders (tenant_id, placed_at desc, id desc);
create index orders_by_status on orders (tenant_id, status, placed_at desc, id desc);
create index orders_by_customer on orders (tenant_id, customer_id, placed_at desc, id desc);
create index orders_by_warehouse on orders (tenant_id, warehouse_id);
create index orders_by_registration on orders (tenant_id, registration_id);
create index orders_by_address on orders (tenant_id, ship_to_id);
create index orders_by_placer on orders (placed_by);
create index orders_by_total on orders (tenant_id, total, id);
select make_tenant_table('orders', 'customer_id');
create trigger steps before update of status on orders for each row execute function keep_to_the_steps('order');

create table order_lines (
    tenant_id uuid not null references companies,
    id uuid not null,
    order_id uuid not null,
    customer_id uuid not null,
    position integer not null,
    product_id uuid not null,
    sku text not null,
    name text not null,
    unit text not null,
    pack_size numeric(14,3) not null default 1 check (pack_size > 0),
    pack_name text,
    hsn text not null,
    quantity numeric(14,3) not null check (quantity > 0),
    open_qty numeric(14,3) not null check (open_qty >= 0),
    shipped_qty numeric(14,3) not null default 0 check (shipped_qty >= 0),
    cancelled_qty numeric(14,3) not null default 0 check (cancelled_qty >= 0),
    picking_qty numeric(14,3) not null default 0,
    price numeric(14,4) not null check (price >= 0),
    includes_tax boolean not null default false,
    price_list_id uuid,
    mrp numeric(14,2),
    tax_rate numeric(6,3) not null,
    cess_rate numeric(6,3) not null default 0,
    taxable numeric(14,2) not null,
    cgst numeric(14,2) not null default 0,
    sgst numeric(14,2) not null default 0,
    igst numeric(14,2) not null default 0,
    cess numeric(14,2) not null default 0,
    total numeric(14,2) not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, order_id, product_id),
    -- Lines come first and the order last, because its number is taken last.
    foreign key (tenant_id, order_id) references orders (tenant_id, id) deferrable initially deferred,
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, product_id) references products (tenant_id, id),
    foreign key (tenant_id, price_list_id) references price_lists (tenant_id, id),
    constraint order_lines_add_up check (quantity = shipped_qty + open_qty + cancelled_qty),
    constraint order_lines_picking check (picking_qty >= 0 and picking_qty <= open_qty),
    check (total = taxable + cgst + sgst + igst + cess)
);
comment on table order_lines is 'A product of an order. ordered = shipped + open + cancelled, always.';
comment on column order_lines.tenant_id is 'The company.';
comment on column order_lines.id is 'The line.';
comment on column order_lines.order_id is 'The order.';
comment on column order_lines.customer_id is 'The customer.';
comment on column order_lines.position is 'Its place in the order.';
comment on column order_lines.product_id is 'The product.';
comment on column order_lines.sku is 'Its code then.';
comment on column order_lines.name is 'Its name then.';
comment on column order_lines.unit is 'Its unit then.';
comment on column order_lines.pack_size is 'Units in a pack then.';
comment on column order_lines.pack_name is 'What a pack was called then, or null.';
comment on column order_lines.hsn is 'Its HSN then.';
comment on column order_lines.quantity is 'Units ordered.';
comment on column order_lines.open_qty is 'Units still to be shipped.';
comment on column order_lines.shipped_qty is 'Units that have left.';
comment on column order_lines.cancelled_qty is 'Units that won''t come.';
comment on column order_lines.picking_qty is 'Of the open units, what shipments are picking or have packed.';
comment on column order_lines.price is 'Rupees for a unit.';
comment on column order_lines.includes_tax is 'Whether that price holds GST.';
comment on column order_lines.price_list_id is 'The list that gave the price; null when staff set it.';
comment on column order_lines.mrp is 'Its maximum retail price then.';
comment on column order_lines.tax_rate is 'GST, per cent.';
comment on column order_lines.cess_rate is 'Cess, per cent.';
comment on column order_lines.taxable is 'Before tax, of what is not cancelled, in rupees.';
comment on column order_lines.cgst is 'In rupees.';
comment on column order_lines.sgst is 'In rupees.';
comment on column order_lines.igst is 'In rupees.';
comment on column order_lines.cess is 'In rupees.';
comment on column order_lines.total is 'All of it, in rupees.';
comment on column order_lines.created_at is 'When it was made.';
comment on column order_lines.updated_at is 'Last change; guards against lost edits.';
create index order_lines_by_order on order_lines (tenant_id, order_id, position);
create index order_lines_by_product on order_lines (tenant_id, product_id);
create index order_lines_by_customer on order_lines (tenant_id, customer_id);
create index order_lines_by_list on order_lines (tenant_id, price_list_id) where price_list_id is not null;
select make_tenant_table('order_lines', 'customer_id');

create table order_events (
    tenant_id uuid not null references companies,
    id uuid not null,
    order_id uuid not null,
    customer_id uuid not null,
    kind text not null check (kind ~ '^[a-z_]{2,40}$'),
    said jsonb not null,
    user_id uuid references users,
    user_name text not null default '',
    is_internal boolean not null default false,
    at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
comment on table order_events is 'What happened to an order, step by step; shown to both sides.';
comment on column order_events.tenant_id is 'The company.';
comment on column order_events.id is 'The event; later ones sort after earlier ones.';
comment on column order_events.order_id is 'The order.';
comment on column order_events.customer_id is 'The customer.';
comment on column order_events.kind is 'placed, held, released, confirmed, line_cancelled, picking, packed, out, delivered, returned, closed, cancelled, note.';
comment on column order_events.said is 'A sentence with its values.';
comment on column order_events.user_id is 'Who; null when the system did.';
comment on column order_events.user_name is 'That person''s name then.';
comment on column order_events.is_internal is 'Whether only the company sees it.';
comment on column order_events.at is 'When.';
create index order_events_by_order on order_events (tenant_id, order_id, id);
create index order_events_by_customer on order_events (tenant_id, customer_id);
create index order_events_by_user on order_events (user_id);
select make_tenant_table('order_events', 'customer_id', '{}', false);
select make_append_only('order_events');
-- A buyer never reads what is internal, whatever a query forgets.
create policy no_internal_words on order_events as restrictive for select to mandi_app
    using (not is_internal or nullif(current_setting('app.customer_id', true), '') is null);

create table reservations (
    tenant_id uuid not null references companies,
    id uuid not null,
    product_id uuid not null,
    warehouse_id uuid not null,
    quantity numeric(14,3) not null check (quantity > 0),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, id) references order_lines (tenant_id, id),
    foreign key (tenant_id, product_id) references products (tenant_id, id),
    foreign key (tenant_id, warehouse_id) references warehouses (tenant_id, id)
);
comment on table reservations is 'What an order line holds of a warehouse''s stock: as much as is open on the line.';
comment on column reservations.tenant_id is 'The company.';
comment on column reservations.id is 'The order line.';
comment on column reservations.product_id is 'The product.';
comment on column reservations.warehouse_id is 'The warehouse.';
comment on column reservations.quantity is 'Units.';
comment on column reservations.created_at is 'When it was made.';
create index reservations_by_product on reservations (tenant_id, product_id, warehouse_id);
create index reservations_by_warehouse on reservations (tenant_id, warehouse_id);
select make_tenant_table('reservations', null, '{}', false);

-- A buyer's order takes stock and a number, which no buyer may write: these functions do it with the owner's rights, inside the company of
-- the transaction and nothing else.
create function take_number(kind text, registration uuid, day date) returns table (year text, number integer)
    language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
declare
    first integer := extract(year from day)::integer - (extract(month from day) < 4)::integer;
    code text := lpad((first % 100)::text, 2, '0') || '-' || lpad(((first + 1) % 100)::text, 2, '0');
begin
    return query
        insert into number_series as s (tenant_id, registration_id, kind, year, last) values (current_tenant(), registration, take_number.kind, code, 1)
            on conflict on constraint number_series_tenant_id_registration_id_kind_year_key do update set last = s.last + 1
            returning left(s.year, 2), s.last;
end $$;
comment on function take_number is 'The next number of a series of this transaction''s company; whoever takes one holds the series until the transaction ends. The year is the two digits of that in which the financial year began.';
grant execute on function take_number to mandi_app;

-- All lines are served, or none and the answer says what is short.
create function hold_stock(warehouse uuid, lines uuid[], products uuid[], quantities numeric[], moment timestamptz) returns table (product_id uuid, free numeric)
    language plpgsql volatile security definer rows 5 set search_path = pg_catalog, public, pg_temp
    as $$
begin
    perform 1 from stock_levels l where l.tenant_id = current_tenant() and l.warehouse_id = warehouse and l.product_id = any (products)
        order by l.product_id for update;
    return query
        select w.product, coalesce(l.on_hand - l.reserved, 0)
            from (select u.product, sum(u.quantity) as quantity from unnest(products, quantities) u(product, quantity) group by u.product) w
            left join stock_levels l on l.tenant_id = current_tenant() and l.warehouse_id = warehouse and l.product_id = w.product
            where coalesce(l.on_hand - l.reserved, 0) < w.quantity order by w.product;
    if found then return; end if;
    insert into reservations (tenant_id, id, product_id, warehouse_id, quantity, created_at)
        select current_tenant(), u.line, u.product, warehouse, u.quantity, moment from unnest(lines, products, quantities) u(line, product, quantity)
        on conflict (tenant_id, id) do update set quantity = reservations.quantity + excluded.quantity;
    update stock_levels l set reserved = l.reserved + w.quantity, updated_at = moment
        from (select u.product, sum(u.quantity) as quantity from unnest(products, quantities) u(product, quantity) group by u.product) w
        where l.tenant_id = current_tenant() and l.warehouse_id = warehouse and l.product_id = w.product;
end $$;
comment on function hold_stock is 'Holds stock of a warehouse for order lines: all of them, or none, with the products that are short and what is free of them.';
grant execute on function hold_stock to mandi_app;

create function release_stock(warehouse uuid, lines uuid[], products uuid[], quantities numeric[], moment timestamptz) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    perform 1 from stock_levels l where l.tenant_id = current_tenant() and l.warehouse_id = warehouse and l.product_id = any (products)
        order by l.product_id for update;
    delete from reservations r using unnest(lines, quantities) u(line, quantity)
        where r.tenant_id = current_tenant() and r.id = u.line and r.quantity = u.quantity;
    -- What was held whole is gone by now; `quantity > 0` refuses to give back more than is held.
    update reservations r set quantity = r.quantity - u.quantity from unnest(lines, quantities) u(line, quantity)
        where r.tenant_id = current_tenant() and r.id = u.line and u.quantity > 0;
    update stock_levels l set reserved = l.reserved - w.quantity, updated_at = moment
        from (select u.product, sum(u.quantity) as quantity from unnest(products, quantities) u(product, quantity) group by u.product) w
        where l.tenant_id = current_tenant() and l.warehouse_id = warehouse and l.product_id = w.product;
end $$;
comment on function release_stock is 'Gives back what order lines hold, so many units of each.';
grant execute on function release_stock to mandi_app;

-- Everything that decides how a customer is supplied, in one row; a buyer is answered as itself.
create function supply_terms(customer uuid, ship_to uuid)
    returns table (customer_id uuid, code text, name text, kind text, gstin text, status text, terms_days integer, credit_limit numeric, exposure numeric,
                   warehouse_id uuid, registration_id uuid, supplier_state text, billing_state text,
                   address_id uuid, address text, delivery_state text, delivery_gstin text)
    language plpgsql stable security definer rows 1 set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
begin
    return query
        select c.id, c.code, c.name, c.kind, c.gstin,
               case when n.status in ('paused', 'ended') then 'paused' else c.status end, c.terms_days, c.credit_limit,
               coalesce(a.balance + a.open_amount, 0), w.id, w.registration_id, g.state_code, b.state_code,
               d.id, d.label || ', ' || d.street || ', ' || d.city || ' ' || d.pincode, d.state_code, d.gstin
            from customers c
            join warehouses w on w.tenant_id = c.tenant_id and (w.id = c.warehouse_id or (c.warehouse_id is null and w.is_default))
            join gst_registrations g on g.tenant_id = c.tenant_id and g.id = w.registration_id
            left join connections n on n.tenant_id = c.tenant_id and n.customer_id = c.id
            left join customer_accounts a on a.tenant_id = c.tenant_id and a.id = c.id
            left join customer_addresses b on b.tenant_id = c.tenant_id and b.customer_id = c.id and b.is_billing
            left join lateral (
                select * from customer_addresses d where d.tenant_id = c.tenant_id and d.customer_id = c.id and d.is_active
                    and (ship_to is null or d.id = ship_to) order by d.is_default desc, d.id limit 1
            ) d on true
            where c.tenant_id = current_tenant() and c.id = coalesce(setting_uuid('customer_id'), customer);
end $$;
comment on function supply_terms is 'How a customer is supplied: terms, credit, warehouse and registration, where it is billed and where the goods go.';
grant execute on function supply_terms to mandi_app;

-- What a line would be: the product, its price at this quantity, its rate on this day, what is free of it. The rules of each are those
-- of `prices_for`, `rates_on` and `free_stock`.
create function quote_lines(products uuid[], quantities numeric[], customer uuid, day date)
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
comment on function quote_lines is 'What lines of an order would be on a day: product, price, rate and free units, in the order asked.';
grant execute on function quote_lines to mandi_app;
