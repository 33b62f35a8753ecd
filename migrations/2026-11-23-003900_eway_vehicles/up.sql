-- Another vehicle takes the goods over: each wish to name it in their e-way bill is kept with what the portal said of it, and a call says which
-- wish it is made for.
create table eway_vehicles (
    tenant_id uuid not null references companies,
    id uuid not null,
    eway_bill_id uuid not null,
    from_vehicle_no text check (from_vehicle_no ~ '^[A-Z0-9]{4,20}$'),
    vehicle_no text not null check (vehicle_no ~ '^[A-Z0-9]{4,20}$'),
    place text not null check (length(place) between 1 and 50),
    state_code text not null check (state_code ~ '^[0-9]{2}$'),
    reason_code smallint not null check (reason_code between 1 and 4),
    remark text not null check (length(remark) between 1 and 50),
    asked_by_name text not null,
    asked_at timestamptz not null,
    waits integer not null default 0 check (waits >= 0),
    next_try_at timestamptz,
    faults jsonb,
    valid_until timestamptz,
    done_at timestamptz,
    refused_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, eway_bill_id) references eway_bills (tenant_id, id),
    check (done_at is null or refused_at is null)
);
create index eway_vehicles_by_bill on eway_vehicles (tenant_id, eway_bill_id, id);
-- One wish of a bill at a time, whoever asks: the second clerk's insert comes to nothing.
create unique index eway_vehicles_one_open on eway_vehicles (tenant_id, eway_bill_id) where done_at is null and refused_at is null;
create index eway_vehicles_to_finish on eway_vehicles (asked_at) where done_at is null and refused_at is null;
comment on table eway_vehicles is 'Changes of the vehicle of e-way bills: asked for, answered once, kept.';
comment on column eway_vehicles.tenant_id is 'The company.';
comment on column eway_vehicles.id is 'The change; later ones sort after earlier ones.';
comment on column eway_vehicles.eway_bill_id is 'The e-way bill.';
comment on column eway_vehicles.from_vehicle_no is 'Number plate that it named before; null where it named none that is known here.';
comment on column eway_vehicles.vehicle_no is 'Number plate of the new vehicle, without spaces.';
comment on column eway_vehicles.place is 'Where the goods change over.';
comment on column eway_vehicles.state_code is 'GST''s code of the State of that place.';
comment on column eway_vehicles.reason_code is '1 breakdown, 2 transshipment, 3 others, 4 first time.';
comment on column eway_vehicles.remark is 'Why, in words, as the portal is told.';
comment on column eway_vehicles.asked_by_name is 'Who asked for it.';
comment on column eway_vehicles.asked_at is 'When.';
comment on column eway_vehicles.waits is 'Waits in a row; the next one is longer.';
comment on column eway_vehicles.next_try_at is 'When it is tried again by itself.';
comment on column eway_vehicles.faults is 'What was wrong last: code, field, words, how to put it right.';
comment on column eway_vehicles.valid_until is 'Until when the bill is valid, as the portal said with the change.';
comment on column eway_vehicles.done_at is 'When the portal said that the bill names the new vehicle.';
comment on column eway_vehicles.refused_at is 'When it was clear that it never will.';
select make_tenant_table('eway_vehicles');

create function answered_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if demo_lets_go(old.tenant_id, tg_relid) then return old; end if;
    elsif old.done_at is null and old.refused_at is null
        and (new.id, new.eway_bill_id, new.from_vehicle_no, new.vehicle_no, new.place, new.state_code, new.reason_code, new.remark, new.asked_by_name, new.asked_at)
            is not distinct from (old.id, old.eway_bill_id, old.from_vehicle_no, old.vehicle_no, old.place, old.state_code, old.reason_code, old.remark, old.asked_by_name, old.asked_at) then
        return new;
    end if;
    raise exception 'a change of vehicle is answered once and then kept' using errcode = 'restrict_violation', constraint = 'eway_vehicles_answered_once';
end $$;
comment on function answered_once() is 'The trigger that lets a change of vehicle be answered once and keeps it then.';
create trigger answered_once before update or delete on eway_vehicles for each row execute function answered_once();
revoke truncate on eway_vehicles from mandi_app, mandi_platform;

alter table einvoice_attempts
    add column eway_vehicle_id uuid,
    add constraint einvoice_attempts_tenant_id_eway_vehicle_id_fkey foreign key (tenant_id, eway_vehicle_id) references eway_vehicles (tenant_id, id),
    drop constraint einvoice_attempts_operation_check,
    add constraint einvoice_attempts_operation_check check (operation in ('generate', 'find', 'fetch', 'cancel', 'eway_bill', 'find_eway_bill', 'cancel_eway_bill', 'change_vehicle', 'fetch_eway_bill', 'sync')),
    drop constraint einvoice_attempts_bill_of_its_call,
    add constraint einvoice_attempts_bill_of_its_call check (eway_bill_id is null or operation in ('eway_bill', 'find_eway_bill', 'cancel_eway_bill', 'change_vehicle', 'fetch_eway_bill')),
    add constraint einvoice_attempts_change_of_its_call check ((eway_vehicle_id is not null) = (operation in ('change_vehicle', 'fetch_eway_bill')) and (eway_vehicle_id is null or eway_bill_id is not null));
comment on column einvoice_attempts.operation is 'generate, find (by document), fetch (by IRN), cancel, eway_bill, find_eway_bill, cancel_eway_bill, change_vehicle, fetch_eway_bill (by its number) or sync.';
comment on column einvoice_attempts.eway_vehicle_id is 'The change of vehicle that it is made for; null for every other call.';
select audit_new_columns('einvoice_attempts', '{eway_vehicle_id}');
create index einvoice_attempts_by_change on einvoice_attempts (tenant_id, eway_vehicle_id, id) where eway_vehicle_id is not null;

-- Whose call it was stays as it was written.
create or replace function end_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if demo_lets_go(old.tenant_id, tg_relid) then return old; end if;
    elsif old.finished_at is null and new.finished_at is not null
        and (new.id, new.document_id, new.operation, new.environment, new.request, new.started_at, new.eway_bill_id, new.cancel_asked_at, new.eway_vehicle_id)
            is not distinct from (old.id, old.document_id, old.operation, old.environment, old.request, old.started_at, old.eway_bill_id, old.cancel_asked_at, old.eway_vehicle_id) then
        return new;
    end if;
    raise exception 'an attempt is ended once and then kept' using errcode = 'restrict_violation', constraint = 'einvoice_attempts_end_once';
end $$;

-- The bills of a vehicle, and the list that is searched by its plate.
create index eway_bills_by_vehicle on eway_bills (tenant_id, vehicle_no, id desc) where vehicle_no is not null;

-- The hourly watch looks after changes whose work stopped, too.
create function eway_vehicles_to_watch(moment timestamptz, most integer) returns table (tenant uuid, bill uuid)
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
        select w.tenant_id, w.eway_bill_id from (
            select v.tenant_id, v.eway_bill_id from eway_vehicles v
                where v.done_at is null and v.refused_at is null and coalesce(v.next_try_at, v.asked_at) < moment - interval '2 hours'
                order by v.asked_at limit most
        ) w order by w.tenant_id, w.eway_bill_id
    $$;
comment on function eway_vehicles_to_watch is 'E-way bills of all companies whose vehicle is to be changed and that nobody works at.';
revoke execute on function eway_vehicles_to_watch from public;
grant execute on function eway_vehicles_to_watch to mandi_platform;

-- The sandbox's books: how far the goods go, and with which vehicles, the newest first.
alter table sandbox.invoices
    add column ewb_distance integer,
    add column ewb_vehicles jsonb not null default '[]';
comment on column sandbox.invoices.ewb_distance is 'Kilometres of its e-way bill.';
comment on column sandbox.invoices.ewb_vehicles is 'Vehicles of its e-way bill, the newest first, as answers show them.';
