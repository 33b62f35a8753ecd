-- Work in the background, letters, files, and answers kept for repeated requests.

-- ── Jobs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
create table jobs (
    id           uuid        primary key,
    tenant_id    uuid        references companies,
    kind         text        not null check (length(kind) between 1 and 80),
    title        text        not null check (length(title) between 1 and 200),
    payload      jsonb       not null default '{}',
    unique_key   text        check (length(unique_key) <= 200),
    priority     smallint    not null default 100,
    state        text        not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'discarded')),
    run_at       timestamptz not null default now(),
    attempts     integer     not null default 0 check (attempts >= 0),
    max_attempts integer     not null default 8 check (max_attempts > 0),
    worker       text,
    lease_until  timestamptz,
    progress     integer     not null default 0 check (progress >= 0),
    progress_of  integer     check (progress_of >= 0),
    note         text        check (length(note) <= 500),
    last_error   text,
    result       jsonb,
    asked_by     uuid        references users,
    request_id   uuid,
    created_at   timestamptz not null default now(),
    started_at   timestamptz,
    finished_at  timestamptz,
    check ((state = 'running') = (lease_until is not null)),
    check ((state = 'running') = (worker is not null)),
    check ((state in ('done', 'failed', 'discarded')) = (finished_at is not null))
);
create unique index jobs_once on jobs (kind, unique_key, coalesce(tenant_id, '00000000-0000-0000-0000-000000000000')) where state = 'queued' and unique_key is not null;
create index jobs_ready on jobs (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'), priority, run_at, id) where state = 'queued';
create index jobs_due on jobs (run_at) where state = 'queued';
create index jobs_leased on jobs (lease_until) where state = 'running';
create index jobs_by_state on jobs (state, created_at desc, id desc);
create index jobs_by_created on jobs (created_at desc, id desc);
create index jobs_by_tenant on jobs (tenant_id, created_at desc, id desc);
create index jobs_by_asker on jobs (asked_by, created_at desc);
comment on table jobs is 'Work to do in the background, enqueued in the transaction of the change that caused it.';
comment on column jobs.id is 'The job.';
comment on column jobs.tenant_id is 'The company it works for, or null for the platform.';
comment on column jobs.kind is 'Which handler does it.';
comment on column jobs.title is 'What it does, in words for people.';
comment on column jobs.payload is 'What the handler needs. Never a secret in clear.';
comment on column jobs.unique_key is 'At most one queued job of this kind and key (in one company).';
comment on column jobs.priority is 'Smaller goes first; 100 is ordinary.';
comment on column jobs.state is 'queued, running, done, failed (given up: the dead letters) or discarded.';
comment on column jobs.run_at is 'Not before.';
comment on column jobs.attempts is 'Tries begun.';
comment on column jobs.max_attempts is 'Tries before it counts as failed.';
comment on column jobs.worker is 'Which process and thread has it.';
comment on column jobs.lease_until is 'Until when the worker has it without a heartbeat; afterwards another takes it.';
comment on column jobs.progress is 'Steps done.';
comment on column jobs.progress_of is 'Steps in all, if known.';
comment on column jobs.note is 'What it is doing now, in words.';
comment on column jobs.last_error is 'Why the last try failed.';
comment on column jobs.result is 'What it made, e.g. the file to fetch.';
comment on column jobs.asked_by is 'Who caused it.';
comment on column jobs.request_id is 'The request that caused it.';
comment on column jobs.created_at is 'When it was enqueued.';
comment on column jobs.started_at is 'Start of the last try.';
comment on column jobs.finished_at is 'When it was done, failed or discarded.';

create table job_attempts (
    job_id      uuid        not null references jobs on delete cascade,
    number      integer     not null check (number > 0),
    worker      text        not null,
    started_at  timestamptz not null default now(),
    finished_at timestamptz,
    outcome     text        check (outcome in ('done', 'failed', 'lost', 'put_off')),
    error       text,
    primary key (job_id, number)
);
comment on table job_attempts is 'Every try at a job: who, when, what came of it.';
comment on column job_attempts.job_id is 'The job.';
comment on column job_attempts.number is 'First, second, …';
comment on column job_attempts.worker is 'Process and thread.';
comment on column job_attempts.started_at is 'Start.';
comment on column job_attempts.finished_at is 'End; null while it runs.';
comment on column job_attempts.outcome is 'done, failed, lost (the process died) or put_off (it asked to be run later).';
comment on column job_attempts.error is 'What went wrong.';

create table schedules (
    name       text        primary key check (length(name) between 1 and 80),
    cron       text        not null,
    next_run   timestamptz not null,
    last_run   timestamptz,
    updated_at timestamptz not null default now()
);
comment on table schedules is 'What runs by the clock: once across all processes, whoever locks the row first.';
comment on column schedules.name is 'The schedule, named in code.';
comment on column schedules.cron is 'Cron expression, in Indian time.';
comment on column schedules.next_run is 'When it is due.';
comment on column schedules.last_run is 'When it last ran.';
comment on column schedules.updated_at is 'Last change.';

grant select, insert, update, delete on jobs, job_attempts, schedules to mandi_platform;

-- Enqueues from inside a company's or the platform's transaction. The company and the asker come from the transaction itself.
create function enqueue_job(id uuid, kind text, title text, payload jsonb, unique_key text, priority smallint, run_at timestamptz, max_attempts integer)
    returns uuid
    language sql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
        with added as (
            insert into jobs (id, tenant_id, kind, title, payload, unique_key, priority, run_at, max_attempts, asked_by, request_id)
                values ($1, current_tenant(), $2, $3, $4, $5, $6, $7, $8, setting_uuid('user_id'), setting_uuid('request_id'))
                on conflict do nothing
                returning jobs.id
        ), told as (
            select pg_notify('mandi_jobs', '') from added
        )
        select added.id from added left join told on true
    $$;
comment on function enqueue_job is 'Adds a job and wakes the workers on commit. Returns null when one with the same key is queued already.';
grant execute on function enqueue_job to mandi_app, mandi_platform;

-- A company's people see the jobs that work for them, without reaching the table.
create function company_jobs(job uuid default null, most integer default 50)
    returns table (id uuid, kind text, title text, state text, progress integer, progress_of integer, note text, last_error text, result jsonb,
                   asked_by uuid, created_at timestamptz, finished_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
        select j.id, j.kind, j.title, j.state, j.progress, j.progress_of, j.note, j.last_error, j.result, j.asked_by, j.created_at, j.finished_at
            from jobs j
            where j.tenant_id = current_tenant() and setting_uuid('customer_id') is null and (job is null or j.id = job)
            order by j.created_at desc, j.id desc
            limit least(most, 200)
    $$;
comment on function company_jobs is 'The jobs of this transaction''s company, newest first.';
grant execute on function company_jobs to mandi_app;

-- ── Letters ──────────────────────────────────────────────────────────────────────────────────────────────────────
create table mails (
    id         uuid        primary key,
    tenant_id  uuid        references companies,
    kind       text        not null check (length(kind) between 1 and 80),
    recipient  text        not null check (length(recipient) <= 254),
    subject    text        not null check (length(subject) <= 300),
    text_body  text        not null,
    html_body  text        not null,
    status     text        not null default 'waiting' check (status in ('waiting', 'sent', 'kept', 'failed')),
    error      text,
    created_at timestamptz not null default now(),
    sent_at    timestamptz
);
create index mails_by_created on mails (created_at desc, id desc);
create index mails_by_tenant on mails (tenant_id, created_at desc, id desc);
comment on table mails is 'Letters to people, written in the transaction of what they tell, sent by a job.';
comment on column mails.id is 'The letter; part of its Message-ID, so a second sending is recognised.';
comment on column mails.tenant_id is 'The company on whose behalf, or null.';
comment on column mails.kind is 'Which letter.';
comment on column mails.recipient is 'E-mail address.';
comment on column mails.subject is 'Subject line.';
comment on column mails.text_body is 'Plain text; emptied of codes and links once sent.';
comment on column mails.html_body is 'HTML; emptied of codes and links once sent.';
comment on column mails.status is 'waiting, sent, kept (no mail server is set: see /dev/mail) or failed.';
comment on column mails.error is 'What the mail server said last.';
comment on column mails.created_at is 'When it was written.';
comment on column mails.sent_at is 'When the mail server took it.';
grant select, insert, update, delete on mails to mandi_platform;

create function write_mail(id uuid, kind text, recipient text, subject text, text_body text, html_body text) returns void
    language sql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
        insert into mails (id, tenant_id, kind, recipient, subject, text_body, html_body) values ($1, current_tenant(), $2, $3, $4, $5, $6)
    $$;
comment on function write_mail is 'Puts a letter into the outbox, in the caller''s transaction.';
grant execute on function write_mail to mandi_app, mandi_platform;

-- ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────
create table files (
    tenant_id  uuid        not null references companies,
    id         uuid        not null,
    name       text        not null check (length(name) between 1 and 200),
    media_type text        not null check (length(media_type) between 3 and 100),
    bytes      bigint      not null check (bytes >= 0),
    sha256     bytea       not null check (length(sha256) = 32),
    purpose    text        not null check (purpose in ('logo', 'export')),
    needs      text        not null check (length(needs) between 1 and 80),
    created_by uuid        references users,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    primary key (tenant_id, id)
);
create index files_by_created on files (tenant_id, created_at desc, id desc);
create index files_by_creator on files (created_by);
comment on table files is 'Files of a company; the bytes lie in the file store under tenant_id/id.';
comment on column files.tenant_id is 'The company.';
comment on column files.id is 'The file, and its name in the store.';
comment on column files.name is 'Name for saving it.';
comment on column files.media_type is 'Media type that it is served with.';
comment on column files.bytes is 'Size in bytes.';
comment on column files.sha256 is 'Checksum of the bytes.';
comment on column files.purpose is 'What it is for: logo, export.';
comment on column files.needs is 'The permission that a reader must have.';
comment on column files.created_by is 'Who made it.';
comment on column files.created_at is 'When it was made.';
comment on column files.expires_at is 'When it is swept away, or null.';
select make_tenant_table('files');
alter table companies add foreign key (id, logo_file_id) references files (tenant_id, id);
create index companies_by_logo on companies (id, logo_file_id) where logo_file_id is not null;

-- ── Answers kept ─────────────────────────────────────────────────────────────────────────────────────────────────
create table idempotency_keys (
    user_id    uuid        not null,
    tenant_id  uuid        not null default '00000000-0000-0000-0000-000000000000',
    key        uuid        not null,
    route      text        not null,
    body_hash  bytea       not null check (length(body_hash) = 32),
    status     smallint,
    location   text,
    created_at timestamptz not null default now(),
    primary key (user_id, tenant_id, key, route, body_hash)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
comment on table idempotency_keys is 'What a request with a one-time key was answered, so that its second arrival gets the same answer.';
comment on column idempotency_keys.user_id is 'Who asked; zero for signed-out requests.';
comment on column idempotency_keys.tenant_id is 'In which company; zero for none.';
comment on column idempotency_keys.key is 'The one-time key of the form.';
comment on column idempotency_keys.route is 'Method and path.';
comment on column idempotency_keys.body_hash is 'SHA-256 of the body: the same key with another body is a new question.';
comment on column idempotency_keys.status is 'HTTP status of the answer; null while the first request is at work.';
comment on column idempotency_keys.location is 'Where the answer sent the browser.';
comment on column idempotency_keys.created_at is 'When it first came; kept for two days.';
grant select, insert, update, delete on idempotency_keys to mandi_platform;

-- Claims a key inside the transaction of the change itself, so that change and answer commit together.
create function claim_key(key uuid, route text, body_hash bytea) returns table (status smallint, location text)
    language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
declare
    who uuid := coalesce(setting_uuid('user_id'), '00000000-0000-0000-0000-000000000000');
    whose uuid := coalesce(current_tenant(), '00000000-0000-0000-0000-000000000000');
begin
    -- A second arrival waits here until the first has committed or rolled back.
    insert into idempotency_keys (user_id, tenant_id, key, route, body_hash) values (who, whose, $1, $2, $3) on conflict do nothing;
    if found then return; end if;
    return query select k.status, k.location from idempotency_keys k
        where k.user_id = who and k.tenant_id = whose and k.key = $1 and k.route = $2 and k.body_hash = $3;
end $$;
comment on function claim_key is 'Returns the kept answer of a repeated request, or no row when this is the first.';
grant execute on function claim_key to mandi_app, mandi_platform;

create function keep_answer(key uuid, route text, body_hash bytea, status smallint, location text) returns void
    language sql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
        update idempotency_keys k set status = $4, location = $5
            where k.user_id = coalesce(setting_uuid('user_id'), '00000000-0000-0000-0000-000000000000')
              and k.tenant_id = coalesce(current_tenant(), '00000000-0000-0000-0000-000000000000')
              and k.key = $1 and k.route = $2 and k.body_hash = $3
    $$;
comment on function keep_answer is 'Keeps the answer of a claimed key.';
grant execute on function keep_answer to mandi_app, mandi_platform;

-- ── The door ─────────────────────────────────────────────────────────────────────────────────────────────────────
-- One statement for each request: the session, whose it is and which doors that person may open. Open to every login, because it
-- answers only to whoever has the hash of a 256-bit session key.
create function session_open(hash bytea, idle interval)
    returns table (id uuid, state jsonb, user_id uuid, expires_at timestamptz, who jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    update sessions s set seen_at = now() where s.key_hash = hash and s.seen_at < now() - interval '1 minute' and s.seen_at > now() - idle and s.expires_at > now();
    return query
        select s.id, s.state, s.user_id, s.expires_at,
            case when u.id is not null then jsonb_build_object(
                'id', u.id, 'email', u.email, 'name', u.name, 'is_platform_admin', u.is_platform_admin,
                'language', u.language, 'theme', u.theme, 'has_shortcuts', u.has_shortcuts,
                'companies', coalesce((
                    select jsonb_agg(jsonb_build_object('tenant', c.id, 'slug', c.slug, 'name', c.name, 'role', m.role, 'status', c.status,
                                                        'reason', c.status_reason, 'hue', c.hue, 'logo', c.logo_file_id) order by c.name, c.id)
                    from memberships m join companies c on c.id = m.tenant_id where m.user_id = u.id), '[]'),
                'retailers', coalesce((
                    select jsonb_agg(jsonb_build_object('retailer', r.id, 'slug', r.slug, 'name', r.name, 'role', m.role,
                        'suppliers', coalesce((
                            select jsonb_agg(jsonb_build_object('tenant', c.id, 'slug', c.slug, 'name', c.name, 'status', c.status, 'hue', c.hue,
                                                                'logo', c.logo_file_id, 'customer', n.customer_id, 'connection', n.status) order by c.name, c.id)
                            from connections n join companies c on c.id = n.tenant_id
                            where n.retailer_id = r.id and n.status in ('active', 'paused')), '[]')) order by r.name, r.id)
                    from memberships m join retailers r on r.id = m.retailer_id where m.user_id = u.id), '[]'))
            end
        from sessions s left join users u on u.id = s.user_id and u.disabled_at is null
        where s.key_hash = hash and s.seen_at > now() - idle and s.expires_at > now()
          and (s.user_id is null or u.id is not null);
end $$;
comment on function session_open is 'Opens a request: the live session of this key, the person and their memberships.';
grant execute on function session_open to public;
