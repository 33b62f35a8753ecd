//! How a try goes on and ends: done, put off, failed, given up.

use super::Claimed;
use crate::error::AppError;
use crate::platform::db::PlatformTx;
use crate::platform::db::schema::{job_attempts, jobs};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use rand::Rng;
use uuid::Uuid;

/// The job, as long as this try of this worker's is the one that runs.
#[diesel::dsl::auto_type(no_type_alias)]
fn mine<'j>(job: &Claimed, worker: &'j str) -> _ {
    let (id, attempts): (Uuid, i32) = (job.id, job.attempts);
    jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::state.eq("running"))
        .filter(jobs::worker.eq(worker))
        .filter(jobs::attempts.eq(attempts))
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
    let rows = tx.execute(diesel::update(mine(job, worker)).set((
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
    let note: String = note.chars().take(500).collect();
    let rows = tx.execute(diesel::update(mine(job, worker)).set((
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
    if job.is_last_try() {
        return give_up(tx, job.id, &why);
    }
    let at = tx.now() + back_off(job.counted());
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
    let row = diesel::update(jobs::table.find(job.id));
    tx.execute(row.set(jobs::put_offs.eq(jobs::put_offs + 1)))?;
    requeue(tx, job.id, until, why)
}

fn is_mine(tx: &mut PlatformTx, job: &Claimed, worker: &str) -> Result<bool, AppError> {
    Ok(tx
        .maybe::<Uuid>(mine(job, worker).for_update().select(jobs::id))?
        .is_some())
}

/// 5 s, 10 s, 20 s … up to an hour, give or take a fifth, so that many failures don't come back at once.
fn back_off(attempts: i32) -> Duration {
    let base = 5_000_i64
        .saturating_mul(1_i64 << attempts.clamp(1, 12).saturating_sub(1))
        .min(3_600_000);
    Duration::milliseconds(base + rand::rng().random_range(-base / 5..=base / 5))
}

/// Does again what was refused because somebody queued the same work at that moment: on a second look the newer job is seen.
pub(in crate::platform::jobs) fn seeing_twins<T>(
    work: impl Fn() -> Result<T, AppError>,
) -> Result<T, AppError> {
    match work() {
        Err(error) if error.constraint() == Some("jobs_once") => work(),
        outcome => outcome,
    }
}

pub(super) fn requeue(
    tx: &mut PlatformTx,
    id: Uuid,
    at: DateTime<Utc>,
    why: &str,
) -> Result<(), AppError> {
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

pub(super) fn give_up(tx: &mut PlatformTx, id: Uuid, why: &str) -> Result<(), AppError> {
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

pub(super) fn end_attempt(
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
