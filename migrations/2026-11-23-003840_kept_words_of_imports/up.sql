-- A row can be of the same product as one above it and call its category or describe it otherwise: it is merged, what was said first stays, and
-- somebody can read which rows these were.

alter table imports add column kept integer not null default 0 check (kept >= 0);
comment on column imports.kept is 'Of the merged rows, those that say otherwise than a row above them in words that decide nothing: what was said first stays.';

alter table import_rows drop constraint import_rows_outcome_check;
alter table import_rows add constraint import_rows_outcome_check check (outcome in ('merged', 'kept', 'warned', 'refused'));
comment on column import_rows.outcome is 'merged (there was such a thing), kept (merged, and some of its words were not taken), warned (it comes in, new or not, and this must be known of it) or refused (left out).';
create index import_rows_kept on import_rows (tenant_id, import_id, line) where outcome = 'kept';
