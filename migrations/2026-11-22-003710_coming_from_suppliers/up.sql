-- A retailer stands before the doors of its suppliers here, so no company's wall is set; the function shows it its own orders only. What waits to
-- be confirmed is not on its way yet: the same is told at each supplier's door and in the list behind it.
create function coming_from_suppliers(retailer uuid) returns table (supplier uuid, amount numeric)
    language sql stable security definer rows 10 set search_path = pg_catalog, public, pg_temp
    as $$
        select n.tenant_id,
               (select coalesce(sum(o.open_amount), 0) from orders o
                   where o.tenant_id = n.tenant_id and o.customer_id = n.customer_id and o.status = 'confirmed')
            from connections n
            where n.retailer_id = retailer and n.status in ('active', 'paused')
            limit 200
    $$;
comment on function coming_from_suppliers(uuid) is 'What of its confirmed orders a retailer still waits for at each of its suppliers, with tax, in rupees.';
revoke execute on function coming_from_suppliers(uuid) from public;
grant execute on function coming_from_suppliers(uuid) to mandi_platform;
