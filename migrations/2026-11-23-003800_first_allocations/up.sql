-- As of a day, a bill that was paid later was open whole when its first money came later too: nothing has to be added up for it.
alter table open_items add column first_on date;
comment on column open_items.first_on is 'The first day on which something was set against it.';
update open_items i set first_on = a.first_on
    from (select tenant_id, item, min(entry_date) as first_on
              from (select tenant_id, credit_id as item, entry_date from allocations union all select tenant_id, debit_id, entry_date from allocations) b group by 1, 2) a
    where a.tenant_id = i.tenant_id and a.item = i.id;
alter table open_items add constraint open_items_days check (first_on <= last_on and (first_on is null) = (last_on is null));

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
    return null;
end $$;

create or replace function open_on(day date, customer uuid default null) returns table (id uuid, customer_id uuid, side text, entry_date date, due_on date, open numeric)
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
            select i.id, i.customer_id, i.side, i.entry_date, i.due_on, case when i.first_on > day then i.amount when i.side = 'debit'
                     then coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.debit_id = i.id and a.entry_date > day), 0)
                     else coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.credit_id = i.id and a.entry_date > day), 0) end
                from open_items i
                where i.tenant_id = current_tenant() and (customer is null or i.customer_id = customer) and not i.is_open and i.settled_on > day and i.entry_date <= day
            offset 0
        ) o where o.open <> 0
    $$;

create or replace function open_of(its uuid, day date) returns table (id uuid, customer_id uuid, side text, entry_date date, due_on date, open numeric)
    language sql stable rows 500
    as $$
        select o.id, o.customer_id, o.side, o.entry_date, o.due_on, o.open from (
            select i.id, i.customer_id, i.side, i.entry_date, i.due_on, i.open + case when i.last_on is null or i.last_on <= day then 0 when i.side = 'debit'
                     then coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.debit_id = i.id and a.entry_date > day), 0)
                     else coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.credit_id = i.id and a.entry_date > day), 0) end as open
                from open_items i
                where i.tenant_id = current_tenant() and i.customer_id = its and i.is_open and i.entry_date <= day
            union all
            select i.id, i.customer_id, i.side, i.entry_date, i.due_on, case when i.first_on > day then i.amount when i.side = 'debit'
                     then coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.debit_id = i.id and a.entry_date > day), 0)
                     else coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.credit_id = i.id and a.entry_date > day), 0) end
                from open_items i
                where i.tenant_id = current_tenant() and i.customer_id = its and not i.is_open and i.settled_on > day and i.entry_date <= day
            offset 0
        ) o where o.open <> 0
    $$;
