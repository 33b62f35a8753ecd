-- A row can come in and still have something about it that somebody must know: it is counted, and the row says what.

alter table imports add column warned integer not null default 0 check (warned >= 0);
comment on column imports.warned is 'Of the rows that came in or would, those of which something must be known, each with a reason.';

alter table import_rows drop constraint import_rows_outcome_check;
alter table import_rows add constraint import_rows_outcome_check check (outcome in ('merged', 'warned', 'refused'));
comment on column import_rows.outcome is 'merged (there was such a thing), warned (it comes in, new or not, and this must be known of it) or refused (left out).';
create index import_rows_warned on import_rows (tenant_id, import_id, line) where outcome = 'warned';
