-- People and how they get in. Global tables: only the platform role reaches them.

create table users (
    id                  uuid        primary key,
    email               text        not null unique check (email = lower(email) and length(email) <= 254),
    name                text        not null check (length(name) between 1 and 120),
    phone               text        check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    password_hash       text,
    password_changed_at timestamptz,
    is_platform_admin   boolean     not null default false,
    language            text        check (language in ('en-IN', 'hi-IN')),
    theme               text        check (theme in ('light', 'dark')),
    has_shortcuts       boolean     not null default true,
    disabled_at         timestamptz,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);
create index users_by_created on users (created_at desc, id desc);
comment on table users is 'A person: one e-mail, one password, whatever companies and retailers they belong to.';
comment on column users.id is 'The person, everywhere.';
comment on column users.email is 'Sign-in name, lower case.';
comment on column users.name is 'As colleagues write it.';
comment on column users.phone is 'E.164, or null.';
comment on column users.password_hash is 'argon2id in PHC form; null until a password is set.';
comment on column users.password_changed_at is 'When the password was last set.';
comment on column users.is_platform_admin is 'Runs the installation: opens companies, sees jobs.';
comment on column users.language is 'Chosen language; null means what the browser asks for.';
comment on column users.theme is 'light or dark; null follows the system.';
comment on column users.has_shortcuts is 'Single-key shortcuts work (WCAG 2.1.4 lets people turn them off).';
comment on column users.disabled_at is 'Since when the person may not sign in; null if they may.';
comment on column users.created_at is 'When the account was made.';
comment on column users.updated_at is 'Last change; guards against lost edits.';

create table memberships (
    id          uuid        primary key,
    user_id     uuid        not null references users,
    tenant_id   uuid,
    retailer_id uuid,
    role        text        not null check (length(role) between 1 and 40),
    created_at  timestamptz not null default now(),
    check (num_nonnulls(tenant_id, retailer_id) = 1),
    unique (user_id, tenant_id),
    unique (user_id, retailer_id)
);
create index memberships_by_tenant on memberships (tenant_id) where tenant_id is not null;
create index memberships_by_retailer on memberships (retailer_id) where retailer_id is not null;
comment on table memberships is 'Which doors a person may open: a company or a retailer, and in what role. Kept by trigger from employees and retailer_users.';
comment on column memberships.id is 'The employee''s or the retailer user''s id.';
comment on column memberships.user_id is 'Who.';
comment on column memberships.tenant_id is 'The company, or null.';
comment on column memberships.retailer_id is 'The retailer, or null.';
comment on column memberships.role is 'The role there; platform/permissions says what it may.';
comment on column memberships.created_at is 'Since when.';

create table sessions (
    key_hash   bytea       primary key check (length(key_hash) = 32),
    id         uuid        not null unique,
    user_id    uuid        references users,
    state      jsonb       not null,
    address    text,
    agent      text        check (length(agent) <= 400),
    created_at timestamptz not null default now(),
    seen_at    timestamptz not null default now(),
    expires_at timestamptz not null
);
create index sessions_by_user on sessions (user_id, seen_at desc);
create index sessions_by_expiry on sessions (expires_at);
comment on table sessions is 'Signed-in browsers. The cookie holds the key, this table only its hash.';
comment on column sessions.key_hash is 'SHA-256 of the session key.';
comment on column sessions.id is 'What a person revokes a session by; says nothing about the key.';
comment on column sessions.user_id is 'Who is signed in; null before sign-in.';
comment on column sessions.state is 'What the web layer keeps with the session.';
comment on column sessions.address is 'Network address at sign-in.';
comment on column sessions.agent is 'Browser at sign-in.';
comment on column sessions.created_at is 'Start; the absolute expiry counts from here.';
comment on column sessions.seen_at is 'Last use, to the minute; the idle expiry counts from here.';
comment on column sessions.expires_at is 'Absolute end.';

create table one_time_codes (
    id         uuid        primary key,
    user_id    uuid        not null references users,
    purpose    text        not null check (purpose in ('sign_in', 'reset')),
    code_hash  bytea       not null check (length(code_hash) = 32),
    tries_left smallint    not null default 5 check (tries_left >= 0),
    expires_at timestamptz not null,
    used_at    timestamptz,
    created_at timestamptz not null default now()
);
create index one_time_codes_by_user on one_time_codes (user_id, purpose, created_at desc);
comment on table one_time_codes is 'Codes sent by mail to sign in or to set a new password: ten minutes, five tries, once.';
comment on column one_time_codes.id is 'The code''s record; travels in the form.';
comment on column one_time_codes.user_id is 'Whose code.';
comment on column one_time_codes.purpose is 'sign_in or reset.';
comment on column one_time_codes.code_hash is 'Keyed hash of the code.';
comment on column one_time_codes.tries_left is 'Wrong answers still allowed.';
comment on column one_time_codes.expires_at is 'Ten minutes after sending.';
comment on column one_time_codes.used_at is 'When it was used up; null while open.';
comment on column one_time_codes.created_at is 'When it was sent.';

create table sign_in_attempts (
    id      bigint      generated always as identity primary key,
    at      timestamptz not null default now(),
    email   text        not null check (length(email) <= 254),
    address text        not null check (length(address) <= 64),
    user_id uuid        references users,
    agent   text        check (length(agent) <= 400),
    outcome text        not null check (outcome in ('signed_in', 'wrong', 'throttled', 'disabled', 'code_sent', 'reset'))
);
create index sign_in_attempts_by_email on sign_in_attempts (email, at desc);
create index sign_in_attempts_by_address on sign_in_attempts (address, at desc);
create index sign_in_attempts_by_user on sign_in_attempts (user_id, at desc);
comment on table sign_in_attempts is 'Every try to get in: throttles by account and address, and is shown to the person.';
comment on column sign_in_attempts.id is 'Order of writing.';
comment on column sign_in_attempts.at is 'When.';
comment on column sign_in_attempts.email is 'What was typed, lower case; it may be nobody''s.';
comment on column sign_in_attempts.address is 'Network address it came from.';
comment on column sign_in_attempts.user_id is 'Whose account, if there is one.';
comment on column sign_in_attempts.agent is 'Browser.';
comment on column sign_in_attempts.outcome is 'What came of it.';

grant select, insert, update on users to mandi_platform;
grant select on memberships to mandi_platform;
grant select, insert, update, delete on sessions to mandi_platform;
grant select, insert, update, delete on one_time_codes to mandi_platform;
grant select, insert, delete on sign_in_attempts to mandi_platform;
