//! Who calls: the login, and the headers of everything after it.

use super::books::{self, Login, Token};
use super::calls::{Call, Done, Operation, json, stamp};
use super::codes::Refusal;
use super::crypto::{Key, base64, decrypt, encrypt, from_base64, random};
use super::envelope::Data;
use super::{Keys, Step, refused};
use crate::platform::db::PlatformTx;
use chrono::Duration;
use serde_json::Value;

/// How long a login holds.
const HOLDS_MINUTES: i64 = 60;
/// A new one is given while the old holds only in its last minutes, and when asked for.
const LAST_MINUTES: i64 = 10;
/// Bodies are at most this long.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Somebody who is signed in.
pub struct Caller {
    pub gstin: String,
    /// The key of the session.
    pub sek: Key,
}

/// How the names of headers are spelt: the older e-way bill system has its own.
fn names(operation: Operation) -> [&'static str; 4] {
    if operation.is_older() {
        ["client-id", "client-secret", "username", "authtoken"]
    } else {
        ["client_id", "client_secret", "user_name", "authtoken"]
    }
}

/// The program and the taxpayer that the headers name.
fn client(tx: &mut PlatformTx, call: &Call) -> Step<Login> {
    let [id, secret, ..] = names(call.operation);
    let (id, secret, gstin) = (call.header(id), call.header(secret), call.header("gstin"));
    let missing = [(id, "1011"), (secret, "1012"), (gstin, "1004")];
    if let Some((_, code)) = missing.iter().find(|(value, _)| value.is_empty()) {
        return refused(code);
    }
    let login = books::login(tx, gstin)?;
    match login {
        Some(login) if is(&login.client_id, id) && is(&login.client_secret, secret) => Ok(login),
        Some(_) if books::is_client(tx, id, secret)? => refused("1018"),
        None if books::is_client(tx, id, secret)? => refused("1015"),
        _ => refused("1010"),
    }
}

fn is(kept: &Option<String>, given: &str) -> bool {
    kept.as_deref() == Some(given)
}

/// Signs in: the body is encrypted for the registrar, the answer's key with the caller's.
pub fn sign_in(tx: &mut PlatformTx, call: &Call, keys: &Keys) -> Step<Done> {
    let login = client(tx, call)?;
    let Some(sealed) = payload(&call.body) else {
        return refused("1007");
    };
    let Some(opened) = keys.opener.open(&sealed) else {
        return refused("1013");
    };
    let asked = std::str::from_utf8(&opened)
        .ok()
        .and_then(from_base64)
        .and_then(|bytes| json(&bytes));
    let Some(asked) = asked else {
        return refused("1007");
    };
    let word = |field: &str| asked.get(field).and_then(Value::as_str).unwrap_or("");
    let app_key = from_base64(word("AppKey")).and_then(|bytes| Key::try_from(bytes).ok());
    let Some(app_key) = app_key else {
        return refused("1016");
    };
    if !is(&login.user_name, word("UserName")) {
        return refused("1017");
    }
    if !is(&login.password, word("Password")) {
        return refused("1008");
    }
    if login.status != "ACT" {
        return refused("1014");
    }
    let is_forced = asked.get("ForceRefreshAccessToken") == Some(&Value::Bool(true));
    let token = held(tx, call, word("UserName"), is_forced)?;
    let Some(sek) = token.key() else {
        return refused("5001");
    };
    Ok(Done {
        data: Data::Clear(serde_json::json!({
            "ClientId": token.client_id,
            "UserName": token.user_name,
            "AuthToken": token.token,
            "Sek": base64(&encrypt(&app_key, &sek)),
            "TokenExpiry": stamp(token.expires_at),
        })),
        notes: Vec::new(),
    })
}

/// The login that the user has, or a new one.
fn held(tx: &mut PlatformTx, call: &Call, user: &str, is_forced: bool) -> Step<Token> {
    let gstin = call.header("gstin");
    let now = tx.now();
    if let Some(token) = books::token_of(tx, gstin, user)? {
        let is_ending = token.expires_at - now <= Duration::minutes(LAST_MINUTES);
        if !(is_forced && is_ending) {
            return Ok(token);
        }
    }
    let token = Token {
        token: super::crypto::base64url(&random::<24>()?),
        gstin: gstin.to_owned(),
        user_name: user.to_owned(),
        client_id: call.header("client_id").to_owned(),
        sek: random::<32>()?.to_vec(),
        expires_at: now + Duration::minutes(HOLDS_MINUTES),
    };
    books::keep_token(tx, &token)?;
    Ok(token)
}

/// Whoever the headers of a call after the login say.
pub fn caller(tx: &mut PlatformTx, call: &Call) -> Step<Caller> {
    client(tx, call)?;
    let [client_id, _, user, token] = names(call.operation);
    let gstin = call.header("gstin");
    if call.header(user).is_empty() {
        return refused("1006");
    }
    let Some(token) = books::token(tx, call.header(token))? else {
        return refused("1005");
    };
    if token.gstin != gstin {
        return refused("1015");
    }
    if token.user_name != call.header(user) || token.client_id != call.header(client_id) {
        return refused("1005");
    }
    let Some(sek) = token.key() else {
        return refused("1005");
    };
    Ok(Caller {
        gstin: gstin.to_owned(),
        sek,
    })
}

/// What a body says after decryption.
pub fn body(call: &Call, caller: &Caller) -> Step<Value> {
    opened(payload(&call.body), caller)
}

/// The same of some encrypted bytes.
pub fn opened(sealed: Option<Vec<u8>>, caller: &Caller) -> Step<Value> {
    let clear = sealed.and_then(|sealed| decrypt(&caller.sek, &sealed));
    let Some(clear) = clear.filter(|clear| !clear.is_empty()) else {
        return refused("2255");
    };
    if clear.len() > MOST_BYTES {
        return Err(Refusal::about("2140", "the payload is longer than 2 MB").into());
    }
    serde_json::from_slice(&clear)
        .map_err(|error| Refusal::about("2140", format!("the payload is not JSON: {error}")).into())
}

/// The bytes in a body's `Data`.
fn payload(body: &[u8]) -> Option<Vec<u8>> {
    from_base64(json(body)?.get("Data")?.as_str()?)
}
