drop index payments_all_waiting;
create index payments_all_waiting on payments (asked_at) where status = 'pending' and direction = 'in';
comment on function payments_to_ask_after is 'Payments of all companies that wait for their gateway.';
create or replace function payments_to_ask_after(moment timestamptz, most integer) returns table (tenant uuid, payment uuid)
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
        select w.tenant_id, w.id
            from (
                select p.tenant_id, p.id, p.asked_at, row_number() over (partition by p.tenant_id order by p.asked_at, p.id) as turn
                    from payments p
                    where p.status = 'pending' and p.direction = 'in' and p.gateway_order is not null and p.asked_at < moment - interval '2 minutes'
            ) w order by w.turn, w.asked_at limit most
    $$;
