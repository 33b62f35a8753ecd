-- Whoever waits has not failed: tries that were put off don't bring a job nearer to being given up.
alter table jobs add column put_offs integer not null default 0 check (put_offs between 0 and attempts);
comment on column jobs.put_offs is 'Tries that were put off: not yet done, and no failures.';
comment on column jobs.max_attempts is 'Tries before it counts as failed, without those that were put off.';
update jobs j set put_offs = p.count
    from (select job_id, count(*) as count from job_attempts where outcome = 'put_off' group by job_id) p
    where p.job_id = j.id and j.state in ('queued', 'running', 'failed');
