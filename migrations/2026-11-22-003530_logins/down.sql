drop index einvoices_closed;
create or replace function einvoices_to_watch(moment timestamptz, most integer) returns table (tenant uuid, document uuid, days integer, status text)
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
        select w.tenant_id, w.id, (moment at time zone 'Asia/Kolkata')::date - w.document_date, w.status
            from (
                (select e.tenant_id, e.id, e.document_date, e.status from einvoices e
                    where e.status in ('pending', 'in_flight', 'unknown', 'failed_fix', 'failed_wait')
                      and (e.document_date <= (moment at time zone 'Asia/Kolkata')::date - 3 or e.unknown_since < moment - interval '24 hours'
                           or e.last_day <= (moment at time zone 'Asia/Kolkata')::date + 1
                           or (e.status in ('pending', 'in_flight', 'unknown', 'failed_wait') and e.updated_at < moment - interval '2 hours'))
                    order by e.document_date, e.tenant_id, e.id limit most)
                union all
                (select e.tenant_id, e.id, e.document_date, e.status
                    from einvoices e join documents d on d.tenant_id = e.tenant_id and d.id = e.id and d.status = 'issued'
                    where e.status in ('registered', 'cancelled') and e.cancel_asked_at is not null and e.updated_at < moment - interval '2 hours'
                    order by e.document_date, e.tenant_id, e.id limit most)
            ) w order by w.tenant_id, w.document_date, w.id
    $$;
comment on column einvoices.alarm is 'The last alarm given: 1 after three days, 2 after twenty, 3 a day before the window closes, 4 a day unknown.';
update einvoices set alarm = 3 where alarm = 5;
alter table einvoices drop constraint einvoices_alarm_check;
alter table einvoices add constraint einvoices_alarm_check check (alarm between 0 and 4);
comment on column gateway_events.signature is 'The signature that came with it.';
comment on column gateway_events.body is 'The exact bytes.';
comment on column gateway_events.kind is 'What it is about, e.g. payment.captured.';
comment on column gateway_events.event_id is 'The gateway''s id of it.';
comment on table gateway_events is 'What gateways told us, with a signature that held: kept once by the event''s id, answered, then worked off.';
comment on column payments.asked_at is 'When the gateway was asked.';
create or replace function payments_to_ask_after(moment timestamptz, most integer) returns table (tenant uuid, payment uuid)
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
        select p.tenant_id, p.id from payments p
            where p.status = 'pending' and p.direction = 'in' and p.gateway_order is not null and p.asked_at < moment - interval '2 minutes'
            order by p.asked_at limit most
    $$;
drop function hurry_jobs;
alter table einvoice_accounts drop column login_refused_said, drop column login_refused_code, drop column login_refused_at;
