-- Warehouses, the stock ledger, the levels kept beside it, and what orders have reserved.

create table warehouses (
    tenant_id uuid not null references companies,
    id uuid not null,
    code text not null check (code ~ '^[A-Z0-9][A-Z0-9-]{0,9}$'),
    name text not null check (length(name) between 1 and 80),
    registration_id uuid not null,
    street text check (length(street) <= 300),
    city text check (length(city) <= 100),
    pincode text check (pincode ~ '^[1-9][0-9]{5}$'),
    is_default boolean not null default false,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, code),
    foreign key (tenant_id, registration_id) references gst_registrations (tenant_id, id),
    check (is_active or not is_default)
);
comment on table warehouses is 'Where stock lies; each belongs to a GST registration.';
comment on column warehouses.tenant_id is 'The company.';
comment on column warehouses.id is 'The warehouse.';
comment on column warehouses.code is 'Code that people say, unique in the company.';
comment on column warehouses.name is 'Name.';
comment on column warehouses.registration_id is 'The registration that its supplies are made under.';
comment on column warehouses.street is 'Street and area.';
comment on column warehouses.city is 'City.';
comment on column warehouses.pincode is 'Six digits.';
comment on column warehouses.is_default is 'The one that serves customers unless told otherwise; one of a company.';
comment on column warehouses.is_active is 'Whether it takes part in anything new.';
comment on column warehouses.created_at is 'When it was made.';
comment on column warehouses.updated_at is 'Last change; guards against lost edits.';
create unique index warehouses_one_default on warehouses (tenant_id) where is_default;
create index warehouses_by_registration on warehouses (tenant_id, registration_id);
select make_tenant_table('warehouses');
select open_to_buyers('warehouses', 'is_active');
alter table customers add foreign key (tenant_id, warehouse_id) references warehouses (tenant_id, id);
create index customers_by_warehouse on customers (tenant_id, warehouse_id);

create table stock_levels (
    tenant_id uuid not null references companies,
    id uuid not null default gen_random_uuid(),
    product_id uuid not null,
    warehouse_id uuid not null,
    on_hand numeric(14,3) not null default 0,
    reserved numeric(14,3) not null default 0,
    reorder_level numeric(14,3) check (reorder_level >= 0),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, product_id, warehouse_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id),
    foreign key (tenant_id, warehouse_id) references warehouses (tenant_id, id),
    constraint stock_levels_no_oversell check (reserved >= 0 and on_hand >= reserved)
);
comment on table stock_levels is 'How much of a product a warehouse has, kept beside the ledger in the same transaction.';
comment on column stock_levels.tenant_id is 'The company.';
comment on column stock_levels.id is 'The level.';
comment on column stock_levels.product_id is 'The product.';
comment on column stock_levels.warehouse_id is 'The warehouse.';
comment on column stock_levels.on_hand is 'Units that lie there.';
comment on column stock_levels.reserved is 'Of these, what open orders hold.';
comment on column stock_levels.reorder_level is 'Below so many free units it is low, or null.';
comment on column stock_levels.updated_at is 'Last change; guards against lost edits.';
create index stock_levels_by_warehouse on stock_levels (tenant_id, warehouse_id);
create index stock_levels_low on stock_levels (tenant_id, warehouse_id, product_id) where on_hand - reserved <= reorder_level;
select make_tenant_table('stock_levels', null, '{}', false);

create table stock_moves (
    tenant_id uuid not null references companies,
    id uuid not null,
    product_id uuid not null,
    warehouse_id uuid not null,
    kind text not null check (kind in ('opening', 'adjustment', 'shipment', 'return')),
    quantity numeric(14,3) not null check (quantity <> 0),
    reason text check (length(reason) between 1 and 200),
    shipment_line_id uuid,
    import_id uuid,
    at timestamptz not null,
    user_id uuid references users,
    primary key (tenant_id, id),
    foreign key (tenant_id, product_id) references products (tenant_id, id),
    foreign key (tenant_id, warehouse_id) references warehouses (tenant_id, id),
    check ((kind in ('shipment', 'return')) = (shipment_line_id is not null)),
    check (kind <> 'adjustment' or reason is not null),
    check (kind <> 'opening' or quantity > 0),
    check (kind <> 'shipment' or quantity < 0)
);
comment on table stock_moves is 'The stock ledger: every unit that came or went, never changed.';
comment on column stock_moves.tenant_id is 'The company.';
comment on column stock_moves.id is 'The move; later ones sort after earlier ones.';
comment on column stock_moves.product_id is 'The product.';
comment on column stock_moves.warehouse_id is 'The warehouse.';
comment on column stock_moves.kind is 'opening, adjustment, shipment or return.';
comment on column stock_moves.quantity is 'Units: more than zero came, less than zero went.';
comment on column stock_moves.reason is 'Why, for adjustments: damage, expiry, sample, count, and words.';
comment on column stock_moves.shipment_line_id is 'The line that shipped it, for shipments and returns.';
comment on column stock_moves.import_id is 'The import that brought it, if one did.';
comment on column stock_moves.at is 'When.';
comment on column stock_moves.user_id is 'Who; null when the system did.';
create index stock_moves_by_product on stock_moves (tenant_id, product_id, id desc);
create index stock_moves_by_warehouse on stock_moves (tenant_id, warehouse_id, id desc);
create index stock_moves_by_shipment on stock_moves (tenant_id, shipment_line_id) where shipment_line_id is not null;
create index stock_moves_by_user on stock_moves (user_id);
select make_tenant_table('stock_moves', null, '{}', false);
select make_append_only('stock_moves');

-- What a buyer may know of stock: free units in the warehouse that serves it. Staff name the customer.
create function free_stock(products uuid[], customer uuid) returns table (product_id uuid, free numeric)
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
comment on function free_stock is 'Units of each product that are neither reserved nor gone, in the warehouse that serves a customer.';
grant execute on function free_stock to mandi_app;

-- A company can sell from its first day: with its first registration come a warehouse and the list of prices for everybody.
create function open_the_books() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    if not exists (select from warehouses where tenant_id = new.tenant_id) then
        insert into warehouses (tenant_id, id, code, name, registration_id, street, city, pincode, is_default)
            values (new.tenant_id, gen_random_uuid(), 'MAIN', 'Main warehouse', new.id, new.address, new.city, new.pincode, true);
    end if;
    if not exists (select from price_lists where tenant_id = new.tenant_id) then
        insert into price_lists (tenant_id, id, name, is_default) values (new.tenant_id, gen_random_uuid(), 'Standard', true);
    end if;
    return null;
end $$;
comment on function open_the_books() is 'Gives a new company its first warehouse and its standard price list.';
create trigger open_the_books after insert on gst_registrations for each row when (new.is_primary) execute function open_the_books();
insert into warehouses (tenant_id, id, code, name, registration_id, street, city, pincode, is_default)
    select tenant_id, gen_random_uuid(), 'MAIN', 'Main warehouse', id, address, city, pincode, true from gst_registrations where is_primary;
insert into price_lists (tenant_id, id, name, is_default) select tenant_id, gen_random_uuid(), 'Standard', true from gst_registrations where is_primary;
