alter table sandbox.invoices drop column ewb_distance, drop column ewb_vehicles;
drop function eway_vehicles_to_watch(timestamptz, integer);
drop index eway_bills_by_vehicle;

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

alter table einvoice_attempts
    drop constraint einvoice_attempts_change_of_its_call,
    drop constraint einvoice_attempts_bill_of_its_call,
    add constraint einvoice_attempts_bill_of_its_call check (eway_bill_id is null or operation in ('eway_bill', 'find_eway_bill', 'cancel_eway_bill')),
    drop constraint einvoice_attempts_operation_check,
    add constraint einvoice_attempts_operation_check check (operation in ('generate', 'find', 'fetch', 'cancel', 'eway_bill', 'find_eway_bill', 'cancel_eway_bill', 'sync')),
    drop constraint einvoice_attempts_tenant_id_eway_vehicle_id_fkey,
    drop column eway_vehicle_id;
comment on column einvoice_attempts.operation is 'generate, find (by document), fetch (by IRN), cancel, eway_bill, find_eway_bill, cancel_eway_bill or sync.';
drop table eway_vehicles;
drop function answered_once();
