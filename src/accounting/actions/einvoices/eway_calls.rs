//! Calls about e-way bills: written down before, ended after, and what becomes of the bill.

use super::Desk;
use super::begin::{Ready, end_what_is_lost, no_account, write_down};
use super::end;
use crate::accounting::fault::Fault;
use crate::accounting::model::{Account, Document, EInvoice, EWayBill};
use crate::accounting::outside::{Away, Reply};
use crate::accounting::rules::einvoice::{self, Outcome, next_try};
use crate::accounting::rules::errors;
use crate::accounting::rules::eway_bill::{self, Call, Status};
use crate::error::AppError;
use crate::kernel::ids::{AttemptId, EWayBillId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::{einvoice_attempts, eway_bills};
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Asia::Kolkata;
use diesel::prelude::*;
use serde::Deserialize;
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
        _ if is_clear => {
            stop_bill(scope, &bill, &[no_account(&document)])?;
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
        _ => Vec::new(),
    };
    let attempt = write_down(scope, ready, call.as_str(), &payload)?;
    if call == Call::Make {
        set_status(scope, &bill, Status::InFlight)?;
    }
    Ok(Some(BillCall {
        attempt,
        call,
        payload,
        document: ready.document.clone(),
        bill,
    }))
}

fn set_status(scope: &mut Scope, bill: &EWayBill, status: Status) -> Result<(), AppError> {
    let now = scope.now();
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::status.eq(status),
        eway_bills::updated_at.eq(now),
    )))?;
    Ok(())
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

/// What the portal says of a bill.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    ewb_no: Value,
    ewb_dt: Option<String>,
    ewb_valid_till: Option<String>,
    #[serde(default)]
    status: Option<String>,
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    let there = Kolkata.from_local_datetime(&local).single()?;
    Some(there.with_timezone(&Utc))
}

/// Ends a call: writes down what came of it and moves the bill. When to come again, if it has to wait; `true` when the next call may follow
/// at once.
///
/// # Errors
/// Whatever the database refuses.
pub fn end_bill(
    scope: &mut Scope,
    call: &BillCall,
    answer: &Result<Reply, Away>,
) -> Result<(bool, Option<DateTime<Utc>>), AppError> {
    EInvoice::lock(scope, call.document.id)?;
    let bill = EWayBill::lock(scope, call.bill.id)?;
    let errors = match answer {
        Ok(reply) => reply.errors.clone(),
        Err(Away::Refused(errors)) => errors.clone(),
        Err(_) => Vec::new(),
    };
    let told: Option<Told> = answer
        .as_ref()
        .ok()
        .and_then(|reply| serde_json::from_slice(reply.opened.as_deref()?).ok());
    let is_else = errors::outcome(einvoice::Operation::Cancel, &errors);
    let outcome = match answer {
        Ok(_) | Err(Away::Refused(_)) => match eway_bill::outcome(call.call, &errors, is_else) {
            Outcome::Done if call.call != Call::Cancel && told.is_none() => Outcome::Lost,
            outcome => outcome,
        },
        Err(_) => Outcome::Lost,
    };
    let faults: Vec<Fault> = errors
        .iter()
        .map(|(code, words)| fault(&call.document, code, words))
        .collect();
    end::write_down(scope, call.attempt, answer, (outcome, &errors, &faults))?;
    let is_cancelled = bill.cancel_asked_at.is_some();
    let stands = told
        .as_ref()
        .is_some_and(|told| told.status.as_deref() != Some("CNL"));
    match (call.call, outcome) {
        (Call::Make, Outcome::Done) => {
            keep_bill(scope, &bill, told)?;
            Ok((false, None))
        }
        (Call::Find, Outcome::Done) if !is_cancelled && stands => {
            keep_bill(scope, &bill, told)?;
            Ok((false, None))
        }
        (Call::Cancel, Outcome::Done) => is_over(scope, &bill),
        (Call::Find, Outcome::Done) if is_cancelled && !stands => is_over(scope, &bill),
        (Call::Find, Outcome::Done | Outcome::NotFound | Outcome::Refused) => Ok((true, None)),
        (Call::Make, Outcome::Lost | Outcome::Duplicate) => {
            set_status(scope, &bill, Status::Unknown)?;
            Ok((true, None))
        }
        (Call::Cancel, Outcome::Lost | Outcome::Duplicate) => Ok((true, None)),
        (Call::Make | Call::Cancel, Outcome::Refused | Outcome::NotFound) => {
            stop_bill(scope, &bill, &faults)?;
            Ok((false, None))
        }
        (Call::Make, _) => {
            set_status(scope, &bill, Status::Unknown)?;
            wait_bill(scope, &bill).map(|at| (false, Some(at)))
        }
        _ => wait_bill(scope, &bill).map(|at| (false, Some(at))),
    }
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
    if let Away::Refused(errors) = away
        && errors::outcome(einvoice::Operation::Cancel, errors) != Outcome::Busy
        && eway_bill::is_clear(&bill.past(scope)?)
    {
        let faults: Vec<Fault> = errors
            .iter()
            .map(|(code, words)| fault(document, code, words))
            .collect();
        stop_bill(scope, &bill, &faults)?;
        return Ok(None);
    }
    wait_bill(scope, &bill).map(Some)
}

fn fault(document: &Document, code: &str, words: &str) -> Fault {
    let said = match (eway_bill::said(code), errors::known(code)) {
        (Some(said), _) => Said::new(said),
        (None, Some(known)) => Said::new(known.said),
        (None, None) => {
            Said::new("The authority refused it: {words}").with("words", errors::short(words))
        }
    };
    let fix = Said::new("Put it right and ask again.");
    let mut fault = Fault::new("eway_bill", said, fix);
    fault.code = Some(code.to_owned());
    fault.document = Some(document.number.clone());
    fault
}

fn keep_bill(scope: &mut Scope, bill: &EWayBill, told: Option<Told>) -> Result<(), AppError> {
    let now = scope.now();
    let Some(told) = told else {
        return Ok(());
    };
    let number = match &told.ewb_no {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if bill.status == Status::Asked {
        set_status(scope, bill, Status::InFlight)?;
    }
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::status.eq(Status::Active),
        eway_bills::number.eq(number),
        eway_bills::made_at.eq(told.ewb_dt.as_deref().and_then(moment).unwrap_or(now)),
        eway_bills::valid_until.eq(told.ewb_valid_till.as_deref().and_then(moment)),
        eway_bills::faults.eq(None::<Value>),
        eway_bills::waits.eq(0),
        eway_bills::next_try_at.eq(None::<DateTime<Utc>>),
        eway_bills::updated_at.eq(now),
    )))?;
    Ok(())
}

fn is_over(scope: &mut Scope, bill: &EWayBill) -> Result<(bool, Option<DateTime<Utc>>), AppError> {
    let now = scope.now();
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::status.eq(Status::Cancelled),
        eway_bills::cancelled_at.eq(now),
        eway_bills::faults.eq(None::<Value>),
        eway_bills::next_try_at.eq(None::<DateTime<Utc>>),
        eway_bills::updated_at.eq(now),
    )))?;
    Ok((false, None))
}

/// What was asked for won't happen by itself: one that was to be made is refused, one that was to be cancelled stands.
fn stop_bill(scope: &mut Scope, bill: &EWayBill, faults: &[Fault]) -> Result<(), AppError> {
    let now = scope.now();
    let status = match bill.status {
        Status::Active => Status::Active,
        Status::Asked => {
            set_status(scope, bill, Status::InFlight)?;
            Status::Refused
        }
        Status::Unknown => {
            set_status(scope, bill, Status::InFlight)?;
            Status::Refused
        }
        _ => Status::Refused,
    };
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::status.eq(status),
        eway_bills::faults.eq(serde_json::to_value(faults).map_err(AppError::internal)?),
        eway_bills::cancel_asked_at.eq(None::<DateTime<Utc>>),
        eway_bills::cancel_code.eq(None::<i16>),
        eway_bills::cancel_remark.eq(None::<String>),
        eway_bills::next_try_at.eq(None::<DateTime<Utc>>),
        eway_bills::updated_at.eq(now),
    )))?;
    Ok(())
}

fn wait_bill(scope: &mut Scope, bill: &EWayBill) -> Result<DateTime<Utc>, AppError> {
    let now = scope.now();
    let chance = uuid::Uuid::new_v4().as_bytes()[0];
    let at = next_try(bill.waits, now, None, chance);
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::waits.eq(bill.waits.saturating_add(1)),
        eway_bills::next_try_at.eq(at),
        eway_bills::updated_at.eq(now),
    )))?;
    Ok(at)
}
