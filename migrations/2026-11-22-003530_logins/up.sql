-- A login that the authority has refused is not tried again by itself. Work that waits can be called at once. The poller gives every company its
-- turn. What a gateway says when it is asked is kept as what it tells. A window that has closed is told of.

alter table einvoice_accounts
    add column login_refused_at timestamptz,
    add column login_refused_code text check (length(login_refused_code) between 1 and 20),
    add column login_refused_said text check (length(login_refused_said) <= 300);
comment on column einvoice_accounts.login_refused_at is 'When the authority refused these secrets: nobody signs in with them by itself until they are changed, or a try holds.';
comment on column einvoice_accounts.login_refused_code is 'The authority''s code for why.';
comment on column einvoice_accounts.login_refused_said is 'The same in its words.';
select audit_new_columns('einvoice_accounts', '{login_refused_at,login_refused_code,login_refused_said}');

-- Whoever asks for work that waits for its time already need not queue it a second time.
create function hurry_jobs(kind text, keys text[]) returns integer
    language sql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
        with hurried as (
            update jobs j set run_at = now()
                where j.state = 'queued' and j.kind = $1 and j.unique_key = any ($2) and j.tenant_id = current_tenant() and j.run_at > now()
                returning j.id
        ), told as (
            select pg_notify('mandi_jobs', '') from hurried limit 1
        )
        select count(*)::integer from hurried left join told on true
    $$;
comment on function hurry_jobs is 'Makes queued jobs of this transaction''s company due at once, by their keys, and wakes the workers on commit. Says how many had been put off.';
revoke execute on function hurry_jobs from public;
grant execute on function hurry_jobs to mandi_app, mandi_platform;

-- Each company's oldest first, then each company's second: who has many that nobody answers for keeps nobody else waiting.
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
comment on column payments.asked_at is 'When the gateway was asked for it, or it was its turn that the gateway is asked what became of it.';

comment on table gateway_events is 'What gateways told us, with a signature that held: kept once by the event''s id, answered, then worked off. And what they said when they were asked, where a person has to look at it.';
comment on column gateway_events.event_id is 'The gateway''s id of it; asked- and the gateway''s id of the payment where it was asked.';
comment on column gateway_events.kind is 'What it is about, e.g. payment.captured; payment.found where the gateway was asked.';
comment on column gateway_events.body is 'The exact bytes; what was read of the answer where the gateway was asked.';
comment on column gateway_events.signature is 'The signature that came with it; empty where the gateway was asked.';

alter table einvoices drop constraint einvoices_alarm_check;
alter table einvoices add constraint einvoices_alarm_check check (alarm between 0 and 5);
comment on column einvoices.alarm is 'The last alarm given: 1 after three days, 2 after twenty, 3 a day before the window closes, 4 a day unknown, 5 when it has closed.';

-- The watch tells of closed windows, too.
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
                    where e.status = 'expired_window' and e.alarm <> 5
                    order by e.document_date, e.tenant_id, e.id limit most)
                union all
                (select e.tenant_id, e.id, e.document_date, e.status
                    from einvoices e join documents d on d.tenant_id = e.tenant_id and d.id = e.id and d.status = 'issued'
                    where e.status in ('registered', 'cancelled') and e.cancel_asked_at is not null and e.updated_at < moment - interval '2 hours'
                    order by e.document_date, e.tenant_id, e.id limit most)
            ) w order by w.tenant_id, w.document_date, w.id
    $$;
create index einvoices_closed on einvoices (document_date, tenant_id, id) where status = 'expired_window' and alarm <> 5;
