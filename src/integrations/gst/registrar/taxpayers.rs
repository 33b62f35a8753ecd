//! Taxpayers: what the registrar tells of them, and how one gets its API user.

use super::auth::Caller;
use super::books::{self, Enrolment};
use super::calls::{Call, Done, json};
use super::check::{Taxpayer, masters};
use super::codes::Refusal;
use super::crypto::{Broken, base64url, random};
use super::envelope::Data;
use super::{Step, refused};
use crate::platform::db::PlatformTx;
use rust_decimal::Decimal;
use serde_json::Value;

/// What the registrar knows of a taxpayer.
pub fn show(tx: &mut PlatformTx, call: &Call, caller: &Caller) -> Step<Done> {
    let gstin = call.subject.to_uppercase();
    match books::taxpayers(tx, &[&gstin])?.remove(&gstin) {
        Some(taxpayer) => Ok(Done::sealed(caller, told(&taxpayer))),
        None => Err(Refusal::about("3028", gstin).into()),
    }
}

/// Asks the common portal, which here knows every GSTIN whose check character is right.
pub fn sync(tx: &mut PlatformTx, call: &Call, caller: &Caller, is_lax: bool) -> Step<Done> {
    let gstin = call.subject.to_uppercase();
    if !is_gstin(&gstin, is_lax) {
        return refused("3001");
    }
    books::adopt(tx, &gstin)?;
    match books::taxpayers(tx, &[&gstin])?.remove(&gstin) {
        Some(taxpayer) => Ok(Done::sealed(caller, told(&taxpayer))),
        None => refused("3001"),
    }
}

fn told(taxpayer: &Taxpayer) -> Value {
    serde_json::json!({
        "Gstin": taxpayer.gstin,
        "TradeName": taxpayer.name,
        "LegalName": taxpayer.name,
        "StateCode": taxpayer.state_code.parse::<u8>().unwrap_or(0),
        "TxpType": taxpayer.taxpayer_type,
        "Status": taxpayer.status,
        "BlkStatus": "U",
    })
}

/// A new API user for a taxpayer who sends invoices: client id, client secret, user, password. Short enough for the longest login that an RSA key
/// of 2048 bits can carry.
///
/// # Errors
/// When the system has no random numbers.
pub fn new_login() -> Result<[String; 4], Broken> {
    Ok([
        format!("SBX{}", base64url(&random::<9>()?)),
        base64url(&random::<18>()?),
        format!("API_{}", base64url(&random::<6>()?)),
        base64url(&random::<12>()?),
    ])
}

/// Enrols a taxpayer for e-invoicing and gives it its API user: of two who ask at once both get the same one, and so does whoever asks again
/// because the answer was lost.
pub fn enrol(tx: &mut PlatformTx, call: &Call, is_lax: bool) -> Step<Done> {
    let asked = json(&call.body).unwrap_or_default();
    let word = |field: &str| asked.get(field).and_then(Value::as_str).unwrap_or("");
    let gstin = word("gstin").to_uppercase();
    if !is_gstin(&gstin, is_lax) {
        return Err(Refusal::about("3028", gstin).into());
    }
    let known = books::taxpayers(tx, &[&gstin])?.remove(&gstin);
    books::adopt(tx, &gstin)?;
    if let Some(login) = books::login(tx, &gstin)?.and_then(books::Login::whole) {
        return Ok(enrolled(&login));
    }
    let name = if word("name").is_empty() {
        known.as_ref().map_or("Taxpayer", |known| &known.name)
    } else {
        word("name")
    };
    let login = new_login()?;
    let enrolment = Enrolment {
        name: name.to_owned(),
        taxpayer_type: known
            .as_ref()
            .map_or("REG", |known| &known.taxpayer_type)
            .to_owned(),
        status: known
            .as_ref()
            .map_or("ACT", |known| &known.status)
            .to_owned(),
        is_einvoicing: true,
        turnover: known.map_or(Decimal::ZERO, |known| known.turnover),
        login: Some(login.clone()),
        gstin,
    };
    books::enrol(tx, &enrolment)?;
    Ok(enrolled(&login))
}

fn enrolled([client_id, client_secret, user_name, password]: &[String; 4]) -> Done {
    Done {
        data: Data::Clear(serde_json::json!({
            "client_id": client_id,
            "client_secret": client_secret,
            "user_name": user_name,
            "password": password,
        })),
        notes: Vec::new(),
    }
}

/// Whether a GSTIN has the right shape: two digits of a state, thirteen letters and digits, the last the right one.
pub fn is_gstin(gstin: &str, is_lax: bool) -> bool {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let value = |byte: u8| DIGITS.iter().position(|digit| *digit == byte);
    if gstin.len() != 15 || !gstin.bytes().all(|byte| value(byte).is_some()) {
        return false;
    }
    if !masters::is_state(&gstin[..2]) {
        return false;
    }
    let sum: usize = gstin
        .bytes()
        .take(14)
        .enumerate()
        .filter_map(|(place, byte)| value(byte).map(|value| value * (1 + place % 2)))
        .map(|product| product / 36 + product % 36)
        .sum();
    is_lax || gstin.bytes().last().and_then(value) == Some((36 - sum % 36) % 36)
}
