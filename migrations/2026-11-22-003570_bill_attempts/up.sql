-- A call about an e-way bill says itself which bill it is about, and of which wish to cancel it. Clocks of two processes are no order: by their
-- times alone a call could count for another bill, or for none. Calls made before this belong to no bill.

alter table einvoice_attempts
    add column eway_bill_id uuid,
    add column cancel_asked_at timestamptz,
    add constraint einvoice_attempts_tenant_id_eway_bill_id_fkey foreign key (tenant_id, eway_bill_id) references eway_bills (tenant_id, id),
    add constraint einvoice_attempts_bill_of_its_call check (eway_bill_id is null or operation in ('eway_bill', 'find_eway_bill', 'cancel_eway_bill')),
    add constraint einvoice_attempts_wish_of_a_bill check (cancel_asked_at is null or eway_bill_id is not null);
comment on column einvoice_attempts.eway_bill_id is 'The e-way bill that it is about; null for a call about the registration, and for calls made before this was kept.';
comment on column einvoice_attempts.cancel_asked_at is 'The wish to cancel the e-way bill that it is made for, by when somebody asked; null where the bill is to be made.';
select audit_new_columns('einvoice_attempts', '{eway_bill_id,cancel_asked_at}');
create index einvoice_attempts_by_bill on einvoice_attempts (tenant_id, eway_bill_id, id) where eway_bill_id is not null;

-- Whose call it was stays as it was written.
create or replace function end_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if demo_lets_go(old.tenant_id, tg_relid) then return old; end if;
    elsif old.finished_at is null and new.finished_at is not null
        and (new.id, new.document_id, new.operation, new.environment, new.request, new.started_at, new.eway_bill_id, new.cancel_asked_at)
            is not distinct from (old.id, old.document_id, old.operation, old.environment, old.request, old.started_at, old.eway_bill_id, old.cancel_asked_at) then
        return new;
    end if;
    raise exception 'an attempt is ended once and then kept' using errcode = 'restrict_violation', constraint = 'einvoice_attempts_end_once';
end $$;

-- The list finds a bill by its number.
create index eway_bills_by_number on eway_bills (tenant_id, number) where number is not null;
