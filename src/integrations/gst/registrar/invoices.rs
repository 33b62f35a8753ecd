//! Registering a document, finding it, cancelling it.

use super::auth::{self, Caller};
use super::books;
use super::calls::{Call, Done, indian, stamp};
use super::check::{self, Document, Facts, Schema, day, fin_year, irn, irn_of};
use super::codes::Refusal;
use super::crypto::Signer;
use super::documents::{self, Registered};
use super::jws::{self, Registration};
use super::{Note, Step, Stop, eway, refused};
use crate::platform::db::PlatformTx;
use chrono::Duration;
use serde_json::{Value, json};

/// How long a registration can be cancelled.
const CANCEL_HOURS: i64 = 24;
/// How long a registration can be fetched.
const FETCH_HOURS: i64 = 48;

/// Registers a document, and makes its e-way bill when it asks for one; a bill that can't be made leaves the registration.
pub fn generate(
    tx: &mut PlatformTx,
    call: &Call,
    caller: &Caller,
    (schema, signer): (&Schema, &Signer),
    about: &mut Option<String>,
) -> Step<Done> {
    let payload = auth::body(call, caller)?;
    let document = Document::new(&payload);
    *about = Some(format!("{} {}", document.doc_type(), document.number()));
    let named = [
        document.seller(),
        document.buyer(),
        document.text("/TranDtls/EcmGstin"),
    ];
    let facts = Facts {
        gstin: &caller.gstin,
        today: indian(tx.now()).date(),
        taxpayers: &books::taxpayers(tx, &named)?,
    };
    let refusals = check::check(schema, &payload, &facts);
    if !refusals.is_empty() {
        return Err(Stop::Refused(refusals, Vec::new()));
    }
    let Some(date) = document.date() else {
        return refused("2282");
    };
    let year = fin_year(date);
    let kept = documents::by_number(
        tx,
        document.seller(),
        &year,
        document.doc_type(),
        &document.number(),
    )?;
    if let Some(kept) = kept {
        return duplicate(&kept);
    }
    let (ack_no, now) = (documents::next_ack(tx)?, tx.now());
    let ack_at = stamp(now);
    let registration = Registration {
        ack_no,
        ack_at: &ack_at,
    };
    let new = Registered {
        gstin: caller.gstin.clone(),
        fin_year: year,
        doc_type: document.doc_type().to_owned(),
        doc_no: document.number(),
        irn: irn(&document),
        ack_no,
        ack_at: now,
        status: "ACT".to_owned(),
        doc_date: date,
        signed_invoice: jws::sign(signer, &jws::invoice(&document, &registration))?,
        signed_qr: jws::sign(signer, &jws::qr(&document, &registration))?,
        payload: payload.clone(),
        ewb_no: None,
        ewb_at: None,
        ewb_valid_until: None,
        ewb_status: None,
        ewb_distance: None,
        ewb_vehicles: json!([]),
    };
    if !documents::keep(tx, &new)? {
        // Somebody sent the same at the same moment, and was first.
        return match documents::by_irn(tx, &new.irn)? {
            Some(kept) => duplicate(&kept),
            None => refused("2146"),
        };
    }
    let mut notes = Vec::new();
    let mut remarks = None;
    if let Some(part) = document.part("/EwbDtls") {
        match eway::bill(part, &document, indian(now)) {
            Ok(bill) => {
                documents::keep_bill(tx, &new.irn, &bill)?;
                notes.extend(bill.remark.clone().map(|remark| ("EWBPPD", remark.into())));
                remarks = bill.remark;
            }
            Err(refusals) => notes.push(unmade(&refusals)),
        }
    }
    let Some(kept) = documents::by_irn(tx, &new.irn)? else {
        return refused("2146");
    };
    let mut done = Done::sealed(caller, registered(&kept, remarks));
    done.notes = notes;
    Ok(done)
}

/// A document that is registered already, or was and may not be again.
fn duplicate<T>(kept: &Registered) -> Step<T> {
    if !kept.is_active() {
        return Err(Refusal::about("2278", &kept.doc_no).into());
    }
    let known = json!({"AckNo": kept.ack_no, "AckDt": stamp(kept.ack_at), "Irn": kept.irn});
    Err(Stop::Refused(
        vec![Refusal::of("2150")],
        vec![("DUPIRN", known)],
    ))
}

/// Why there is no e-way bill although the document is registered.
fn unmade(refusals: &[Refusal]) -> Note {
    let list: Vec<Value> = refusals
        .iter()
        .map(|refusal| json!({"ErrorCode": refusal.code, "ErrorMessage": refusal.message}))
        .collect();
    ("EWBERR", list.into())
}

/// A registration as answers tell it.
fn registered(kept: &Registered, remarks: Option<String>) -> Value {
    let number = kept.ewb_no.as_ref().and_then(|no| no.parse::<i64>().ok());
    json!({
        "AckNo": kept.ack_no,
        "AckDt": stamp(kept.ack_at),
        "Irn": kept.irn,
        "SignedInvoice": kept.signed_invoice,
        "SignedQRCode": kept.signed_qr,
        "Status": kept.status,
        "EwbNo": number,
        "EwbDt": kept.ewb_at.map(stamp),
        "EwbValidTill": kept.ewb_valid_until.map(stamp),
        "Remarks": remarks,
    })
}

/// Finds a document by its IRN.
pub fn by_irn(
    tx: &mut PlatformTx,
    call: &Call,
    caller: &Caller,
    about: &mut Option<String>,
) -> Step<Done> {
    let Some(kept) = documents::by_irn(tx, &call.subject.to_lowercase())? else {
        return refused("2148");
    };
    *about = Some(format!("{} {}", kept.doc_type, kept.doc_no));
    if kept.gstin != caller.gstin {
        return refused("2226");
    }
    fetched(tx, &kept, caller)
}

/// Finds a document by type, number and date.
pub fn by_document(
    tx: &mut PlatformTx,
    call: &Call,
    caller: &Caller,
    about: &mut Option<String>,
) -> Step<Done> {
    let (doc_type, number) = (
        call.parameter("doctype").to_uppercase(),
        call.parameter("docnum").to_uppercase(),
    );
    *about = Some(format!("{doc_type} {number}"));
    let Some(date) = day(call.parameter("docdate")) else {
        return refused("2282");
    };
    let irn = irn_of(&caller.gstin, &fin_year(date), &doc_type, &number);
    match documents::by_irn(tx, &irn)? {
        Some(kept) if kept.doc_date == date => fetched(tx, &kept, caller),
        _ => refused("2154"),
    }
}

fn fetched(tx: &mut PlatformTx, kept: &Registered, caller: &Caller) -> Step<Done> {
    if tx.now() - kept.ack_at > Duration::hours(FETCH_HOURS) {
        return refused("2283");
    }
    Ok(Done::sealed(caller, registered(kept, None)))
}

/// Cancels a document.
pub fn cancel(
    tx: &mut PlatformTx,
    call: &Call,
    caller: &Caller,
    about: &mut Option<String>,
) -> Step<Done> {
    let asked = auth::body(call, caller)?;
    let word = |field: &str| asked.get(field).and_then(Value::as_str).unwrap_or("");
    let irn = word("Irn").to_lowercase();
    if irn.len() != 64 || !matches!(word("CnlRsn"), "1" | "2" | "3" | "4") {
        return Err(Refusal::about("2140", "Irn and CnlRsn from 1 to 4 are required").into());
    }
    if word("CnlRem").is_empty() || word("CnlRem").chars().count() > 100 {
        return Err(Refusal::about("2140", "CnlRem has 1 to 100 characters").into());
    }
    let Some(kept) = documents::by_irn(tx, &irn)? else {
        return refused("2154");
    };
    *about = Some(format!("{} {}", kept.doc_type, kept.doc_no));
    if kept.gstin != caller.gstin {
        return refused("2143");
    }
    if !kept.is_active() {
        return refused("9999");
    }
    let now = tx.now();
    if now - kept.ack_at > Duration::hours(CANCEL_HOURS) {
        return refused("2270");
    }
    if kept.has_bill() {
        return refused("2230");
    }
    documents::cancel(tx, &irn)?;
    Ok(Done::sealed(
        caller,
        json!({"Irn": irn, "CancelDate": stamp(now)}),
    ))
}
