//! Jobs as rows for people who look after them. Platform rows: everything here takes a `PlatformTx`.

use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::db::PlatformTx;
use crate::platform::db::schema::{companies, job_attempts, jobs};
use crate::web::list::{Cursor, ListQuery, Page};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// States that a list can be filtered by.
pub const STATES: [&str; 5] = ["queued", "running", "done", "failed", "discarded"];

/// A job.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct Job {
    pub id: Uuid,
    pub tenant_id: Option<Uuid>,
    pub kind: String,
    pub title: String,
    pub payload: serde_json::Value,
    pub state: String,
    pub run_at: DateTime<Utc>,
    pub attempts: i32,
    pub max_attempts: i32,
    pub put_offs: i32,
    pub worker: Option<String>,
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl Job {
    /// Tries that count: all but those that were put off.
    pub fn counted(&self) -> i32 {
        self.attempts - self.put_offs
    }
}

/// A try at a job.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = job_attempts)]
pub struct Attempt {
    pub number: i32,
    pub worker: String,
    pub started_at: DateTime<Utc>,
    pub outcome: Option<String>,
    pub error: Option<String>,
}

/// Where a page of jobs begins.
pub type Mark = (DateTime<Utc>, Uuid);

/// One page of jobs, newest first, and how many match.
///
/// # Errors
/// When the database refuses.
pub fn list(tx: &mut PlatformTx, query: &ListQuery) -> Result<(Page<Job>, i64), AppError> {
    let states = query.all("state", &STATES);
    let filtered = || {
        let mut rows = jobs::table.into_boxed();
        // One state by `=`: the index then gives the order, too.
        rows = match states.as_slice() {
            [] => rows,
            [only] => rows.filter(jobs::state.eq(*only)),
            several => rows.filter(jobs::state.eq_any(several.to_vec())),
        };
        if let Some(search) = query.search() {
            let like = format!("%{}%", search.replace(['%', '_', '\\'], ""));
            rows = rows.filter(jobs::kind.ilike(like.clone()).or(jobs::title.ilike(like)));
        }
        rows
    };
    let cursor = query.cursor::<Mark>();
    let mut rows = filtered().select(Job::as_select()).limit(query.size() + 1);
    rows = match &cursor {
        // The first condition is what an index can do, the second tells rows of the same moment apart.
        Some(Cursor::After((at, id))) => rows
            .filter(jobs::created_at.le(*at))
            .filter(
                jobs::created_at
                    .lt(*at)
                    .or(jobs::created_at.eq(*at).and(jobs::id.lt(*id))),
            )
            .order((jobs::created_at.desc(), jobs::id.desc())),
        Some(Cursor::Before((at, id))) => rows
            .filter(jobs::created_at.ge(*at))
            .filter(
                jobs::created_at
                    .gt(*at)
                    .or(jobs::created_at.eq(*at).and(jobs::id.gt(*id))),
            )
            .order((jobs::created_at.asc(), jobs::id.asc())),
        None => rows.order((jobs::created_at.desc(), jobs::id.desc())),
    };
    let rows = tx.load(rows)?;
    let counted = tx.count(
        filtered()
            .select(jobs::id)
            .limit(crate::web::list::COUNT_CAP + 1),
    )?;
    let page = Page::new(rows, query.size(), cursor.as_ref(), |job| {
        (job.created_at, job.id)
    });
    Ok((page, counted))
}

/// A job with its tries and the slug of its company.
///
/// # Errors
/// `NotFound`.
pub fn find(
    tx: &mut PlatformTx,
    id: Uuid,
) -> Result<(Job, Vec<Attempt>, Option<String>), AppError> {
    let job: Job = tx.one(jobs::table.find(id).select(Job::as_select()))?;
    let attempts = tx.load(
        job_attempts::table
            .filter(job_attempts::job_id.eq(id))
            .order(job_attempts::number.desc())
            .limit(100)
            .select(Attempt::as_select()),
    )?;
    let company = match job.tenant_id {
        Some(tenant) => tx.maybe(companies::table.find(tenant).select(companies::name))?,
        None => None,
    };
    Ok((job, attempts, company))
}

/// Queues a job that failed or waits, to be run at once. A second time changes nothing.
///
/// # Errors
/// `Refused` when it runs or is done.
pub fn retry(tx: &mut PlatformTx, id: Uuid) -> Result<(), AppError> {
    let now = tx.now();
    let job: Job = tx.one(jobs::table.find(id).for_update().select(Job::as_select()))?;
    if !matches!(job.state.as_str(), "failed" | "queued" | "discarded") {
        return Err(AppError::refused(Said::new(
            "This job runs or is done, so there is nothing to retry.",
        )));
    }
    tx.execute(diesel::update(jobs::table.find(id)).set((
        jobs::state.eq("queued"),
        jobs::run_at.eq(now),
        jobs::finished_at.eq(None::<DateTime<Utc>>),
        jobs::max_attempts.eq(job.max_attempts.max(job.counted() + 1)),
    )))?;
    tx.load::<bool>(diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(
        "pg_notify('mandi_jobs', '') is null",
    )))?;
    Ok(())
}

/// Takes a job out of the queue for good.
///
/// # Errors
/// `Refused` when it runs or is done.
pub fn discard(tx: &mut PlatformTx, id: Uuid) -> Result<(), AppError> {
    let now = tx.now();
    let job: Job = tx.one(jobs::table.find(id).for_update().select(Job::as_select()))?;
    match job.state.as_str() {
        "discarded" => return Ok(()),
        "queued" | "failed" => {}
        _ => {
            return Err(AppError::refused(Said::new(
                "This job runs or is done, so it can't be discarded.",
            )));
        }
    }
    tx.execute(
        diesel::update(jobs::table.find(id))
            .set((jobs::state.eq("discarded"), jobs::finished_at.eq(now))),
    )?;
    Ok(())
}

/// A payload with everything that may be a secret masked.
pub fn masked(payload: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    const SECRET: [&str; 5] = ["token", "secret", "password", "code", "key"];
    match payload {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let is_secret = SECRET.iter().any(|word| name.to_lowercase().contains(word));
                (
                    name.clone(),
                    if is_secret {
                        Value::from("•••")
                    } else {
                        masked(value)
                    },
                )
            })
            .collect(),
        Value::Array(items) => items.iter().map(masked).collect(),
        other => other.clone(),
    }
}
