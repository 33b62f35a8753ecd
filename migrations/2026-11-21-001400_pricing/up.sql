-- Price lists with quantity breaks, and the one resolver that every place asks.

create table price_lists (
    tenant_id uuid not null references companies,
    id uuid not null,
    name text not null check (length(name) between 1 and 80),
    status text not null default 'active' check (status in ('draft', 'active', 'ended')),
    is_default boolean not null default false,
    includes_tax boolean not null default false,
    valid_from date not null default '2017-07-01',
    valid_to date check (valid_to >= valid_from),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, name)
);
comment on table price_lists is 'Prices for some customers or for all, from a day to a day.';
comment on column price_lists.tenant_id is 'The company.';
comment on column price_lists.id is 'The list.';
comment on column price_lists.name is 'What people call it.';
comment on column price_lists.status is 'draft (counts nowhere), active, ended.';
comment on column price_lists.is_default is 'The list of everybody, asked last; one of a company.';
comment on column price_lists.includes_tax is 'Whether its prices hold GST.';
comment on column price_lists.valid_from is 'First day, in India.';
comment on column price_lists.valid_to is 'Last day, or null.';
comment on column price_lists.created_at is 'When it was made.';
comment on column price_lists.updated_at is 'Last change; guards against lost edits.';
create unique index price_lists_one_default on price_lists (tenant_id) where is_default;
select make_tenant_table('price_lists');

create table price_list_targets (
    tenant_id uuid not null references companies,
    id uuid not null,
    price_list_id uuid not null,
    group_id uuid,
    customer_id uuid,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, price_list_id) references price_lists (tenant_id, id),
    foreign key (tenant_id, group_id) references customer_groups (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    unique nulls not distinct (tenant_id, price_list_id, group_id, customer_id),
    check (num_nonnulls(group_id, customer_id) = 1)
);
comment on table price_list_targets is 'Whom a price list is for: a group, or one customer.';
comment on column price_list_targets.tenant_id is 'The company.';
comment on column price_list_targets.id is 'The target.';
comment on column price_list_targets.price_list_id is 'The list.';
comment on column price_list_targets.group_id is 'The group, or null.';
comment on column price_list_targets.customer_id is 'The customer, or null.';
comment on column price_list_targets.created_at is 'When it was made.';
create index price_list_targets_by_group on price_list_targets (tenant_id, group_id) where group_id is not null;
create index price_list_targets_by_customer on price_list_targets (tenant_id, customer_id) where customer_id is not null;
select make_tenant_table('price_list_targets');

create table price_items (
    tenant_id uuid not null references companies,
    id uuid not null,
    price_list_id uuid not null,
    product_id uuid not null,
    min_qty numeric(14,3) not null default 0 check (min_qty >= 0),
    valid_from date not null default '2017-07-01',
    price numeric(14,4) not null check (price >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, price_list_id, product_id, min_qty, valid_from),
    foreign key (tenant_id, price_list_id) references price_lists (tenant_id, id),
    foreign key (tenant_id, product_id) references products (tenant_id, id)
);
comment on table price_items is 'A product''s price in a list, from a quantity and a day on.';
comment on column price_items.tenant_id is 'The company.';
comment on column price_items.id is 'The price.';
comment on column price_items.price_list_id is 'The list.';
comment on column price_items.product_id is 'The product.';
comment on column price_items.min_qty is 'From so many units on; 0 is from the first.';
comment on column price_items.valid_from is 'First day, in India; the latest that has come counts.';
comment on column price_items.price is 'Rupees for a unit.';
comment on column price_items.created_at is 'When it was made.';
comment on column price_items.updated_at is 'Last change; guards against lost edits.';
create index price_items_by_product on price_items (tenant_id, product_id);
select make_tenant_table('price_items');

-- The one resolver. Lists of the customer come before lists of its group, those before the list of everybody; among equals the one that
-- began last, then the smaller id. The first list that has a price for this product at this quantity on this day gives it: its largest
-- break that the quantity reaches. So exactly one price wins, or none. A buyer is always answered as the customer that it is.
create function prices_for(products uuid[], quantities numeric[], customer uuid, day date)
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
comment on function prices_for is 'The price of each product at a quantity for a customer on a day, with the list that gave it and the next break. Null: no price.';
grant execute on function prices_for to mandi_app;
