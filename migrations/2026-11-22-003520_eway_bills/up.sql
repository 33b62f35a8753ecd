-- E-way bills: they wait and are cancelled as documents are, nobody forgets them, and it is known which goods need one.

alter table eway_bills
    add column waits integer not null default 0 check (waits >= 0),
    add column cancel_asked_at timestamptz,
    add column cancel_remark text check (length(cancel_remark) between 1 and 100);
comment on column eway_bills.waits is 'Waits in a row; the next one is longer.';
comment on column eway_bills.cancel_asked_at is 'When somebody asked to cancel it there.';
comment on column eway_bills.cancel_remark is 'Why, in words, as the portal is told.';
select audit_new_columns('eway_bills', '{waits,cancel_asked_at,cancel_remark}');
create index eway_bills_newest on eway_bills (tenant_id, created_at desc, id desc);

-- The hourly watch of e-invoices looks after bills whose work stopped, too.
create index eway_bills_to_finish on eway_bills (updated_at) where status in ('asked', 'in_flight', 'unknown') or (status = 'active' and cancel_asked_at is not null);
create function eway_bills_to_watch(moment timestamptz, most integer) returns table (tenant uuid, bill uuid)
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
        select w.tenant_id, w.id from (
            select b.tenant_id, b.id from eway_bills b
                where (b.status in ('asked', 'in_flight', 'unknown') or (b.status = 'active' and b.cancel_asked_at is not null)) and b.updated_at < moment - interval '2 hours'
                order by b.updated_at limit most
        ) w order by w.tenant_id, w.id
    $$;
comment on function eway_bills_to_watch is 'E-way bills of all companies that are to be made or cancelled and that nobody works at.';
revoke execute on function eway_bills_to_watch from public;
grant execute on function eway_bills_to_watch to mandi_platform;

-- Between two States goods above 50,000 rupees need one. Within a State it is the State's own limit, where it has set one.
create table eway_bill_limits (
    state_code text not null check (state_code ~ '^[0-9]{2}$'),
    valid_from date not null,
    amount numeric(14,2) not null check (amount >= 0),
    primary key (state_code, valid_from)
);
comment on table eway_bill_limits is 'Above which value goods that stay within a State need an e-way bill, where that is not 50,000 rupees.';
comment on column eway_bill_limits.state_code is 'GST''s code of the State.';
comment on column eway_bill_limits.valid_from is 'First day; it holds until the next row of the State.';
comment on column eway_bill_limits.amount is 'Rupees, with tax.';
insert into eway_bill_limits (state_code, valid_from, amount)
    select code, '2018-04-01', 100000 from unnest('{03,07,08,10,20,27,33}'::text[]) code;
grant select on eway_bill_limits to mandi_app, mandi_platform;
