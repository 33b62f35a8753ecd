-- The demo leaves the sandboxes too: what a stranger's books hold of it is found by its GSTINs and by its accounts, so it goes before they do.
create function leave_sandboxes() returns void
    language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
declare
    gone text[];
    accounts text[];
begin
    -- A GSTIN that a real company trades under, or with, stays known.
    with known as (
        select r.gstin::text as gstin, c.is_demo from gst_registrations r join companies c on c.id = r.tenant_id
        union all
        select b.gstin::text, c.is_demo from customers b join companies c on c.id = b.tenant_id where b.gstin is not null
    )
    select coalesce(array_agg(k.gstin), '{}') into gone from (select gstin from known group by gstin having bool_and(is_demo)) k;
    select coalesce(array_agg(distinct a.key_id), '{}') into accounts
        from gateway_accounts a join companies c on c.id = a.tenant_id where c.is_demo and a.gateway = 'sandbox';

    delete from sandbox.tokens where gstin = any (gone);
    delete from sandbox.invoices where gstin = any (gone);
    -- Whose a call was that asked for an account is not written down, and what was called is only kept for a day.
    delete from sandbox.calls where gstin is null or gstin = any (gone || accounts);
    delete from sandbox.moods where gstin = any (gone || accounts);
    delete from sandbox.taxpayers where gstin = any (gone);

    delete from sandbox.hooks where key_id = any (accounts);
    delete from sandbox.gateway_refunds r using sandbox.gateway_payments p, sandbox.gateway_orders o
        where p.id = r.payment_id and o.id = p.order_id and o.key_id = any (accounts);
    delete from sandbox.gateway_payments p using sandbox.gateway_orders o where o.id = p.order_id and o.key_id = any (accounts);
    delete from sandbox.gateway_orders where key_id = any (accounts);
    delete from sandbox.merchants where key_id = any (accounts);
end $$;
comment on function leave_sandboxes() is 'Deletes what the sandboxes of the authority and of the gateway know of companies of the demo. Real companies'' rows stay.';
revoke execute on function leave_sandboxes() from public;
grant execute on function leave_sandboxes() to mandi_platform;
