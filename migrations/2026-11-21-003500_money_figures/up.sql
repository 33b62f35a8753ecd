-- What dashboards and their lists add up is read from indexes alone; the walls look at the customer, so such an index holds it too.
create index documents_issued on documents (tenant_id, document_date, id) include (customer_id, kind, total) where status = 'issued';
drop index open_items_all_open;
create index open_items_all_open on open_items (tenant_id, side, due_on, customer_id) include (id, entry_date, open, last_on) where is_open;
-- What was open on a day asks for what was closed after it: for today that is nothing, and nothing should be read to find so.
create index open_items_settled on open_items (tenant_id, settled_on) where not is_open;
create index payments_received on payments (tenant_id, customer_id, paid_on desc, id desc) where direction = 'in' and status = 'received';

-- A retailer stands before the doors of its suppliers here, so no company's wall is set; the function shows it its own accounts only.
create function owed_to_suppliers(retailer uuid, day date) returns table (supplier uuid, overdue numeric, paid numeric, paid_on date)
    language sql stable security definer rows 10 set search_path = pg_catalog, public, pg_temp
    as $$
        select n.tenant_id,
               (select coalesce(sum(i.open), 0) from open_items i
                   where i.tenant_id = n.tenant_id and i.customer_id = n.customer_id and i.side = 'debit' and i.is_open and i.due_on < day),
               p.amount, p.paid_on
            from connections n
            left join lateral (select p.amount, p.paid_on from payments p
                where p.tenant_id = n.tenant_id and p.customer_id = n.customer_id and p.direction = 'in' and p.status = 'received'
                order by p.paid_on desc, p.id desc limit 1) p on true
            where n.retailer_id = retailer and n.status in ('active', 'paused')
            limit 200
    $$;
comment on function owed_to_suppliers(uuid, date) is 'What a retailer has overdue at each of its suppliers on a day, and what it paid there last.';
revoke execute on function owed_to_suppliers(uuid, date) from public;
grant execute on function owed_to_suppliers(uuid, date) to mandi_platform;
