//! What becomes of an e-way bill after a call: what the portal said of it, and where it stands now.

use crate::accounting::fault::Fault;
use crate::accounting::model::{Document, EWayBill};
use crate::accounting::outside::Reply;
use crate::accounting::rules::einvoice::{Outcome, next_try};
use crate::accounting::rules::errors;
use crate::accounting::rules::eway_bill::{self, Call, Status};
use crate::accounting::rules::eway_refusals::refusal;
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::eway_bills;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Asia::Kolkata;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// What the portal says of a bill.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Told {
    ewb_no: Value,
    ewb_dt: Option<String>,
    ewb_valid_till: Option<String>,
    #[serde(default)]
    status: Option<String>,
}

impl Told {
    /// What an answer says, if it names a bill.
    pub(super) fn of(reply: &Reply) -> Option<(String, Self)> {
        let told: Self = serde_json::from_slice(reply.opened.as_deref()?).ok()?;
        let number = match &told.ewb_no {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let is_number = number.len() == 12 && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then_some((number, told))
    }

    pub(super) fn stands(&self) -> bool {
        self.status.as_deref() != Some("CNL")
    }
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    let there = Kolkata.from_local_datetime(&local).single()?;
    Some(there.with_timezone(&Utc))
}

/// Why it won't happen by itself: what was said last, or what was said before a look that did not bear it out.
pub(super) fn why(
    (document, bill): (&Document, &EWayBill),
    past: &[eway_bill::Past],
    faults: Vec<Fault>,
) -> Vec<Fault> {
    if !faults.is_empty()
        && past
            .last()
            .is_some_and(|step| step.outcome == Outcome::Refused)
    {
        return faults;
    }
    let deed = past.iter().rev().find(|step| step.call != Call::Find);
    match deed.map(|step| (step.call, step.outcome)) {
        Some((Call::Cancel, _)) => vec![fault(document, "312", "")],
        // It had no time too often: what it said then is kept with the bill.
        Some((Call::Make, Outcome::Busy)) => {
            let mut kept = bill.wrong();
            kept.retain(|fault| fault.code.as_deref().is_some_and(is_busy));
            if kept.is_empty() {
                kept.push(fault(document, "5001", ""));
            }
            kept
        }
        _ => vec![fault(document, "4002", "")],
    }
}

fn is_busy(code: &str) -> bool {
    errors::known(code).is_some_and(|known| known.class == errors::Class::Wait)
}

pub(super) fn faults_of(document: &Document, errors: &[(String, String)]) -> Vec<Fault> {
    errors
        .iter()
        .map(|(code, words)| fault(document, code, words))
        .collect()
}

pub(super) fn set_status(
    scope: &mut Scope,
    bill: &EWayBill,
    status: Status,
) -> Result<(), AppError> {
    let now = scope.now();
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::status.eq(status),
        eway_bills::updated_at.eq(now),
    )))?;
    Ok(())
}

/// A refusal, with its field and the way out.
pub(super) fn fault(document: &Document, code: &str, words: &str) -> Fault {
    let known = errors::known(code);
    let known = known.filter(|_| words.is_empty() || !errors::is_its_own_error(code));
    let (field, said, fix) = match (refusal(code), known) {
        (Some((field, said, fix)), _) => (field, Said::new(said), Said::new(fix)),
        (None, Some(known)) => (
            known.field,
            Said::new(known.said),
            Said::new("Put it right, then ask again."),
        ),
        (None, None) => (
            "eway_bill",
            Said::new("The authority refused it: {words}").with("words", errors::short(words)),
            Said::new("Put it right, then ask again."),
        ),
    };
    let mut fault = Fault::new(field, said, fix);
    if errors::known(code).is_some_and(|known| known.place == errors::Place::Account) {
        fault = fault.at(format!("/settings/e-invoices/{}", document.supplier_gstin));
    }
    fault.code = (!code.is_empty()).then(|| code.to_owned());
    fault.document = Some(document.number.clone());
    fault
}

/// It is made. Of a bill that the portal had already, nobody knows here which vehicle it names; and one that is valid for nothing names none.
pub(super) fn keep_bill(
    scope: &mut Scope,
    bill: &EWayBill,
    told: Option<(String, Told)>,
    is_ours: bool,
) -> Result<(), AppError> {
    let now = scope.now();
    let Some((number, told)) = told else {
        return Ok(());
    };
    if bill.status == Status::Asked {
        set_status(scope, bill, Status::InFlight)?;
    }
    let valid_until = told.ewb_valid_till.as_deref().and_then(moment);
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::status.eq(Status::Active),
        eway_bills::number.eq(number),
        eway_bills::made_at.eq(told.ewb_dt.as_deref().and_then(moment).unwrap_or(now)),
        eway_bills::valid_until.eq(valid_until),
        eway_bills::faults.eq(None::<Value>),
        eway_bills::waits.eq(0),
        eway_bills::next_try_at.eq(None::<DateTime<Utc>>),
        eway_bills::updated_at.eq(now),
    )))?;
    if !is_ours || valid_until.is_none() {
        scope.execute(diesel::update(bill.its_row(scope)).set((
            eway_bills::vehicle_no.eq(None::<String>),
            eway_bills::transport_doc_no.eq(None::<String>),
            eway_bills::transport_doc_date.eq(None::<NaiveDate>),
        )))?;
    }
    if !is_ours {
        scope.execute(diesel::update(bill.its_row(scope)).set((
            eway_bills::distance_km.eq(0),
            eway_bills::transporter_id.eq(None::<String>),
            eway_bills::transporter_name.eq(None::<String>),
        )))?;
    }
    Ok(())
}

pub(super) fn is_over(scope: &mut Scope, bill: &EWayBill) -> Result<(), AppError> {
    let now = scope.now();
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::status.eq(Status::Cancelled),
        eway_bills::cancelled_at.eq(now),
        eway_bills::faults.eq(None::<Value>),
        eway_bills::next_try_at.eq(None::<DateTime<Utc>>),
        eway_bills::updated_at.eq(now),
    )))?;
    Ok(())
}

/// What was asked for won't happen by itself: one that was to be made is refused, one that was to be cancelled stands.
pub(super) fn stop_bill(
    scope: &mut Scope,
    bill: &EWayBill,
    faults: &[Fault],
) -> Result<(), AppError> {
    let now = scope.now();
    let status = match bill.status {
        Status::Active => Status::Active,
        Status::InFlight => Status::Refused,
        _ => {
            set_status(scope, bill, Status::InFlight)?;
            Status::Refused
        }
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

/// It is tried again after a wait that grows; when.
pub(super) fn wait_bill(
    scope: &mut Scope,
    bill: &EWayBill,
    faults: &[Fault],
) -> Result<DateTime<Utc>, AppError> {
    let now = scope.now();
    let chance = uuid::Uuid::new_v4().as_bytes()[0];
    let at = next_try(bill.waits, now, None, chance);
    let said = match faults {
        [] => bill.faults.clone(),
        faults => Some(serde_json::to_value(faults).map_err(AppError::internal)?),
    };
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::faults.eq(said),
        eway_bills::waits.eq(bill.waits.saturating_add(1)),
        eway_bills::next_try_at.eq(at),
        eway_bills::updated_at.eq(now),
    )))?;
    Ok(at)
}
