-- Cancelling at the authority: who asked, why, and what must not happen until the answer is here.

alter table einvoices
    add column cancel_code smallint check (cancel_code between 1 and 4),
    add column cancel_remark text check (length(cancel_remark) between 1 and 100),
    add column cancel_by_name text check (length(cancel_by_name) between 1 and 200),
    add constraint einvoices_cancelled_for_a_reason
        check (cancel_asked_at is null or (cancel_code is not null and cancel_remark is not null and cancel_by_name is not null));
comment on column einvoices.cancel_code is 'Why it is to be cancelled there: 1 duplicate, 2 data entry mistake, 3 order cancelled, 4 others.';
comment on column einvoices.cancel_remark is 'The same in words, as the authority is told.';
comment on column einvoices.cancel_by_name is 'Name of whoever asked.';
select audit_new_columns('einvoices', '{cancel_code,cancel_remark,cancel_by_name}');

-- Goods that left can't lose their bill any more: while the authority is asked to cancel it, they stay.
create function stay_while_bill_is_cancelled() returns trigger language plpgsql as $$
begin
    if exists (
        select from einvoices e join documents d on d.tenant_id = e.tenant_id and d.id = e.id
            where e.tenant_id = new.tenant_id and e.id = new.invoice_id and e.cancel_asked_at is not null and e.status in ('registered', 'cancelled') and d.status = 'issued'
    ) then
        raise exception 'the bill of a shipment that leaves is being cancelled' using errcode = 'restrict_violation', constraint = 'shipments_bill_is_being_cancelled';
    end if;
    return new;
end $$;
comment on function stay_while_bill_is_cancelled() is 'The trigger that keeps a shipment in the house while the authority is asked to cancel its bill.';
create trigger stays_with_its_bill before update of status on shipments for each row
    when (new.status = 'out' and old.status <> 'out' and new.invoice_id is not null) execute function stay_while_bill_is_cancelled();

-- The watch looks after wishes to cancel, too: whose work stopped, and those that the authority has fulfilled and the books have not.
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
create index einvoices_to_finish on einvoices (updated_at) where status in ('registered', 'cancelled') and cancel_asked_at is not null;
