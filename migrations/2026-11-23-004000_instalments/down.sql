-- What is wished of no document can't be said any more.
alter table payment_wishes disable trigger append_only;
delete from payment_wishes w where not exists (select from documents d where d.tenant_id = w.tenant_id and d.id = w.document_id);
alter table payment_wishes enable trigger append_only;
alter table payment_wishes drop constraint payment_wishes_tenant_id_document_id_fkey,
    add constraint payment_wishes_tenant_id_document_id_fkey foreign key (tenant_id, document_id) references documents (tenant_id, id);
comment on table payment_wishes is 'Which bills the retailer ticked when it began to pay: allocated first, as far as they are still open.';
comment on column payment_wishes.document_id is 'The bill.';

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

comment on column open_items.due_on is 'When it is due; a credit counts from its own date.';
update open_items i set due_on = coalesce(e.due_on, e.entry_date) from ledger_entries e
    where e.tenant_id = i.tenant_id and e.id = i.id and i.due_on <> coalesce(e.due_on, e.entry_date);
drop function follow_instalments(uuid[]);
drop function instalments_open(uuid, uuid[]);
drop function given_up(uuid, uuid);
drop table instalments;
drop table instalment_plans;
