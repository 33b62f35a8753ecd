-- Housekeeping asks across companies which files have had their time; it takes each away inside its own company.
create index files_by_end on files (expires_at) where expires_at is not null;
create function expired_files(most integer) returns table (tenant uuid, file uuid)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
        select f.tenant_id, f.id from files f
            where f.expires_at < now() and not exists (select from companies c where c.id = f.tenant_id and c.logo_file_id = f.id)
            order by f.expires_at limit most
    $$;
comment on function expired_files is 'Files of all companies that have had their time and that nothing points at.';
revoke execute on function expired_files from public;
grant execute on function expired_files to mandi_platform;

-- A retailer's people see their supplier's logo, and no other file of it.
create policy buyers_see_logos on files for select to mandi_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and purpose = 'logo');

-- Row first, bytes second: until whoever wrote the file uses it, nobody is shown it.
alter table files add column is_pending boolean not null default false;
comment on column files.is_pending is 'Whether its bytes may still be on their way; shown to nobody until they are there.';
