//! Cancelling what the authority has registered: whether it may be asked, and what comes after each call.

use super::cancel::{self, Hanging};
use super::document::{self, Family, Kind};
use super::einvoice::{Operation, Outcome, Past, Status};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use chrono::{DateTime, Duration, Utc};

/// For so many hours after it registered a document the authority cancels it.
const HOURS: i64 = 24;

/// Until when a document can be cancelled at the authority.
pub fn until(ack_at: DateTime<Utc>) -> DateTime<Utc> {
    ack_at + Duration::hours(HOURS)
}

/// Whether the time is over in which a registered document could be cancelled at the authority.
pub fn is_too_late(status: Status, ack_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    status == Status::Registered && ack_at.is_some_and(|ack_at| now > until(ack_at))
}

/// What a wish to cancel depends on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Number of the document.
    pub number: String,
    /// What it is.
    pub kind: Kind,
    /// How far the document is.
    pub document: document::Status,
    /// How it stands at the authority.
    pub status: Status,
    /// When it was registered.
    pub ack_at: Option<DateTime<Utc>>,
    /// Whether somebody has asked already.
    pub is_asked: bool,
    /// Its e-way bill that is not cancelled: its number, or none while it has no number yet.
    pub eway_bill: Option<Option<String>>,
    /// Number of its shipment, if its goods have left with it.
    pub left: Option<String>,
    /// What of it is paid or credited.
    pub settled: Money,
    /// Whether a note that stands corrects it.
    pub is_corrected: bool,
}

/// Whether documents of a kind are cancelled at all. What a credit note gave back may be used up, and its goods may be in stock again: more is
/// owed by a debit note.
pub fn is_ever_cancelled(kind: Kind) -> bool {
    kind.family() != Family::CreditNotes
}

/// What is said while the authority is asked to cancel a document.
pub fn is_asked(number: &str) -> Said {
    Said::new("The authority is asked to cancel {number}: wait for its answer.")
        .with("number", number)
}

/// Whether the authority may be asked to cancel a document, and the books can follow.
///
/// # Errors
/// Why not, and the way out, in words.
pub fn may_ask(facts: &Facts, now: DateTime<Utc>) -> Result<(), Said> {
    let said = |said: Said| Err(said.with("number", &facts.number));
    cancel::stands(&facts.number, facts.document)?;
    if facts.is_asked {
        return Err(is_asked(&facts.number));
    }
    if !is_ever_cancelled(facts.kind) {
        return said(Said::new(
            "{number} is a credit note, and those are not cancelled. If more is owed, write a debit note on the invoice.",
        ));
    }
    let (Status::Registered, Some(ack_at)) = (facts.status, facts.ack_at) else {
        return said(not_registered(facts.status));
    };
    if now > until(ack_at) {
        let ended = dates::full_date_and_time(until(ack_at), Lang::En);
        return said(
            Said::new("The 24 hours in which {number} could be cancelled at the authority ended on {at}. Write a credit note.")
                .with("at", ended),
        );
    }
    if let Some(bill) = &facts.eway_bill {
        return match bill {
            Some(bill) => said(
                Said::new("{number} has the e-way bill {bill}. Cancel that first.")
                    .with("bill", bill),
            ),
            None => said(Said::new(
                "An e-way bill of {number} is being made. Wait for it, and cancel that first.",
            )),
        };
    }
    cancel::nothing_hangs_on(&Hanging {
        number: &facts.number,
        left_with: facts.left.as_deref(),
        settled: facts.settled,
        is_corrected: facts.is_corrected,
    })
}

/// Until when the authority cancels a document: nothing where that is over, or where something else than its e-way bill, which can be
/// cancelled first, is in the way.
pub fn open_until(facts: &Facts, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let without_bill = Facts {
        eway_bill: None,
        ..facts.clone()
    };
    may_ask(&without_bill, now).ok()?;
    facts.ack_at.map(until)
}

fn not_registered(status: Status) -> Said {
    match status {
        Status::InFlight | Status::Unknown => Said::new(
            "It is not known yet whether the authority has {number}. Try again in a minute.",
        ),
        Status::Cancelled => Said::new("{number} is cancelled at the authority already."),
        other => Said::new(
            "{number} is not registered at the authority: {state}. Cancel it on its own page.",
        )
        .naming("state", other.label()),
    }
}

/// The next call about a document that is to be cancelled, by the calls since somebody asked, the oldest first. It is never asked a second
/// time while it is not known what came of the first.
pub fn call(past: &[Past]) -> Operation {
    past.iter().fold(Operation::Cancel, |next, step| {
        match (step.operation, step.outcome) {
            (Operation::Cancel, Outcome::Lost | Outcome::Busy) => Operation::Fetch,
            (Operation::Cancel, _)
            | (Operation::Fetch, Outcome::Done | Outcome::NotFound | Outcome::Refused) => {
                Operation::Cancel
            }
            _ => next,
        }
    })
}

/// Whether it is known that the authority has not cancelled it: nobody has asked, or a look found it standing.
pub fn is_clear(past: &[Past]) -> bool {
    past.iter().fold(true, |is_clear, step| {
        match (step.operation, step.outcome) {
            (Operation::Cancel, Outcome::Lost | Outcome::Busy) => false,
            (Operation::Fetch, Outcome::Done) => true,
            _ => is_clear,
        }
    })
}

/// What comes after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// It is cancelled there.
    Cancelled,
    /// The next call at once.
    Go,
    /// A new login, then the same again.
    SignInAgain,
    /// Again after a wait.
    Later,
    /// It stands, and somebody has to decide.
    Stands,
}

/// What comes after the last of these calls. `is_found_cancelled`: a look found it cancelled.
pub fn after(past: &[Past], is_found_cancelled: bool) -> After {
    let Some((last, before)) = past.split_last() else {
        return After::Go;
    };
    match (last.operation, last.outcome) {
        (Operation::Fetch, Outcome::Done) if is_found_cancelled => After::Cancelled,
        (Operation::Cancel, Outcome::Done) => After::Cancelled,
        (Operation::Fetch, Outcome::Done | Outcome::NotFound | Outcome::Refused)
        | (Operation::Cancel, Outcome::Lost) => After::Go,
        (Operation::Cancel, Outcome::Refused | Outcome::NotFound | Outcome::Duplicate) => {
            After::Stands
        }
        (_, Outcome::SignedOut) => {
            let is_new_login = before
                .last()
                .is_some_and(|step| step.outcome == Outcome::SignedOut);
            if is_new_login {
                After::Later
            } else {
                After::SignInAgain
            }
        }
        _ => After::Later,
    }
}
