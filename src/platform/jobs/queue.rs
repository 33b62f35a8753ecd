//! The queue as rows: claim, keep, end.

use crate::error::AppError;
use crate::kernel::ids::{JobId, TenantId};
use crate::platform::db::schema::{job_attempts, jobs, mails};
use crate::platform::db::{Db, Meter, PlatformActor, PlatformTx};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use rand::Rng;
use uuid::Uuid;

/// A claimed job.
#[derive(Clone, Debug, QueryableByName)]
pub struct Claimed {
    /// The job.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The company it works for.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub tenant_id: Option<Uuid>,
    /// Which handler does it.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// What the handler needs.
    #[diesel(sql_type = Jsonb)]
    pub payload: serde_json::Value,
    /// Which try this is.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// How many there may be.
    #[diesel(sql_type = Integer)]
    pub max_attempts: i32,
}

impl Claimed {
    /// The job's id.
    pub fn job(&self) -> JobId {
        JobId::from(self.id)
    }

    /// The company it works for.
    pub fn tenant(&self) -> Option<TenantId> {
        self.tenant_id.map(TenantId::from)
    }
}

/// Fair between companies: of those with work that is due, the one with the fewest running jobs is served first; within a company, by priority
/// and age. The companies are found by hops along the index, so a million jobs of one don't slow the next.
const CLAIM: &str = "
    with recursive hops as (
        (select coalesce(tenant_id, '00000000-0000-0000-0000-000000000000') as tenant from jobs where state = 'queued'
            order by coalesce(tenant_id, '00000000-0000-0000-0000-000000000000') limit 1)
        union all
        select (select coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000') from jobs j
                where j.state = 'queued' and coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000') > h.tenant
                order by coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000') limit 1)
            from hops h where h.tenant is not null
    ), heads as (
        select n.id, h.tenant, (select count(*) from jobs r where r.state = 'running' and coalesce(r.tenant_id, '00000000-0000-0000-0000-000000000000') = h.tenant) as busy, n.priority, n.run_at
            from hops h cross join lateral (
                select id, priority, run_at from jobs j
                    where j.state = 'queued' and coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000') = h.tenant and j.run_at <= $1
                    order by priority, run_at, id limit 4) n
            where h.tenant is not null
    ), next as (
        select j.id from jobs j join heads on heads.id = j.id where j.state = 'queued'
            order by heads.busy, heads.priority, heads.run_at limit 1 for update of j skip locked
    )
    update jobs set state = 'running', worker = $2, lease_until = $1 + make_interval(secs => $3), attempts = attempts + 1, started_at = $1
        from next where jobs.id = next.id
        returning jobs.id, jobs.tenant_id, jobs.kind, jobs.payload, jobs.attempts, jobs.max_attempts";

/// Who keeps the queue: nobody in person.
pub(super) fn system() -> PlatformActor {
    PlatformActor {
        cause: Some("jobs"),
        ..PlatformActor::default()
    }
}

/// Takes the next job that is due, if there is one.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a recursive query with a locking clause"
)]
pub fn claim(db: &Db, worker: &str, lease: Duration) -> Result<Option<Claimed>, AppError> {
    db.platform_write(&system(), &Meter::default(), |tx| {
        let now = tx.now();
        let statement = diesel::sql_query(CLAIM)
            .bind::<diesel::sql_types::Timestamptz, _>(now)
            .bind::<Text, _>(worker)
            .bind::<diesel::sql_types::Double, _>(f64::from(
                i32::try_from(lease.num_seconds()).unwrap_or(60),
            ));
        begun(tx, statement, worker)
    })
}

fn begun<'q>(
    tx: &mut PlatformTx,
    claim: impl diesel::query_dsl::methods::LoadQuery<'q, PgConnection, Claimed>,
    worker: &str,
) -> Result<Option<Claimed>, AppError> {
    let Some(claimed) = tx.maybe::<Claimed>(claim)? else {
        return Ok(None);
    };
    let now = tx.now();
    tx.execute(diesel::insert_into(job_attempts::table).values((
        job_attempts::job_id.eq(claimed.id),
        job_attempts::number.eq(claimed.attempts),
        job_attempts::worker.eq(worker),
        job_attempts::started_at.eq(now),
    )))?;
    Ok(Some(claimed))
}

/// A job of one company and kind, whenever it is due.
const CLAIM_OF: &str = "
    update jobs set state = 'running', worker = $2, lease_until = $1 + interval '1 hour', attempts = attempts + 1, started_at = $1
        where id = (select j.id from jobs j where j.state = 'queued' and j.tenant_id = $3 and j.kind = $4
            and coalesce(j.unique_key, '') <> all ($5) and j.id <> all ($6) order by j.created_at, j.id limit 1 for update skip locked)
        returning id, tenant_id, kind, payload, attempts, max_attempts";

/// Takes a queued job of a company and kind, whenever it is due, that has none of these keys and is none of these; the oldest first.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "an update of what a locking clause finds"
)]
pub fn claim_of(
    db: &Db,
    worker: &str,
    (tenant, kind): (TenantId, &str),
    (but_keys, but): (&[String], &[Uuid]),
) -> Result<Option<Claimed>, AppError> {
    db.platform_write(&system(), &Meter::default(), |tx| {
        let now = tx.now();
        let statement = diesel::sql_query(CLAIM_OF)
            .bind::<diesel::sql_types::Timestamptz, _>(now)
            .bind::<Text, _>(worker)
            .bind::<SqlUuid, _>(tenant)
            .bind::<Text, _>(kind)
            .bind::<Array<Text>, _>(but_keys.to_vec())
            .bind::<Array<SqlUuid>, _>(but.to_vec());
        begun(tx, statement, worker)
    })
}

/// Puts off what is queued of a company and kind: nobody does it before then.
///
/// # Errors
/// When the database refuses.
pub fn hold(
    db: &Db,
    (tenant, kind): (TenantId, &str),
    until: DateTime<Utc>,
) -> Result<usize, AppError> {
    db.platform_write(&system(), &Meter::default(), |tx| {
        let queued = jobs::table.filter(
            jobs::state
                .eq("queued")
                .and(jobs::tenant_id.eq(tenant.uuid()))
                .and(jobs::kind.eq(kind)),
        );
        Ok(tx.execute(diesel::update(queued).set(jobs::run_at.eq(until)))?)
    })
}

/// Gives back the jobs of workers that fell silent: they run again.
///
/// # Errors
/// When the database refuses.
pub fn recover(db: &Db) -> Result<usize, AppError> {
    db.platform_write(&system(), &Meter::default(), |tx| {
        let now = tx.now();
        let silent: Vec<(Uuid, i32, i32)> = tx.load(
            jobs::table
                .filter(jobs::state.eq("running").and(jobs::lease_until.lt(now)))
                .order(jobs::id)
                .for_update()
                .skip_locked()
                .select((jobs::id, jobs::attempts, jobs::max_attempts)),
        )?;
        for (id, attempts, most) in &silent {
            end_attempt(tx, *id, *attempts, "lost", Some("the worker fell silent"))?;
            if attempts >= most {
                give_up(tx, *id, "the worker fell silent")?;
            } else {
                requeue(tx, *id, now, "the worker fell silent")?;
            }
        }
        Ok(silent.len())
    })
}

/// Keeps the leases of what this worker still does.
///
/// # Errors
/// When the database refuses.
pub fn heartbeat(db: &Db, worker_prefix: &str, lease: Duration) -> Result<(), AppError> {
    db.platform_write(&system(), &Meter::default(), |tx| {
        let now = tx.now();
        let mine = jobs::table.filter(
            jobs::state
                .eq("running")
                .and(jobs::worker.like(format!("{worker_prefix}%")))
                .and(jobs::lease_until.gt(now)),
        );
        tx.execute(diesel::update(mine).set(jobs::lease_until.eq(now + lease)))?;
        Ok(())
    })
}

fn lease_lost() -> AppError {
    AppError::internal("the lease was lost; another worker has this job")
}

/// The job is done, unless another worker has it by now.
///
/// # Errors
/// `Refused`-like internal error when the lease was lost, which rolls back what was done.
pub fn finish(
    tx: &mut PlatformTx,
    job: &Claimed,
    worker: &str,
    result: Option<&serde_json::Value>,
) -> Result<(), AppError> {
    let now = tx.now();
    let mine = jobs::table.filter(
        jobs::id
            .eq(job.id)
            .and(jobs::state.eq("running"))
            .and(jobs::worker.eq(worker))
            .and(jobs::attempts.eq(job.attempts)),
    );
    let rows = tx.execute(diesel::update(mine).set((
        jobs::state.eq("done"),
        jobs::worker.eq(None::<String>),
        jobs::lease_until.eq(None::<DateTime<Utc>>),
        jobs::finished_at.eq(now),
        jobs::last_error.eq(None::<String>),
        jobs::result.eq(result),
    )))?;
    if rows != 1 {
        return Err(lease_lost());
    }
    end_attempt(tx, job.id, job.attempts, "done", None)
}

/// How many jobs were given up, and how many letters wait to be sent.
///
/// # Errors
/// When the database refuses.
pub fn troubles(tx: &mut PlatformTx) -> Result<(i64, i64), AppError> {
    let failed = jobs::table.filter(jobs::state.eq("failed")).count();
    let waiting = mails::table.filter(mails::status.eq("waiting")).count();
    Ok((tx.one(failed)?, tx.one(waiting)?))
}

/// How far the job is, for whoever watches.
///
/// # Errors
/// An error when the lease was lost: the worker may as well stop.
pub fn progress(
    tx: &mut PlatformTx,
    job: &Claimed,
    worker: &str,
    (done, of, note): (i32, Option<i32>, &str),
) -> Result<(), AppError> {
    let mine = jobs::table.filter(
        jobs::id
            .eq(job.id)
            .and(jobs::state.eq("running"))
            .and(jobs::worker.eq(worker))
            .and(jobs::attempts.eq(job.attempts)),
    );
    let note: String = note.chars().take(500).collect();
    let rows = tx.execute(diesel::update(mine).set((
        jobs::progress.eq(done),
        jobs::progress_of.eq(of),
        jobs::note.eq(note),
    )))?;
    if rows != 1 {
        return Err(lease_lost());
    }
    Ok(())
}

/// The try failed: later again, with growing waits, or given up.
///
/// # Errors
/// When the database refuses.
pub fn fail(tx: &mut PlatformTx, job: &Claimed, worker: &str, why: &str) -> Result<(), AppError> {
    let why: String = why.chars().take(2000).collect();
    if !is_mine(tx, job, worker)? {
        return Ok(());
    }
    end_attempt(tx, job.id, job.attempts, "failed", Some(&why))?;
    if job.attempts >= job.max_attempts {
        return give_up(tx, job.id, &why);
    }
    let at = tx.now() + back_off(job.attempts);
    requeue(tx, job.id, at, &why)
}

/// The job asked to be run later; this does not count as a failure.
///
/// # Errors
/// When the database refuses.
pub fn put_off(
    tx: &mut PlatformTx,
    job: &Claimed,
    worker: &str,
    until: DateTime<Utc>,
    why: &str,
) -> Result<(), AppError> {
    if !is_mine(tx, job, worker)? {
        return Ok(());
    }
    end_attempt(tx, job.id, job.attempts, "put_off", Some(why))?;
    requeue(tx, job.id, until, why)
}

fn is_mine(tx: &mut PlatformTx, job: &Claimed, worker: &str) -> Result<bool, AppError> {
    let mine = jobs::table.filter(
        jobs::id
            .eq(job.id)
            .and(jobs::state.eq("running"))
            .and(jobs::worker.eq(worker))
            .and(jobs::attempts.eq(job.attempts)),
    );
    Ok(tx
        .maybe::<Uuid>(mine.for_update().select(jobs::id))?
        .is_some())
}

/// 5 s, 10 s, 20 s … up to an hour, give or take a fifth, so that many failures don't come back at once.
fn back_off(attempts: i32) -> Duration {
    let base = 5_000_i64
        .saturating_mul(1_i64 << attempts.clamp(1, 12).saturating_sub(1))
        .min(3_600_000);
    Duration::milliseconds(base + rand::rng().random_range(-base / 5..=base / 5))
}

fn requeue(tx: &mut PlatformTx, id: Uuid, at: DateTime<Utc>, why: &str) -> Result<(), AppError> {
    let (other, now) = (diesel::alias!(jobs as other), tx.now());
    // A newer job with the same key may be queued by now: then this one has nothing left to do.
    let (kind, key, tenant): (String, Option<String>, Option<Uuid>) = tx.one(
        jobs::table
            .find(id)
            .select((jobs::kind, jobs::unique_key, jobs::tenant_id)),
    )?;
    let twin = other
        .filter(other.field(jobs::state).eq("queued"))
        .filter(other.field(jobs::kind).eq(kind))
        .filter(other.field(jobs::unique_key).eq(key.unwrap_or_default()))
        .filter(other.field(jobs::tenant_id).is_not_distinct_from(tenant));
    let has_twin: bool = tx.one(diesel::select(diesel::dsl::exists(twin)))?;
    let state = if has_twin { "discarded" } else { "queued" };
    tx.execute(diesel::update(jobs::table.find(id)).set((
        jobs::state.eq(state),
        jobs::worker.eq(None::<String>),
        jobs::lease_until.eq(None::<DateTime<Utc>>),
        jobs::run_at.eq(at),
        jobs::finished_at.eq(has_twin.then_some(now)),
        jobs::last_error.eq(why),
    )))?;
    Ok(())
}

fn give_up(tx: &mut PlatformTx, id: Uuid, why: &str) -> Result<(), AppError> {
    let now = tx.now();
    tx.execute(diesel::update(jobs::table.find(id)).set((
        jobs::state.eq("failed"),
        jobs::worker.eq(None::<String>),
        jobs::lease_until.eq(None::<DateTime<Utc>>),
        jobs::finished_at.eq(now),
        jobs::last_error.eq(why),
    )))?;
    Ok(())
}

fn end_attempt(
    tx: &mut PlatformTx,
    id: Uuid,
    number: i32,
    outcome: &str,
    error: Option<&str>,
) -> Result<(), AppError> {
    let now = tx.now();
    tx.execute(diesel::update(job_attempts::table.find((id, number))).set((
        job_attempts::finished_at.eq(now),
        job_attempts::outcome.eq(outcome),
        job_attempts::error.eq(error),
    )))?;
    Ok(())
}

/// What waits, runs or failed: state, kind, how many, and one of the errors.
///
/// # Errors
/// When the database refuses.
pub fn waiting(
    tx: &mut PlatformTx,
) -> Result<Vec<(String, String, i64, Option<String>)>, AppError> {
    use diesel::dsl::{count_star, max};
    Ok(tx.load(
        jobs::table
            .filter(jobs::state.eq_any(["queued", "running", "failed"]))
            .group_by((jobs::state, jobs::kind))
            .order((jobs::state, jobs::kind))
            .select((jobs::state, jobs::kind, count_star(), max(jobs::last_error))),
    )?)
}
