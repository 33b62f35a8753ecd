-- A declined card ends nobody's payment while the gateway's page is open: the payer tries again there, and the word of it may be lost. So what is
-- declined is asked after as well, until it was asked once after it could be paid no more.
create or replace function payments_to_ask_after(moment timestamptz, most integer) returns table (tenant uuid, payment uuid)
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
        select w.tenant_id, w.id
            from (
                select p.tenant_id, p.id, p.asked_at, row_number() over (partition by p.tenant_id order by p.asked_at, p.id) as turn
                    from payments p
                    where p.direction = 'in' and (p.status = 'pending' or (p.status = 'failed' and p.asked_at < p.expires_at))
                      and p.gateway_order is not null and p.asked_at < moment - interval '2 minutes'
            ) w order by w.turn, w.asked_at limit most
    $$;
comment on function payments_to_ask_after is 'Payments of all companies that wait for their gateway, and declined ones that can be paid still; each company''s oldest first.';
drop index payments_all_waiting;
create index payments_all_waiting on payments (asked_at) where direction = 'in' and (status = 'pending' or (status = 'failed' and asked_at < expires_at));
