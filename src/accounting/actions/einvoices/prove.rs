//! The proof in an answer of the authority, and what of it can't be believed.

use super::begin::Call;
use crate::accounting::fault::Fault;
use crate::accounting::model::{Document, DocumentLine, authority_key};
use crate::accounting::outside::{Environment, Reply};
use crate::accounting::proof::{self, Signed};
use crate::accounting::rules::einvoice::{Operation, Outcome};
use crate::error::AppError;
use crate::kernel::language::{Said, text};
use crate::platform::db::Scope;
use crate::platform::db::schema::einvoice_attempts;
use chrono::{DateTime, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Asia::Kolkata;
use diesel::prelude::*;
use serde::Deserialize;

/// What the authority says of a registered document.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Registered {
    ack_no: serde_json::Value,
    ack_dt: String,
    irn: String,
    signed_invoice: String,
    #[serde(rename = "SignedQRCode")]
    signed_qr: String,
    /// `ACT`, or `CNL` of one that was cancelled.
    #[serde(default)]
    status: Option<serde_json::Value>,
}

/// What it says of one that it has already.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Duplicate {
    ack_no: serde_json::Value,
    ack_dt: String,
    irn: String,
}

/// Why a document that nobody here has cancelled is cancelled; a key of the message catalogue.
pub const FOUND_CANCELLED: &str = text!("It was found cancelled at the authority.");

/// What is kept as proof.
pub struct Proof {
    pub ack_no: String,
    pub ack_at: DateTime<Utc>,
    pub texts: Option<(String, String)>,
    pub kid: Option<String>,
    pub is_verified: bool,
    /// Whether it is cancelled there.
    pub is_cancelled: bool,
    pub doubts: Vec<Fault>,
    pub why: Option<&'static str>,
}

/// A moment as the authority writes it, in Indian time.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    let there = Kolkata.from_local_datetime(&local).single()?;
    Some(there.with_timezone(&Utc))
}

/// A number of JSON, or text.
fn digits(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn no_proof() -> Said {
    Said::new("The authority's answer holds no signed text that can be read.")
}

pub type Found = Result<Option<Proof>, Said>;

/// The proof in an answer. A look-up whose text says something else than the document found another document; an answer to a registration
/// that says something else is kept with its doubts, because it is registered all the same.
pub fn prove(
    scope: &mut Scope,
    call: &Call,
    lines: &[DocumentLine],
    reply: &Reply,
) -> Result<Found, AppError> {
    let opened = reply.opened.as_deref().unwrap_or_default();
    let Ok(found) = serde_json::from_slice::<Registered>(opened) else {
        return Ok(Err(no_proof()));
    };
    let Some(ack_at) = moment(&found.ack_dt) else {
        return Ok(Err(no_proof()));
    };
    if Some(found.irn.as_str()) != call.document.irn.as_deref() {
        return Ok(Err(Said::new(
            "The authority's IRN is not the one of this document.",
        )));
    }
    let environment = environment_of(scope, call)?;
    let doubt = doubts(scope, &call.document, lines, &found, environment)?;
    if let (Some((said, true)), Operation::Find | Operation::Fetch) = (&doubt.said, call.operation)
    {
        return Ok(Err(said.clone()));
    }
    let doubts = doubt.said.map(|(said, _)| {
        let fix =
            Said::new("It is registered. Ask the authority's help desk before you rely on it.");
        let mut fault = Fault::new("signature", said, fix);
        fault.document = Some(call.document.number.clone());
        fault
    });
    let is_cancelled = found.status.as_ref().and_then(|status| status.as_str()) == Some("CNL");
    Ok(Ok(Some(Proof {
        ack_no: digits(&found.ack_no),
        ack_at,
        is_verified: doubts.is_none(),
        is_cancelled,
        doubts: doubts.into_iter().collect(),
        texts: Some((found.signed_invoice, found.signed_qr)),
        kid: doubt.kid,
        why: is_cancelled.then_some(FOUND_CANCELLED),
    })))
}

fn environment_of(scope: &mut Scope, call: &Call) -> Result<&'static str, AppError> {
    let row = einvoice_attempts::table
        .filter(
            einvoice_attempts::tenant_id
                .eq(scope.tenant())
                .and(einvoice_attempts::id.eq(call.attempt)),
        )
        .select(einvoice_attempts::environment);
    let environment: String = scope.one(row)?;
    Ok(environment
        .parse::<Environment>()
        .map_err(|_| AppError::internal("no such environment"))?
        .as_str())
}

/// What can't be believed of two signed texts, and whether it is what they say (and not only who signed them).
struct Doubt {
    kid: Option<String>,
    said: Option<(Said, bool)>,
}

fn doubts(
    scope: &mut Scope,
    document: &Document,
    lines: &[DocumentLine],
    found: &Registered,
    environment: &str,
) -> Result<Doubt, AppError> {
    let doubt = |kid: Option<String>, said: Said, is_content: bool| {
        Ok(Doubt {
            kid,
            said: Some((said, is_content)),
        })
    };
    let (code, invoice) = match (
        Signed::read(&found.signed_qr),
        Signed::read(&found.signed_invoice),
    ) {
        (Ok(code), Ok(invoice)) => (code, invoice),
        (Err(said), _) | (_, Err(said)) => return doubt(None, said, false),
    };
    let kid = Some(code.kid.clone());
    for signed in [&code, &invoice] {
        let Some(key) = authority_key(scope, environment, "signing", Some(&signed.kid))? else {
            let said =
                Said::new("The authority signed with the key {kid}, which is not known here.")
                    .with("kid", &signed.kid);
            return doubt(kid, said, false);
        };
        if !signed.holds(&key) {
            let said = Said::new("The authority's signature does not hold.");
            return doubt(kid, said, false);
        }
    }
    let agrees = proof::code_agrees(&code, document)
        .and_then(|()| proof::invoice_agrees(&invoice, document, lines));
    match agrees {
        Ok(()) => Ok(Doubt { kid, said: None }),
        Err(said) => doubt(kid, said, true),
    }
}

fn duplicate_of(reply: &Reply) -> Option<Duplicate> {
    let note = reply.notes.iter().find(|(kind, _)| kind == "DUPIRN")?;
    serde_json::from_str(&note.1).ok()
}

/// A duplicate has to be of our own key.
pub fn same_irn(document: &Document, reply: &Reply) -> Result<(), Said> {
    match duplicate_of(reply) {
        Some(found) if Some(found.irn.as_str()) != document.irn.as_deref() => Err(Said::new(
            "The authority's IRN is not the one of this document.",
        )),
        _ => Ok(()),
    }
}

/// The proof of a document that can no longer be fetched: what the authority said when it called it a duplicate.
pub fn too_old(scope: &mut Scope, document: &Document) -> Result<Option<Proof>, AppError> {
    let row = einvoice_attempts::table
        .filter(
            einvoice_attempts::tenant_id
                .eq(scope.tenant())
                .and(einvoice_attempts::document_id.eq(document.id))
                .and(einvoice_attempts::outcome.eq(Outcome::Duplicate)),
        )
        .order(einvoice_attempts::id.desc())
        .limit(1)
        .select(einvoice_attempts::response_opened);
    let note: Option<Option<Vec<u8>>> = scope.maybe(row)?;
    let found = note
        .flatten()
        .and_then(|note| serde_json::from_slice::<Duplicate>(&note).ok());
    Ok(found.and_then(|found| {
        Some(Proof {
            ack_no: digits(&found.ack_no),
            ack_at: moment(&found.ack_dt)?,
            texts: None,
            kid: None,
            is_verified: false,
            is_cancelled: false,
            doubts: Vec::new(),
            why: Some(text!(
                "It was registered too long ago to be fetched: the signed texts are in the authority's portal."
            )),
        })
    }))
}
