//! The clockwork: jobs that are enqueued at their time, once across all processes.

use super::queue::system;
use super::{NewJob, enqueue};
use crate::error::AppError;
use crate::platform::db::schema::schedules;
use crate::platform::db::{Db, Meter};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A clockwork entry: when to enqueue which kind.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Its name.
    pub name: &'static str,
    /// Cron expression, in Indian time.
    pub cron: &'static str,
    /// The kind of job.
    pub kind: &'static str,
}

impl Schedule {
    /// Enqueues its job if it is due, and says whether it was.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) fn wind(&self, db: &Db) -> Result<bool, AppError> {
        let next = |now: DateTime<Utc>| {
            let pattern: croner::Cron = self.cron.parse().ok()?;
            let local = now.with_timezone(&chrono_tz::Asia::Kolkata);
            pattern
                .find_next_occurrence(&local, false)
                .ok()
                .map(|at| at.with_timezone(&Utc))
        };
        let mut job = NewJob::new(
            self.kind,
            format!("By the clock: {}", self.name),
            &serde_json::json!({}),
        )?;
        job.unique_key = Some(self.name.to_owned());
        tick(db, self.name, self.cron, next, &job)
    }
}

/// Enqueues a schedule's job if it is due; across processes, whoever locks the row first does it, once.
///
/// # Errors
/// When the database refuses.
pub fn tick(
    db: &Db,
    name: &str,
    cron: &str,
    next: impl Fn(DateTime<Utc>) -> Option<DateTime<Utc>>,
    job: &NewJob,
) -> Result<bool, AppError> {
    db.platform_write(&system(), &Meter::default(), |tx| {
        let now = tx.now();
        let Some(first) = next(now) else {
            return Ok(false);
        };
        tx.execute(
            diesel::insert_into(schedules::table)
                .values((
                    schedules::name.eq(name),
                    schedules::cron.eq(cron),
                    schedules::next_run.eq(first),
                    schedules::updated_at.eq(now),
                ))
                .on_conflict_do_nothing(),
        )?;
        let due: Option<String> = tx.maybe(
            schedules::table
                .filter(schedules::name.eq(name).and(schedules::next_run.le(now)))
                .for_update()
                .skip_locked()
                .select(schedules::name),
        )?;
        if due.is_none() {
            return Ok(false);
        }
        tx.execute(diesel::update(schedules::table.find(name)).set((
            schedules::next_run.eq(first),
            schedules::last_run.eq(now),
            schedules::cron.eq(cron),
            schedules::updated_at.eq(now),
        )))?;
        enqueue(tx, job)?;
        Ok(true)
    })
}
