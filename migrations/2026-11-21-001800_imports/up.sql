-- Files that become rows: what was sent, how its columns are read, how far its job is.

create table imports (
    tenant_id uuid not null references companies,
    id uuid not null,
    kind text not null check (kind in ('products', 'stock')),
    file_id uuid not null,
    file_name text not null check (length(file_name) between 1 and 200),
    status text not null default 'new' check (status in ('new', 'checking', 'checked', 'running', 'done')),
    settings jsonb not null,
    rows_total integer check (rows_total >= 0),
    rows_done integer not null default 0 check (rows_done >= 0),
    created integer not null default 0 check (created >= 0),
    merged integer not null default 0 check (merged >= 0),
    refused integer not null default 0 check (refused >= 0),
    job_id uuid,
    created_by uuid references users,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, file_id) references files (tenant_id, id),
    constraint imports_add_up check (created + merged + refused = rows_done),
    check (rows_done <= rows_total),
    check ((status = 'done') = (finished_at is not null))
);
comment on table imports is 'Files that are read in: each row of a file is written once, in batches that count themselves here in the same transaction.';
comment on column imports.tenant_id is 'The company.';
comment on column imports.id is 'The import.';
comment on column imports.kind is 'What its rows become: products or stock.';
comment on column imports.file_id is 'The file as it was sent.';
comment on column imports.file_name is 'The sender''s name for it.';
comment on column imports.status is 'new (columns are being chosen), checking, checked, running, done.';
comment on column imports.settings is 'Sheet, heads, which column is which field, and what is taken where the file has nothing.';
comment on column imports.rows_total is 'Rows of the file, once they are counted.';
comment on column imports.rows_done is 'Rows that were checked, or written once it runs. A job that comes again goes on here.';
comment on column imports.created is 'Of these, rows that made something new.';
comment on column imports.merged is 'Of these, rows of something that was there.';
comment on column imports.refused is 'Of these, rows that were left out, each with a reason.';
comment on column imports.job_id is 'The job that checks or writes it.';
comment on column imports.created_by is 'Who sent the file.';
comment on column imports.created_at is 'When it was sent.';
comment on column imports.updated_at is 'Last change.';
comment on column imports.finished_at is 'When its last row was written.';
create index imports_by_time on imports (tenant_id, created_at desc, id desc);
create index imports_by_file on imports (tenant_id, file_id);
create index imports_by_person on imports (created_by);
select make_tenant_table('imports');

create table import_rows (
    tenant_id uuid not null references companies,
    import_id uuid not null,
    line integer not null check (line > 0),
    outcome text not null check (outcome in ('merged', 'refused')),
    reason jsonb not null,
    primary key (tenant_id, import_id, line),
    foreign key (tenant_id, import_id) references imports (tenant_id, id)
);
comment on table import_rows is 'What is to be said about rows of an import; a row that simply made something new has none.';
comment on column import_rows.tenant_id is 'The company.';
comment on column import_rows.import_id is 'The import.';
comment on column import_rows.line is 'The row of the file, as a spreadsheet numbers it.';
comment on column import_rows.outcome is 'merged (there was such a thing) or refused (left out).';
comment on column import_rows.reason is 'Why, as a sentence with its values.';
create index import_rows_refused on import_rows (tenant_id, import_id, line) where outcome = 'refused';
select make_tenant_table('import_rows', null, '{}', false);

create table import_mappings (
    tenant_id uuid not null references companies,
    id uuid not null,
    kind text not null check (kind in ('products', 'stock')),
    layout bytea not null check (length(layout) = 32),
    settings jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, kind, layout)
);
comment on table import_mappings is 'How files with certain heads were read the last time.';
comment on column import_mappings.tenant_id is 'The company.';
comment on column import_mappings.id is 'The mapping.';
comment on column import_mappings.kind is 'What the rows became: products or stock.';
comment on column import_mappings.layout is 'SHA-256 of the heads.';
comment on column import_mappings.settings is 'The settings of the last import of such a file.';
comment on column import_mappings.created_at is 'When it was first kept.';
comment on column import_mappings.updated_at is 'Last change.';
select make_tenant_table('import_mappings');

alter table stock_moves add foreign key (tenant_id, import_id) references imports (tenant_id, id);
create index stock_moves_by_import on stock_moves (tenant_id, import_id) where import_id is not null;
