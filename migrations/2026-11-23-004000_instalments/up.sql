-- What of a bill has to be paid when, as agreed with the customer; and how much of each ticked bill a retailer pays, of any bill.

create table instalment_plans (
    tenant_id uuid not null references companies,
    id uuid not null,
    customer_id uuid not null,
    document_id uuid not null,
    amount numeric(14,2) not null check (amount > 0),
    given_up numeric(14,2) not null,
    reason text check (length(reason) between 1 and 300),
    made_by uuid references users,
    made_by_name text not null default '' check (length(made_by_name) <= 120),
    created_at timestamptz not null,
    ended_at timestamptz,
    ended_by uuid references users,
    ended_by_name text not null default '' check (length(ended_by_name) <= 120),
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, document_id) references documents (tenant_id, id),
    constraint instalment_plans_end check (ended_at is not null or (ended_by is null and ended_by_name = ''))
);
create unique index instalment_plans_standing on instalment_plans (tenant_id, document_id) where ended_at is null;
create index instalment_plans_by_document on instalment_plans (tenant_id, document_id, created_at);
create index instalment_plans_by_customer on instalment_plans (tenant_id, customer_id);
create index instalment_plans_by_maker on instalment_plans (made_by);
create index instalment_plans_by_ender on instalment_plans (ended_by);
comment on table instalment_plans is 'Agreements on instalments of a bill: one stands at most, the others were replaced or ended.';
comment on column instalment_plans.tenant_id is 'The company.';
comment on column instalment_plans.id is 'The agreement.';
comment on column instalment_plans.customer_id is 'The customer.';
comment on column instalment_plans.document_id is 'The bill.';
comment on column instalment_plans.amount is 'What was open of the bill when it was agreed, in rupees; the instalments come to it.';
comment on column instalment_plans.given_up is 'What notes and write-offs had taken off the bill by then, in rupees; what they take later shortens the last instalments.';
comment on column instalment_plans.reason is 'Why, where somebody said it.';
comment on column instalment_plans.made_by is 'Who agreed; null when the system did.';
comment on column instalment_plans.made_by_name is 'That person''s name then.';
comment on column instalment_plans.created_at is 'When it was agreed.';
comment on column instalment_plans.ended_at is 'When it was replaced or ended; null while it stands.';
comment on column instalment_plans.ended_by is 'Who replaced or ended it.';
comment on column instalment_plans.ended_by_name is 'That person''s name then.';
select make_tenant_table('instalment_plans', 'customer_id');
select buyers_only_read('instalment_plans');

create table instalments (
    tenant_id uuid not null references companies,
    id uuid not null default gen_random_uuid(),
    customer_id uuid not null,
    plan_id uuid not null,
    position smallint not null check (position between 1 and 12),
    due_on date not null,
    amount numeric(14,2) not null check (amount > 0),
    primary key (tenant_id, id),
    unique (tenant_id, plan_id, position),
    foreign key (tenant_id, plan_id) references instalment_plans (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
create index instalments_by_customer on instalments (tenant_id, customer_id);
comment on table instalments is 'The parts of an agreement on instalments, as agreed. Never changed.';
comment on column instalments.tenant_id is 'The company.';
comment on column instalments.id is 'The part.';
comment on column instalments.customer_id is 'The customer.';
comment on column instalments.plan_id is 'The agreement.';
comment on column instalments.position is 'Its place, from 1.';
comment on column instalments.due_on is 'When it has to be paid.';
comment on column instalments.amount is 'In rupees.';
select make_tenant_table('instalments', 'customer_id', '{}', false);
select make_append_only('instalments');
select buyers_only_read('instalments');

create function given_up(its uuid, bill uuid) returns numeric
    language sql stable
    as $$
        select coalesce(sum(a.amount), 0) from allocations a left join allocations u on u.tenant_id = its and u.id = a.undoes_id
            where a.tenant_id = its and a.debit_id = bill and coalesce(u.cause, a.cause) in ('note', 'write_off')
    $$;
comment on function given_up(uuid, uuid) is 'What notes and write-offs have taken off a bill of a company.';
grant execute on function given_up(uuid, uuid) to mandi_app;

-- What was paid fills the parts from the first, so what is open lies in the last ones. What notes and write-offs took since shortens the plan
-- from its end; what is open beyond it, because money was taken off the bill again, is due with the last part.
create function instalments_open(its uuid, bills uuid[]) returns table (document_id uuid, part smallint, due_on date, amount numeric, open numeric)
    language sql stable rows 12
    as $$
        with p as (
            select p.id, p.document_id, p.amount, i.open, greatest(given_up(its, p.document_id) - p.given_up, 0) as given_up
                from instalment_plans p join open_items i on i.tenant_id = its and i.id = p.document_id
                where p.tenant_id = its and p.ended_at is null and p.document_id = any (bills)
        ), n as (
            select p.id, p.document_id, n.position, n.due_on, p.open,
                   n.amount - least(n.amount, greatest(p.given_up - coalesce(sum(n.amount) over later, 0), 0)) as amount,
                   case when row_number() over (partition by p.id order by n.position desc) = 1 then greatest(p.open - greatest(p.amount - p.given_up, 0), 0) else 0 end as beyond
                from p join instalments n on n.tenant_id = its and n.plan_id = p.id
                window later as (partition by p.id order by n.position desc rows between unbounded preceding and 1 preceding)
        ) select n.document_id, n.position, n.due_on, n.amount + n.beyond,
                 least(n.amount, greatest(n.open - coalesce(sum(n.amount) over later, 0), 0)) + n.beyond
            from n window later as (partition by n.id order by n.position desc rows between unbounded preceding and 1 preceding)
    $$;
comment on function instalments_open(uuid, uuid[]) is 'The parts of the standing agreements on some bills of a company, as far as notes left them, and what of each is open.';
grant execute on function instalments_open(uuid, uuid[]) to mandi_app;

create function follow_instalments(bills uuid[]) returns void
    language sql volatile
    as $$
        update open_items i set due_on = coalesce(n.due_on, e.due_on, e.entry_date)
            from ledger_entries e left join (
                select o.document_id, coalesce(min(o.due_on) filter (where o.open > 0), max(o.due_on)) as due_on from instalments_open(current_tenant(), bills) o group by 1
            ) n on n.document_id = e.id
            where i.tenant_id = current_tenant() and i.id = any (bills) and e.tenant_id = i.tenant_id and e.id = i.id and i.due_on <> coalesce(n.due_on, e.due_on, e.entry_date)
    $$;
comment on function follow_instalments(uuid[]) is 'Makes bills due with their first instalment that is open, with the last one where nothing is, and on their own day where no agreement stands.';
grant execute on function follow_instalments(uuid[]) to mandi_app;

comment on column open_items.due_on is 'When it is due: with the first instalment that is open where some are agreed, and on its entry''s day where none are; a credit counts from its own date.';

create or replace function settle() returns trigger language plpgsql as $$
declare
    asked integer;
    done integer;
begin
    -- An item is never settled before it was there, nor by another customer's money, nor by its own side; the CHECKs of open_items refuse too much.
    select count(distinct credit_id) + count(distinct debit_id) into asked from added;
    update open_items i set settled = i.settled + s.amount, first_on = least(i.first_on, s.first_on), last_on = greatest(i.last_on, s.last_on), reopened_on = greatest(i.reopened_on, s.reopened_on)
        from (
            select a.tenant_id, a.customer_id, a.credit_id as item, 'credit' as side, sum(a.amount) as amount, min(a.entry_date) as first_on, max(a.entry_date) as last_on,
                   max(a.entry_date) filter (where a.amount < 0 and a.cause = 'bounce') as reopened_on from added a group by 1, 2, 3
            union all
            select a.tenant_id, a.customer_id, a.debit_id, 'debit', sum(a.amount), min(a.entry_date), max(a.entry_date),
                   max(a.entry_date) filter (where a.amount < 0 and a.cause = 'bounce') from added a group by 1, 2, 3
        ) s where i.tenant_id = s.tenant_id and i.id = s.item and i.customer_id = s.customer_id and i.side = s.side and i.entry_date <= s.first_on;
    get diagnostics done = row_count;
    if done <> asked then
        raise exception 'an allocation joins a credit and a debit of one customer, not before either' using errcode = 'check_violation', constraint = 'allocations_join';
    end if;
    -- A bill with instalments is due with the first one that is open.
    perform follow_instalments(p.bills) from (
        select array_agg(distinct p.document_id) as bills from instalment_plans p
            where p.tenant_id = current_tenant() and p.ended_at is null and p.document_id in (select a.debit_id from added a)
    ) p where p.bills is not null;
    return null;
end $$;

-- What is owed without a document, such as an opening balance, can be paid in part too: the wish names its entry, which is the document's own id.
alter table payment_wishes drop constraint payment_wishes_tenant_id_document_id_fkey,
    add constraint payment_wishes_tenant_id_document_id_fkey foreign key (tenant_id, document_id) references ledger_entries (tenant_id, id);
comment on table payment_wishes is 'Which bills the retailer ticked when it began to pay, and how much of each: allocated first, as far as they are still open.';
comment on column payment_wishes.document_id is 'What is owed: the entry, which is a document''s own id.';
