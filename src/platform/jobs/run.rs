//! A try at a job: what its handler works with, and how it ends.

use super::queue::{self, Claimed};
use crate::error::AppError;
use crate::kernel::ids::{TenantId, UserId};
use crate::platform::db::{Db, Member, Meter, PlatformActor, PlatformTx, Scope};
use chrono::{DateTime, Utc};
use std::sync::atomic::{AtomicBool, Ordering};

/// Why a try at a job did not get it done.
#[derive(Debug)]
pub enum JobError {
    /// It failed: again later, with growing waits.
    Failed(String),
    /// It is not time yet: again at that moment; does not count as a failure.
    PutOff(DateTime<Utc>, String),
}

impl From<AppError> for JobError {
    fn from(error: AppError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// A try at a job.
pub struct JobRun {
    /// The job.
    pub job: Claimed,
    db: Db,
    worker: String,
    finished: AtomicBool,
}

impl JobRun {
    /// A worker's try.
    pub(super) fn new(db: &Db, worker: &str, job: Claimed) -> Self {
        Self {
            db: db.clone(),
            worker: worker.to_owned(),
            finished: AtomicBool::new(false),
            job,
        }
    }

    /// Writes down how the try ended.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) fn end(&self, outcome: Result<(), JobError>) -> Result<(), AppError> {
        let (job, worker) = (&self.job, &self.worker);
        let write = |end: &dyn Fn(&mut PlatformTx) -> Result<(), AppError>| {
            queue::seeing_twins(|| {
                self.db
                    .platform_write(&self.actor(), &Meter::default(), end)
            })
        };
        match outcome {
            Ok(()) if self.finished.load(Ordering::Acquire) => Ok(()),
            Ok(()) => self.finish(|_| Ok(())),
            Err(JobError::Failed(why)) => {
                tracing::warn!(why, "job failed");
                write(&|tx| queue::fail(tx, job, worker, &why))
            }
            Err(JobError::PutOff(until, why)) => {
                write(&|tx| queue::put_off(tx, job, worker, until, &why))
            }
        }
    }

    /// The database, for reading.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The company that the job works for.
    ///
    /// # Errors
    /// When it works for none.
    pub fn tenant(&self) -> Result<TenantId, AppError> {
        self.job
            .tenant()
            .ok_or_else(|| AppError::internal("this job works for no company"))
    }

    /// Writes for the platform and ends the job in the same transaction: what a lost lease has done is rolled back, so it counts once.
    ///
    /// # Errors
    /// Whatever `work` fails with; an error when another worker has the job by now.
    pub fn finish<T>(
        &self,
        work: impl FnOnce(&mut PlatformTx) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let done = self
            .db
            .platform_write(&self.actor(), &Meter::default(), |tx| {
                let value = work(tx)?;
                queue::finish(tx, &self.job, &self.worker, None)?;
                Ok(value)
            })?;
        self.finished.store(true, Ordering::Release);
        Ok(done)
    }

    /// Writes inside the job's company and ends the job in the same transaction, with a result for whoever waits.
    ///
    /// # Errors
    /// Whatever `work` fails with; an error when another worker has the job by now, or when the job works for no company.
    pub fn finish_in_company(
        &self,
        work: impl FnOnce(&mut Scope) -> Result<serde_json::Value, AppError>,
    ) -> Result<(), AppError> {
        let tenant = self.tenant()?;
        self.db
            .platform_write(&self.actor(), &Meter::default(), |tx| {
                let result = tx.in_company(tenant, work)?;
                queue::finish(tx, &self.job, &self.worker, Some(&result))
            })?;
        self.finished.store(true, Ordering::Release);
        Ok(())
    }

    /// Writes inside the job's company; the job goes on. What is written has to be safe to write again.
    ///
    /// # Errors
    /// Whatever `work` fails with; an error when the job works for no company.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let tenant = self.tenant()?;
        self.db
            .platform_write(&self.actor(), &Meter::default(), |tx| {
                tx.in_company(tenant, work)
            })
    }

    /// The same in the name of the person who asked for the work: ledgers and the audit name them.
    ///
    /// # Errors
    /// Whatever `work` fails with; an error when the job works for no company.
    pub fn write_for<T>(
        &self,
        user: Option<UserId>,
        work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let (tenant, actor) = (
            self.tenant()?,
            PlatformActor {
                user,
                ..self.actor()
            },
        );
        self.db
            .platform_write(&actor, &Meter::default(), |tx| tx.in_company(tenant, work))
    }

    /// Tells whoever watches how far the job is: steps done, steps in all if known, and what it does, in words.
    ///
    /// # Errors
    /// When the database refuses, or another worker has the job by now.
    pub fn progress(&self, done: usize, of: Option<usize>, note: &str) -> Result<(), AppError> {
        let count = |steps: usize| i32::try_from(steps).unwrap_or(i32::MAX);
        let told = (count(done), of.map(count), note);
        self.db
            .platform_write(&self.actor(), &Meter::default(), |tx| {
                queue::progress(tx, &self.job, &self.worker, told)
            })
    }

    /// A look into the job's company.
    ///
    /// # Errors
    /// Whatever `work` fails with.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let tenant = self.tenant()?;
        self.db.read(
            &Member::system(tenant, &self.job.kind),
            &Meter::default(),
            work,
        )
    }

    fn actor(&self) -> PlatformActor {
        PlatformActor {
            cause: Some("job"),
            ..PlatformActor::default()
        }
    }
}
