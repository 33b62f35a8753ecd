-- Goods that left with a challan to be billed later count against the credit until they are billed or come back: sending them moves them
-- from the open orders to here, so that nobody gets round its limit by taking goods on approval.
alter table shipments add column left_unbilled numeric(14,2) not null default 0 check (left_unbilled >= 0);
comment on column shipments.left_unbilled is 'What of its order left with a challan to be billed later, with tax, in rupees; 0 for samples and goods to be worked on.';
alter table customer_accounts add column unbilled numeric(14,2) not null default 0 check (unbilled >= 0);
comment on column customer_accounts.unbilled is 'What left with a challan and is neither billed nor back, with tax, in rupees.';
select audit_new_columns('shipments', '{left_unbilled}');

create function count_unbilled() returns trigger language plpgsql as $$
declare
    delta constant numeric :=
        case when new.invoice_id is null and new.status in ('out', 'delivered') then new.left_unbilled else 0 end
        - case when old.invoice_id is null and old.status in ('out', 'delivered') then old.left_unbilled else 0 end;
begin
    if delta <> 0 then
        update customer_accounts a set unbilled = a.unbilled + delta where a.tenant_id = new.tenant_id and a.id = new.customer_id;
    end if;
    return null;
end $$;
comment on function count_unbilled() is 'The trigger that counts goods that left with a challan against the credit, until they are billed or come back.';
create trigger count_unbilled after update of status, invoice_id, left_unbilled on shipments for each row
    when (old.left_unbilled <> 0 or new.left_unbilled <> 0) execute function count_unbilled();

-- What is out by now: the share of its order's lines that the shipment packed.
update shipments s set left_unbilled = w.amount from (
    select l.tenant_id, l.shipment_id, sum(round(o.total * l.packed_qty / (o.quantity - o.cancelled_qty), 2)) as amount
        from shipment_lines l join order_lines o on o.tenant_id = l.tenant_id and o.id = l.order_line_id
        where l.packed_qty > 0 and o.quantity > o.cancelled_qty group by 1, 2
) w where w.tenant_id = s.tenant_id and w.shipment_id = s.id and s.papers = 'challan' and s.challan_reason in ('approval', 'unknown_quantity', 'other')
    and s.invoice_id is null and s.status in ('out', 'delivered');

create or replace function supply_terms(customer uuid, ship_to uuid)
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
               coalesce(a.balance + a.open_amount + a.unbilled, 0), w.id, w.registration_id, g.state_code, b.state_code,
               d.id, d.label || ', ' || d.street || ', ' || d.city || ' ' || d.pincode, d.state_code, case when d.is_unregistered then 'URP' else d.gstin end
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
