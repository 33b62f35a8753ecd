-- The customer ledger: entries, what of each is still open, what was set against what, and sums by month. The balance stays where it is,
-- on customer_accounts.

create table ledger_entries (
    tenant_id uuid not null references companies,
    id uuid not null,
    customer_id uuid not null,
    kind text not null check (kind in ('opening', 'invoice', 'bill_of_supply', 'debit_note', 'credit_note', 'commercial_note', 'cancellation', 'receipt', 'bounce', 'refund', 'write_off')),
    entry_date date not null,
    due_on date,
    amount numeric(14,2) not null check (amount <> 0),
    document_id uuid,
    payment_id uuid,
    reason text check (length(reason) between 1 and 300),
    user_id uuid references users,
    user_name text not null default '' check (length(user_name) <= 120),
    at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, document_id, kind),
    unique (tenant_id, payment_id, kind),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    -- The entry is posted before its document, whose number is taken last.
    foreign key (tenant_id, document_id) references documents (tenant_id, id) deferrable initially deferred,
    foreign key (tenant_id, payment_id) references payments (tenant_id, id) deferrable initially deferred,
    constraint ledger_entries_side check (case when kind in ('invoice', 'bill_of_supply', 'debit_note', 'bounce', 'refund') then amount > 0
        when kind in ('credit_note', 'commercial_note', 'receipt', 'write_off') then amount < 0 else true end),
    constraint ledger_entries_source check (case when kind in ('invoice', 'bill_of_supply', 'debit_note', 'credit_note', 'commercial_note', 'cancellation') then document_id is not null and payment_id is null
        when kind in ('receipt', 'bounce', 'refund') then payment_id is not null and document_id is null else reason is not null end),
    constraint ledger_entries_due check ((due_on is not null) = (amount > 0) and due_on >= entry_date)
);
create index ledger_entries_by_customer on ledger_entries (tenant_id, customer_id, entry_date, id) include (amount);
create index ledger_entries_by_date on ledger_entries (tenant_id, entry_date, id);
create index ledger_entries_by_user on ledger_entries (user_id);
comment on table ledger_entries is 'What customers owe and have paid, entry by entry, from documents and payments only. Never changed; a mistake is followed by an entry against it.';
comment on column ledger_entries.tenant_id is 'The company.';
comment on column ledger_entries.id is 'The entry: the document''s or payment''s own id for the entry that it makes.';
comment on column ledger_entries.customer_id is 'The customer.';
comment on column ledger_entries.kind is 'opening, invoice, bill_of_supply, debit_note, credit_note, commercial_note, cancellation (of a document), receipt, bounce, refund or write_off.';
comment on column ledger_entries.entry_date is 'The day on which it counts, in India.';
comment on column ledger_entries.due_on is 'For what is owed: when it has to be paid.';
comment on column ledger_entries.amount is 'In rupees: above zero the customer owes more, below zero less.';
comment on column ledger_entries.document_id is 'The document.';
comment on column ledger_entries.payment_id is 'The payment.';
comment on column ledger_entries.reason is 'Why, where no document says it.';
comment on column ledger_entries.user_id is 'Who; null when the system did.';
comment on column ledger_entries.user_name is 'That person''s name then.';
comment on column ledger_entries.at is 'When it was written.';
select make_tenant_table('ledger_entries', 'customer_id', '{}', false);
select make_append_only('ledger_entries');
select buyers_only_read('ledger_entries');

create table open_items (
    tenant_id uuid not null references companies,
    id uuid not null,
    customer_id uuid not null,
    side text not null check (side in ('debit', 'credit')),
    entry_date date not null,
    due_on date not null,
    amount numeric(14,2) not null check (amount > 0),
    settled numeric(14,2) not null default 0,
    last_on date,
    open numeric(14,2) not null generated always as (amount - settled) stored,
    is_open boolean not null generated always as (settled < amount) stored,
    settled_on date generated always as (case when settled = amount then last_on end) stored,
    primary key (tenant_id, id),
    foreign key (tenant_id, id) references ledger_entries (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    constraint open_items_fit check (settled >= 0 and settled <= amount),
    constraint open_items_dates check (last_on >= entry_date)
);
create index open_items_open on open_items (tenant_id, customer_id, side, due_on, entry_date, id) include (open) where is_open;
create index open_items_all_open on open_items (tenant_id, side, due_on, customer_id) include (open) where is_open;
create index open_items_closed on open_items (tenant_id, customer_id, settled_on, entry_date) where not is_open;
comment on table open_items is 'What of each ledger entry is still open, kept beside allocations by their trigger.';
comment on column open_items.tenant_id is 'The company.';
comment on column open_items.id is 'The entry.';
comment on column open_items.customer_id is 'The customer.';
comment on column open_items.side is 'debit (the customer owes) or credit (the customer''s money).';
comment on column open_items.entry_date is 'The entry''s date.';
comment on column open_items.due_on is 'When it is due; a credit counts from its own date.';
comment on column open_items.amount is 'In rupees, never below zero.';
comment on column open_items.settled is 'What was set against it.';
comment on column open_items.last_on is 'The last day on which something was set against it, or taken off it.';
comment on column open_items.open is 'What is left.';
comment on column open_items.is_open is 'Whether anything is left.';
comment on column open_items.settled_on is 'Since when nothing is left; null while something is.';
select make_tenant_table('open_items', 'customer_id', '{}', false);
select buyers_only_read('open_items');

create table allocations (
    -- Company and customer are those of both items, which the trigger below holds it to: five thousand rows at once check no more keys than they must.
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    customer_id uuid not null,
    credit_id uuid not null,
    debit_id uuid not null,
    amount numeric(14,2) not null check (amount <> 0),
    entry_date date not null,
    cause text not null check (cause in ('oldest_first', 'by_hand', 'wish', 'note', 'cancellation', 'bounce', 'refund', 'write_off', 'undone')),
    undoes_id uuid,
    user_id uuid references users,
    user_name text not null default '' check (length(user_name) <= 120),
    at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, credit_id) references open_items (tenant_id, id),
    foreign key (tenant_id, debit_id) references open_items (tenant_id, id),
    foreign key (tenant_id, undoes_id) references allocations (tenant_id, id),
    constraint allocations_undo check ((amount < 0) = (undoes_id is not null) and (cause in ('undone', 'bounce') or amount > 0))
);
create index allocations_by_customer on allocations (tenant_id, customer_id, at desc);
create index allocations_by_credit on allocations (tenant_id, credit_id, entry_date) include (amount);
create index allocations_by_debit on allocations (tenant_id, debit_id, entry_date) include (amount);
create unique index allocations_undone_once on allocations (tenant_id, undoes_id) where undoes_id is not null;
create index allocations_by_user on allocations (user_id) where user_id is not null;
comment on table allocations is 'What was set against what: so much of a credit for so much of a debit. Taken back by a row of the opposite amount.';
comment on column allocations.tenant_id is 'The company.';
comment on column allocations.id is 'The allocation.';
comment on column allocations.customer_id is 'The customer; of both sides.';
comment on column allocations.credit_id is 'The entry whose money it is.';
comment on column allocations.debit_id is 'The entry that it pays.';
comment on column allocations.amount is 'In rupees; below zero takes back.';
comment on column allocations.entry_date is 'The day from which it counts: the later of the two entries'' days, or the day of a bounce.';
comment on column allocations.cause is 'oldest_first, by_hand, wish (the bills that the retailer ticked), note, cancellation, bounce, refund, write_off or undone.';
comment on column allocations.undoes_id is 'The allocation that this one takes back.';
comment on column allocations.user_id is 'Who; null when the system did.';
comment on column allocations.user_name is 'That person''s name then.';
comment on column allocations.at is 'When it was written.';
select make_tenant_table('allocations', 'customer_id', '{}', false);
select make_append_only('allocations');
select buyers_only_read('allocations');

create function settle() returns trigger language plpgsql as $$
declare
    asked integer;
    done integer;
begin
    -- An item is never settled before it was there, nor by another customer's money, nor by its own side; the CHECKs of open_items refuse too much.
    select count(distinct credit_id) + count(distinct debit_id) into asked from added;
    update open_items i set settled = i.settled + s.amount, last_on = greatest(i.last_on, s.last_on)
        from (
            select a.tenant_id, a.customer_id, a.credit_id as item, 'credit' as side, sum(a.amount) as amount, min(a.entry_date) as first_on, max(a.entry_date) as last_on from added a group by 1, 2, 3
            union all
            select a.tenant_id, a.customer_id, a.debit_id, 'debit', sum(a.amount), min(a.entry_date), max(a.entry_date) from added a group by 1, 2, 3
        ) s where i.tenant_id = s.tenant_id and i.id = s.item and i.customer_id = s.customer_id and i.side = s.side and i.entry_date <= s.first_on;
    get diagnostics done = row_count;
    if done <> asked then
        raise exception 'an allocation joins a credit and a debit of one customer, not before either' using errcode = 'check_violation', constraint = 'allocations_join';
    end if;
    return null;
end $$;
comment on function settle() is 'The trigger that takes allocations off both sides.';
create trigger settle after insert on allocations referencing new table as added for each statement execute function settle();

create table ledger_months (
    tenant_id uuid not null references companies,
    customer_id uuid not null,
    month date not null check (extract(day from month) = 1),
    debits numeric(16,2) not null default 0 check (debits >= 0),
    credits numeric(16,2) not null default 0 check (credits >= 0),
    entries integer not null default 0 check (entries > 0),
    primary key (tenant_id, customer_id, month),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
comment on table ledger_months is 'Sums of a customer''s ledger by month, so that an opening balance is not added up from the beginning; kept by the trigger of ledger_entries.';
comment on column ledger_months.tenant_id is 'The company.';
comment on column ledger_months.customer_id is 'The customer.';
comment on column ledger_months.month is 'The first of the month.';
comment on column ledger_months.debits is 'Sum of what was owed more, in rupees.';
comment on column ledger_months.credits is 'Sum of what was owed less, in rupees.';
comment on column ledger_months.entries is 'Number of entries.';
select make_tenant_table('ledger_months', 'customer_id', '{}', false);
select buyers_only_read('ledger_months');

create function keep_books() returns trigger language plpgsql as $$
begin
    insert into open_items (tenant_id, id, customer_id, side, entry_date, due_on, amount)
        select n.tenant_id, n.id, n.customer_id, case when n.amount > 0 then 'debit' else 'credit' end, n.entry_date, coalesce(n.due_on, n.entry_date), abs(n.amount) from added n;
    insert into ledger_months as m (tenant_id, customer_id, month, debits, credits, entries)
        select n.tenant_id, n.customer_id, date_trunc('month', n.entry_date)::date, coalesce(sum(n.amount) filter (where n.amount > 0), 0), coalesce(-sum(n.amount) filter (where n.amount < 0), 0), count(*)
            from added n group by 1, 2, 3 order by 1, 2, 3
        on conflict on constraint ledger_months_pkey do update set debits = m.debits + excluded.debits, credits = m.credits + excluded.credits, entries = m.entries + excluded.entries;
    return null;
end $$;
comment on function keep_books() is 'The trigger that makes each entry''s open item and adds it to its month.';
create trigger keep_books after insert on ledger_entries referencing new table as added for each statement execute function keep_books();

-- One statement, however many bills: the oldest due first, until the credit is used up. The customer's account is locked already.
create function allocate_oldest_first(credit uuid, cause text, who uuid, who_name text, moment timestamptz) returns table (debit uuid, amount numeric)
    language plpgsql volatile
    as $$
#variable_conflict use_column
begin
    return query
        with its as (
            select c.id, c.customer_id, c.entry_date, c.open from open_items c where c.tenant_id = current_tenant() and c.id = credit and c.side = 'credit' and c.is_open
        ), debits as (
            select d.id, d.entry_date, d.open, its.id as credit_id, its.customer_id, its.entry_date as credit_date, its.open as money,
                   sum(d.open) over (order by d.due_on, d.entry_date, d.id) - d.open as before
                from its join open_items d on d.tenant_id = current_tenant() and d.customer_id = its.customer_id and d.side = 'debit' and d.is_open
        ), added as (
            insert into allocations (tenant_id, customer_id, credit_id, debit_id, amount, entry_date, cause, user_id, user_name, at)
                select current_tenant(), customer_id, credit_id, id, least(open, money - before), greatest(entry_date, credit_date), allocate_oldest_first.cause, who, who_name, moment
                    from debits where before < money
                returning debit_id, amount
        ) select added.debit_id, added.amount from added;
end $$;
comment on function allocate_oldest_first is 'Sets what is left of a credit against the customer''s debits, the one that was due first at the head.';
grant execute on function allocate_oldest_first to mandi_app;

-- What was open on a day, as far as is known today. An item that was closed by then, and stayed closed, is not looked at.
create function open_on(day date, customer uuid default null) returns table (id uuid, customer_id uuid, side text, entry_date date, due_on date, open numeric)
    language sql stable rows 500
    as $$
        -- Few items moved after the day, so each asks for its own later allocations; a join would begin at all of them.
        select o.id, o.customer_id, o.side, o.entry_date, o.due_on, o.open from (
            select i.id, i.customer_id, i.side, i.entry_date, i.due_on, i.open + case when i.last_on is null or i.last_on <= day then 0 when i.side = 'debit'
                     then coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.debit_id = i.id and a.entry_date > day), 0)
                     else coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.credit_id = i.id and a.entry_date > day), 0) end as open
                from open_items i
                where i.tenant_id = current_tenant() and (customer is null or i.customer_id = customer) and i.is_open and i.entry_date <= day
            union all
            select i.id, i.customer_id, i.side, i.entry_date, i.due_on, case when i.side = 'debit'
                     then coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.debit_id = i.id and a.entry_date > day), 0)
                     else coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.credit_id = i.id and a.entry_date > day), 0) end
                from open_items i
                where i.tenant_id = current_tenant() and (customer is null or i.customer_id = customer) and not i.is_open and i.settled_on > day and i.entry_date <= day
            offset 0
        ) o where o.open <> 0
    $$;
comment on function open_on(date, uuid) is 'Open debits and credits as of a day, of one customer or of all: what came later is not seen.';
grant execute on function open_on(date, uuid) to mandi_app;

-- The balance at the end of a day: whole months, and the days of the last one.
create function balance_on(customer uuid, day date) returns numeric
    language sql stable
    as $$
        select coalesce((select sum(m.debits - m.credits) from ledger_months m
                    where m.tenant_id = current_tenant() and m.customer_id = customer and m.month < date_trunc('month', day)::date), 0)
             + coalesce((select sum(e.amount) from ledger_entries e
                    where e.tenant_id = current_tenant() and e.customer_id = customer and e.entry_date >= date_trunc('month', day)::date and e.entry_date <= day), 0)
    $$;
comment on function balance_on(uuid, date) is 'What a customer owed at the end of a day.';
grant execute on function balance_on(uuid, date) to mandi_app;
