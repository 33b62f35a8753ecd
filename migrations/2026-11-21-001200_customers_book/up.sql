-- The company's book of customers grows: groups, terms, addresses, and the letters that bring a retailer in.

-- What a company says of a buyer, the buyer reads at most.
create function buyers_only_read(target regclass) returns void language plpgsql as $$
begin
    execute format('create policy buyers_add_nothing on %s as restrictive for insert to mandi_app with check (nullif(current_setting(''app.customer_id'', true), '''') is null)', target);
    execute format('create policy buyers_change_nothing on %s as restrictive for update to mandi_app using (nullif(current_setting(''app.customer_id'', true), '''') is null)', target);
    execute format('create policy buyers_remove_nothing on %s as restrictive for delete to mandi_app using (nullif(current_setting(''app.customer_id'', true), '''') is null)', target);
end $$;
comment on function buyers_only_read(regclass) is 'Keeps a retailer''s buyers from writing rows that their customer''s wall lets them read.';
select buyers_only_read('customers');
select buyers_only_read('connections');

create table customer_groups (
    tenant_id uuid not null references companies,
    id uuid not null,
    name text not null check (length(name) between 1 and 60),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, name)
);
comment on table customer_groups is 'Kinds of customers that share price lists.';
comment on column customer_groups.tenant_id is 'The company.';
comment on column customer_groups.id is 'The group.';
comment on column customer_groups.name is 'What people call it.';
comment on column customer_groups.created_at is 'When it was made.';
comment on column customer_groups.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('customer_groups');

alter table customers add column kind text not null default 'unregistered' check (kind in ('registered', 'composition', 'unregistered', 'sez'));
comment on column customers.kind is 'How it stands under GST: registered, composition, unregistered or sez.';
alter table customers add column group_id uuid;
comment on column customers.group_id is 'Its group, or null.';
alter table customers add column terms_days integer not null default 0 check (terms_days between 0 and 365);
comment on column customers.terms_days is 'Days until a bill is due; 0 is at once.';
alter table customers add column credit_limit numeric(14,2) check (credit_limit >= 0);
comment on column customers.credit_limit is 'Most that it may owe with open orders, in rupees; null is no limit.';
alter table customers add column status text not null default 'active' check (status in ('active', 'paused'));
comment on column customers.status is 'active; paused (no new orders).';
alter table customers add column language text not null default 'en-IN' check (language in ('en-IN', 'hi-IN'));
comment on column customers.language is 'Language of its letters and documents.';
alter table customers add column warehouse_id uuid;
comment on column customers.warehouse_id is 'The warehouse that serves it; null is the company''s usual one.';
alter table customers add column note text check (length(note) <= 1000);
comment on column customers.note is 'What staff should know; never shown to the customer.';
alter table customers add foreign key (tenant_id, group_id) references customer_groups (tenant_id, id);
alter table customers add check (kind not in ('registered', 'composition', 'sez') or gstin is not null);
create index customers_by_group on customers (tenant_id, group_id);
create index customers_by_name on customers (tenant_id, name, id);
create index customers_by_words on customers using gin (tenant_id, name gin_trgm_ops, code gin_trgm_ops, city gin_trgm_ops);

create function search_customers(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := translate(words, '%_\', '');
    is_short boolean := length(plain) < 3;
    piece text := case when is_short then plain || '%' else '%' || plain || '%' end;
    later_word text := case when is_short then '% ' || plain || '%' else piece end;
begin
    return query select c.id from customers c
        where c.tenant_id = current_tenant() and setting_uuid('customer_id') is null
          and (c.name ilike piece or c.name ilike later_word or c.code ilike piece or c.city ilike piece
               or c.phone = '+91' || plain or c.gstin = upper(plain) or c.email = lower(plain));
end $$;
comment on function search_customers(text) is 'Ids of this transaction''s company''s customers whose name, code or city holds these letters, or whose phone, GSTIN or address they are.';
grant execute on function search_customers(text) to mandi_app;

create table customer_addresses (
    tenant_id uuid not null references companies,
    id uuid not null,
    customer_id uuid not null,
    label text not null check (length(label) between 1 and 60),
    street text not null check (length(street) between 1 and 300),
    city text not null check (length(city) between 1 and 100),
    pincode text not null check (pincode ~ '^[1-9][0-9]{5}$'),
    state_code text not null check (state_code ~ '^[0-9]{2}$'),
    gstin text check (gstin ~ '^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$'),
    phone text check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    is_billing boolean not null default false,
    is_default boolean not null default false,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    check (gstin is null or left(gstin, 2) = state_code)
);
comment on table customer_addresses is 'Where a customer is billed and where its goods go.';
comment on column customer_addresses.tenant_id is 'The company.';
comment on column customer_addresses.id is 'The address.';
comment on column customer_addresses.customer_id is 'Whose it is.';
comment on column customer_addresses.label is 'What people call it, e.g. Main shop.';
comment on column customer_addresses.street is 'Street and area.';
comment on column customer_addresses.city is 'City.';
comment on column customer_addresses.pincode is 'Six digits.';
comment on column customer_addresses.state_code is 'GST state code.';
comment on column customer_addresses.gstin is 'GSTIN of this place, if it has one of its own.';
comment on column customer_addresses.phone is 'Who answers there, E.164.';
comment on column customer_addresses.is_billing is 'Whether bills go here; one of a customer.';
comment on column customer_addresses.is_default is 'Whether goods go here unless told otherwise; one of a customer.';
comment on column customer_addresses.is_active is 'Whether it can be chosen.';
comment on column customer_addresses.created_at is 'When it was made.';
comment on column customer_addresses.updated_at is 'Last change; guards against lost edits.';
create index customer_addresses_by_customer on customer_addresses (tenant_id, customer_id);
create unique index customer_addresses_one_billing on customer_addresses (tenant_id, customer_id) where is_billing;
create unique index customer_addresses_one_default on customer_addresses (tenant_id, customer_id) where is_default;
select make_tenant_table('customer_addresses', 'customer_id');

create table retailer_invitations (
    tenant_id uuid not null references companies,
    id uuid not null,
    customer_id uuid not null,
    email text not null check (email = lower(email) and length(email) <= 254),
    name text not null check (length(name) between 1 and 120),
    language text not null default 'en-IN' check (language in ('en-IN', 'hi-IN')),
    token_hash bytea not null unique check (length(token_hash) = 32),
    status text not null default 'sent' check (status in ('sent', 'accepted', 'revoked')),
    sent_count integer not null default 1 check (sent_count > 0),
    sent_at timestamptz not null default now(),
    expires_at timestamptz not null,
    invited_by uuid references users,
    accepted_by uuid references users,
    accepted_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    check ((status = 'accepted') = (accepted_by is not null)),
    check ((accepted_by is null) = (accepted_at is null))
);
comment on table retailer_invitations is 'Letters that let a customer''s people into the portal: single use, expiring, revocable.';
comment on column retailer_invitations.tenant_id is 'The company.';
comment on column retailer_invitations.id is 'The invitation.';
comment on column retailer_invitations.customer_id is 'The customer that the retailer will be connected to.';
comment on column retailer_invitations.email is 'Who is invited; nobody else may accept.';
comment on column retailer_invitations.name is 'The person''s name as the inviter wrote it.';
comment on column retailer_invitations.language is 'Language of the letter.';
comment on column retailer_invitations.token_hash is 'SHA-256 of the token in the link; sending again makes a new one.';
comment on column retailer_invitations.status is 'sent, accepted or revoked; expired is sent and past expires_at.';
comment on column retailer_invitations.sent_count is 'How often it was sent.';
comment on column retailer_invitations.sent_at is 'When it was last sent.';
comment on column retailer_invitations.expires_at is 'End of validity of the last letter.';
comment on column retailer_invitations.invited_by is 'Who invited.';
comment on column retailer_invitations.accepted_by is 'Who accepted.';
comment on column retailer_invitations.accepted_at is 'When it was accepted.';
comment on column retailer_invitations.created_at is 'When it was made.';
comment on column retailer_invitations.updated_at is 'Last change; guards against lost edits.';
create unique index retailer_invitations_one_open on retailer_invitations (tenant_id, customer_id) where status = 'sent';
create index retailer_invitations_by_customer on retailer_invitations (tenant_id, customer_id);
create index retailer_invitations_by_inviter on retailer_invitations (invited_by);
create index retailer_invitations_by_accepter on retailer_invitations (accepted_by);
select make_tenant_table('retailer_invitations', null, '{token_hash}');
select open_to_platform('retailer_invitations', 'select, insert, update');
-- Whoever accepts connects a retailer, which the platform does in the company's name.
select open_to_platform('customers', 'select');
