//! What is written before a call to the authority is made: that it is made, and with which bytes.

use super::Desk;
use super::account::no_seat;
use super::end::stop_for_good;
use crate::accounting::fault::Fault;
use crate::accounting::inv01::{self, Sides};
use crate::accounting::model::{
    Account, Attempt, Document, DocumentLine, EInvoice, EWayBill, VehicleChange,
};
use crate::accounting::outside::Seat;
use crate::accounting::rules::einvoice::{self, Operation, Outcome, Past, Status};
use crate::accounting::rules::readiness;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{AttemptId, DocumentId, EWayBillId, EWayVehicleId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::{documents, einvoice_attempts, einvoices};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use sha2::{Digest as _, Sha256};

/// After this time nobody waits for an answer any more: it is lost.
const PATIENCE: Duration = Duration::seconds(90);
/// Calls of a document that are looked at.
pub(super) const MOST_CALLS: i64 = 500;
/// So many refusals of the same bytes end the automatic tries: the authority blocks who repeats them.
const MOST_REFUSALS: i32 = 3;

/// What is next for a document.
pub enum Begun {
    /// Nothing.
    Nothing,
    /// Not before this moment, and why.
    Later(DateTime<Utc>, &'static str),
    /// The registration has no account yet.
    NoAccount(Box<Document>),
    /// This call, once there is a login.
    Ready(Box<Ready>),
}

/// Who would call about a document.
pub struct Ready {
    /// The document.
    pub document: Document,
    /// The account.
    pub account: Account,
    /// Who calls.
    pub seat: Seat,
}

/// A call that is written down and has to be made now.
pub struct Call {
    /// It.
    pub attempt: AttemptId,
    /// What is asked.
    pub operation: Operation,
    /// The bytes, for a registration.
    pub payload: Vec<u8>,
    /// The document.
    pub document: Document,
}

/// Whether a document waits for the authority now, and who would call. Writes nothing but what is over: an answer that nobody waits for any
/// more, a window that has closed.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn prepare(scope: &mut Scope, desk: &Desk, id: DocumentId) -> Result<Begun, AppError> {
    let (row, now) = (EInvoice::lock(scope, id)?, scope.now());
    if !row.waits_for_authority() {
        return Ok(Begun::Nothing);
    }
    if let Some(until) = end_what_is_lost(scope, &row)? {
        return Ok(Begun::Later(until, "another call about it is being made"));
    }
    let row = EInvoice::find(scope, id)?;
    if let Some(at) = row.next_try_at.filter(|at| *at > now) {
        return Ok(Begun::Later(at, "it is not time yet"));
    }
    if row.last_day.is_some_and(|day| dates::today(now) > day) && row.status != Status::Unknown {
        close_window(scope, &row)?;
        return Ok(Begun::Nothing);
    }
    let document = Document::by_id(scope, id)?;
    if desk.at.is_none() {
        wait_for_authority(scope, &row, &document)?;
        return Ok(Begun::Nothing);
    }
    let Some(account) = Account::of_registration(scope, row.registration_id)? else {
        return Ok(Begun::NoAccount(Box::new(document)));
    };
    let seat = match desk.seat(scope, &account, &document.supplier_gstin)? {
        Some(seat) if account.is_active => seat,
        _ => {
            stop(scope, &row, &[no_seat(&document, Some(&account))])?;
            return Ok(Begun::Nothing);
        }
    };
    Ok(Begun::Ready(Box::new(Ready {
        document,
        account,
        seat,
    })))
}

/// Writes the next call about a document down; it is made once this has committed. `None` when it need not be made after all.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn begin(scope: &mut Scope, ready: &Ready) -> Result<Option<Call>, AppError> {
    let id = ready.document.id;
    let row = EInvoice::lock(scope, id)?;
    let attempts = Attempt::of_document(scope, id, MOST_CALLS)?;
    let is_running = attempts.iter().any(|attempt| attempt.finished_at.is_none());
    if !row.waits_for_authority() || is_running {
        return Ok(None);
    }
    let past: Vec<Past> = attempts.iter().filter_map(Attempt::past).collect();
    let operation = einvoice::call(&past);
    let payload = if operation == Operation::Generate {
        let is_there = einvoice::is_there(&past);
        match bytes_to_send(scope, &row, &ready.document, is_there)? {
            Some(payload) => payload,
            None => return Ok(None),
        }
    } else {
        Vec::new()
    };
    let attempt = write_down(scope, ready, operation.as_str(), &payload)?;
    if operation == Operation::Generate {
        set_off(scope, &row, ready, &payload)?;
    }
    Ok(Some(Call {
        attempt,
        operation,
        payload,
        document: ready.document.clone(),
    }))
}

/// The payload of a document that has nothing wrong with it; else its faults are kept and it waits for a person. The authority does not have
/// it: where that is not known, it is looked up and not sent. One that is there is sent for the answer alone, whatever we would say of it today.
fn bytes_to_send(
    scope: &mut Scope,
    row: &EInvoice,
    document: &Document,
    is_there: bool,
) -> Result<Option<Vec<u8>>, AppError> {
    let (payload, faults) = ready_to_go(scope, document)?;
    let sha = Sha256::digest(&payload).to_vec();
    let is_same = row.payload_sha256.as_ref() == Some(&sha);
    if is_same && row.refusals >= MOST_REFUSALS && row.status != Status::Pending {
        let said = Said::new("The authority has refused the same document three times.");
        let fix = Said::new("Look at what it said, and send it again when that is put right.");
        let mut fault = Fault::new("document", said, fix);
        fault.document = Some(document.number.clone());
        if is_there {
            stop(scope, row, &[fault])?;
        } else {
            stop_for_good(scope, row, &[fault])?;
        }
        return Ok(None);
    }
    if is_there || faults.is_empty() {
        Ok(Some(payload))
    } else {
        stop_for_good(scope, row, &faults)?;
        Ok(None)
    }
}

/// What would be sent of a document, and what is wrong with it.
pub(super) fn ready_to_go(
    scope: &mut Scope,
    document: &Document,
) -> Result<(Vec<u8>, Vec<Fault>), AppError> {
    let lines = DocumentLine::find(scope, document.id)?;
    let original = original_of(scope, document)?;
    let payload = inv01::payload(document, &lines, original.as_ref())?;
    let mut faults = readiness::faults(document, &lines, &Sides::of(document)?);
    faults.extend(readiness::too_large(document, payload.len()));
    Ok((payload, faults))
}

fn original_of(
    scope: &mut Scope,
    document: &Document,
) -> Result<Option<(String, NaiveDate)>, AppError> {
    let Some(original) = document.original_id else {
        return Ok(None);
    };
    let row = documents::table
        .filter(
            documents::tenant_id
                .eq(scope.tenant())
                .and(documents::id.eq(original)),
        )
        .select((documents::number, documents::document_date));
    Ok(Some(scope.one(row)?))
}

pub(super) fn write_down(
    scope: &mut Scope,
    ready: &Ready,
    operation: &'static str,
    payload: &[u8],
) -> Result<AttemptId, AppError> {
    insert(scope, ready, (operation, payload), (None, None, None))
}

/// The same of a call about an e-way bill, or about a wish to cancel it: which one it is says the row, and no clock.
pub(super) fn write_down_of_bill(
    scope: &mut Scope,
    ready: &Ready,
    (operation, payload): (&'static str, &[u8]),
    bill: &EWayBill,
) -> Result<AttemptId, AppError> {
    let whose = (Some(bill.id), bill.cancel_asked_at, None);
    insert(scope, ready, (operation, payload), whose)
}

/// The same of a call about another vehicle of a bill.
pub(super) fn write_down_of_change(
    scope: &mut Scope,
    ready: &Ready,
    (operation, payload): (&'static str, &[u8]),
    change: &VehicleChange,
) -> Result<AttemptId, AppError> {
    let whose = (Some(change.eway_bill_id), None, Some(change.id));
    insert(scope, ready, (operation, payload), whose)
}

/// The bill that a call is about, the wish to cancel it, and the change of its vehicle.
type Whose = (
    Option<EWayBillId>,
    Option<DateTime<Utc>>,
    Option<EWayVehicleId>,
);

fn insert(
    scope: &mut Scope,
    ready: &Ready,
    (operation, payload): (&'static str, &[u8]),
    (bill, cancel_asked_at, change): Whose,
) -> Result<AttemptId, AppError> {
    let id = AttemptId::new();
    let bytes = (!payload.is_empty()).then(|| payload.to_vec());
    let sha = bytes.as_ref().map(|bytes| Sha256::digest(bytes).to_vec());
    let now = scope.now();
    let row = (
        einvoice_attempts::id.eq(id),
        einvoice_attempts::document_id.eq(ready.document.id),
        einvoice_attempts::eway_bill_id.eq(bill),
        einvoice_attempts::cancel_asked_at.eq(cancel_asked_at),
        einvoice_attempts::eway_vehicle_id.eq(change),
        einvoice_attempts::operation.eq(operation),
        einvoice_attempts::environment.eq(ready.seat.environment.as_str()),
        einvoice_attempts::request.eq(bytes),
        einvoice_attempts::request_sha256.eq(sha),
        einvoice_attempts::started_at.eq(now),
    );
    scope.execute(diesel::insert_into(einvoice_attempts::table).values(row))?;
    Ok(id)
}

fn set_off(
    scope: &mut Scope,
    row: &EInvoice,
    ready: &Ready,
    payload: &[u8],
) -> Result<(), AppError> {
    let sha = Sha256::digest(payload).to_vec();
    let is_same = row.payload_sha256.as_ref() == Some(&sha);
    let now = scope.now();
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::status.eq(Status::InFlight),
        einvoices::environment.eq(ready.seat.environment.as_str()),
        einvoices::payload_sha256.eq(sha),
        einvoices::refusals.eq(if is_same { row.refusals } else { 0 }),
        einvoices::unknown_since.eq(None::<DateTime<Utc>>),
        einvoices::next_try_at.eq(None::<DateTime<Utc>>),
        einvoices::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Ends a call that nobody waits for any more; until when somebody may still wait for one that runs.
pub(super) fn end_what_is_lost(
    scope: &mut Scope,
    row: &EInvoice,
) -> Result<Option<DateTime<Utc>>, AppError> {
    let attempts = Attempt::of_document(scope, row.id, MOST_CALLS)?;
    let now = scope.now();
    let Some(open) = attempts
        .iter()
        .find(|attempt| attempt.finished_at.is_none())
    else {
        return Ok(None);
    };
    if open.started_at + PATIENCE > now {
        return Ok(Some(open.started_at + PATIENCE));
    }
    let its_row = einvoice_attempts::table.filter(
        einvoice_attempts::tenant_id
            .eq(scope.tenant())
            .and(einvoice_attempts::id.eq(open.id)),
    );
    scope.execute(diesel::update(its_row).set((
        einvoice_attempts::finished_at.eq(now),
        einvoice_attempts::outcome.eq(Outcome::Lost),
        einvoice_attempts::said.eq("nobody waited for the answer"),
    )))?;
    if row.status == Status::InFlight {
        scope.execute(diesel::update(row.its_row(scope)).set((
            einvoices::status.eq(Status::Unknown),
            einvoices::unknown_since.eq(now),
            einvoices::updated_at.eq(now),
        )))?;
    }
    Ok(None)
}

pub(super) fn close_window(scope: &mut Scope, row: &EInvoice) -> Result<(), AppError> {
    let said = Said::new("The last day on which it could be reported was {day}.")
        .with("day", row.last_day.unwrap_or_default().to_string());
    let fix = Said::new("Ask your tax adviser: without an IRN it is no valid invoice.");
    let faults =
        serde_json::to_value([Fault::new("date", said, fix)]).map_err(AppError::internal)?;
    let now = scope.now();
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::status.eq(Status::ExpiredWindow),
        einvoices::faults.eq(faults),
        einvoices::next_try_at.eq(None::<DateTime<Utc>>),
        einvoices::updated_at.eq(now),
    )))?;
    Ok(())
}

/// This installation speaks to nobody.
pub(super) fn no_authority(document: &Document) -> Fault {
    let said = Said::new("No authority is configured, so nothing is sent.");
    let fix = Said::new(
        "Whoever runs this installation says where the authority answers (MANDI_GST_URL); then it is sent by itself.",
    );
    let mut fault = Fault::new("account", said, fix);
    fault.document = Some(document.number.clone());
    fault
}

/// Nobody can put that right here: the document stays as it is, says why, and the watch comes back to it.
fn wait_for_authority(
    scope: &mut Scope,
    row: &EInvoice,
    document: &Document,
) -> Result<(), AppError> {
    let faults = serde_json::to_value([no_authority(document)]).map_err(AppError::internal)?;
    let now = scope.now();
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::faults.eq(faults),
        einvoices::next_try_at.eq(None::<DateTime<Utc>>),
        einvoices::updated_at.eq(now),
    )))?;
    Ok(())
}

/// The registration can't sign in.
pub(super) fn no_account(document: &Document) -> Fault {
    let said = Said::new("{gstin} has no account at the authority that can be used.")
        .with("gstin", &document.supplier_gstin);
    let fix = Said::new("Enter its account for e-invoices, then send it again.");
    let place = format!("/settings/e-invoices/{}", document.supplier_gstin);
    let mut fault = Fault::new("account", said, fix).at(place);
    fault.document = Some(document.number.clone());
    fault
}

/// Leaves a document to a person. What nobody knows the fate of stays unknown, and is asked for again in an hour.
pub(super) fn stop(scope: &mut Scope, row: &EInvoice, faults: &[Fault]) -> Result<(), AppError> {
    let faults = serde_json::to_value(faults).map_err(AppError::internal)?;
    let now = scope.now();
    if row.status == Status::FailedWait {
        scope.execute(
            diesel::update(row.its_row(scope)).set(einvoices::status.eq(Status::Pending)),
        )?;
    }
    let (status, next) = match row.status {
        Status::Unknown => (Status::Unknown, Some(now + Duration::hours(1))),
        _ => (Status::FailedFix, None),
    };
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::status.eq(status),
        einvoices::faults.eq(faults),
        einvoices::next_try_at.eq(next),
        einvoices::updated_at.eq(now),
    )))?;
    Ok(())
}
