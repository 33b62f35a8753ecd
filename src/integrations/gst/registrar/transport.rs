//! E-way bills of registered documents: made from an IRN, found, cancelled.

use super::auth::{self, Caller};
use super::calls::{Call, Done, from_indian, indian, json, stamp};
use super::check::Document;
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
    documents::keep_bill(tx, &kept.irn, bill.valid_until.map(from_indian))?;
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

/// The older system's one address: of its actions the sandbox knows cancelling.
pub fn action(
    tx: &mut PlatformTx,
    call: &Call,
    caller: &Caller,
    about: &mut Option<String>,
) -> Step<Done> {
    let asked = json(&call.body).unwrap_or_default();
    if asked.get("action").and_then(Value::as_str) != Some("CANEWB") {
        return refused("5002");
    }
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
    *about = Some(format!("EWB {number}"));
    if number.len() != 12 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return refused("301");
    }
    let kept = documents::by_bill(tx, &number)?
        .filter(|kept| kept.gstin == caller.gstin && kept.has_bill());
    let Some(kept) = kept else {
        return refused("312");
    };
    let now = tx.now();
    if kept
        .ewb_at
        .is_some_and(|at| now - at > Duration::hours(CANCEL_HOURS))
    {
        return refused("315");
    }
    documents::cancel_bill(tx, &kept.irn)?;
    let cancelled = indian(now).format("%d/%m/%Y %I:%M:%S %p").to_string();
    Ok(Done::sealed(
        caller,
        serde_json::json!({"ewayBillNo": number, "cancelDate": cancelled}),
    ))
}
