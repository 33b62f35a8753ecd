//! What becomes of a wish to cancel at the authority: it waits, or it ends and the document stands.

use crate::accounting::fault::Fault;
use crate::accounting::model::{Document, EInvoice};
use crate::accounting::rules::document;
use crate::accounting::rules::einvoice::next_try;
use crate::accounting::rules::errors::{self, About};
use crate::error::AppError;
use crate::kernel::language::{Said, text};
use crate::platform::db::Scope;
use crate::platform::db::schema::einvoices;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A refusal to cancel, with the way out.
pub(super) fn refusal(document: &Document, code: &str, words: &str) -> Fault {
    let about = About {
        document: &document.number,
        gstin: &document.supplier_gstin,
        customer: "",
        skus: &[],
    };
    let mut fault = errors::fault(code, words, &about);
    let place = errors::known(code).map(|row| row.place);
    let is_account = matches!(place, Some(errors::Place::Account));
    if !is_account {
        fault.fix = Said::new(match code {
            "2270" => text!("Write a credit note."),
            "2230" => text!("Cancel its e-way bill first, then cancel it again."),
            _ => text!("It stands at the authority. Try again, or write a credit note."),
        });
        let room = match document.kind.family() {
            document::Family::Bills => "invoices",
            document::Family::CreditNotes => "credit-notes",
            document::Family::DebitNotes => "debit-notes",
        };
        fault.link = format!("/{room}/{}?year={}", document.url_no, document.year);
    }
    fault
}

/// It is not cancelled and won't be by itself: the wish ends, and what was said is kept.
pub(super) fn stands(scope: &mut Scope, row: &EInvoice, faults: &[Fault]) -> Result<(), AppError> {
    let now = scope.now();
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::cancel_asked_at.eq(None::<DateTime<Utc>>),
        einvoices::cancel_code.eq(None::<i16>),
        einvoices::cancel_remark.eq(None::<String>),
        einvoices::cancel_by_name.eq(None::<String>),
        einvoices::faults.eq(serde_json::to_value(faults).map_err(AppError::internal)?),
        einvoices::waits.eq(0),
        einvoices::next_try_at.eq(None::<DateTime<Utc>>),
        einvoices::updated_at.eq(now),
    )))?;
    Ok(())
}

/// It is tried again after a wait that grows; when.
pub(super) fn wait_more(
    scope: &mut Scope,
    row: &EInvoice,
    faults: &[Fault],
) -> Result<DateTime<Utc>, AppError> {
    let chance = uuid::Uuid::new_v4().as_bytes()[0];
    let at = next_try(row.waits, scope.now(), None, chance);
    wait(scope, row, at, faults)?;
    Ok(at)
}

/// It is tried again at a moment.
pub(super) fn wait(
    scope: &mut Scope,
    row: &EInvoice,
    at: DateTime<Utc>,
    faults: &[Fault],
) -> Result<(), AppError> {
    scope.execute(
        diesel::update(row.its_row(scope)).set(einvoices::waits.eq(row.waits.saturating_add(1))),
    )?;
    keep(scope, row, faults, Some(at))
}

/// Keeps what was said, and when it is tried again.
pub(super) fn keep(
    scope: &mut Scope,
    row: &EInvoice,
    faults: &[Fault],
    next: Option<DateTime<Utc>>,
) -> Result<(), AppError> {
    let faults = match faults {
        [] => row.faults.clone(),
        faults => Some(serde_json::to_value(faults).map_err(AppError::internal)?),
    };
    let now = scope.now();
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::faults.eq(faults),
        einvoices::next_try_at.eq(next),
        einvoices::updated_at.eq(now),
    )))?;
    Ok(())
}
