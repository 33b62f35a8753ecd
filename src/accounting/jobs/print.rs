//! Many documents as one PDF, for whoever prints the day's bills.

use crate::accounting::model::{Document, Paper};
use crate::accounting::print;
use crate::accounting::views::papers::Look;
use crate::accounting::views::sheet::Tongues;
use crate::companies::model::Company;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{DocumentId, FileId, UserId};
use crate::kernel::language::{Lang, text};
use crate::platform::files::{self, NewFile, Store};
use crate::platform::jobs::{JobError, JobRun};
use chrono::Duration;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Kind of the job that prints documents.
pub const PRINT: &str = "documents.print";
/// Documents that are read at a time, after which the job tells how far it is.
const BATCH: usize = 10;

/// What the job needs.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PrintJob {
    /// The documents.
    pub ids: Vec<DocumentId>,
    /// The second language, if one is wanted.
    pub second: Option<Lang>,
    /// Language of the words about the job.
    pub lang: Lang,
    /// Who asked.
    pub asked_by: Option<UserId>,
}

/// Prints documents, by date and number, into one file and keeps it for seven days.
///
/// # Errors
/// Whatever the database or the file store refuses; the job comes again.
pub fn print(run: &JobRun, store: &Store) -> Result<(), JobError> {
    let wanted: PrintJob =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    let tenant = run.tenant()?;
    let company = run.read(Company::own)?;
    let logo = company
        .logo_file_id
        .and_then(|file| store.whole(tenant, file).ok());
    let look = Look::new(company.hue, logo);
    let tongues = Tongues {
        first: Lang::En,
        second: wanted.second,
    };
    let documents = run.read(|scope| Document::by_ids(scope, &wanted.ids))?;
    let all = documents.len();
    let mut book = print::Book::new().map_err(AppError::internal)?;
    let mut done = 0;
    for batch in documents.chunks(BATCH) {
        let papers = run.read(|scope| Paper::of_documents(scope, batch.to_vec()))?;
        for paper in &papers {
            if let Some(sheet) = look.sheet(paper, 1, tongues) {
                book.add(&sheet).map_err(AppError::internal)?;
            }
        }
        done += batch.len();
        run.progress(done, Some(all), &wanted.lang.t(text!("Printing")))?;
    }
    let bytes = book.finish().map_err(AppError::internal)?;
    // Each try has a file of its own, pending until the job is done: a worker that lost the job can't write over another's.
    let id = FileId::new();
    run.write(|scope| {
        let day = dates::today(scope.now()).format("%Y-%m-%d");
        files::add(
            scope,
            &NewFile {
                id,
                name: format!("invoices-{day}.pdf"),
                media_type: "application/pdf",
                bytes: i64::try_from(bytes.len()).map_err(AppError::internal)?,
                sha256: Sha256::digest(&bytes).to_vec(),
                purpose: "export",
                needs: "invoices.read",
                created_by: wanted.asked_by,
                lives: Duration::hours(1),
            },
        )
    })?;
    store.put(tenant, id, &mut bytes.as_slice())?;
    run.finish_in_company(|scope| {
        files::keep_for(scope, id, Duration::days(7))?;
        Ok(serde_json::json!({ "file": id, "rows": done }))
    })?;
    Ok(())
}
