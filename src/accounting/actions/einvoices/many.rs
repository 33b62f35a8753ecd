//! All documents that are not registered yet, looked through at once: what keeps each from being registered, and sending many.

use super::account::refused;
use super::begin::{no_account, no_authority};
use crate::accounting::actions::issue::send_now;
use crate::accounting::fault::Fault;
use crate::accounting::inv01::{self, Sides};
use crate::accounting::model::{Account, After, Document, DocumentLine, EInvoice};
use crate::accounting::outside::Environment;
use crate::accounting::rules::einvoice::Status;
use crate::accounting::rules::errors::{self, Place};
use crate::accounting::rules::readiness;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{DocumentId, RegistrationId};
use crate::platform::db::Scope;
use crate::platform::db::schema::einvoices;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use std::collections::HashMap;

/// Documents that are looked through at once, the oldest first, and lines of theirs: a document of a thousand lines takes as long as a hundred
/// of ten.
const MOST: (i64, i64) = (2_000, 20_000);
/// A document with fewer lines is never too large for the authority.
const LARGE: usize = 300;

/// How a document that is not registered stands, by what can be known before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is wrong with it; one that waits for the authority may go at once, too.
    Ready,
    /// Nothing that can be known here is wrong with it, and the authority has refused it: a person says that it may go again.
    Refused,
    /// Something has to be put right first.
    Faulty,
}

/// A document that is not registered, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The document.
    pub document: Document,
    /// How it stands at the authority.
    pub row: EInvoice,
    /// Both sides.
    pub sides: Sides,
    /// By what is wrong with it.
    pub standing: Standing,
    /// What is wrong with it; of one that waits, what the authority said last.
    pub faults: Vec<Fault>,
}

/// Every document that waits to be sent, judged, the oldest first; and whether there are more than were looked through. `at` is the authority
/// that this installation speaks to: at a sandbox, a registration without an account gets one for the asking. Four statements, however many
/// documents.
///
/// # Errors
/// Whatever the database refuses.
pub fn judge_all(
    scope: &mut Scope,
    at: Option<Environment>,
) -> Result<(Vec<Judged>, bool), AppError> {
    judge_some(scope, at, MOST)
}

/// The same of so many documents at most, with so many lines; of one at least.
///
/// # Errors
/// Whatever the database refuses.
pub fn judge_some(
    scope: &mut Scope,
    at: Option<Environment>,
    most: (i64, i64),
) -> Result<(Vec<Judged>, bool), AppError> {
    judge_after(scope, at, most, After::default())
}

/// The same from a place on: whoever goes on after the last one comes by all of them.
///
/// # Errors
/// Whatever the database refuses.
pub fn judge_after(
    scope: &mut Scope,
    at: Option<Environment>,
    (most, most_lines): (i64, i64),
    after: After,
) -> Result<(Vec<Judged>, bool), AppError> {
    let mut found = EInvoice::unsent_after(scope, most + 1, after)?;
    let all = found.len();
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let mut lines = 0;
    let within = found.iter().take_while(|(_, document)| {
        lines += i64::from(document.item_count);
        lines <= most_lines
    });
    let within = within.count().max(1);
    found.truncate(within);
    let has_more = found.len() < all;
    let ids: Vec<DocumentId> = found.iter().map(|(row, _)| row.id).collect();
    let mut lines: HashMap<DocumentId, Vec<DocumentLine>> = HashMap::new();
    let mut strange: HashMap<DocumentId, Vec<i32>> = HashMap::new();
    for (line, is_known) in DocumentLine::of_documents_with_codes(scope, &ids)? {
        if !is_known {
            let positions = strange.entry(line.document_id).or_default();
            positions.push(line.position);
        }
        lines.entry(line.document_id).or_default().push(line);
    }
    let originals: Vec<DocumentId> = found
        .iter()
        .filter_map(|(_, document)| document.original_id)
        .collect();
    let originals: HashMap<DocumentId, (String, NaiveDate)> = Document::by_ids(scope, &originals)?
        .into_iter()
        .map(|original| (original.id, (original.number, original.document_date)))
        .collect();
    let accounts: HashMap<RegistrationId, Account> = Account::all(scope)?
        .into_iter()
        .filter_map(|seated| Some((seated.registration, seated.account?)))
        .collect();
    let today = dates::today(scope.now());
    let judged = found.into_iter().map(|(row, document)| {
        let lines = lines.remove(&document.id).unwrap_or_default();
        let strange = strange.remove(&document.id).unwrap_or_default();
        let original = document.original_id.and_then(|id| originals.get(&id));
        let keeps = match (at, accounts.get(&document.registration_id)) {
            (None, _) => Some(no_authority(&document)),
            (Some(at), None) => (at != Environment::Sandbox).then(|| no_account(&document)),
            (_, Some(account)) if !account.is_active => Some(no_account(&document)),
            (_, Some(account)) => refused(&document, account),
        };
        judge(
            (row, document),
            (&lines, &strange),
            original,
            (keeps, today),
        )
    });
    Ok((judged.collect::<Result<_, _>>()?, has_more))
}

fn judge(
    (row, document): (EInvoice, Document),
    (lines, strange): (&[DocumentLine], &[i32]),
    original: Option<&(String, NaiveDate)>,
    (keeps, today): (Option<Fault>, NaiveDate),
) -> Result<Judged, AppError> {
    let sides = Sides::of(&document)?;
    let mut faults = readiness::faults(&document, lines, &sides);
    faults.extend(readiness::doubts(&document, (lines, strange), &sides));
    if lines.len() > LARGE {
        let payload = inv01::payload(&document, lines, original)?;
        faults.extend(readiness::too_large(&document, payload.len()));
    }
    faults.extend(keeps);
    if let Some(day) = row.last_day.filter(|day| today > *day) {
        faults.push(readiness::too_late(&document, day));
    }
    let standing = if !faults.is_empty() {
        Standing::Faulty
    } else if row.status == Status::FailedFix {
        let said = row.faults.clone();
        faults = said
            .and_then(|said| serde_json::from_value(said).ok())
            .unwrap_or_default();
        // What was found here, and is put right since, is no word of the authority's; and what it said of the account is none about the document.
        faults.retain(|fault: &Fault| match fault.code.as_deref() {
            // A login may be refused with a code that nobody knows.
            Some(_) if fault.field == "account" => false,
            Some(code) => errors::known(code).is_none_or(|row| row.place != Place::Account),
            None => fault.field == "number" || fault.field == "document",
        });
        if faults.is_empty() {
            Standing::Ready
        } else {
            Standing::Refused
        }
    } else {
        if row.status == Status::FailedWait {
            // Nothing keeps it here: what the authority said last is why it waits.
            faults = row.wrong();
        }
        Standing::Ready
    };
    Ok(Judged {
        document,
        row,
        sides,
        standing,
        faults,
    })
}

/// Has documents sent that wait for it, each by a job, once the transaction has committed; how many. What was sent meanwhile is left alone.
/// Four statements.
///
/// # Errors
/// Whatever the database refuses.
pub fn send_many(scope: &mut Scope, ids: &[DocumentId]) -> Result<Vec<DocumentId>, AppError> {
    let rows = EInvoice::some(scope, ids)?;
    let unsent: Vec<DocumentId> = rows
        .iter()
        .filter(|row| row.is_unsent())
        .map(|row| row.id)
        .collect();
    if unsent.is_empty() {
        return Ok(unsent);
    }
    let now = scope.now();
    let its = einvoices::table.filter(
        einvoices::tenant_id
            .eq(scope.tenant())
            .and(einvoices::id.eq_any(unsent.clone())),
    );
    scope.execute(diesel::update(its).set((
        einvoices::status.eq(Status::Pending),
        einvoices::waits.eq(0),
        einvoices::next_try_at.eq(None::<DateTime<Utc>>),
        einvoices::updated_at.eq(now),
    )))?;
    send_now(scope, &unsent)?;
    Ok(unsent)
}
