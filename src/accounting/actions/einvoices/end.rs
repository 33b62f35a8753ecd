//! What is written after a call to the authority: what came of it, where the document stands now, and its proof.

use super::account::login_faults;
use super::begin::{Call, MOST_CALLS, stop};
use super::cancelling::cancel_later;
use super::prove::{FOUND_CANCELLED, Proof, prove, same_irn, too_old};
use crate::accounting::actions::CancelCode;
use crate::accounting::fault::Fault;
use crate::accounting::inv01::Sides;
use crate::accounting::model::{Attempt, Document, DocumentLine, EInvoice};
use crate::accounting::outside::{Away, Reply};
use crate::accounting::rules::einvoice::{self, Next, Operation, Outcome, Past, Status};
use crate::accounting::rules::errors::{self, About};
use crate::error::AppError;
use crate::kernel::ids::AttemptId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::{einvoice_attempts, einvoices};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// What comes after a call.
pub enum Ended {
    /// Nothing: it is registered, or a person has to look.
    Over,
    /// The next call at once.
    Go,
    /// The same with a new login.
    SignInAgain,
    /// Again at this moment.
    Later(DateTime<Utc>),
}

/// Ends a call: writes down what came of it and moves the document.
///
/// # Errors
/// Whatever the database refuses.
pub fn end(
    scope: &mut Scope,
    call: &Call,
    answer: &Result<Reply, Away>,
) -> Result<Ended, AppError> {
    let document = &call.document;
    let row = EInvoice::lock(scope, document.id)?;
    let errors = match answer {
        Ok(reply) => reply.errors.clone(),
        Err(Away::Refused(errors)) => errors.clone(),
        Err(_) => Vec::new(),
    };
    let mut outcome = match answer {
        Ok(_) | Err(Away::Refused(_)) => errors::outcome(call.operation, &errors),
        Err(_) => Outcome::Lost,
    };
    let lines = DocumentLine::find(scope, document.id)?;
    let mut faults = refusals(document, &lines, &errors)?;
    let mut kept = None;
    if let Ok(reply) = answer {
        let found = match (call.operation, outcome) {
            (Operation::Generate | Operation::Find | Operation::Fetch, Outcome::Done) => {
                prove(scope, call, &lines, reply)?
            }
            (Operation::Generate, Outcome::Duplicate) => same_irn(document, reply).map(|()| None),
            (Operation::Fetch, Outcome::Refused) if has(&errors, "2283") => {
                Ok(too_old(scope, document)?)
            }
            _ => Ok(None),
        };
        match found {
            Ok(proof) => kept = proof,
            Err(said) => {
                // Signed or not: what answers to our number is not our document. What was sent and taken may be there: it is looked up.
                outcome = match (call.operation, outcome) {
                    (Operation::Generate, Outcome::Done) => Outcome::Lost,
                    _ => Outcome::Refused,
                };
                faults = vec![another(document, said)];
            }
        }
    }
    if kept.is_some() {
        outcome = Outcome::Done;
    }
    write_down(scope, call.attempt, answer, (outcome, &errors, &faults))?;
    if let Some(proof) = kept {
        register(scope, &row, proof)?;
        return Ok(Ended::Over);
    }
    if outcome == Outcome::Refused
        && !matches!(call.operation, Operation::Generate | Operation::Sync)
        && !faults.is_empty()
        && !has(&errors, "2283")
    {
        if errors.is_empty() {
            // Something else answers to its number: nobody sends it again before a person has looked.
            stop_for_good(scope, &row, &faults)?;
        } else {
            // The look itself was refused: of its fate nobody knows more than before.
            stop(scope, &row, &faults)?;
        }
        return Ok(Ended::Over);
    }
    let past: Vec<Past> = Attempt::of_document(scope, document.id, MOST_CALLS)?
        .iter()
        .filter_map(Attempt::past)
        .collect();
    let is_refused = (call.operation, outcome) == (Operation::Generate, Outcome::Refused);
    if is_refused && einvoice::is_there(&past) && (has(&errors, "2150") || has(&errors, "2278")) {
        // What the authority has is another document of its number, or one that it has cancelled.
        stop_for_good(scope, &row, &faults)?;
        return Ok(Ended::Over);
    }
    let (status, next) = einvoice::after(row.status, &past);
    if (call.operation, outcome) == (Operation::Find, Outcome::NotFound) {
        // That it is not there is no reason: what was said before the look is.
        faults = row.wrong();
    }
    let is_counted = next == Next::Person || (is_refused && next == Next::Later);
    move_on(scope, &row, (status, next), (&faults, is_counted))
}

fn has(errors: &[(String, String)], code: &str) -> bool {
    errors.iter().any(|(known, _)| known == code)
}

fn refusals(
    document: &Document,
    lines: &[DocumentLine],
    errors: &[(String, String)],
) -> Result<Vec<Fault>, AppError> {
    let sides = Sides::of(document)?;
    let skus: Vec<String> = lines.iter().map(|line| line.sku.clone()).collect();
    let about = About {
        document: &document.number,
        gstin: &document.supplier_gstin,
        customer: &sides.buyer.code,
        skus: &skus,
    };
    Ok(errors
        .iter()
        .map(|(code, words)| errors::fault(code, words, &about))
        .collect())
}

fn another(document: &Document, said: Said) -> Fault {
    let fix = Said::new(
        "The number was used for another document. Cancel this one and bill again under a new number.",
    );
    let mut fault = Fault::new("number", said, fix);
    fault.document = Some(document.number.clone());
    fault
}

pub(super) fn write_down(
    scope: &mut Scope,
    attempt: AttemptId,
    answer: &Result<Reply, Away>,
    (outcome, errors, faults): (Outcome, &[(String, String)], &[Fault]),
) -> Result<(), AppError> {
    let (status, raw, opened, lost) = match answer {
        Ok(reply) => {
            // Of a duplicate, what the authority said of the first.
            let note = reply.notes.iter().find(|(kind, _)| kind == "DUPIRN");
            let opened = reply
                .opened
                .clone()
                .or_else(|| note.map(|(_, note)| note.clone().into_bytes()));
            (
                i16::try_from(reply.http_status).ok(),
                Some(reply.raw.clone()),
                opened,
                None,
            )
        }
        Err(Away::Lost { raw, why }) => (None, raw.clone(), None, Some(why.clone())),
        Err(other) => (None, None, None, Some(other.to_string())),
    };
    let words: Vec<String> = match (errors, faults) {
        ([], faults) => faults.iter().map(|fault| fault.said.to_string()).collect(),
        (errors, _) => errors
            .iter()
            .map(|(code, words)| format!("{code}: {words}"))
            .collect(),
    };
    let said = lost.unwrap_or_else(|| words.join("; "));
    let said: String = said.chars().take(1_000).collect();
    let codes: Vec<String> = errors.iter().map(|(code, _)| code.clone()).collect();
    let now = scope.now();
    let row = einvoice_attempts::table.filter(
        einvoice_attempts::tenant_id
            .eq(scope.tenant())
            .and(einvoice_attempts::id.eq(attempt))
            .and(einvoice_attempts::finished_at.is_null()),
    );
    let ended = scope.execute(diesel::update(row).set((
        einvoice_attempts::finished_at.eq(now),
        einvoice_attempts::outcome.eq(outcome),
        einvoice_attempts::http_status.eq(status),
        einvoice_attempts::response.eq(raw),
        einvoice_attempts::response_opened.eq(opened),
        einvoice_attempts::codes.eq(codes),
        einvoice_attempts::said.eq((!said.is_empty()).then_some(said)),
    )))?;
    if ended == 1 {
        Ok(())
    } else {
        Err(AppError::internal(
            "the answer came after nobody waited for it any more",
        ))
    }
}

/// Keeps the proof. What was found and not registered by this call goes through the call's state, as every document does; what the authority has
/// cancelled meanwhile is cancelled here, too, and the books follow.
fn register(scope: &mut Scope, row: &EInvoice, proof: Proof) -> Result<(), AppError> {
    if matches!(row.status, Status::Pending | Status::FailedWait) {
        scope.execute(
            diesel::update(row.its_row(scope)).set(einvoices::status.eq(Status::InFlight)),
        )?;
    }
    let (invoice, qr) = proof.texts.unzip();
    let faults = match proof.doubts.as_slice() {
        [] => None,
        doubts => Some(serde_json::to_value(doubts).map_err(AppError::internal)?),
    };
    let now = scope.now();
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::status.eq(Status::Registered),
        einvoices::ack_no.eq(proof.ack_no),
        einvoices::ack_at.eq(proof.ack_at),
        einvoices::signed_invoice.eq(invoice),
        einvoices::signed_qr.eq(qr),
        einvoices::kid.eq(proof.kid),
        einvoices::is_verified.eq(proof.is_verified),
        einvoices::why.eq(proof.why),
        einvoices::faults.eq(faults),
        einvoices::waits.eq(0),
        einvoices::unknown_since.eq(None::<DateTime<Utc>>),
        einvoices::next_try_at.eq(None::<DateTime<Utc>>),
        einvoices::updated_at.eq(now),
    )))?;
    if proof.is_cancelled {
        found_cancelled(scope, row)?;
    }
    Ok(())
}

/// Somebody has cancelled it in the authority's portal: it is no invoice any more, and its number is used up.
fn found_cancelled(scope: &mut Scope, row: &EInvoice) -> Result<(), AppError> {
    let now = scope.now();
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::status.eq(Status::Cancelled),
        einvoices::cancelled_at.eq(now),
        einvoices::cancel_code.eq(CancelCode::Other as i16),
        einvoices::cancel_remark.eq(FOUND_CANCELLED),
    )))?;
    cancel_later(scope, row.id)
}

/// Leaves to a person what the authority does not have, or has of another.
pub(super) fn stop_for_good(
    scope: &mut Scope,
    row: &EInvoice,
    faults: &[Fault],
) -> Result<(), AppError> {
    let faults = serde_json::to_value(faults).map_err(AppError::internal)?;
    if row.status == Status::FailedWait {
        scope.execute(
            diesel::update(row.its_row(scope)).set(einvoices::status.eq(Status::InFlight)),
        )?;
    }
    let now = scope.now();
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::status.eq(Status::FailedFix),
        einvoices::faults.eq(faults),
        einvoices::unknown_since.eq(None::<DateTime<Utc>>),
        einvoices::next_try_at.eq(None::<DateTime<Utc>>),
        einvoices::updated_at.eq(now),
    )))?;
    Ok(())
}

fn move_on(
    scope: &mut Scope,
    row: &EInvoice,
    (status, next): (Status, Next),
    (faults, is_refused): (&[Fault], bool),
) -> Result<Ended, AppError> {
    let now = scope.now();
    let chance = uuid::Uuid::new_v4().as_bytes()[0];
    let later =
        (next == Next::Later).then(|| einvoice::next_try(row.waits, now, row.last_day, chance));
    let unknown_since = match (status, row.unknown_since) {
        (Status::Unknown, None) => Some(now),
        (Status::Unknown, since) => since,
        _ => None,
    };
    let refusals = row.refusals + i32::from(is_refused);
    let said = match faults {
        [] => None,
        faults => Some(serde_json::to_value(faults).map_err(AppError::internal)?),
    };
    let waits = if later.is_some() {
        row.waits + 1
    } else {
        row.waits
    };
    if status == Status::FailedWait && matches!(row.status, Status::Unknown | Status::Pending) {
        // A look said that it is not there: it goes through the call's state, as every document does.
        scope.execute(diesel::update(row.its_row(scope)).set((
            einvoices::status.eq(Status::InFlight),
            einvoices::unknown_since.eq(None::<DateTime<Utc>>),
        )))?;
    }
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::status.eq(status),
        einvoices::unknown_since.eq(unknown_since),
        einvoices::faults.eq(said),
        einvoices::refusals.eq(refusals),
        einvoices::waits.eq(waits),
        einvoices::next_try_at.eq(later),
        einvoices::updated_at.eq(now),
    )))?;
    Ok(match (next, later) {
        (Next::Later, Some(at)) => Ended::Later(at),
        (Next::Go, _) => Ended::Go,
        (Next::SignInAgain, _) => Ended::SignInAgain,
        _ => Ended::Over,
    })
}

/// A login that was refused, or that nobody answered: the document waits, or a person has to mend the account.
///
/// # Errors
/// Whatever the database refuses.
pub fn no_login(scope: &mut Scope, document: &Document, away: &Away) -> Result<Ended, AppError> {
    let row = EInvoice::lock(scope, document.id)?;
    if !row.waits_for_authority() {
        return Ok(Ended::Over);
    }
    if let Away::Refused(errors) = away
        && errors::outcome(Operation::Generate, errors) != Outcome::Busy
    {
        stop(scope, &row, &login_faults(document, errors))?;
        return Ok(Ended::Over);
    }
    let chance = uuid::Uuid::new_v4().as_bytes()[0];
    let now = scope.now();
    let at = einvoice::next_try(row.waits, now, row.last_day, chance);
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::waits.eq(row.waits + 1),
        einvoices::next_try_at.eq(at),
        einvoices::updated_at.eq(now),
    )))?;
    Ok(Ended::Later(at))
}
