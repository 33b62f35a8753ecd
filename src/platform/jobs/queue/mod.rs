//! The queue as rows: claim, keep, end.

mod claim;
mod ends;

pub use claim::{Claimed, claim, claim_of};
pub(super) use ends::seeing_twins;
pub use ends::{fail, finish, progress, put_off};

use crate::error::AppError;
use crate::kernel::ids::TenantId;
use crate::platform::db::schema::{jobs, mails};
use crate::platform::db::{Db, Meter, PlatformActor, PlatformTx};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use ends::{end_attempt, give_up, requeue};
use uuid::Uuid;

/// Who keeps the queue: nobody in person.
pub(super) fn system() -> PlatformActor {
    PlatformActor {
        cause: Some("jobs"),
        ..PlatformActor::default()
    }
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
    let give_back = |tx: &mut PlatformTx| {
        let now = tx.now();
        let silent: Vec<(Uuid, i32, i32, i32)> = tx.load(
            jobs::table
                .filter(jobs::state.eq("running").and(jobs::lease_until.lt(now)))
                .order(jobs::id)
                .for_update()
                .skip_locked()
                .select((jobs::id, jobs::attempts, jobs::put_offs, jobs::max_attempts)),
        )?;
        for (id, attempts, put_offs, most) in &silent {
            end_attempt(tx, *id, *attempts, "lost", Some("the worker fell silent"))?;
            if attempts - put_offs >= *most {
                give_up(tx, *id, "the worker fell silent")?;
            } else {
                requeue(tx, *id, now, "the worker fell silent")?;
            }
        }
        Ok(silent.len())
    };
    seeing_twins(|| db.platform_write(&system(), &Meter::default(), give_back))
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

/// How many jobs were given up, and how many letters wait to be sent.
///
/// # Errors
/// When the database refuses.
pub fn troubles(tx: &mut PlatformTx) -> Result<(i64, i64), AppError> {
    let failed = jobs::table.filter(jobs::state.eq("failed")).count();
    let waiting = mails::table.filter(mails::status.eq("waiting")).count();
    Ok((tx.one(failed)?, tx.one(waiting)?))
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
