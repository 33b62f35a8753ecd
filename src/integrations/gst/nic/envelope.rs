//! What stands around every answer: whether it was done, its data, and what was refused, in the several spellings that are in use.

use super::crypto::{from_base64, open};
use crate::accounting::outside::Reply;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Outer {
    #[serde(alias = "status")]
    #[serde(rename = "Status")]
    status: Value,
    #[serde(rename = "Data", alias = "data", default)]
    data: Value,
    #[serde(rename = "ErrorDetails", alias = "error", default)]
    errors: Value,
    #[serde(rename = "InfoDtls", alias = "info", default)]
    notes: Value,
}

/// An answer that was read.
pub struct Envelope {
    is_done: bool,
    data: Value,
    /// Codes and words of what was refused.
    pub errors: Vec<(String, String)>,
    notes: Vec<(String, String)>,
}

impl Envelope {
    /// An answer in its bytes; `None` when it is none of this protocol.
    pub fn read(raw: &[u8]) -> Option<Self> {
        let outer: Outer = serde_json::from_slice(raw).ok()?;
        let is_done = match &outer.status {
            Value::Number(number) => number.as_i64() == Some(1),
            Value::String(text) => text.trim() == "1",
            _ => return None,
        };
        let mut errors = refusals(&outer.errors);
        if !is_done && errors.is_empty() {
            errors.push((String::new(), "refused without a code".to_owned()));
        }
        Some(Self {
            is_done,
            data: outer.data,
            errors,
            notes: notes(&outer.notes),
        })
    }

    /// Its data where that is not encrypted: a login's.
    pub fn clear(&self) -> Option<&Value> {
        self.is_done.then_some(&self.data)
    }

    /// Whether it was not done, and no code says why.
    pub fn is_without_code(&self) -> bool {
        !self.is_done && self.errors.iter().all(|(code, _)| code.is_empty())
    }

    /// The answer, its data decrypted; `None` when it says that it was done and its data can't be read.
    pub fn reply(self, http_status: u16, raw: Vec<u8>, sek: &[u8; 32]) -> Option<Reply> {
        let opened = match &self.data {
            Value::String(data) if !data.is_empty() => open(sek, data),
            _ => None,
        };
        if self.is_done && opened.is_none() {
            return None;
        }
        Some(Reply {
            http_status,
            raw,
            opened,
            errors: if self.is_done {
                Vec::new()
            } else {
                self.errors
            },
            notes: self.notes,
        })
    }
}

/// A list, or the same as text, or that in Base64.
fn unwrapped(value: &Value) -> Option<Value> {
    let Value::String(text) = value else {
        return Some(value.clone());
    };
    let plain = serde_json::from_str(text).ok();
    plain.or_else(|| serde_json::from_slice(&from_base64(text)?).ok())
}

fn word(value: &Value, names: [&str; 2]) -> String {
    match names.into_iter().find_map(|name| value.get(name)) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

fn refusals(errors: &Value) -> Vec<(String, String)> {
    let list = match unwrapped(errors) {
        Some(Value::Array(list)) => list,
        Some(one @ Value::Object(_)) => vec![one],
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for error in &list {
        // The e-way bill system lists its codes in one text: `312,238,`.
        let codes = word(error, ["ErrorCode", "errorCodes"]);
        let said = word(error, ["ErrorMessage", "message"]);
        let several = codes.split(',').map(str::trim);
        found.extend(
            several
                .filter(|code| !code.is_empty())
                .map(|code| (code.to_owned(), said.clone())),
        );
    }
    found
}

fn notes(list: &Value) -> Vec<(String, String)> {
    let Some(Value::Array(list)) = unwrapped(list) else {
        return Vec::new();
    };
    list.iter()
        .map(|note| {
            let said = match note.get("Desc") {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            (word(note, ["InfCd", "infCd"]), said)
        })
        .collect()
}
