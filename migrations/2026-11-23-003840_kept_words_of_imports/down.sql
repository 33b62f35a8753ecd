drop index import_rows_kept;
update import_rows set outcome = 'merged' where outcome = 'kept';
alter table import_rows drop constraint import_rows_outcome_check;
alter table import_rows add constraint import_rows_outcome_check check (outcome in ('merged', 'warned', 'refused'));
comment on column import_rows.outcome is 'merged (there was such a thing), warned (it comes in, new or not, and this must be known of it) or refused (left out).';
alter table imports drop column kept;
