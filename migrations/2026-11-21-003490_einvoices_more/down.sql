drop index einvoices_to_finish;
create or replace function einvoices_to_watch(moment timestamptz, most integer) returns table (tenant uuid, document uuid, days integer, status text)
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
        select e.tenant_id, e.id, (moment at time zone 'Asia/Kolkata')::date - e.document_date, e.status
            from einvoices e
            where e.status in ('pending', 'in_flight', 'unknown', 'failed_fix', 'failed_wait')
              and (e.document_date <= (moment at time zone 'Asia/Kolkata')::date - 3 or e.unknown_since < moment - interval '24 hours'
                   or (e.status in ('pending', 'in_flight', 'unknown', 'failed_wait') and e.updated_at < moment - interval '2 hours'))
            order by e.document_date, e.tenant_id, e.id limit most
    $$;
drop trigger stays_with_its_bill on shipments;
drop function stay_while_bill_is_cancelled();
alter table einvoices drop constraint einvoices_cancelled_for_a_reason, drop column cancel_code, drop column cancel_remark, drop column cancel_by_name;
