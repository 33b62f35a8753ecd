//! The demo's way out: what there is of it, and all of it gone. What is of the demo says so (`is_demo`) from its making on.
//!
//! Bytes go before rows, because a row is what bytes are found by: a try that ends halfway leaves rows, and the next one finds everything again.

use super::db::{Db, Meter, PlatformActor, PlatformTx};
use super::files::Store;
use super::jobs::{self, JobError, JobRun, NewJob};
use crate::error::AppError;
use crate::kernel::ids::{FileId, TenantId};
use chrono::Duration;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use uuid::Uuid;

/// The kind of the job that removes the demo.
pub const REMOVE: &str = "platform.remove_demo";

/// The platform admin whom the demo brings along, and who stays when it goes.
pub const ADMIN: &str = "admin@mandi.example";

/// What there is of the demo.
#[derive(Clone, Debug, PartialEq, QueryableByName)]
pub struct DemoData {
    /// Names of its companies, at most ten.
    #[diesel(sql_type = Array<Text>)]
    pub names: Vec<String>,
    /// How many companies.
    #[diesel(sql_type = BigInt)]
    pub companies: i64,
    /// How many retailers.
    #[diesel(sql_type = BigInt)]
    pub retailers: i64,
    /// How many people belong to these and to nobody else, and don't run the installation.
    #[diesel(sql_type = BigInt)]
    pub people: i64,
    /// How many real companies sell to its retailers.
    #[diesel(sql_type = BigInt)]
    pub connected: i64,
    /// The job that is removing it, if one waits or runs.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub leaving: Option<Uuid>,
}

/// What there is of the demo, if there is anything. One statement.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "counts of several tables in one statement"
)]
pub fn find(tx: &mut PlatformTx) -> Result<Option<DemoData>, AppError> {
    let statement = sql_query(
        "select array(select name from companies where is_demo order by name, id limit 10) as names,
            (select count(*) from companies where is_demo) as companies,
            (select count(*) from retailers where is_demo) as retailers,
            (select count(*) from demo_people()) as people,
            (select count(distinct n.tenant_id) from retailers r join connections n on n.retailer_id = r.id join companies c on c.id = n.tenant_id
                where r.is_demo and not c.is_demo) as connected,
            coalesce((select id from jobs where kind = $1 and unique_key = 'demo' and state = 'queued' limit 1),
                     (select id from jobs where kind = $1 and state = 'running' limit 1)) as leaving",
    )
    .bind::<Text, _>(REMOVE);
    let found: DemoData = tx.one(statement)?;
    Ok((found.companies + found.retailers > 0).then_some(found))
}

/// Enqueues the removal; a second wish while one waits changes nothing.
///
/// # Errors
/// When the database refuses.
pub fn ask_removal(tx: &mut PlatformTx) -> Result<(), AppError> {
    let mut job = NewJob::new(REMOVE, "Remove the demo data", &serde_json::json!({}))?;
    job.unique_key = Some("demo".to_owned());
    jobs::enqueue(tx, &job)
}

#[derive(QueryableByName)]
struct DemoFile {
    #[diesel(sql_type = SqlUuid)]
    tenant: Uuid,
    #[diesel(sql_type = SqlUuid)]
    file: Uuid,
    #[diesel(sql_type = Bool)]
    is_coming: bool,
}

#[derive(QueryableByName)]
struct Removed {
    #[diesel(sql_type = Nullable<BigInt>)]
    rows: Option<i64>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a function call: the rows of all companies of the demo are behind it"
)]
fn files(tx: &mut PlatformTx) -> Result<Vec<DemoFile>, AppError> {
    Ok(tx.load(sql_query("select * from demo_files()"))?)
}

/// Whether a job of a company of the demo runs at this moment: it may be about to write a file.
#[expect(
    clippy::disallowed_methods,
    reason = "a question across companies without a row type"
)]
fn is_at_work(tx: &mut PlatformTx) -> Result<bool, AppError> {
    let running: Vec<Removed> = tx.load(sql_query(
        "select 1::bigint as rows from jobs j join companies c on c.id = j.tenant_id where c.is_demo and j.state = 'running' and j.lease_until > now() limit 1",
    ))?;
    Ok(!running.is_empty())
}

/// The rows, all or none; `None` when a file has come whose bytes are still there.
#[expect(
    clippy::disallowed_methods,
    reason = "a function call: the rows of all companies of the demo are behind it"
)]
fn rows(tx: &mut PlatformTx, without_bytes: &[Uuid]) -> Result<Option<i64>, AppError> {
    // A long demo takes longer than a request may.
    tx.execute(sql_query("set local statement_timeout = '10min'"))?;
    // Its GSTINs and accounts are what it is found by there: if none of its rows may go yet, this is rolled back with the rest.
    tx.execute(sql_query("select leave_sandboxes()"))?;
    let removed: Removed = tx.one(
        sql_query("select remove_demo($1) as rows").bind::<Array<SqlUuid>, _>(without_bytes),
    )?;
    Ok(removed.rows)
}

/// Removes the demo: its bytes from the store, then its rows together with the end of the job.
///
/// # Errors
/// `PutOff` while somebody is writing a file of the demo; when the store can't remove a file (no row is gone then), or the database refuses.
pub fn remove(run: &JobRun, store: &Store) -> Result<(), JobError> {
    let later = |why: &str| {
        let soon = run.db().clock().now() + Duration::seconds(5);
        JobError::PutOff(soon, why.to_owned())
    };
    let Some(files) = ready(run.db())? else {
        return Err(later(
            "The demo is at work: a job of it runs, or a file is on its way.",
        ));
    };
    let without_bytes = remove_bytes(run, store, &files)?;
    let mut is_late = false;
    let removed = run.finish(|tx| match rows(tx, &without_bytes)? {
        Some(removed) => Ok(removed),
        None => {
            is_late = true;
            Err(AppError::internal("a file came while the demo was leaving"))
        }
    });
    match removed {
        Ok(rows) => {
            tracing::info!(rows, files = files.len(), "the demo is gone");
            Ok(())
        }
        Err(_) if is_late => Err(later("A file came while the demo was leaving.")),
        Err(error) => Err(error.into()),
    }
}

/// The files of the demo, unless one more may be on its way.
fn ready(db: &Db) -> Result<Option<Vec<DemoFile>>, AppError> {
    let actor = PlatformActor {
        cause: Some("job"),
        ..PlatformActor::default()
    };
    db.platform_read(&actor, &Meter::default(), |tx| {
        let (is_at_work, files) = (is_at_work(tx)?, files(tx)?);
        let is_quiet = !is_at_work && !files.iter().any(|file| file.is_coming);
        Ok(is_quiet.then_some(files))
    })
}

/// Takes the bytes out of the store and says whose they were. One file that can't be removed does not keep the others.
fn remove_bytes(run: &JobRun, store: &Store, files: &[DemoFile]) -> Result<Vec<Uuid>, AppError> {
    let (mut without_bytes, mut failed) = (Vec::new(), None);
    for (done, one) in files.iter().enumerate() {
        if done % 20 == 0 {
            run.progress(done, Some(files.len()), "Files are removed")?;
        }
        match store.remove(TenantId::from(one.tenant), FileId::from(one.file)) {
            Ok(()) => without_bytes.push(one.file),
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) => Err(error),
        None => {
            run.progress(files.len(), Some(files.len()), "Rows are removed")?;
            Ok(without_bytes)
        }
    }
}
