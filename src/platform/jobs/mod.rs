//! Work in the background: enqueued in the caller's transaction, done by an in-process pool of workers.

pub mod clock;
pub mod queue;
mod run;
mod workers;

pub use clock::Schedule;
pub use run::{JobError, JobRun};
pub use workers::{Handler, Registry, Workers};

use crate::error::AppError;
use crate::kernel::ids::JobId;
use crate::platform::db::{PlatformTx, Prepared, Scope, prepared};
use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::sql_types::{
    Array, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use serde::Serialize;

/// A transaction in which work can be enqueued and letters written: a company's or the platform's.
pub trait Enqueue {
    /// Runs a statement of ours and says how many rows it gave.
    ///
    /// # Errors
    /// What the database refuses.
    fn run(&mut self, statement: Prepared<'static>) -> QueryResult<usize>;
}

impl Enqueue for Scope<'_> {
    fn run(&mut self, statement: Prepared<'static>) -> QueryResult<usize> {
        self.execute(statement)
    }
}

impl Enqueue for PlatformTx<'_> {
    fn run(&mut self, statement: Prepared<'static>) -> QueryResult<usize> {
        self.execute(statement)
    }
}

/// A job to be enqueued.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// The job.
    pub id: JobId,
    /// Which handler does it.
    pub kind: &'static str,
    /// What it does, in words for people.
    pub title: String,
    /// What the handler needs. Never a secret in clear.
    pub payload: serde_json::Value,
    /// At most one queued job of this kind and key.
    pub unique_key: Option<String>,
    /// Smaller goes first; 100 is ordinary.
    pub priority: i16,
    /// Not before; `None` is at once.
    pub run_at: Option<DateTime<Utc>>,
    /// Tries before it counts as failed.
    pub max_attempts: i32,
}

impl NewJob {
    /// An ordinary job, to be done at once.
    ///
    /// # Errors
    /// When the payload can't be written as JSON.
    pub fn new(
        kind: &'static str,
        title: impl Into<String>,
        payload: &impl Serialize,
    ) -> Result<Self, AppError> {
        Ok(Self {
            id: JobId::new(),
            kind,
            title: title.into(),
            payload: serde_json::to_value(payload).map_err(AppError::internal)?,
            unique_key: None,
            priority: 100,
            run_at: None,
            max_attempts: 8,
        })
    }
}

/// Enqueues a job: it starts after this transaction has committed, or never was.
///
/// # Errors
/// When the database refuses.
#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
pub fn enqueue(tx: &mut impl Enqueue, job: &NewJob) -> Result<(), AppError> {
    let statement = prepared("select enqueue_job($1, $2, $3, $4, $5, $6, coalesce($7, now()), $8)")
        .bind::<SqlUuid, _>(job.id)
        .bind::<Text, _>(job.kind)
        .bind::<Text, _>(job.title.clone())
        .bind::<Jsonb, _>(job.payload.clone())
        .bind::<Nullable<Text>, _>(job.unique_key.clone())
        .bind::<SmallInt, _>(job.priority)
        .bind::<Nullable<Timestamptz>, _>(job.run_at)
        .bind::<Integer, _>(job.max_attempts);
    tx.run(statement)?;
    Ok(())
}

/// Makes queued jobs of a kind and of this company due at once, by their keys: whoever asks for work that is put off for later need not
/// queue it a second time.
///
/// # Errors
/// When the database refuses.
#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
pub fn hurry(tx: &mut impl Enqueue, kind: &'static str, keys: &[String]) -> Result<(), AppError> {
    let statement = prepared("select hurry_jobs($1, $2)")
        .bind::<Text, _>(kind)
        .bind::<Array<Text>, _>(keys.to_vec());
    tx.run(statement)?;
    Ok(())
}

/// Enqueues several jobs, in one statement; none where there are none.
///
/// # Errors
/// When the database refuses.
#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
pub fn enqueue_all(tx: &mut impl Enqueue, jobs: &[NewJob]) -> Result<(), AppError> {
    if jobs.is_empty() {
        return Ok(());
    }
    let statement = prepared(
        "select enqueue_job(j.id, j.kind, j.title, j.payload, j.unique_key, j.priority, coalesce(j.run_at, now()), j.max_attempts)
           from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::text[], $6::smallint[], $7::timestamptz[], $8::integer[])
             as j (id, kind, title, payload, unique_key, priority, run_at, max_attempts)",
    )
    .bind::<Array<SqlUuid>, _>(jobs.iter().map(|job| job.id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(jobs.iter().map(|job| job.kind).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(jobs.iter().map(|job| job.title.clone()).collect::<Vec<_>>())
    .bind::<Array<Jsonb>, _>(jobs.iter().map(|job| job.payload.clone()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(
        jobs.iter().map(|job| job.unique_key.clone()).collect::<Vec<_>>(),
    )
    .bind::<Array<SmallInt>, _>(jobs.iter().map(|job| job.priority).collect::<Vec<_>>())
    .bind::<Array<Nullable<Timestamptz>>, _>(jobs.iter().map(|job| job.run_at).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(jobs.iter().map(|job| job.max_attempts).collect::<Vec<_>>());
    tx.run(statement)?;
    Ok(())
}
