comment on column jobs.max_attempts is 'Tries before it counts as failed.';
alter table jobs drop column put_offs;
