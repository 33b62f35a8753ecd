//! A call from its headers to its answer: the mood that it meets, the deed, and the line in the books that says it was made.

use super::auth::Caller;
use super::books::{self, Heard};
use super::codes::Refusal;
use super::envelope::Data;
use super::moods::{self, Mood, Told, Who};
use super::{Keys, Note, Registrar, Step, Stop, auth, invoices, taxpayers, transport};
use crate::error::AppError;
use crate::platform::db::PlatformTx;
use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use serde_json::Value;
use std::collections::BTreeMap;

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    SignIn,
    Generate,
    Cancel,
    ByIrn,
    ByDocument,
    MakeBill,
    FindBill,
    /// The older e-way bill system's one address for everything.
    BillAction,
    /// That system's bill with its vehicles.
    BillByNumber,
    Taxpayer,
    Sync,
    /// Not of the protocol: a taxpayer gets its API user, as on the portal's pages.
    Enrol,
}

impl Operation {
    /// The kind by which moods are told.
    fn kind(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Generate => "generate",
            Self::Cancel => "cancel",
            Self::ByIrn | Self::ByDocument => "find",
            Self::MakeBill | Self::FindBill | Self::BillAction | Self::BillByNumber => "eway_bill",
            Self::Taxpayer | Self::Sync | Self::Enrol => "taxpayer",
        }
    }
}

impl Operation {
    /// Whether the older e-way bill system is asked, which spells headers and answers in its own way.
    pub const fn is_older(self) -> bool {
        matches!(self, Self::BillAction | Self::BillByNumber)
    }
}

/// A call, as it came.
pub struct Call {
    pub operation: Operation,
    pub method: String,
    /// With the query.
    pub path: String,
    /// By names in small letters.
    pub headers: BTreeMap<String, String>,
    pub query: BTreeMap<String, String>,
    /// The IRN or GSTIN at the end of the path.
    pub subject: String,
    pub body: Vec<u8>,
}

impl Call {
    /// A header, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.trim())
    }

    /// A parameter of the address, empty when it is missing.
    pub fn parameter(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }
}

/// What a call does.
pub struct Done {
    pub data: Data,
    pub notes: Vec<Note>,
}

impl Done {
    /// An answer to somebody who is signed in.
    pub fn sealed(caller: &Caller, value: Value) -> Self {
        Self {
            data: Data::Sealed(value, caller.sek),
            notes: Vec::new(),
        }
    }
}

/// What comes back, and how late.
pub struct Answer {
    /// HTTP status and body; `None`: the connection is closed without a word.
    pub said: Option<(u16, Vec<u8>)>,
    pub delay: std::time::Duration,
}

/// What a proxy says when nobody is behind it.
const AWAY: &[u8] = b"<html><body><h1>503 Service Unavailable</h1></body></html>";

impl Registrar {
    /// Answers a call. What it did is committed when this comes back.
    pub fn answer(&self, call: &Call) -> Answer {
        let mut about = None;
        let keys = match self.keys() {
            Ok(keys) => keys,
            Err(error) => return Answer::trouble(&error),
        };
        let answered = self.transact(|tx| {
            let gstin = call.header("gstin").to_owned();
            let told = moods::take(tx, Who::Registrar, &gstin, call.operation.kind())?;
            let mood = told.as_ref().map_or(Mood::Well, |told| told.mood);
            let outcome = match mood {
                Mood::Down => Err(Stop::Refused(Vec::new(), Vec::new())),
                Mood::Failing => Err(Refusal::of(failure(told.as_ref())).into()),
                Mood::Well | Mood::Slow | Mood::Losing => self.deed(tx, call, &keys, &mut about),
            };
            let codes = match &outcome {
                Ok(_) => Vec::new(),
                Err(Stop::Refused(refusals, _)) => refusals
                    .iter()
                    .map(|refusal| refusal.code.clone())
                    .collect(),
                Err(Stop::Broken(_)) => Vec::new(),
            };
            if let Err(Stop::Broken(error)) = outcome {
                return Err(error);
            }
            let heard = Heard {
                at: tx.now(),
                who: Who::Registrar.as_str().to_owned(),
                method: call.method.clone(),
                path: call.path.clone(),
                gstin: (!gstin.is_empty()).then_some(gstin),
                document: about.take(),
                codes,
                was_lost: matches!(mood, Mood::Losing | Mood::Down),
            };
            books::hear(tx, &heard)?;
            Ok((mood, told, outcome))
        });
        match answered {
            Ok((Mood::Down, ..)) => Answer::at_once(503, AWAY.to_vec()),
            Ok((mood, told, outcome)) => Answer {
                said: (mood != Mood::Losing).then(|| self.said(call, outcome)),
                delay: delay(told.as_ref()),
            },
            Err(error) => Answer::trouble(&error),
        }
    }

    /// What is asked, done.
    fn deed(
        &self,
        tx: &mut PlatformTx,
        call: &Call,
        keys: &Keys,
        about: &mut Option<String>,
    ) -> Step<Done> {
        if call.operation == Operation::Enrol {
            return taxpayers::enrol(tx, call, self.is_lax);
        }
        if call.operation == Operation::SignIn {
            return auth::sign_in(tx, call, keys);
        }
        let caller = auth::caller(tx, call)?;
        match call.operation {
            Operation::Generate => {
                invoices::generate(tx, call, &caller, (&self.schema, &keys.signer), about)
            }
            Operation::Cancel => invoices::cancel(tx, call, &caller, about),
            Operation::ByIrn => invoices::by_irn(tx, call, &caller, about),
            Operation::ByDocument => invoices::by_document(tx, call, &caller, about),
            Operation::MakeBill => transport::make(tx, call, &caller, about),
            Operation::FindBill => transport::find(tx, call, &caller, about),
            Operation::BillAction => transport::action(tx, call, &caller, about),
            Operation::BillByNumber => transport::by_number(tx, call, &caller, about),
            Operation::Taxpayer => taxpayers::show(tx, call, &caller),
            Operation::Sync => taxpayers::sync(tx, call, &caller, self.is_lax),
            Operation::SignIn | Operation::Enrol => super::refused("5001"),
        }
    }

    fn said(&self, call: &Call, outcome: Step<Done>) -> (u16, Vec<u8>) {
        let is_old = call.operation.is_older();
        let value = match outcome {
            Ok(Done {
                data: Data::Sealed(value, key),
                ..
            }) if is_old => self.encodings.bill_done(&value, &key),
            Ok(done) if call.operation == Operation::Enrol => match done.data {
                Data::Clear(value) | Data::Sealed(value, _) => value,
            },
            Ok(done) => self.encodings.done(&done.data, &done.notes),
            Err(Stop::Refused(refusals, _)) if is_old => self.encodings.bill_refused(&refusals),
            Err(Stop::Refused(refusals, notes)) => self.encodings.refused(&refusals, &notes),
            Err(Stop::Broken(_)) => return (503, AWAY.to_vec()),
        };
        (200, value.to_string().into_bytes())
    }
}

impl Answer {
    /// The registrar itself is in trouble, as the real one sometimes is.
    fn trouble(error: &AppError) -> Self {
        tracing::warn!(%error, "the sandbox registrar can't answer");
        Self::at_once(503, AWAY.to_vec())
    }

    fn at_once(status: u16, body: Vec<u8>) -> Self {
        Self {
            said: Some((status, body)),
            delay: std::time::Duration::ZERO,
        }
    }
}

/// The code that a failing sandbox says.
fn failure(told: Option<&Told>) -> &str {
    told.and_then(|told| told.code.as_deref()).unwrap_or("5001")
}

fn delay(told: Option<&Told>) -> std::time::Duration {
    let ms = told.map_or(0, |told| told.delay_ms);
    std::time::Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

/// The same moment on Indian clocks.
pub fn indian(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc() + Duration::minutes(330)
}

/// The moment that Indian clocks show.
pub fn from_indian(at: NaiveDateTime) -> DateTime<Utc> {
    (at - Duration::minutes(330)).and_utc()
}

/// A moment as answers write it.
pub fn stamp(at: DateTime<Utc>) -> String {
    indian(at).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// A body that is an object of JSON.
pub fn json(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok().filter(Value::is_object)
}
