-- Every night documents that are not registered are looked through; what people were told of is kept, so that nobody reads the same letter twice.
create table einvoice_looks (
    tenant_id uuid not null references companies,
    looked_at timestamptz not null default now(),
    documents integer not null default 0 check (documents >= 0),
    told text[] not null default '{}',
    primary key (tenant_id)
);
comment on table einvoice_looks is 'The last nightly look at a company''s documents that are not registered: what was wrong with them, and is told already.';
comment on column einvoice_looks.tenant_id is 'The company.';
comment on column einvoice_looks.looked_at is 'When its documents were looked through.';
comment on column einvoice_looks.documents is 'How many had something wrong.';
comment on column einvoice_looks.told is 'A mark of each thing that was wrong: document, code, line, field and words, hashed.';
select make_tenant_table('einvoice_looks', null, '{}', false);

create function companies_with_unsent_einvoices(after uuid, most integer) returns table (tenant uuid)
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
        select c.id from companies c
            where (after is null or c.id > after)
              and exists (select from einvoices e where e.tenant_id = c.id and e.status in ('pending', 'failed_fix', 'failed_wait'))
            order by c.id limit most
    $$;
comment on function companies_with_unsent_einvoices is 'Companies with documents that are not registered and may be sent, in pages.';
revoke execute on function companies_with_unsent_einvoices from public;
grant execute on function companies_with_unsent_einvoices to mandi_platform;
