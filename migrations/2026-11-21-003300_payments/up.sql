-- Payments: receipts and refunds, accounts at gateways, what gateways tell us; and the sandbox gateway's own books.

create or replace function may_step(machine text, was text, becomes text) returns boolean
    language sql immutable parallel safe
    as $$
        select was = becomes or (machine, was, becomes) in (
            ('order', 'draft', 'to_approve'), ('order', 'draft', 'cancelled'),
            ('order', 'to_approve', 'confirmed'), ('order', 'to_approve', 'cancelled'),
            ('order', 'confirmed', 'closed'), ('order', 'confirmed', 'cancelled'),
            ('shipment', 'picking', 'packed'), ('shipment', 'picking', 'cancelled'),
            ('shipment', 'packed', 'picking'), ('shipment', 'packed', 'out'), ('shipment', 'packed', 'cancelled'),
            ('shipment', 'out', 'delivered'), ('shipment', 'out', 'returned'),
            ('document', 'issued', 'cancelled'),
            ('einvoice', 'pending', 'in_flight'), ('einvoice', 'pending', 'failed_fix'), ('einvoice', 'pending', 'not_required'), ('einvoice', 'pending', 'expired_window'),
            ('einvoice', 'in_flight', 'registered'), ('einvoice', 'in_flight', 'unknown'), ('einvoice', 'in_flight', 'failed_fix'), ('einvoice', 'in_flight', 'failed_wait'),
            ('einvoice', 'unknown', 'registered'), ('einvoice', 'unknown', 'in_flight'), ('einvoice', 'unknown', 'failed_fix'), ('einvoice', 'unknown', 'expired_window'),
            ('einvoice', 'failed_wait', 'in_flight'), ('einvoice', 'failed_wait', 'pending'), ('einvoice', 'failed_wait', 'not_required'), ('einvoice', 'failed_wait', 'expired_window'),
            ('einvoice', 'failed_fix', 'pending'), ('einvoice', 'failed_fix', 'not_required'), ('einvoice', 'failed_fix', 'expired_window'),
            ('einvoice', 'expired_window', 'pending'),
            ('einvoice', 'registered', 'cancelled'),
            ('eway_bill', 'asked', 'in_flight'), ('eway_bill', 'asked', 'dropped'), ('eway_bill', 'in_flight', 'active'), ('eway_bill', 'in_flight', 'unknown'),
            ('eway_bill', 'in_flight', 'refused'), ('eway_bill', 'unknown', 'active'), ('eway_bill', 'unknown', 'in_flight'), ('eway_bill', 'refused', 'asked'),
            ('eway_bill', 'refused', 'dropped'), ('eway_bill', 'active', 'cancelled'),
            ('payment', 'pending', 'received'), ('payment', 'pending', 'failed'), ('payment', 'failed', 'received'),
            ('payment', 'received', 'bounced'), ('payment', 'received', 'refunded'))
    $$;

alter table number_series drop constraint number_series_kind_check;
alter table number_series add constraint number_series_kind_check check (kind in ('order', 'shipment', 'challan', 'receipt', 'refund'));
comment on column number_series.kind is 'order, shipment, challan, receipt or refund.';

create table gateway_accounts (
    tenant_id uuid not null references companies,
    id uuid not null,
    gateway text not null check (gateway in ('sandbox', 'razorpay', 'stripe')),
    key_id text not null check (length(key_id) between 1 and 100),
    key_secret_sealed bytea not null,
    hook_secret_sealed bytea not null,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, gateway, key_id)
);
create unique index gateway_accounts_one_active on gateway_accounts (tenant_id) where is_active;
comment on table gateway_accounts is 'A company''s account at a payment gateway.';
comment on column gateway_accounts.tenant_id is 'The company.';
comment on column gateway_accounts.id is 'The account; part of the address at which the gateway calls.';
comment on column gateway_accounts.gateway is 'sandbox, razorpay or stripe.';
comment on column gateway_accounts.key_id is 'Key id.';
comment on column gateway_accounts.key_secret_sealed is 'Key secret, encrypted with the installation''s key.';
comment on column gateway_accounts.hook_secret_sealed is 'Secret that webhooks are signed with, encrypted.';
comment on column gateway_accounts.is_active is 'Whether retailers pay by it; webhooks of others are still taken.';
comment on column gateway_accounts.created_at is 'When it was made.';
comment on column gateway_accounts.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('gateway_accounts', null, '{key_secret_sealed,hook_secret_sealed}');

-- A webhook comes without a session. This answers whoever knows the account's id with what the signature is checked against.
create function gateway_door(account uuid) returns table (tenant uuid, gateway text, hook_secret_sealed bytea)
    language sql stable security definer rows 1 set search_path = pg_catalog, public, pg_temp
    as $$
        select a.tenant_id, a.gateway, a.hook_secret_sealed from gateway_accounts a join companies c on c.id = a.tenant_id
            where a.id = account and c.status <> 'closed'
    $$;
comment on function gateway_door(uuid) is 'Whose account at a gateway this is, and the sealed secret of its webhooks.';
revoke execute on function gateway_door(uuid) from public;
grant execute on function gateway_door(uuid) to mandi_platform;

create table payments (
    tenant_id uuid not null references companies,
    id uuid not null,
    customer_id uuid not null,
    direction text not null check (direction in ('in', 'out')),
    method text not null check (method in ('cash', 'cheque', 'upi', 'neft', 'gateway')),
    status text not null check (status in ('pending', 'received', 'failed', 'bounced', 'refunded')),
    number text check (number ~ '^[A-Z0-9-]{3,20}$'),
    amount numeric(14,2) not null check (amount > 0),
    paid_on date,
    reference text check (length(reference) between 1 and 60),
    bank text check (length(bank) between 1 and 100),
    cheque_date date,
    note text check (length(note) between 1 and 500),
    refund_of uuid,
    bounced_on date,
    bounce_reason text check (length(bounce_reason) between 1 and 300),
    gateway_account_id uuid,
    gateway_order text check (length(gateway_order) between 1 and 100),
    gateway_payment text check (length(gateway_payment) between 1 and 100),
    asked_at timestamptz,
    expires_at timestamptz,
    failed_because text check (length(failed_because) <= 300),
    received_at timestamptz,
    made_by uuid references users,
    made_by_name text not null default '' check (length(made_by_name) <= 120),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, number),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, refund_of) references payments (tenant_id, id),
    foreign key (tenant_id, gateway_account_id) references gateway_accounts (tenant_id, id),
    constraint payments_counted_have_number check ((status in ('received', 'bounced', 'refunded')) = (number is not null) and (number is null) = (paid_on is null) and (number is null) = (received_at is null)),
    constraint payments_bounced check ((status = 'bounced') = (bounced_on is not null) and (bounced_on is null) = (bounce_reason is null)),
    constraint payments_only_cheques_bounce check (status <> 'bounced' or (method = 'cheque' and bounced_on >= paid_on)),
    constraint payments_cheque check (method <> 'cheque' or (reference is not null and cheque_date is not null)),
    constraint payments_gateway check ((method = 'gateway') = (gateway_account_id is not null)),
    constraint payments_gateway_paid check (method <> 'gateway' or number is null or gateway_payment is not null),
    constraint payments_out_are_refunds check ((direction = 'out') = (refund_of is not null)),
    constraint payments_wait_for_gateway_only check (status not in ('pending', 'failed') or method = 'gateway'),
    constraint payments_out_stay check (direction = 'in' or status in ('pending', 'failed', 'received'))
);
create unique index payments_by_gateway_order on payments (tenant_id, gateway_account_id, gateway_order) where gateway_order is not null and direction = 'in';
-- What a gateway says twice is kept once.
create unique index payments_by_gateway_payment on payments (tenant_id, gateway_account_id, gateway_payment) where gateway_payment is not null;
create index payments_by_date on payments (tenant_id, paid_on desc, id desc) where number is not null;
create index payments_by_customer on payments (tenant_id, customer_id, id desc);
create index payments_by_refunded on payments (tenant_id, refund_of) where refund_of is not null;
create index payments_by_account on payments (tenant_id, gateway_account_id) where gateway_account_id is not null;
create index payments_by_reference on payments (tenant_id, upper(reference)) where reference is not null;
create index payments_waiting on payments (tenant_id, asked_at) where status = 'pending';
create index payments_by_maker on payments (made_by);
comment on table payments is 'Money that came in, and what of it went back.';
comment on column payments.tenant_id is 'The company.';
comment on column payments.id is 'The payment; its entry in the ledger has the same id.';
comment on column payments.customer_id is 'The customer.';
comment on column payments.direction is 'in, or out: a refund.';
comment on column payments.method is 'cash, cheque, upi, neft or gateway.';
comment on column payments.status is 'pending and failed (at the gateway), received, bounced, refunded. A refund that went out is received too: by the customer.';
comment on column payments.number is 'Number of the receipt, e.g. RC-26-00042, or of the refund; null until it counts.';
comment on column payments.amount is 'In rupees.';
comment on column payments.paid_on is 'The day on which it counts.';
comment on column payments.reference is 'Number of the cheque, or the bank''s reference (UTR).';
comment on column payments.bank is 'The bank of a cheque.';
comment on column payments.cheque_date is 'Date on the cheque.';
comment on column payments.note is 'What the clerk wrote.';
comment on column payments.refund_of is 'For a refund: the payment that it gives back.';
comment on column payments.bounced_on is 'When the bank returned the cheque.';
comment on column payments.bounce_reason is 'Why.';
comment on column payments.gateway_account_id is 'The account at the gateway.';
comment on column payments.gateway_order is 'What the gateway calls what was asked for; there before anybody pays.';
comment on column payments.gateway_payment is 'What the gateway calls the payment, or the refund.';
comment on column payments.asked_at is 'When the gateway was asked.';
comment on column payments.expires_at is 'Until when the poller asks after it.';
comment on column payments.failed_because is 'Why it failed, as the gateway said.';
comment on column payments.received_at is 'When it was written down as paid.';
comment on column payments.made_by is 'Who recorded or began it; null when the system did.';
comment on column payments.made_by_name is 'That person''s name then.';
comment on column payments.created_at is 'When it was made.';
comment on column payments.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('payments', 'customer_id');
create trigger steps before update of status on payments for each row execute function keep_to_the_steps('payment');
-- A buyer begins a payment at the gateway; what becomes of it, the gateway says.
create policy buyers_only_begin on payments as restrictive for insert to mandi_app
    with check (nullif(current_setting('app.customer_id', true), '') is null or (direction = 'in' and method = 'gateway' and status = 'pending' and gateway_payment is null));
create policy buyers_change_nothing on payments as restrictive for update to mandi_app using (nullif(current_setting('app.customer_id', true), '') is null);
create policy buyers_remove_nothing on payments as restrictive for delete to mandi_app using (nullif(current_setting('app.customer_id', true), '') is null);

create function keep_what_counts() returns trigger language plpgsql as $$
declare
    free text[] := array['status', 'bounced_on', 'bounce_reason', 'note', 'updated_at'];
begin
    if tg_op = 'DELETE' then
        if demo_lets_go(old.tenant_id, tg_relid) then return old; end if;
        raise exception 'a payment can''t be deleted' using errcode = 'restrict_violation', constraint = 'payments_as_made';
    end if;
    if (new.customer_id, new.direction, new.amount, new.method, new.refund_of) is distinct from (old.customer_id, old.direction, old.amount, old.method, old.refund_of)
        or old.number is not null and to_jsonb(new) - free <> to_jsonb(old) - free then
        raise exception 'payment % counts: it can''t be changed', coalesce(old.number, old.id::text) using errcode = 'restrict_violation', constraint = 'payments_as_made';
    end if;
    return new;
end $$;
comment on function keep_what_counts() is 'The trigger that keeps payments as they were made: one that counts can bounce or be refunded, nothing else.';
create trigger as_made before update or delete on payments for each row execute function keep_what_counts();
revoke truncate on payments from mandi_app, mandi_platform;

create table payment_wishes (
    tenant_id uuid not null references companies,
    id uuid not null,
    payment_id uuid not null,
    customer_id uuid not null,
    document_id uuid not null,
    amount numeric(14,2) not null check (amount > 0),
    primary key (tenant_id, id),
    unique (tenant_id, payment_id, document_id),
    foreign key (tenant_id, payment_id) references payments (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, document_id) references documents (tenant_id, id)
);
create index payment_wishes_by_customer on payment_wishes (tenant_id, customer_id);
create index payment_wishes_by_document on payment_wishes (tenant_id, document_id);
comment on table payment_wishes is 'Which bills the retailer ticked when it began to pay: allocated first, as far as they are still open.';
comment on column payment_wishes.tenant_id is 'The company.';
comment on column payment_wishes.id is 'The row.';
comment on column payment_wishes.payment_id is 'The payment.';
comment on column payment_wishes.customer_id is 'The customer.';
comment on column payment_wishes.document_id is 'The bill.';
comment on column payment_wishes.amount is 'How much of it, in rupees.';
select make_tenant_table('payment_wishes', 'customer_id', '{}', false);
select make_append_only('payment_wishes');

create table gateway_events (
    tenant_id uuid not null references companies,
    id uuid not null,
    account_id uuid not null,
    event_id text not null check (length(event_id) between 1 and 100),
    kind text not null check (length(kind) between 1 and 60),
    body bytea not null check (length(body) <= 1048576),
    signature text not null,
    payment_id uuid,
    received_at timestamptz not null,
    applied_at timestamptz,
    outcome text check (outcome in ('applied', 'known', 'unknown_payment', 'other_amount', 'not_ours', 'ignored')),
    said text check (length(said) <= 300),
    primary key (tenant_id, id),
    unique (tenant_id, account_id, event_id),
    foreign key (tenant_id, account_id) references gateway_accounts (tenant_id, id),
    foreign key (tenant_id, payment_id) references payments (tenant_id, id),
    check ((applied_at is null) = (outcome is null))
);
create index gateway_events_by_time on gateway_events (tenant_id, received_at desc, id desc);
create index gateway_events_by_payment on gateway_events (tenant_id, payment_id) where payment_id is not null;
create index gateway_events_waiting on gateway_events (tenant_id, received_at) where applied_at is null;
comment on table gateway_events is 'What gateways told us, with a signature that held: kept once by the event''s id, answered, then worked off.';
comment on column gateway_events.tenant_id is 'The company.';
comment on column gateway_events.id is 'The event here.';
comment on column gateway_events.account_id is 'The account at whose address it came.';
comment on column gateway_events.event_id is 'The gateway''s id of it.';
comment on column gateway_events.kind is 'What it is about, e.g. payment.captured.';
comment on column gateway_events.body is 'The exact bytes.';
comment on column gateway_events.signature is 'The signature that came with it.';
comment on column gateway_events.payment_id is 'The payment, once it is known.';
comment on column gateway_events.received_at is 'When it came.';
comment on column gateway_events.applied_at is 'When it was worked off.';
comment on column gateway_events.outcome is 'applied, known (said before), unknown_payment, other_amount (kept for a person), not_ours or ignored.';
comment on column gateway_events.said is 'What came of it, in words.';
select make_tenant_table('gateway_events', null, '{body}');
create function apply_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if demo_lets_go(old.tenant_id, tg_relid) then return old; end if;
    elsif old.applied_at is null and new.applied_at is not null
        and (new.id, new.account_id, new.event_id, new.kind, new.body, new.signature, new.received_at) = (old.id, old.account_id, old.event_id, old.kind, old.body, old.signature, old.received_at) then
        return new;
    end if;
    raise exception 'an event is worked off once and then kept' using errcode = 'restrict_violation', constraint = 'gateway_events_apply_once';
end $$;
comment on function apply_once() is 'The trigger that lets an event be worked off once and keeps it then.';
create trigger apply_once before update or delete on gateway_events for each row execute function apply_once();
revoke truncate on gateway_events from mandi_app, mandi_platform;

-- The poller looks across companies, and works inside each.
create function payments_to_ask_after(moment timestamptz, most integer) returns table (tenant uuid, payment uuid)
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
        select p.tenant_id, p.id from payments p
            where p.status = 'pending' and p.direction = 'in' and p.gateway_order is not null and p.asked_at < moment - interval '2 minutes'
            order by p.asked_at limit most
    $$;
comment on function payments_to_ask_after is 'Payments of all companies that wait for their gateway.';
revoke execute on function payments_to_ask_after from public;
grant execute on function payments_to_ask_after to mandi_platform;
create index payments_all_waiting on payments (asked_at) where status = 'pending' and direction = 'in';

create function search_payments(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := upper(trim(translate(words, '%_\', '')));
    digits text := case when plain ~ '^[0-9]{1,5}$' then lpad(plain, 5, '0') end;
begin
    if plain = '' or setting_uuid('customer_id') is not null then return; end if;
    return query
        select p.id from payments p where p.tenant_id = current_tenant() and p.number = plain
        union
        select p.id from payments p where p.tenant_id = current_tenant()
            and p.number = any (select k || '-' || lpad(y::text, 2, '0') || '-' || digits from generate_series(20, 60) y, unnest('{RC,RF}'::text[]) k where digits is not null)
        union
        select p.id from payments p where p.tenant_id = current_tenant() and p.reference is not null and upper(p.reference) = plain
        union
        select p.id from payments p where p.tenant_id = current_tenant() and p.customer_id in (select search_customers(words));
end $$;
comment on function search_payments(text) is 'Ids of this transaction''s company''s payments whose number or reference this is, or whose customer these words find; figures alone are the end of a number.';
grant execute on function search_payments(text) to mandi_app;

-- ── The sandbox gateway's own books ──────────────────────────────────────────────────────────────────────────────
create table sandbox.merchants (
    key_id text primary key,
    key_secret text not null,
    hook_secret text not null,
    hook_url text not null,
    name text not null
);
comment on table sandbox.merchants is 'Who takes money through the sandbox gateway.';

create table sandbox.gateway_orders (
    id text primary key,
    key_id text not null references sandbox.merchants,
    amount bigint not null check (amount > 0),
    currency text not null check (currency = 'INR'),
    receipt text not null,
    return_url text not null,
    status text not null default 'created' check (status in ('created', 'attempted', 'paid')),
    created_at timestamptz not null,
    unique (key_id, receipt)
);
comment on table sandbox.gateway_orders is 'What was asked for; the same receipt twice is the same order.';

create table sandbox.gateway_payments (
    id text primary key,
    order_id text not null references sandbox.gateway_orders,
    amount bigint not null check (amount > 0),
    refunded bigint not null default 0 check (refunded between 0 and amount),
    status text not null check (status in ('captured', 'failed')),
    method text not null,
    created_at timestamptz not null
);
create index gateway_payments_by_order on sandbox.gateway_payments (order_id);
-- Whatever the buyer does on the page, an order is paid once.
create unique index gateway_payments_once on sandbox.gateway_payments (order_id) where status = 'captured';
comment on table sandbox.gateway_payments is 'What was paid on the sandbox''s page, and what failed.';

create table sandbox.gateway_refunds (
    id text primary key,
    payment_id text not null references sandbox.gateway_payments,
    receipt text not null,
    amount bigint not null check (amount > 0),
    created_at timestamptz not null,
    unique (payment_id, receipt)
);
comment on table sandbox.gateway_refunds is 'What went back; the same receipt twice is the same refund.';

create table sandbox.hooks (
    id text primary key,
    key_id text not null references sandbox.merchants,
    body bytea not null,
    due_at timestamptz not null,
    tries integer not null default 0,
    sent_at timestamptz
);
create index hooks_due on sandbox.hooks (due_at) where sent_at is null;
comment on table sandbox.hooks is 'Webhooks on their way: sent at least once, again until answered with 2xx.';
grant select, insert, update, delete on all tables in schema sandbox to mandi_platform;
