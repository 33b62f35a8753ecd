-- E-invoices: the state of each document at the authority, every attempt with its exact bytes, accounts and keys, e-way bills; and the
-- books of the sandbox registrar, in a schema of their own.

-- The body of may_step grows; see 003100.
create or replace function may_step(machine text, was text, becomes text) returns boolean
    language sql immutable parallel safe
    as $$
        select was = becomes or (machine, was, becomes) in (
            ('order', 'draft', 'to_approve'), ('order', 'draft', 'cancelled'),
            ('order', 'to_approve', 'confirmed'), ('order', 'to_approve', 'cancelled'),
            ('order', 'confirmed', 'closed'), ('order', 'confirmed', 'cancelled'),
            ('shipment', 'picking', 'packed'), ('shipment', 'picking', 'cancelled'),
            ('shipment', 'packed', 'picking'), ('shipment', 'packed', 'out'), ('shipment', 'packed', 'cancelled'),
            ('shipment', 'out', 'delivered'), ('shipment', 'out', 'returned'),
            ('document', 'issued', 'cancelled'),
            ('einvoice', 'pending', 'in_flight'), ('einvoice', 'pending', 'failed_fix'), ('einvoice', 'pending', 'not_required'), ('einvoice', 'pending', 'expired_window'),
            ('einvoice', 'in_flight', 'registered'), ('einvoice', 'in_flight', 'unknown'), ('einvoice', 'in_flight', 'failed_fix'), ('einvoice', 'in_flight', 'failed_wait'),
            ('einvoice', 'unknown', 'registered'), ('einvoice', 'unknown', 'in_flight'), ('einvoice', 'unknown', 'failed_fix'), ('einvoice', 'unknown', 'expired_window'),
            ('einvoice', 'failed_wait', 'in_flight'), ('einvoice', 'failed_wait', 'pending'), ('einvoice', 'failed_wait', 'not_required'), ('einvoice', 'failed_wait', 'expired_window'),
            ('einvoice', 'failed_fix', 'pending'), ('einvoice', 'failed_fix', 'not_required'), ('einvoice', 'failed_fix', 'expired_window'),
            ('einvoice', 'expired_window', 'pending'),
            ('einvoice', 'registered', 'cancelled'),
            ('eway_bill', 'asked', 'in_flight'), ('eway_bill', 'asked', 'dropped'), ('eway_bill', 'in_flight', 'active'), ('eway_bill', 'in_flight', 'unknown'),
            ('eway_bill', 'in_flight', 'refused'), ('eway_bill', 'unknown', 'active'), ('eway_bill', 'unknown', 'in_flight'), ('eway_bill', 'refused', 'asked'),
            ('eway_bill', 'refused', 'dropped'), ('eway_bill', 'active', 'cancelled'))
    $$;

-- ── Accounts and sessions at the authority ───────────────────────────────────────────────────────────────────────
create table einvoice_accounts (
    tenant_id uuid not null references companies,
    id uuid not null,
    registration_id uuid not null,
    environment text not null check (environment in ('sandbox', 'live')),
    client_id text not null check (length(client_id) between 1 and 100),
    client_secret_sealed bytea not null,
    user_name text not null check (length(user_name) between 1 and 100),
    password_sealed bytea not null,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, registration_id),
    foreign key (tenant_id, registration_id) references gst_registrations (tenant_id, id)
);
comment on table einvoice_accounts is 'How a registration signs in at the authority.';
comment on column einvoice_accounts.tenant_id is 'The company.';
comment on column einvoice_accounts.id is 'The account.';
comment on column einvoice_accounts.registration_id is 'The registration.';
comment on column einvoice_accounts.environment is 'sandbox or live.';
comment on column einvoice_accounts.client_id is 'Client id.';
comment on column einvoice_accounts.client_secret_sealed is 'Client secret, encrypted with the installation''s key.';
comment on column einvoice_accounts.user_name is 'API user of the GSTIN.';
comment on column einvoice_accounts.password_sealed is 'Its password, encrypted.';
comment on column einvoice_accounts.is_active is 'Whether documents are sent.';
comment on column einvoice_accounts.created_at is 'When it was made.';
comment on column einvoice_accounts.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('einvoice_accounts', null, '{client_secret_sealed,password_sealed}');

create table einvoice_sessions (
    tenant_id uuid not null references companies,
    id uuid not null,
    token_sealed bytea,
    app_key_sealed bytea,
    sek_sealed bytea,
    expires_at timestamptz,
    login_until timestamptz,
    logins integer not null default 0 check (logins >= 0),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, id) references einvoice_accounts (tenant_id, id) on delete cascade,
    check ((token_sealed is null) = (sek_sealed is null) and (token_sealed is null) = (app_key_sealed is null) and (token_sealed is null) = (expires_at is null))
);
comment on table einvoice_sessions is 'The one session of an account that all workers share; whoever sets login_until signs in, the others wait.';
comment on column einvoice_sessions.tenant_id is 'The company.';
comment on column einvoice_sessions.id is 'The account.';
comment on column einvoice_sessions.token_sealed is 'Token, encrypted.';
comment on column einvoice_sessions.app_key_sealed is 'The key that we made for this login, encrypted.';
comment on column einvoice_sessions.sek_sealed is 'The key of the session, encrypted.';
comment on column einvoice_sessions.expires_at is 'When the token ends.';
comment on column einvoice_sessions.login_until is 'Until when somebody is signing in.';
comment on column einvoice_sessions.logins is 'How often somebody did.';
comment on column einvoice_sessions.updated_at is 'Last change.';
select make_tenant_table('einvoice_sessions', null, '{}', false);

create table authority_keys (
    environment text not null check (environment in ('sandbox', 'live')),
    kid text not null check (length(kid) between 1 and 100),
    purpose text not null check (purpose in ('signing', 'encryption')),
    modulus bytea not null check (length(modulus) between 256 and 512),
    exponent integer not null check (exponent > 2),
    added_at timestamptz not null default now(),
    retired_at timestamptz,
    primary key (environment, purpose, kid)
);
comment on table authority_keys is 'Public keys of the authority, pinned by whoever runs the installation: what it signs with, and what logins are encrypted for.';
comment on column authority_keys.environment is 'sandbox or live.';
comment on column authority_keys.kid is 'Key id: thumbprint of the certificate.';
comment on column authority_keys.purpose is 'signing or encryption.';
comment on column authority_keys.modulus is 'RSA modulus.';
comment on column authority_keys.exponent is 'RSA public exponent.';
comment on column authority_keys.added_at is 'When it was pinned.';
comment on column authority_keys.retired_at is 'When it was taken out of use; old signatures still verify.';
grant select, insert, update on authority_keys to mandi_platform;

create function authority_key(environment text, purpose text, kid text default null) returns table (kid text, modulus bytea, exponent integer)
    language sql stable security definer rows 1 set search_path = pg_catalog, public, pg_temp
    as $$
        select k.kid, k.modulus, k.exponent from authority_keys k
            where k.environment = $1 and k.purpose = $2 and (($3 is null and k.retired_at is null) or k.kid = $3) order by k.added_at desc limit 1
    $$;
comment on function authority_key is 'A pinned key of the authority: the one named, or the newest in use.';
grant execute on function authority_key to mandi_app, mandi_platform;

-- ── The state of each document ───────────────────────────────────────────────────────────────────────────────────
create table einvoices (
    tenant_id uuid not null references companies,
    id uuid not null,
    customer_id uuid not null,
    registration_id uuid not null,
    document_date date not null,
    status text not null check (status in ('not_required', 'pending', 'in_flight', 'unknown', 'registered', 'failed_fix', 'failed_wait', 'cancelled', 'expired_window')),
    why text check (length(why) between 1 and 300),
    environment text check (environment in ('sandbox', 'live')),
    payload_sha256 bytea check (length(payload_sha256) = 32),
    refusals integer not null default 0 check (refusals >= 0),
    waits integer not null default 0 check (waits >= 0),
    next_try_at timestamptz,
    unknown_since timestamptz,
    faults jsonb,
    ack_no text check (ack_no ~ '^[0-9]{1,20}$'),
    ack_at timestamptz,
    signed_invoice text,
    signed_qr text,
    kid text,
    is_verified boolean not null default false,
    last_day date,
    alarm smallint not null default 0 check (alarm between 0 and 4),
    cancel_asked_at timestamptz,
    cancelled_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, id) references documents (tenant_id, id) deferrable initially deferred,
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, registration_id) references gst_registrations (tenant_id, id),
    constraint einvoices_registered_have_proof check (status not in ('registered', 'cancelled') or (ack_no is not null and ack_at is not null and environment is not null)),
    -- The only proof that may be missing is one that the authority no longer gives out (gst.md 4.12, 2283); then `why` says so.
    constraint einvoices_registered_have_signature check (status not in ('registered', 'cancelled') or (signed_qr is not null and signed_invoice is not null) or why is not null),
    constraint einvoices_verified_have_signature check (not is_verified or (signed_qr is not null and kid is not null)),
    check (status <> 'not_required' or why is not null),
    check (status <> 'failed_fix' or faults is not null),
    check ((status = 'unknown') = (unknown_since is not null)),
    check ((status = 'cancelled') = (cancelled_at is not null))
);
create index einvoices_by_status on einvoices (tenant_id, status, document_date, id);
create index einvoices_by_customer on einvoices (tenant_id, customer_id);
create index einvoices_by_registration on einvoices (tenant_id, registration_id, status);
create index einvoices_to_watch on einvoices (document_date, tenant_id, id) where status in ('pending', 'in_flight', 'unknown', 'failed_fix', 'failed_wait');
create index einvoices_to_cancel on einvoices (ack_at) where status = 'registered' and cancel_asked_at is not null;
comment on table einvoices is 'How each document stands at the authority; kept apart from the document, which never changes.';
comment on column einvoices.tenant_id is 'The company.';
comment on column einvoices.id is 'The document.';
comment on column einvoices.customer_id is 'The customer.';
comment on column einvoices.registration_id is 'The registration.';
comment on column einvoices.document_date is 'The document''s date: the window is counted from it.';
comment on column einvoices.status is 'not_required, pending, in_flight, unknown, registered, failed_fix, failed_wait, cancelled or expired_window.';
comment on column einvoices.why is 'Why none is required, or why a registered one lacks its signed texts.';
comment on column einvoices.environment is 'Where it was sent.';
comment on column einvoices.payload_sha256 is 'Of the bytes that were sent last.';
comment on column einvoices.refusals is 'How often these bytes were refused; three end the automatic tries.';
comment on column einvoices.waits is 'Waits in a row; the next one is longer.';
comment on column einvoices.next_try_at is 'When it is tried again by itself.';
comment on column einvoices.unknown_since is 'Since when it is not known whether the authority has it.';
comment on column einvoices.faults is 'What was wrong last: code, line, field, words, how to put it right.';
comment on column einvoices.ack_no is 'Acknowledgement number.';
comment on column einvoices.ack_at is 'When it was registered; the 24 hours for cancelling count from it.';
comment on column einvoices.signed_invoice is 'The invoice as registered, signed; exactly as received.';
comment on column einvoices.signed_qr is 'What the printed code holds, signed; exactly as received.';
comment on column einvoices.kid is 'The key that signed.';
comment on column einvoices.is_verified is 'Whether signature and content were checked.';
comment on column einvoices.last_day is 'Last day on which it may be reported; null is no window.';
comment on column einvoices.alarm is 'The last alarm given: 1 after three days, 2 after twenty, 3 a day before the window closes, 4 a day unknown.';
comment on column einvoices.cancel_asked_at is 'When somebody asked to cancel it there.';
comment on column einvoices.cancelled_at is 'When the authority cancelled it.';
comment on column einvoices.created_at is 'When the document was issued.';
comment on column einvoices.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('einvoices', 'customer_id');
select buyers_only_read('einvoices');
create trigger steps before update of status on einvoices for each row execute function keep_to_the_steps('einvoice');

-- What the authority signed never changes.
create function keep_the_proof() returns trigger language plpgsql as $$
begin
    if old.ack_no is not null and (old.ack_no, old.ack_at, old.environment) is distinct from (new.ack_no, new.ack_at, new.environment)
        or old.signed_qr is not null and (old.signed_qr, old.signed_invoice) is distinct from (new.signed_qr, new.signed_invoice) then
        raise exception 'what the authority signed can''t be changed' using errcode = 'restrict_violation', constraint = 'einvoices_keep_the_proof';
    end if;
    return new;
end $$;
comment on function keep_the_proof() is 'The trigger that keeps acknowledgements and signed texts as they came.';
create trigger proof before update on einvoices for each row execute function keep_the_proof();

create table einvoice_attempts (
    tenant_id uuid not null references companies,
    id uuid not null,
    document_id uuid not null,
    operation text not null check (operation in ('generate', 'find', 'fetch', 'cancel', 'eway_bill', 'find_eway_bill', 'cancel_eway_bill', 'sync')),
    environment text not null check (environment in ('sandbox', 'live')),
    request bytea,
    request_sha256 bytea check (length(request_sha256) = 32),
    started_at timestamptz not null,
    finished_at timestamptz,
    outcome text check (outcome in ('done', 'refused', 'not_found', 'duplicate', 'signed_out', 'busy', 'lost')),
    http_status smallint,
    response bytea,
    response_opened bytea,
    codes text[] not null default '{}',
    said text check (length(said) <= 1000),
    primary key (tenant_id, id),
    foreign key (tenant_id, document_id) references documents (tenant_id, id),
    check ((finished_at is null) = (outcome is null)),
    check ((request is null) = (request_sha256 is null))
);
create index einvoice_attempts_by_document on einvoice_attempts (tenant_id, document_id, id);
-- One call for one document at a time, whoever makes it: the second worker's insert is refused.
create unique index einvoice_attempts_one_open on einvoice_attempts (tenant_id, document_id) where finished_at is null;
comment on table einvoice_attempts is 'Every call to the authority about a document: written before it is made, ended once, kept.';
comment on column einvoice_attempts.tenant_id is 'The company.';
comment on column einvoice_attempts.id is 'The attempt; later ones sort after earlier ones.';
comment on column einvoice_attempts.document_id is 'The document.';
comment on column einvoice_attempts.operation is 'generate, find (by document), fetch (by IRN), cancel, eway_bill, find_eway_bill, cancel_eway_bill or sync.';
comment on column einvoice_attempts.environment is 'Where.';
comment on column einvoice_attempts.request is 'The exact bytes before encryption; null for a question without a body.';
comment on column einvoice_attempts.request_sha256 is 'Their hash.';
comment on column einvoice_attempts.started_at is 'Before the call.';
comment on column einvoice_attempts.finished_at is 'After it; null while it runs, or when the process died.';
comment on column einvoice_attempts.outcome is 'done, refused, not_found, duplicate, signed_out, busy (later again) or lost (no answer that can be read).';
comment on column einvoice_attempts.http_status is 'HTTP status, if there was an answer.';
comment on column einvoice_attempts.response is 'The exact bytes of the answer.';
comment on column einvoice_attempts.response_opened is 'Its data after decryption.';
comment on column einvoice_attempts.codes is 'The authority''s error codes.';
comment on column einvoice_attempts.said is 'What came of it, in words.';
select make_tenant_table('einvoice_attempts', null, '{request,response,response_opened}');
create function end_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if demo_lets_go(old.tenant_id, tg_relid) then return old; end if;
    elsif old.finished_at is null and new.finished_at is not null
        and (new.id, new.document_id, new.operation, new.environment, new.request, new.started_at) is not distinct from (old.id, old.document_id, old.operation, old.environment, old.request, old.started_at) then
        return new;
    end if;
    raise exception 'an attempt is ended once and then kept' using errcode = 'restrict_violation', constraint = 'einvoice_attempts_end_once';
end $$;
comment on function end_once() is 'The trigger that lets an attempt end once and keeps it then.';
create trigger end_once before update or delete on einvoice_attempts for each row execute function end_once();
revoke truncate on einvoice_attempts from mandi_app, mandi_platform;

create table eway_bills (
    tenant_id uuid not null references companies,
    id uuid not null,
    document_id uuid not null,
    customer_id uuid not null,
    status text not null default 'asked' check (status in ('asked', 'in_flight', 'unknown', 'refused', 'active', 'cancelled', 'dropped')),
    distance_km integer not null default 0 check (distance_km between 0 and 4000),
    mode text not null default '1' check (mode in ('1', '2', '3', '4')),
    vehicle_no text check (vehicle_no ~ '^[A-Z0-9]{4,20}$'),
    transporter_id text check (transporter_id ~ '^[0-9A-Z]{15}$'),
    transporter_name text check (length(transporter_name) between 3 and 100),
    transport_doc_no text check (length(transport_doc_no) between 1 and 15),
    transport_doc_date date,
    number text check (number ~ '^[0-9]{12}$'),
    made_at timestamptz,
    valid_until timestamptz,
    faults jsonb,
    next_try_at timestamptz,
    cancel_code smallint check (cancel_code between 1 and 4),
    cancelled_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, document_id) references documents (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    check (status not in ('active', 'cancelled') or (number is not null and made_at is not null)),
    check ((status = 'cancelled') = (cancelled_at is not null))
);
create unique index eway_bills_one_of_a_document on eway_bills (tenant_id, document_id) where status not in ('cancelled', 'dropped');
create index eway_bills_by_document on eway_bills (tenant_id, document_id);
create index eway_bills_by_customer on eway_bills (tenant_id, customer_id);
create index eway_bills_by_status on eway_bills (tenant_id, status, id desc);
comment on table eway_bills is 'E-way bills, made from the IRN of their document.';
comment on column eway_bills.tenant_id is 'The company.';
comment on column eway_bills.id is 'The bill.';
comment on column eway_bills.document_id is 'The document.';
comment on column eway_bills.customer_id is 'The customer.';
comment on column eway_bills.status is 'asked, in_flight, unknown, refused, active, cancelled or dropped.';
comment on column eway_bills.distance_km is 'Kilometres; 0 lets the portal work it out.';
comment on column eway_bills.mode is '1 road, 2 rail, 3 air, 4 ship.';
comment on column eway_bills.vehicle_no is 'Number plate without spaces.';
comment on column eway_bills.transporter_id is 'GSTIN or enrolment of the transporter.';
comment on column eway_bills.transporter_name is 'Name of the transporter.';
comment on column eway_bills.transport_doc_no is 'Number of the transport document.';
comment on column eway_bills.transport_doc_date is 'Its date.';
comment on column eway_bills.number is 'Number of the e-way bill.';
comment on column eway_bills.made_at is 'When it was made; the 24 hours for cancelling count from it.';
comment on column eway_bills.valid_until is 'Until when it is valid; null with Part A only.';
comment on column eway_bills.faults is 'What was wrong last: code, field, words, how to put it right.';
comment on column eway_bills.next_try_at is 'When it is tried again by itself.';
comment on column eway_bills.cancel_code is 'Why it was cancelled, as e-way bills count: 1 duplicate, 2 order cancelled, 3 data entry mistake, 4 others.';
comment on column eway_bills.cancelled_at is 'When it was cancelled.';
comment on column eway_bills.created_at is 'When it was asked for.';
comment on column eway_bills.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('eway_bills', 'customer_id');
select buyers_only_read('eway_bills');
create trigger steps before update of status on eway_bills for each row execute function keep_to_the_steps('eway_bill');

-- The watch runs across companies, once an hour, and does each company's work inside it.
create function einvoices_to_watch(moment timestamptz, most integer) returns table (tenant uuid, document uuid, days integer, status text)
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
        select e.tenant_id, e.id, (moment at time zone 'Asia/Kolkata')::date - e.document_date, e.status
            from einvoices e
            where e.status in ('pending', 'in_flight', 'unknown', 'failed_fix', 'failed_wait')
              and (e.document_date <= (moment at time zone 'Asia/Kolkata')::date - 3 or e.unknown_since < moment - interval '24 hours'
                   or (e.status in ('pending', 'in_flight', 'unknown', 'failed_wait') and e.updated_at < moment - interval '2 hours'))
            order by e.document_date, e.tenant_id, e.id limit most
    $$;
comment on function einvoices_to_watch is 'Documents of all companies that wait for the authority for too long, or that nobody works at.';
revoke execute on function einvoices_to_watch from public;
grant execute on function einvoices_to_watch to mandi_platform;

-- ── Proof without the program ────────────────────────────────────────────────────────────────────────────────────
create function bytes_as_number(b bytea) returns numeric
    language plpgsql immutable strict parallel safe
    as $$
declare
    n numeric := 0;
    i integer := 0;
    lead integer := length(b) % 4;
begin
    while i < lead loop
        n := n * 256 + get_byte(b, i);
        i := i + 1;
    end loop;
    while i < length(b) loop
        n := n * 4294967296 + (get_byte(b, i)::bigint << 24) + (get_byte(b, i + 1) << 16) + (get_byte(b, i + 2) << 8) + get_byte(b, i + 3);
        i := i + 4;
    end loop;
    return n;
end $$;
comment on function bytes_as_number(bytea) is 'Bytes as one number, the first one the highest.';

create function from_base64url(t text) returns bytea
    language sql immutable strict parallel safe
    as $$ select decode(rpad(translate(t, '-_', '+/'), (length(t) + 3) / 4 * 4, '='), 'base64') $$;
comment on function from_base64url(text) is 'Base64 as signed texts write it.';

-- RSASSA-PKCS1-v1_5 with SHA-256, worked out by hand: `mandi verify` believes neither the flag nor the library that set it.
create function signature_holds(jws text, modulus bytea, exponent integer) returns boolean
    language plpgsql immutable strict parallel safe
    as $$
declare
    parts text[] := string_to_array(jws, '.');
    n numeric := bytes_as_number(modulus);
    s numeric;
    r numeric := 1;
    e integer := exponent;
    size integer := length(ltrim(encode(modulus, 'hex'), '0'));
begin
    if cardinality(parts) <> 3 or jws ~ '[^A-Za-z0-9_.-]' or (convert_from(from_base64url(parts[1]), 'UTF8')::jsonb ->> 'alg') is distinct from 'RS256' then
        return false;
    end if;
    s := bytes_as_number(from_base64url(parts[3]));
    if s >= n then return false; end if;
    while e > 0 loop
        if e % 2 = 1 then r := mod(r * s, n); end if;
        s := mod(s * s, n);
        e := e / 2;
    end loop;
    size := (size + 1) / 2;
    return r = bytes_as_number(decode('0001' || repeat('ff', size - 54) || '00' || '3031300d060960864801650304020105000420', 'hex')
                               || sha256(convert_to(parts[1] || '.' || parts[2], 'UTF8')));
exception when invalid_text_representation or invalid_parameter_value or character_not_in_repertoire then
    return false;
end $$;
comment on function signature_holds is 'Whether a compact RS256 signature holds under a public key.';

-- ── The sandbox registrar's own books ────────────────────────────────────────────────────────────────────────────
create schema sandbox;
comment on schema sandbox is 'What the sandboxes of the outside world remember. Nothing of a company: they are strangers that happen to live here.';
grant usage on schema sandbox to mandi_platform;

create table sandbox.keys (
    purpose text primary key check (purpose in ('signing', 'encryption')),
    kid text not null,
    private_key bytea not null,
    created_at timestamptz not null default now()
);
comment on table sandbox.keys is 'The registrar''s own RSA keys (PKCS#8); made at its first start.';

create table sandbox.taxpayers (
    gstin text primary key check (gstin ~ '^[0-9]{2}[0-9A-Z]{13}$'),
    name text not null,
    taxpayer_type text not null default 'REG' check (taxpayer_type in ('REG', 'COM', 'SEZ', 'SED', 'ISD', 'CAS', 'TDS', 'TCS', 'UIN')),
    status text not null default 'ACT' check (status in ('ACT', 'SUS', 'CNL')),
    state_code text not null,
    pincode text,
    is_einvoicing boolean not null default false,
    client_id text,
    client_secret text,
    user_name text,
    password text
);
comment on table sandbox.taxpayers is 'Taxpayers that the registrar knows; sellers have a login.';

create table sandbox.tokens (
    token text primary key,
    gstin text not null references sandbox.taxpayers,
    user_name text not null,
    client_id text not null,
    sek bytea not null check (length(sek) = 32),
    expires_at timestamptz not null
);
create index tokens_by_taxpayer on sandbox.tokens (gstin, user_name);
comment on table sandbox.tokens is 'Logins at the registrar.';

create table sandbox.invoices (
    gstin text not null,
    fin_year text not null,
    doc_type text not null,
    doc_no text not null,
    irn text not null unique,
    ack_no bigint generated always as identity (start with 112600000000001) unique,
    ack_at timestamptz not null,
    status text not null default 'ACT' check (status in ('ACT', 'CNL')),
    doc_date date not null,
    payload jsonb not null,
    signed_invoice text not null,
    signed_qr text not null,
    cancelled_at timestamptz,
    ewb_no text,
    ewb_at timestamptz,
    ewb_valid_until timestamptz,
    ewb_status text check (ewb_status in ('ACT', 'CNL')),
    primary key (gstin, fin_year, doc_type, doc_no)
);
comment on table sandbox.invoices is 'What the registrar has registered; it survives a kill, as the real one would.';

create table sandbox.calls (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    who text not null check (who in ('registrar', 'gateway')),
    method text not null,
    path text not null,
    gstin text,
    codes text[] not null default '{}',
    was_lost boolean not null default false
);
create index calls_by_time on sandbox.calls (at);
comment on table sandbox.calls is 'What the sandboxes were asked; swept after a day.';

create table sandbox.moods (
    who text primary key check (who in ('registrar', 'gateway')),
    mood text not null default 'well' check (mood in ('well', 'slow', 'failing', 'losing', 'down')),
    delay_ms integer not null default 0 check (delay_ms between 0 and 120000),
    code text,
    calls_left integer check (calls_left > 0),
    updated_at timestamptz not null default now()
);
comment on table sandbox.moods is 'How a sandbox behaves: slow, failing with a code, losing its answer after the deed, or down; for so many calls, or until told otherwise.';
insert into sandbox.moods (who) values ('registrar'), ('gateway');
grant select, insert, update, delete on all tables in schema sandbox to mandi_platform;
