-- A cheque that bounces takes its money off a bill on the day of the bounce; until then the bill was paid. Money that is set against the bill
-- later counts from that day on at the earliest, or it would have been paid twice as of the days before.

alter table open_items add column reopened_on date;
comment on column open_items.reopened_on is 'The day on which a bounced cheque was last taken off it; what is set against it now counts from then on at the earliest.';

create or replace function settle() returns trigger language plpgsql as $$
declare
    asked integer;
    done integer;
begin
    -- An item is never settled before it was there, nor by another customer's money, nor by its own side; the CHECKs of open_items refuse too much.
    select count(distinct credit_id) + count(distinct debit_id) into asked from added;
    update open_items i set settled = i.settled + s.amount, last_on = greatest(i.last_on, s.last_on), reopened_on = greatest(i.reopened_on, s.reopened_on)
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

create or replace function allocate_oldest_first(credit uuid, cause text, who uuid, who_name text, moment timestamptz) returns table (debit uuid, amount numeric)
    language plpgsql volatile
    as $$
#variable_conflict use_column
begin
    return query
        with its as (
            select c.id, c.customer_id, greatest(c.entry_date, c.reopened_on) as entry_date, c.open from open_items c
                where c.tenant_id = current_tenant() and c.id = credit and c.side = 'credit' and c.is_open
        ), debits as (
            select d.id, greatest(d.entry_date, d.reopened_on) as entry_date, d.open, its.id as credit_id, its.customer_id, its.entry_date as credit_date, its.open as money,
                   sum(d.open) over (order by d.due_on, d.entry_date, d.id) - d.open as before
                from its join open_items d on d.tenant_id = current_tenant() and d.customer_id = its.customer_id and d.side = 'debit' and d.is_open
        ), added as (
            insert into allocations (tenant_id, customer_id, credit_id, debit_id, amount, entry_date, cause, user_id, user_name, at)
                select current_tenant(), customer_id, credit_id, id, least(open, money - before), greatest(entry_date, credit_date), allocate_oldest_first.cause, who, who_name, moment
                    from debits where before < money
                returning debit_id, amount
        ) select added.debit_id, added.amount from added;
end $$;

-- Both sides see what is owed by the same buckets; the company's settings are its own.
create function age_ends() returns integer[]
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
        select coalesce((select array_agg(distinct n order by n) from accounting_settings s, unnest(s.age_buckets) n where s.tenant_id = current_tenant()), '{30,60,90}')
    $$;
comment on function age_ends() is 'Days past due at which the buckets of this transaction''s company''s receivables end, rising.';
revoke execute on function age_ends() from public;
grant execute on function age_ends() to mandi_app;

-- Where something stands by its age on a day: 0 is money of the customer, 1 what is not due, then what is late, bucket by bucket.
create function age_place(side text, due_on date, day date, ends integer[]) returns integer
    language sql immutable parallel safe
    as $$
        select case when side = 'credit' then 0 when due_on >= day then 1 else 2 + width_bucket(day - due_on - 1, ends) end
    $$;
comment on function age_place is 'The bucket of something that is open: 0 money of the customer, 1 not due, 2 late by up to the first end of days, and so on.';
grant execute on function age_place to mandi_app;
