-- What every invoice prints is no secret from the company's retailers, though the tables that hold it are not theirs.

-- Where the company is paid: also where nobody takes payments online.
create function ways_to_pay() returns table (bank_name text, bank_account text, bank_ifsc text, upi_id text)
    language sql stable security definer rows 1 set search_path = pg_catalog, public, pg_temp
    as $$
    select s.bank_name, s.bank_account, s.bank_ifsc, s.upi_id from accounting_settings s where s.tenant_id = current_tenant()
$$;
comment on function ways_to_pay() is 'Where the company is paid, for its retailers too.';
grant execute on function ways_to_pay() to mandi_app;

-- The GSTIN at the head of a statement.
create function primary_gstin() returns text
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
    select r.gstin from gst_registrations r where r.tenant_id = current_tenant() order by r.is_primary desc, r.ended_on desc nulls first, r.gstin limit 1
$$;
comment on function primary_gstin() is 'The GSTIN under which the company writes, for its retailers too; null while it has none.';
grant execute on function primary_gstin() to mandi_app;
