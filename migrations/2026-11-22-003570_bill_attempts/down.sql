drop index eway_bills_by_number;

create or replace function end_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if demo_lets_go(old.tenant_id, tg_relid) then return old; end if;
    elsif old.finished_at is null and new.finished_at is not null
        and (new.id, new.document_id, new.operation, new.environment, new.request, new.started_at) is not distinct from (old.id, old.document_id, old.operation, old.environment, old.request, old.started_at) then
        return new;
    end if;
    raise exception 'an attempt is ended once and then kept' using errcode = 'restrict_violation', constraint = 'einvoice_attempts_end_once';
end $$;

alter table einvoice_attempts
    drop constraint einvoice_attempts_wish_of_a_bill,
    drop constraint einvoice_attempts_bill_of_its_call,
    drop constraint einvoice_attempts_tenant_id_eway_bill_id_fkey,
    drop column cancel_asked_at,
    drop column eway_bill_id;
