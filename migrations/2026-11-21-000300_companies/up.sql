-- Companies, their GST registrations, employees and the invitations that bring people in.

create table companies (
    id            uuid        primary key,
    slug          text        not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
    name          text        not null check (length(name) between 1 and 120),
    legal_name    text        not null check (length(legal_name) between 1 and 200),
    pan           text        not null check (pan ~ '^[A-Z]{5}[0-9]{4}[A-Z]$'),
    status        text        not null default 'active' check (status in ('active', 'suspended', 'closing', 'closed')),
    status_reason text        check (length(status_reason) <= 500),
    email         text        check (length(email) <= 254),
    phone         text,
    website       text        check (length(website) <= 200),
    address       text        check (length(address) <= 500),
    city          text        check (length(city) <= 100),
    pincode       text        check (pincode ~ '^[1-9][0-9]{5}$'),
    hue           smallint    not null default 264 check (hue between 0 and 359),
    logo_file_id  uuid,
    is_demo       boolean     not null default false,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now()
);
create index companies_by_created on companies (created_at desc, id desc);
create index companies_by_status on companies (status, created_at desc, id desc);
comment on table companies is 'A supplier: the tenant. One PAN, one or more GST registrations.';
comment on column companies.id is 'The tenant_id of all of its rows.';
comment on column companies.slug is 'Its part of every address: /c/{slug}.';
comment on column companies.name is 'Trade name, shown everywhere.';
comment on column companies.legal_name is 'Name in law, for documents.';
comment on column companies.pan is 'Permanent account number, characters 3 to 12 of the GSTIN.';
comment on column companies.status is 'active; suspended (nobody gets in); closing (read-only); closed.';
comment on column companies.status_reason is 'Why it is not active, shown to its people.';
comment on column companies.email is 'For letters and documents.';
comment on column companies.phone is 'E.164.';
comment on column companies.website is 'Address of its web site.';
comment on column companies.address is 'Registered office: street and area.';
comment on column companies.city is 'Registered office: city.';
comment on column companies.pincode is 'Registered office: six digits.';
comment on column companies.hue is 'Brand colour as an OKLCH hue in degrees.';
comment on column companies.logo_file_id is 'The logo in files, or null.';
comment on column companies.is_demo is 'Made by the demo loader.';
comment on column companies.created_at is 'When it was opened.';
comment on column companies.updated_at is 'Last change; guards against lost edits.';

-- A company is its own tenant: the same wall, on its id.
alter table companies enable row level security, force row level security;
create policy tenant_wall on companies to mandi_app
    using (id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
do $$ begin execute format('create policy owner_backfill on companies to %I using (true) with check (true)', current_user); end $$;
grant select, update on companies to mandi_app;
select open_to_platform('companies', 'select, insert, update');
select audit_table('companies');

create table gst_registrations (
    tenant_id  uuid        not null references companies,
    id         uuid        not null,
    gstin      text        not null check (gstin ~ '^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$'),
    state_code text        not null check (state_code = left(gstin, 2)),
    trade_name text        not null check (length(trade_name) between 1 and 200),
    address    text        check (length(address) <= 500),
    city       text        check (length(city) <= 100),
    pincode    text        check (pincode ~ '^[1-9][0-9]{5}$'),
    is_primary boolean     not null default false,
    ended_on   date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, gstin)
);
create unique index gst_registrations_one_primary on gst_registrations (tenant_id) where is_primary;
comment on table gst_registrations is 'A company''s registrations under GST, one a state or more; document series and warehouses belong to one.';
comment on column gst_registrations.tenant_id is 'The company.';
comment on column gst_registrations.id is 'The registration.';
comment on column gst_registrations.gstin is 'GSTIN, check digit verified.';
comment on column gst_registrations.state_code is 'GST state code, first two digits of the GSTIN.';
comment on column gst_registrations.trade_name is 'Trade name on the certificate.';
comment on column gst_registrations.address is 'Principal place of business: street and area.';
comment on column gst_registrations.city is 'Principal place of business: city.';
comment on column gst_registrations.pincode is 'Principal place of business: six digits.';
comment on column gst_registrations.is_primary is 'The one that new documents take unless told otherwise.';
comment on column gst_registrations.ended_on is 'Last day of validity, or null.';
comment on column gst_registrations.created_at is 'When it was added.';
comment on column gst_registrations.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('gst_registrations');
select open_to_platform('gst_registrations', 'select, insert');

create table employees (
    tenant_id  uuid        not null references companies,
    id         uuid        not null,
    user_id    uuid        not null references users,
    name       text        not null check (length(name) between 1 and 120),
    email      text        not null check (email = lower(email) and length(email) <= 254),
    phone      text        check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    title      text        check (length(title) <= 80),
    role       text        not null check (role in ('owner', 'manager', 'sales', 'warehouse', 'accounts', 'dispatcher', 'driver', 'viewer')),
    is_active  boolean     not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, user_id)
);
create index employees_by_user on employees (user_id);
create index employees_by_name on employees (tenant_id, name, id);
create index employees_by_created on employees (tenant_id, created_at desc, id desc);
comment on table employees is 'The people of a company and their role in it.';
comment on column employees.tenant_id is 'The company.';
comment on column employees.id is 'The employee.';
comment on column employees.user_id is 'The person who signs in.';
comment on column employees.name is 'Name in this company.';
comment on column employees.email is 'Address at the time of joining.';
comment on column employees.phone is 'E.164.';
comment on column employees.title is 'What the company calls the job.';
comment on column employees.role is 'owner, manager, sales, warehouse, accounts, dispatcher, driver or viewer.';
comment on column employees.is_active is 'Whether the person may come in.';
comment on column employees.created_at is 'When the person joined.';
comment on column employees.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('employees');
select open_to_platform('employees', 'select, insert');

-- Memberships follow employees in the same transaction; there is no second place to change a role.
create function follow_employee() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    if tg_op in ('UPDATE', 'DELETE') and (tg_op = 'DELETE' or not new.is_active or new.user_id <> old.user_id) then
        delete from memberships where id = old.id;
    end if;
    if tg_op <> 'DELETE' and new.is_active then
        insert into memberships (id, user_id, tenant_id, role) values (new.id, new.user_id, new.tenant_id, new.role)
            on conflict (id) do update set role = excluded.role;
    end if;
    return null;
end $$;
comment on function follow_employee() is 'Keeps memberships in step with employees.';
create trigger follow after insert or update or delete on employees for each row execute function follow_employee();
-- The last owner can't be lost: not by a change of role, not by two changes at once.
create function keep_an_owner() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    if old.role = 'owner' and old.is_active and (tg_op = 'DELETE' or new.role <> 'owner' or not new.is_active) then
        perform 1 from companies where id = old.tenant_id for update;
        if not exists (select from employees where tenant_id = old.tenant_id and id <> old.id and role = 'owner' and is_active) then
            raise exception 'a company keeps at least one owner' using errcode = 'check_violation', constraint = 'employees_keep_an_owner';
        end if;
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
comment on function keep_an_owner() is 'Refuses the change that would leave a company without an owner.';
create trigger keep_an_owner before update or delete on employees for each row execute function keep_an_owner();

create table invitations (
    tenant_id        uuid        not null references companies,
    id               uuid        not null,
    email            text        not null check (email = lower(email) and length(email) <= 254),
    name             text        not null check (length(name) between 1 and 120),
    role             text        not null check (role in ('owner', 'manager', 'sales', 'warehouse', 'accounts', 'dispatcher', 'driver', 'viewer')),
    language         text        not null default 'en-IN' check (language in ('en-IN', 'hi-IN')),
    token_hash       bytea       not null unique check (length(token_hash) = 32),
    status           text        not null default 'sent' check (status in ('sent', 'accepted', 'revoked')),
    sent_count       integer     not null default 1 check (sent_count > 0),
    sent_at          timestamptz not null default now(),
    expires_at       timestamptz not null,
    invited_by       uuid        references users,
    accepted_by      uuid        references users,
    accepted_at      timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    primary key (tenant_id, id),
    check ((status = 'accepted') = (accepted_by is not null)),
    check ((accepted_by is null) = (accepted_at is null))
);
create unique index invitations_one_open on invitations (tenant_id, email) where status = 'sent';
create index invitations_by_created on invitations (tenant_id, created_at desc, id desc);
create index invitations_all_by_created on invitations (created_at desc, id desc);
create index invitations_by_inviter on invitations (invited_by);
create index invitations_by_accepter on invitations (accepted_by);
comment on table invitations is 'Letters that let a person into a company: single use, expiring, revocable.';
comment on column invitations.tenant_id is 'The company.';
comment on column invitations.id is 'The invitation.';
comment on column invitations.email is 'Who is invited; nobody else may accept.';
comment on column invitations.name is 'The person''s name as the inviter wrote it.';
comment on column invitations.role is 'The role that comes with it.';
comment on column invitations.language is 'Language of the letter.';
comment on column invitations.token_hash is 'SHA-256 of the token in the link; sending again makes a new one.';
comment on column invitations.status is 'sent, accepted or revoked; expired is sent and past expires_at.';
comment on column invitations.sent_count is 'How often it was sent.';
comment on column invitations.sent_at is 'When it was last sent.';
comment on column invitations.expires_at is 'End of validity of the last letter.';
comment on column invitations.invited_by is 'Who invited.';
comment on column invitations.accepted_by is 'Who accepted.';
comment on column invitations.accepted_at is 'When it was accepted.';
comment on column invitations.created_at is 'When it was first sent.';
comment on column invitations.updated_at is 'Last change.';
select make_tenant_table('invitations', null, '{token_hash}');
select open_to_platform('invitations', 'select, insert, update');
