//! The letters about bills, notes and money, and the documents that go with them.

use crate::accounting::actions::letters::{self, Billed};
use crate::accounting::actions::money_letters::{self, Happened};
use crate::accounting::model::{Document, Paper};
use crate::accounting::print;
use crate::accounting::rules::einvoice::Status;
use crate::accounting::views::papers::Look;
use crate::accounting::views::sheet::{Sheet, Tongues};
use crate::companies::model::Company;
use crate::error::AppError;
use crate::kernel::language::Lang;
use crate::platform::files::Store;
use crate::platform::jobs::{JobError, JobRun};
use crate::platform::mail::{Attached, PaperOf};
use chrono::TimeDelta;

/// So long a letter waits for the authority to register its document.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);
/// So often it looks whether it has.
const AGAIN: TimeDelta = TimeDelta::seconds(20);

/// Writes it into the outbox. `base` is the address of the installation.
///
/// # Errors
/// Whatever the database refuses; the job comes again.
pub fn write(run: &JobRun, base: &str) -> Result<(), JobError> {
    let wanted: Billed =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    run.finish_in_company(|scope| {
        let written = letters::write(scope, wanted, base)?;
        Ok(serde_json::json!({ "letters": written }))
    })?;
    Ok(())
}

/// Writes the letters about money into the outbox. `base` is the address of the installation.
///
/// # Errors
/// Whatever the database refuses; the job comes again.
pub fn tell(run: &JobRun, base: &str) -> Result<(), JobError> {
    let happened: Happened =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    run.finish_in_company(|scope| {
        let written = money_letters::write(scope, happened, base)?;
        Ok(serde_json::json!({ "letters": written }))
    })?;
    Ok(())
}

/// Prints the document that goes with a letter, as it stands when the letter is sent. One that is just being registered is waited for: until it
/// is, its paper lacks the authority's number and code.
///
/// # Errors
/// `PutOff` while it waits for the authority; whatever the database refuses, and the job comes again.
pub fn paper(run: &JobRun, store: &Store, wanted: PaperOf) -> Result<Attached, JobError> {
    let (company, paper, now) = run.read(|scope| {
        let document = Document::by_id(scope, wanted.document)?;
        let paper = Paper::of(scope, document)?;
        Ok((Company::own(scope)?, paper, scope.now()))
    })?;
    let is_on_its_way = paper
        .einvoice
        .as_ref()
        .is_some_and(|einvoice| matches!(einvoice.status, Status::Pending | Status::InFlight));
    if is_on_its_way && now < paper.document.issued_at + PATIENCE {
        let why = "its document is being registered".to_owned();
        return Err(JobError::PutOff(now + AGAIN, why));
    }
    let logo = company
        .logo_file_id
        .and_then(|file| store.whole(run.tenant().ok()?, file).ok());
    let tongues = Tongues {
        first: Lang::En,
        second: wanted.second,
    };
    let sheet = Look::new(company.hue, logo).sheet(&paper, 1, tongues);
    let sheets: Vec<Sheet> = sheet.into_iter().collect();
    Ok(Attached {
        name: format!("{}.pdf", paper.document.url_no),
        media_type: "application/pdf",
        bytes: print::pdf(&sheets).map_err(AppError::internal)?,
    })
}
