//! Calls about e-way bills: written down before, ended after, and what becomes of the bill.

use super::Desk;
use super::account::{login_faults_to_ask, no_seat_to_ask};
use super::begin::{Ready, end_what_is_lost, write_down_of_bill};
use super::end;
use super::eway_ends::{
    Told, fault, faults_of, is_over, keep_bill, set_status, stop_bill, wait_bill, why,
};
use crate::accounting::fault::Fault;
use crate::accounting::model::{Account, Document, EInvoice, EWayBill};
use crate::accounting::outside::{Away, Reply, eway_cancel_body};
use crate::accounting::rules::einvoice::{self, Outcome};
use crate::accounting::rules::errors;
use crate::accounting::rules::eway_bill::{self, After, Call, Status};
use crate::error::AppError;
use crate::kernel::ids::{AttemptId, EWayBillId};
use crate::platform::db::Scope;
use crate::platform::db::schema::einvoice_attempts;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::{Map, Value, json};

/// What is next for a bill.
pub enum BillDue {
    /// Nothing.
    Nothing,
    /// Not before this moment, and why.
    Later(DateTime<Utc>, &'static str),
    /// A call, once there is a login.
    Ready(Box<Ready>),
}

/// A call that is written down and has to be made now.
pub struct BillCall {
    attempt: AttemptId,
    /// What is asked.
    pub call: Call,
    /// The bytes, to make one.
    pub payload: Vec<u8>,
    /// The document.
    pub document: Document,
    /// The bill, as it was before.
    pub bill: EWayBill,
}

/// Whether a bill is to be made or cancelled, if it is to be worked at.
fn wanted(bill: &EWayBill) -> Option<bool> {
    match bill.status {
        Status::Asked | Status::InFlight | Status::Unknown => Some(false),
        Status::Active => bill.cancel_asked_at.map(|_| true),
        _ => None,
    }
}

/// Whether a bill has to be worked at now, and who would call.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn prepare_bill(scope: &mut Scope, desk: &Desk, id: EWayBillId) -> Result<BillDue, AppError> {
    let found = EWayBill::find(scope, id)?;
    let row = EInvoice::lock(scope, found.document_id)?;
    let bill = EWayBill::lock(scope, id)?;
    let Some(is_cancelled) = wanted(&bill) else {
        return Ok(BillDue::Nothing);
    };
    if let Some(until) = end_what_is_lost(scope, &row)? {
        return Ok(BillDue::Later(
            until,
            "another call about the document is being made",
        ));
    }
    let now = scope.now();
    if let Some(at) = bill.next_try_at.filter(|at| *at > now) {
        return Ok(BillDue::Later(at, "it is not time yet"));
    }
    let document = Document::by_id(scope, bill.document_id)?;
    let is_clear = eway_bill::is_clear(&bill.past(scope)?);
    let is_late = is_cancelled && bill.made_at.is_some_and(|at| now > eway_bill::until(at));
    if is_clear && is_late {
        stop_bill(scope, &bill, &[fault(&document, "315", "")])?;
        return Ok(BillDue::Nothing);
    }
    if is_clear && !is_cancelled && row.status != einvoice::Status::Registered {
        stop_bill(scope, &bill, &[fault(&document, "4000", "")])?;
        return Ok(BillDue::Nothing);
    }
    let account = Account::of_registration(scope, row.registration_id)?;
    let seat = match &account {
        Some(account) if account.is_active => {
            desk.seat(scope, account, &document.supplier_gstin)?
        }
        _ => None,
    };
    match (account, seat) {
        (Some(account), Some(seat)) => Ok(BillDue::Ready(Box::new(Ready {
            document,
            account,
            seat,
        }))),
        (account, _) if is_clear => {
            let fault = no_seat_to_ask(&document, account.as_ref());
            stop_bill(scope, &bill, &[fault])?;
            Ok(BillDue::Nothing)
        }
        _ => Ok(BillDue::Later(
            now + Duration::hours(1),
            "there is no account to ask with",
        )),
    }
}

/// Writes the next call down; it is made once this has committed.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn begin_bill(
    scope: &mut Scope,
    ready: &Ready,
    id: EWayBillId,
) -> Result<Option<BillCall>, AppError> {
    EInvoice::lock(scope, ready.document.id)?;
    let bill = EWayBill::lock(scope, id)?;
    let open = einvoice_attempts::table
        .filter(einvoice_attempts::tenant_id.eq(scope.tenant()))
        .filter(einvoice_attempts::document_id.eq(bill.document_id))
        .filter(einvoice_attempts::finished_at.is_null())
        .select(einvoice_attempts::id);
    let is_running = scope.maybe::<AttemptId>(open)?.is_some();
    let Some(is_cancelled) = wanted(&bill).filter(|_| !is_running) else {
        return Ok(None);
    };
    let call = eway_bill::call(&bill.past(scope)?, is_cancelled);
    let payload = match call {
        Call::Make => body(&ready.document, &bill),
        Call::Find => Vec::new(),
        Call::Cancel => {
            let (number, code, remark) = bill.cancelling();
            eway_cancel_body(number, code, remark)
        }
    };
    let attempt = write_down_of_bill(scope, ready, (call.as_str(), &payload), &bill)?;
    match (call, bill.status) {
        (Call::Make, _) => set_status(scope, &bill, Status::InFlight)?,
        // Whoever made the call before is gone.
        (Call::Find, Status::InFlight) => set_status(scope, &bill, Status::Unknown)?,
        _ => {}
    }
    Ok(Some(BillCall {
        attempt,
        call,
        payload,
        document: ready.document.clone(),
        bill,
    }))
}

/// What the portal is sent to make a bill of a document that it knows.
fn body(document: &Document, bill: &EWayBill) -> Vec<u8> {
    let mut fields = Map::new();
    fields.insert("Irn".to_owned(), json!(document.irn));
    fields.insert("Distance".to_owned(), json!(bill.distance_km));
    let has_part_b = bill.vehicle_no.is_some() || bill.transport_doc_no.is_some();
    let mut word = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), Value::String(value));
        }
    };
    word("TransMode", has_part_b.then(|| bill.mode.clone()));
    word("TransId", bill.transporter_id.clone());
    word("TransName", bill.transporter_name.clone());
    word("TransDocNo", bill.transport_doc_no.clone());
    let day = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    word("TransDocDt", bill.transport_doc_date.map(day));
    word("VehNo", bill.vehicle_no.clone());
    word("VehType", bill.vehicle_no.is_some().then(|| "R".to_owned()));
    Value::Object(fields).to_string().into_bytes()
}

/// Ends a call: writes down what came of it and moves the bill. Says what comes next, and when, if it has to wait.
///
/// # Errors
/// Whatever the database refuses.
pub fn end_bill(
    scope: &mut Scope,
    call: &BillCall,
    answer: &Result<Reply, Away>,
) -> Result<(After, Option<DateTime<Utc>>), AppError> {
    EInvoice::lock(scope, call.document.id)?;
    let bill = EWayBill::lock(scope, call.bill.id)?;
    let errors = match answer {
        Ok(reply) => reply.errors.clone(),
        Err(Away::Refused(errors)) => errors.clone(),
        Err(_) => Vec::new(),
    };
    let told = answer.as_ref().ok().and_then(Told::of);
    let outcome = match answer {
        Ok(_) | Err(Away::Refused(_)) => match eway_bill::outcome(call.call, &errors) {
            // An answer that names no bill is none.
            Outcome::Done if call.call != Call::Cancel && told.is_none() => Outcome::Lost,
            outcome => outcome,
        },
        Err(_) => Outcome::Lost,
    };
    let faults = faults_of(&call.document, &errors);
    end::write_down(scope, call.attempt, answer, (outcome, &errors, &faults))?;
    let Some(is_cancelled) = wanted(&bill) else {
        return Ok((After::Stop, None));
    };
    let past = bill.past(scope)?;
    let stands = told.as_ref().is_some_and(|(_, told)| told.stands());
    let after = eway_bill::after(&past, is_cancelled, stands);
    match after {
        After::Made => {
            let is_ours = past.iter().all(|step| step.outcome != Outcome::Duplicate);
            keep_bill(scope, &bill, told, is_ours)?;
        }
        After::Cancelled => is_over(scope, &bill)?,
        After::Stop => {
            let faults = why((&call.document, &bill), &past, faults);
            stop_bill(scope, &bill, &faults)?;
        }
        After::Go | After::Later => {
            let may_have_happened =
                matches!(outcome, Outcome::Lost | Outcome::Duplicate | Outcome::Busy);
            if call.call == Call::Make && may_have_happened {
                set_status(scope, &bill, Status::Unknown)?;
            }
            if after == After::Later {
                // That there is none is no reason: what was said before the look is.
                let said: &[Fault] = match outcome {
                    Outcome::NotFound => &[],
                    _ => &faults,
                };
                return Ok((after, Some(wait_bill(scope, &bill, said)?)));
            }
        }
    }
    Ok((after, None))
}

/// A login that was refused, or that nobody answered.
///
/// # Errors
/// Whatever the database refuses.
pub fn no_login_for_bill(
    scope: &mut Scope,
    document: &Document,
    id: EWayBillId,
    away: &Away,
) -> Result<Option<DateTime<Utc>>, AppError> {
    let bill = EWayBill::lock(scope, id)?;
    if wanted(&bill).is_none() {
        return Ok(None);
    }
    let mut faults = Vec::new();
    if let Away::Refused(errors) = away
        && errors::outcome(einvoice::Operation::Generate, errors) != Outcome::Busy
    {
        faults = login_faults_to_ask(document, errors);
        if eway_bill::is_clear(&bill.past(scope)?) {
            stop_bill(scope, &bill, &faults)?;
            return Ok(None);
        }
    }
    wait_bill(scope, &bill, &faults).map(Some)
}
