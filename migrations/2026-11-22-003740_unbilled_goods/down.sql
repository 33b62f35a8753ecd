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
               coalesce(a.balance + a.open_amount, 0), w.id, w.registration_id, g.state_code, b.state_code,
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
drop trigger count_unbilled on shipments;
drop function count_unbilled();
alter table customer_accounts drop column unbilled;
alter table shipments drop column left_unbilled;
