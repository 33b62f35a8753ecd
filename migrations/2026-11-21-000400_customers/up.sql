-- Retailers, the customers that companies keep of them, and the connections between the two.

create table retailers (
    id         uuid        primary key,
    slug       text        not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
    name       text        not null check (length(name) between 1 and 120),
    gstin      text        check (gstin ~ '^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$'),
    phone      text        check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    city       text        check (length(city) <= 100),
    is_demo    boolean     not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table retailers is 'A shop that buys from one or more companies. Global: it belongs to none of them.';
comment on column retailers.id is 'The retailer.';
comment on column retailers.slug is 'Its part of every address: /r/{slug}.';
comment on column retailers.name is 'Name of the shop.';
comment on column retailers.gstin is 'GSTIN, or null when not registered.';
comment on column retailers.phone is 'E.164.';
comment on column retailers.city is 'Where the shop is.';
comment on column retailers.is_demo is 'Made by the demo loader.';
comment on column retailers.created_at is 'When it signed up.';
comment on column retailers.updated_at is 'Last change; guards against lost edits.';

create table retailer_users (
    retailer_id uuid        not null references retailers,
    id          uuid        primary key,
    user_id     uuid        not null references users,
    role        text        not null check (role in ('owner', 'buyer', 'approver', 'accounts')),
    is_active   boolean     not null default true,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    unique (retailer_id, user_id)
);
create index retailer_users_by_user on retailer_users (user_id);
comment on table retailer_users is 'The people of a retailer and their role there.';
comment on column retailer_users.retailer_id is 'The retailer.';
comment on column retailer_users.id is 'The person''s place at this retailer.';
comment on column retailer_users.user_id is 'The person who signs in.';
comment on column retailer_users.role is 'owner, buyer, approver or accounts.';
comment on column retailer_users.is_active is 'Whether the person may come in.';
comment on column retailer_users.created_at is 'When the person joined.';
comment on column retailer_users.updated_at is 'Last change.';

create function follow_retailer_user() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    if tg_op in ('UPDATE', 'DELETE') and (tg_op = 'DELETE' or not new.is_active or new.user_id <> old.user_id) then
        delete from memberships where id = old.id;
    end if;
    if tg_op <> 'DELETE' and new.is_active then
        insert into memberships (id, user_id, retailer_id, role) values (new.id, new.user_id, new.retailer_id, new.role)
            on conflict (id) do update set role = excluded.role;
    end if;
    return null;
end $$;
comment on function follow_retailer_user() is 'Keeps memberships in step with retailer_users.';
create trigger follow after insert or update or delete on retailer_users for each row execute function follow_retailer_user();

alter table memberships add foreign key (tenant_id) references companies;
alter table memberships add foreign key (retailer_id) references retailers;

grant select, insert, update on retailers, retailer_users to mandi_platform;

create table customers (
    tenant_id  uuid        not null references companies,
    id         uuid        not null,
    code       text        not null check (code ~ '^[A-Z0-9][A-Z0-9-]{0,19}$'),
    name       text        not null check (length(name) between 1 and 120),
    gstin      text        check (gstin ~ '^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$'),
    phone      text        check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    email      text        check (length(email) <= 254),
    city       text        check (length(city) <= 100),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, code)
);
create index customers_by_created on customers (tenant_id, created_at desc, id desc);
comment on table customers is 'A company''s own record of a buyer; there may be no retailer behind it yet.';
comment on column customers.tenant_id is 'The company.';
comment on column customers.id is 'The customer.';
comment on column customers.code is 'Code that people say, unique in the company.';
comment on column customers.name is 'Name in this company''s book.';
comment on column customers.gstin is 'GSTIN, or null when not registered.';
comment on column customers.phone is 'E.164.';
comment on column customers.email is 'For letters and documents.';
comment on column customers.city is 'Where the shop is.';
comment on column customers.created_at is 'When it was added.';
comment on column customers.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('customers', 'id');

create table connections (
    tenant_id   uuid        not null references companies,
    id          uuid        not null,
    retailer_id uuid        not null references retailers,
    customer_id uuid        not null,
    status      text        not null default 'active' check (status in ('invited', 'asked', 'active', 'paused', 'ended')),
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    unique (tenant_id, retailer_id),
    unique (tenant_id, customer_id)
);
create index connections_by_retailer on connections (retailer_id, tenant_id);
comment on table connections is 'Ties a retailer to a company''s customer: the door of the portal.';
comment on column connections.tenant_id is 'The company.';
comment on column connections.id is 'The connection.';
comment on column connections.retailer_id is 'The retailer.';
comment on column connections.customer_id is 'The company''s record of that retailer.';
comment on column connections.status is 'invited, asked, active, paused or ended.';
comment on column connections.created_at is 'When it was made.';
comment on column connections.updated_at is 'Last change.';
select make_tenant_table('connections', 'customer_id');
select open_to_platform('connections', 'select');
