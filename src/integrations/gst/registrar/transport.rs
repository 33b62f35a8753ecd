//! E-way bills of registered documents: made from an IRN, found, given another vehicle, cancelled.

use super::auth::{self, Caller};
use super::calls::{Call, Done, from_indian, indian, json, stamp};
use super::check::{Document, masters};
use super::crypto::from_base64;
use super::documents::{self, Registered};
use super::{Step, Stop, eway, refused};
use crate::platform::db::PlatformTx;
use chrono::Duration;
use serde_json::Value;

/// How long a bill can be cancelled.
const CANCEL_HOURS: i64 = 24;

/// Makes the bill of a registered document.
pub fn make(
    tx: &mut PlatformTx,
    call: &Call,
    caller: &Caller,
    about: &mut Option<String>,
) -> Step<Done> {
    let part = auth::body(call, caller)?;
    let irn = part.get("Irn").and_then(Value::as_str).unwrap_or("");
    let kept = own(tx, irn, caller, about)?;
    if !kept.is_active() {
        return refused("4000");
    }
    if kept.has_bill() {
        return refused("4002");
    }
    let document = Document::new(&kept.payload);
    let now = indian(tx.now());
    let bill = eway::bill(&part, &document, now)
        .map_err(|refusals| Stop::Refused(refusals, Vec::new()))?;
    documents::keep_bill(tx, &kept.irn, &bill)?;
    match documents::by_irn(tx, &kept.irn)? {
        Some(kept) => Ok(Done::sealed(caller, told(&kept, bill.remark))),
        None => refused("5001"),
    }
}

/// Finds the bill of a registered document.
pub fn find(
    tx: &mut PlatformTx,
    call: &Call,
    caller: &Caller,
    about: &mut Option<String>,
) -> Step<Done> {
    let kept = own(tx, &call.subject, caller, about)?;
    if kept.ewb_no.is_none() {
        return refused("3001");
    }
    let mut value = told(&kept, None);
    value["Status"] = kept.ewb_status.clone().into();
    Ok(Done::sealed(caller, value))
}

/// The caller's own document.
fn own(
    tx: &mut PlatformTx,
    irn: &str,
    caller: &Caller,
    about: &mut Option<String>,
) -> Step<Registered> {
    let kept = documents::by_irn(tx, &irn.to_lowercase())?;
    let Some(kept) = kept.filter(|kept| kept.gstin == caller.gstin) else {
        return refused("4003");
    };
    *about = Some(format!("{} {}", kept.doc_type, kept.doc_no));
    Ok(kept)
}

fn told(kept: &Registered, remark: Option<String>) -> Value {
    let number = kept.ewb_no.as_ref().and_then(|no| no.parse::<i64>().ok());
    serde_json::json!({
        "EwbNo": number,
        "EwbDt": kept.ewb_at.map(stamp),
        "EwbValidTill": kept.ewb_valid_until.map(stamp),
        "Remarks": remark,
    })
}

/// The older system's one address: of its actions the sandbox knows cancelling, and naming another vehicle.
pub fn action(
    tx: &mut PlatformTx,
    call: &Call,
    caller: &Caller,
    about: &mut Option<String>,
) -> Step<Done> {
    let asked = json(&call.body).unwrap_or_default();
    let action = asked.get("action").and_then(Value::as_str);
    let Some(action @ ("CANEWB" | "VEHEWB")) = action else {
        return refused("5002");
    };
    let sealed = asked
        .get("data")
        .and_then(Value::as_str)
        .and_then(from_base64);
    let asked = auth::opened(sealed, caller)?;
    let number = match asked.get("ewbNo") {
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    };
    let kept = of_number(tx, &number, caller, about)?;
    if !kept.has_bill() {
        return refused("312");
    }
    if action == "CANEWB" {
        cancel(tx, &kept, caller)
    } else {
        change_vehicle(tx, &asked, &kept, caller)
    }
}

/// The caller's own document, by the number of its bill.
fn of_number(
    tx: &mut PlatformTx,
    number: &str,
    caller: &Caller,
    about: &mut Option<String>,
) -> Step<Registered> {
    *about = Some(format!("EWB {number}"));
    if number.len() != 12 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return refused("301");
    }
    let kept = documents::by_bill(tx, number)?;
    match kept.filter(|kept| kept.gstin == caller.gstin) {
        Some(kept) => Ok(kept),
        None => refused("312"),
    }
}

fn cancel(tx: &mut PlatformTx, kept: &Registered, caller: &Caller) -> Step<Done> {
    let now = tx.now();
    if kept
        .ewb_at
        .is_some_and(|at| now - at > Duration::hours(CANCEL_HOURS))
    {
        return refused("315");
    }
    documents::cancel_bill(tx, &kept.irn)?;
    Ok(Done::sealed(
        caller,
        serde_json::json!({"ewayBillNo": kept.ewb_no, "cancelDate": eway::older(indian(now))}),
    ))
}

/// Names another vehicle (Part B). A bill that had none is valid from now on, by its distance; any other stays valid as long as it was.
fn change_vehicle(
    tx: &mut PlatformTx,
    asked: &Value,
    kept: &Registered,
    caller: &Caller,
) -> Step<Done> {
    let now = tx.now();
    if kept.ewb_valid_until.is_some_and(|until| until < now) {
        return refused("311");
    }
    if let Some(code) = misnamed(asked) {
        return refused(code);
    }
    let here = indian(now);
    let valid_until = kept.ewb_valid_until.unwrap_or_else(|| {
        let distance = u64::try_from(kept.ewb_distance.unwrap_or_default()).unwrap_or_default();
        from_indian(eway::valid_until(here, distance, false))
    });
    let vehicle = serde_json::json!({
        "updMode": "API",
        "vehicleNo": word(asked, "vehicleNo"),
        "fromPlace": word(asked, "fromPlace"),
        "fromState": number(asked, "fromState"),
        "reasonCode": number(asked, "reasonCode"),
        "reasonRem": word(asked, "reasonRem"),
        "enteredDate": eway::older(here),
        "transMode": number(asked, "transMode").map(|mode| mode.to_string()),
    });
    documents::add_vehicle(tx, &kept.irn, &vehicle, valid_until)?;
    Ok(Done::sealed(
        caller,
        serde_json::json!({"vehUpdDate": eway::older(here), "validUpto": eway::older(indian(valid_until))}),
    ))
}

/// What is wrong with the vehicle that is to be named: the first code that stands against it.
fn misnamed(asked: &Value) -> Option<&'static str> {
    let (vehicle, place) = (word(asked, "vehicleNo"), word(asked, "fromPlace"));
    let is_state = number(asked, "fromState")
        .is_some_and(|code| masters::is_state(&masters::two_digits(&code.to_string())));
    let is_one_of_four = |field: &str| matches!(number(asked, field), Some(1..=4));
    let wrongs = [
        ("302", !is_one_of_four("transMode")),
        ("303", vehicle.is_empty()),
        ("304", !eway::is_vehicle(vehicle)),
        ("305", place.trim().is_empty() || place.chars().count() > 50),
        ("306", !is_state),
        ("307", !is_one_of_four("reasonCode")),
        ("308", word(asked, "reasonRem").chars().count() > 50),
    ];
    wrongs
        .iter()
        .find(|(_, is_wrong)| *is_wrong)
        .map(|(code, _)| *code)
}

fn word<'a>(object: &'a Value, field: &str) -> &'a str {
    object
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A number, or one that is written as text.
fn number(object: &Value, field: &str) -> Option<u64> {
    let value = object.get(field)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// A bill with its vehicles, the newest first.
pub fn by_number(
    tx: &mut PlatformTx,
    call: &Call,
    caller: &Caller,
    about: &mut Option<String>,
) -> Step<Done> {
    let kept = of_number(tx, call.parameter("ewbNo"), caller, about)?;
    let at = |at: chrono::DateTime<chrono::Utc>| eway::older(indian(at));
    Ok(Done::sealed(
        caller,
        serde_json::json!({
            "ewbNo": kept.ewb_no.as_ref().and_then(|no| no.parse::<i64>().ok()),
            "ewayBillDate": kept.ewb_at.map(at),
            "validUpto": kept.ewb_valid_until.map(at),
            "status": kept.ewb_status,
            "docNo": kept.doc_no,
            "actualDist": kept.ewb_distance,
            "VehiclListDetails": kept.ewb_vehicles,
        }),
    ))
}
