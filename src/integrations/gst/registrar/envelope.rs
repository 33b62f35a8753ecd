//! What an answer is wrapped in. The real authority is not of one mind about it, and neither is this one: every eighth answer has one more layer of
//! Base64 around its data, every second refusal its list as Base64 and its status as text.

use super::Note;
use super::codes::Refusal;
use super::crypto::{Key, base64, encrypt};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// How often each shape was used.
#[derive(Default)]
pub struct Encodings {
    done: AtomicU32,
    refused: AtomicU32,
}

/// What was done.
pub enum Data {
    /// As it is: logins.
    Clear(Value),
    /// Encrypted with the session's key.
    Sealed(Value, Key),
}

impl Encodings {
    /// The answer to a call that did what it was asked.
    pub fn done(&self, data: &Data, notes: &[Note]) -> Value {
        let data = match data {
            Data::Clear(value) => value.clone(),
            Data::Sealed(value, key) => self.sealed(value, key).into(),
        };
        json!({"Status": 1, "Data": data, "ErrorDetails": null, "InfoDtls": listed(notes)})
    }

    /// The answer to a call that was refused.
    pub fn refused(&self, refusals: &[Refusal], notes: &[Note]) -> Value {
        let list: Vec<Value> = refusals
            .iter()
            .map(|refusal| json!({"ErrorCode": refusal.code, "ErrorMessage": refusal.message}))
            .collect();
        let list = Value::from(list);
        let is_wrapped = self.refused.fetch_add(1, Ordering::Relaxed) % 2 == 1;
        let (status, details) = if is_wrapped {
            (json!("0"), base64(list.to_string().as_bytes()).into())
        } else {
            (json!(0), list)
        };
        json!({"Status": status, "Data": null, "ErrorDetails": details, "InfoDtls": listed(notes)})
    }

    /// The same for the older e-way bill system, which has text for status and only numbers for what is wrong.
    pub fn bill_done(&self, value: &Value, key: &Key) -> Value {
        json!({"status": "1", "data": self.sealed(value, key)})
    }

    /// A refusal of the older e-way bill system.
    pub fn bill_refused(&self, refusals: &[Refusal]) -> Value {
        let codes: String = refusals
            .iter()
            .map(|refusal| format!("{},", refusal.code))
            .collect();
        let error = json!({"errorCodes": codes});
        let is_clear = self.refused.fetch_add(1, Ordering::Relaxed) % 2 == 1;
        let error = if is_clear {
            error
        } else {
            base64(error.to_string().as_bytes()).into()
        };
        json!({"status": "0", "error": error})
    }

    fn sealed(&self, value: &Value, key: &Key) -> String {
        let once = base64(&encrypt(key, value.to_string().as_bytes()));
        if self.done.fetch_add(1, Ordering::Relaxed) % 8 == 7 {
            base64(once.as_bytes())
        } else {
            once
        }
    }
}

fn listed(notes: &[Note]) -> Value {
    if notes.is_empty() {
        return Value::Null;
    }
    notes
        .iter()
        .map(|(kind, about)| json!({"InfCd": kind, "Desc": about}))
        .collect()
}
