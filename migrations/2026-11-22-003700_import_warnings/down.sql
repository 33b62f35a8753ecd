drop index import_rows_warned;
update import_rows set outcome = 'merged' where outcome = 'warned';
alter table import_rows drop constraint import_rows_outcome_check;
alter table import_rows add constraint import_rows_outcome_check check (outcome in ('merged', 'refused'));
comment on column import_rows.outcome is 'merged (there was such a thing) or refused (left out).';
alter table imports drop column warned;
