//! Calls about another vehicle of an e-way bill: written down before, ended after, and what becomes of the wish and of the bill.

use super::Desk;
use super::account::{login_faults_to_ask, no_seat_to_ask};
use super::begin::{Ready, end_what_is_lost, write_down_of_change};
use super::end;
use super::eway_calls::BillDue;
use super::eway_ends;
use crate::accounting::fault::Fault;
use crate::accounting::model::{Account, Attempt, Document, EInvoice, EWayBill, VehicleChange};
use crate::accounting::outside::{Away, Reply};
use crate::accounting::rules::einvoice::{self, Outcome, next_try};
use crate::accounting::rules::errors;
use crate::accounting::rules::eway_bill::{After, Status};
use crate::accounting::rules::eway_vehicle::{self, Call};
use crate::error::AppError;
use crate::kernel::ids::{AttemptId, EWayBillId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::{eway_bills, eway_vehicles};
use chrono::{DateTime, Duration, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Asia::Kolkata;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A call that is written down and has to be made now.
pub struct VehicleCall {
    attempt: AttemptId,
    /// What is asked.
    pub call: Call,
    /// The bytes, to name a vehicle.
    pub payload: Vec<u8>,
    /// The document.
    pub document: Document,
    /// Number of the bill.
    pub number: String,
    bill: EWayBillId,
}

/// What the portal says of a bill and its vehicles: after a change that until which it is valid, on a look all of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    #[serde(default)]
    valid_upto: Option<String>,
    #[serde(
        default,
        rename = "VehiclListDetails",
        alias = "vehicleListDetails",
        alias = "VehicleListDetails"
    )]
    vehicles: Vec<ToldVehicle>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldVehicle {
    #[serde(default)]
    vehicle_no: Option<String>,
    #[serde(default)]
    entered_date: Option<String>,
}

/// A moment as the older system writes it, in Indian time.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%d/%m/%Y %I:%M:%S %p").ok()?;
    let there = Kolkata.from_local_datetime(&local).single()?;
    Some(there.with_timezone(&Utc))
}

impl Told {
    fn of(reply: &Reply) -> Option<Self> {
        let told: Self = serde_json::from_slice(reply.opened.as_deref()?).ok()?;
        // An answer that does not say until when the bill is valid is none.
        told.valid_until().is_some().then_some(told)
    }

    fn valid_until(&self) -> Option<DateTime<Utc>> {
        moment(self.valid_upto.as_deref()?)
    }

    /// The vehicle that was named last; of two in one second the one that stands first.
    fn last(&self) -> Option<&str> {
        let at = |one: &ToldVehicle| one.entered_date.as_deref().and_then(moment);
        let last = self
            .vehicles
            .iter()
            .reduce(|last, one| if at(one) > at(last) { one } else { last })?;
        last.vehicle_no.as_deref()
    }
}

/// Whether a change has to be worked at now, and who would call.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn prepare_vehicle(
    scope: &mut Scope,
    desk: &Desk,
    id: EWayBillId,
) -> Result<BillDue, AppError> {
    let found = EWayBill::find(scope, id)?;
    let row = EInvoice::lock(scope, found.document_id)?;
    let bill = EWayBill::lock(scope, id)?;
    let Some(change) = VehicleChange::open(scope, id)? else {
        return Ok(BillDue::Nothing);
    };
    if let Some(until) = end_what_is_lost(scope, &row)? {
        return Ok(BillDue::Later(
            until,
            "another call about the document is being made",
        ));
    }
    let now = scope.now();
    if let Some(at) = change.next_try_at.filter(|at| *at > now) {
        return Ok(BillDue::Later(at, "it is not time yet"));
    }
    let document = Document::by_id(scope, bill.document_id)?;
    let is_clear = eway_vehicle::is_clear(&change.past(scope)?);
    if let Some(fault) = out_of_reach(&document, &bill, is_clear, now) {
        refuse(scope, &change, &[fault])?;
        return Ok(BillDue::Nothing);
    }
    if is_clear && bill.cancel_asked_at.is_some() {
        return Ok(BillDue::Later(
            now + Duration::minutes(1),
            "the portal is asked to cancel the bill",
        ));
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
            refuse(scope, &change, &[fault])?;
            Ok(BillDue::Nothing)
        }
        _ => Ok(BillDue::Later(
            now + Duration::hours(1),
            "there is no account to ask with",
        )),
    }
}

/// Why the vehicle of a bill can't be changed any more, whatever the portal did. One whose fate is not known is looked for a day longer.
fn out_of_reach(
    document: &Document,
    bill: &EWayBill,
    is_clear: bool,
    now: DateTime<Utc>,
) -> Option<Fault> {
    if bill.status != Status::Active {
        return Some(fault(document, "312", ""));
    }
    let patience = if is_clear {
        Duration::zero()
    } else {
        Duration::days(1)
    };
    let is_over = bill.valid_until.is_some_and(|until| until + patience < now);
    is_over.then(|| fault(document, "311", ""))
}

/// Writes the next call down; it is made once this has committed.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn begin_vehicle(
    scope: &mut Scope,
    ready: &Ready,
    id: EWayBillId,
) -> Result<Option<VehicleCall>, AppError> {
    EInvoice::lock(scope, ready.document.id)?;
    let bill = EWayBill::lock(scope, id)?;
    let is_running = Attempt::is_running(scope, bill.document_id)?;
    let Some(change) = VehicleChange::open(scope, id)?.filter(|_| !is_running) else {
        return Ok(None);
    };
    let call = eway_vehicle::call(&change.past(scope)?);
    let payload = match call {
        Call::Change => body(&bill, &change),
        Call::Look => Vec::new(),
    };
    let attempt = write_down_of_change(scope, ready, (call.as_str(), &payload), &change)?;
    Ok(Some(VehicleCall {
        attempt,
        call,
        payload,
        document: ready.document.clone(),
        number: bill.number.unwrap_or_default(),
        bill: id,
    }))
}

/// What the portal is sent to name another vehicle in a bill: State codes are numbers there, and reasons text.
fn body(bill: &EWayBill, change: &VehicleChange) -> Vec<u8> {
    let number: u64 = bill
        .number
        .as_deref()
        .and_then(|number| number.parse().ok())
        .unwrap_or_default();
    let state: u8 = change.state_code.parse().unwrap_or_default();
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("ewbNo", json!(number));
    put("vehicleNo", json!(change.vehicle_no));
    put("fromPlace", json!(change.place));
    put("fromState", json!(state));
    put("reasonCode", json!(change.reason_code.to_string()));
    put("reasonRem", json!(change.remark));
    if let (Some(number), Some(date)) = (&bill.transport_doc_no, bill.transport_doc_date) {
        put("transDocNo", json!(number));
        put("transDocDate", json!(date.format("%d/%m/%Y").to_string()));
    }
    put("transMode", json!("1"));
    put("vehicleType", json!("R"));
    Value::Object(fields).to_string().into_bytes()
}

/// Ends a call: writes down what came of it, and moves change and bill. Says what comes next, and when, if it has to wait.
///
/// # Errors
/// Whatever the database refuses.
pub fn end_vehicle(
    scope: &mut Scope,
    call: &VehicleCall,
    answer: &Result<Reply, Away>,
) -> Result<(After, Option<DateTime<Utc>>), AppError> {
    EInvoice::lock(scope, call.document.id)?;
    let bill = EWayBill::lock(scope, call.bill)?;
    let errors = match answer {
        Ok(reply) => reply.errors.clone(),
        Err(Away::Refused(errors)) => errors.clone(),
        Err(_) => Vec::new(),
    };
    let told = answer.as_ref().ok().and_then(Told::of);
    let outcome = match answer {
        Ok(_) | Err(Away::Refused(_)) => match eway_vehicle::outcome(&errors) {
            Outcome::Done if told.is_none() => Outcome::Lost,
            outcome => outcome,
        },
        Err(_) => Outcome::Lost,
    };
    let faults: Vec<Fault> = errors
        .iter()
        .map(|(code, words)| fault(&call.document, code, words))
        .collect();
    end::write_down(scope, call.attempt, answer, (outcome, &errors, &faults))?;
    let Some(change) = VehicleChange::open(scope, call.bill)? else {
        return Ok((After::Stop, None));
    };
    let past = change.past(scope)?;
    let is_named = told
        .as_ref()
        .is_some_and(|told| told.last() == Some(change.vehicle_no.as_str()));
    let after = eway_vehicle::after(&past, is_named);
    match after {
        After::Made | After::Cancelled => {
            let valid_until = told.as_ref().and_then(Told::valid_until);
            keep(scope, &bill, &change, valid_until)?;
        }
        After::Stop => refuse(scope, &change, &faults)?,
        After::Later => return Ok((after, Some(wait(scope, &change, &faults)?))),
        After::Go => {}
    }
    Ok((after, None))
}

/// A login that was refused, or that nobody answered.
///
/// # Errors
/// Whatever the database refuses.
pub fn no_login_for_vehicle(
    scope: &mut Scope,
    document: &Document,
    id: EWayBillId,
    away: &Away,
) -> Result<Option<DateTime<Utc>>, AppError> {
    EWayBill::lock(scope, id)?;
    let Some(change) = VehicleChange::open(scope, id)? else {
        return Ok(None);
    };
    let mut faults = Vec::new();
    if let Away::Refused(errors) = away
        && errors::outcome(einvoice::Operation::Generate, errors) != Outcome::Busy
    {
        faults = login_faults_to_ask(document, errors);
        if eway_vehicle::is_clear(&change.past(scope)?) {
            refuse(scope, &change, &faults)?;
            return Ok(None);
        }
    }
    wait(scope, &change, &faults).map(Some)
}

/// A refusal, with its field and the way out: some codes say of a change what they say of nothing else.
fn fault(document: &Document, code: &str, words: &str) -> Fault {
    let Some((field, said, fix)) = eway_vehicle::refusal(code) else {
        return eway_ends::fault(document, code, words);
    };
    let mut fault = Fault::new(field, Said::new(said), Said::new(fix));
    fault.code = Some(code.to_owned());
    fault.document = Some(document.number.clone());
    fault
}

/// The bill names the new vehicle.
fn keep(
    scope: &mut Scope,
    bill: &EWayBill,
    change: &VehicleChange,
    valid_until: Option<DateTime<Utc>>,
) -> Result<(), AppError> {
    let now = scope.now();
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::vehicle_no.eq(&change.vehicle_no),
        eway_bills::mode.eq("1"),
        eway_bills::valid_until.eq(valid_until.or(bill.valid_until)),
        eway_bills::updated_at.eq(now),
    )))?;
    scope.execute(diesel::update(change.its_row(scope)).set((
        eway_vehicles::done_at.eq(now),
        eway_vehicles::valid_until.eq(valid_until),
        eway_vehicles::faults.eq(None::<Value>),
        eway_vehicles::next_try_at.eq(None::<DateTime<Utc>>),
    )))?;
    Ok(())
}

/// The bill keeps the vehicle that it names.
fn refuse(scope: &mut Scope, change: &VehicleChange, faults: &[Fault]) -> Result<(), AppError> {
    let now = scope.now();
    let faults = match faults {
        [] => change.faults.clone(),
        faults => Some(serde_json::to_value(faults).map_err(AppError::internal)?),
    };
    scope.execute(diesel::update(change.its_row(scope)).set((
        eway_vehicles::refused_at.eq(now),
        eway_vehicles::faults.eq(faults),
        eway_vehicles::next_try_at.eq(None::<DateTime<Utc>>),
    )))?;
    Ok(())
}

/// It is tried again after a wait that grows; when.
fn wait(
    scope: &mut Scope,
    change: &VehicleChange,
    faults: &[Fault],
) -> Result<DateTime<Utc>, AppError> {
    let chance = uuid::Uuid::new_v4().as_bytes()[0];
    let at = next_try(change.waits, scope.now(), None, chance);
    let faults = match faults {
        [] => change.faults.clone(),
        faults => Some(serde_json::to_value(faults).map_err(AppError::internal)?),
    };
    scope.execute(diesel::update(change.its_row(scope)).set((
        eway_vehicles::faults.eq(faults),
        eway_vehicles::waits.eq(change.waits.saturating_add(1)),
        eway_vehicles::next_try_at.eq(at),
    )))?;
    Ok(at)
}
