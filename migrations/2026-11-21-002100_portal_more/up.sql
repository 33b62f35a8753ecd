-- What the portal shows beside a price: the cart's amount as it was last seen, and the breaks of the list that gives a buyer its price.

alter table cart_lines add column seen_total numeric(14,2);
comment on column cart_lines.seen_total is 'What the line came to with GST when the buyer was last shown it, in rupees.';

-- A buyer sees no price list, only what its own price comes from: the list that prices this product for it at this quantity, with all breaks.
create function breaks_for(wanted uuid, at_quantity numeric, customer uuid, day date)
    returns table (list_name text, valid_from date, valid_to date, includes_tax boolean, min_qty numeric, price numeric)
    language sql stable security definer rows 5 set search_path = pg_catalog, public, pg_temp
    as $$
        select l.name, l.valid_from, l.valid_to, l.includes_tax, i.min_qty, i.price
            from prices_for(array[wanted], array[at_quantity], customer, day) r
            join price_lists l on l.tenant_id = current_tenant() and l.id = r.price_list_id
            cross join lateral (
                select distinct on (p.min_qty) p.min_qty, p.price from price_items p
                    where p.tenant_id = current_tenant() and p.price_list_id = l.id and p.product_id = wanted and p.valid_from <= day
                    order by p.min_qty, p.valid_from desc
            ) i order by i.min_qty
    $$;
comment on function breaks_for(uuid, numeric, uuid, date) is 'The list that gives a customer its price of a product at a quantity on a day, with all its breaks for that product.';
grant execute on function breaks_for(uuid, numeric, uuid, date) to mandi_app;
