//! What may become of an e-way bill.

use super::einvoice::{Operation, Outcome};
use super::errors;
use crate::kernel::language::text;
use chrono::{DateTime, Duration, Utc};

pub use crate::logistics::rules::{Consignment, usual_limit};

states! {
    /// How far an e-way bill is.
    Status:
    /// It is to be made.
    Asked "asked"
    /// A call is being made.
    InFlight "in_flight"
    /// A call was made and nobody knows what came of it.
    Unknown "unknown"
    /// The portal did not make it.
    Refused "refused"
    /// It is made.
    Active "active"
    /// It was cancelled there.
    Cancelled "cancelled"
    /// Given up before it was made.
    Dropped "dropped"
}

/// The steps of an e-way bill; the same as the SQL function `may_step`.
pub const STEPS: &[(Status, Status)] = &[
    (Status::Asked, Status::InFlight),
    (Status::Asked, Status::Dropped),
    (Status::InFlight, Status::Active),
    (Status::InFlight, Status::Unknown),
    (Status::InFlight, Status::Refused),
    (Status::Unknown, Status::Active),
    (Status::Unknown, Status::InFlight),
    (Status::Refused, Status::Asked),
    (Status::Refused, Status::Dropped),
    (Status::Active, Status::Cancelled),
];

states! {
    /// A call about an e-way bill.
    Call:
    /// Make it.
    Make "eway_bill"
    /// Look it up by its document.
    Find "find_eway_bill"
    /// Cancel it.
    Cancel "cancel_eway_bill"
}

impl Status {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Asked => text!("To be made"),
            Self::InFlight => text!("Being made"),
            Self::Unknown => text!("Being looked up"),
            Self::Refused => text!("Refused"),
            Self::Active => text!("Made"),
            Self::Cancelled => text!("Cancelled"),
            Self::Dropped => text!("Given up"),
        }
    }

    /// Tone and shape of its pill.
    pub const fn pill(self) -> (&'static str, &'static str) {
        match self {
            Self::Active => ("ok", "full"),
            Self::Asked => ("info", ""),
            Self::InFlight => ("info", "half"),
            Self::Unknown => ("warn", "half"),
            Self::Refused => ("bad", "full"),
            Self::Cancelled | Self::Dropped => ("", "plain"),
        }
    }
}

impl Call {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Make => text!("Make the e-way bill"),
            Self::Find => text!("Look up the e-way bill"),
            Self::Cancel => text!("Cancel the e-way bill"),
        }
    }
}

/// How goods travel, as the portal counts, and the words.
pub const MODES: [(&str, &str); 4] = [
    ("1", text!("Road")),
    ("2", text!("Rail")),
    ("3", text!("Air")),
    ("4", text!("Ship")),
];

/// Until when a bill can be cancelled.
pub fn until(made_at: DateTime<Utc>) -> DateTime<Utc> {
    made_at + Duration::hours(24)
}

/// What came of a call that was answered with these codes; with none it was done.
pub fn outcome(call: Call, codes: &[(String, String)]) -> Outcome {
    let has = |wanted: &[&str]| {
        codes
            .iter()
            .any(|(code, _)| wanted.contains(&code.as_str()))
    };
    match call {
        // There is one already: it is looked at.
        Call::Make if has(&["4002", "4026", "604"]) => Outcome::Duplicate,
        Call::Find if has(&["3001", "2148", "2154", "2296", "4003"]) => Outcome::NotFound,
        // It is not ours, or cancelled already: it is looked at.
        Call::Cancel if has(&["312", "4057"]) => Outcome::Duplicate,
        _ if has(&["105", "106", "238"]) => Outcome::SignedOut,
        _ => errors::outcome(Operation::Generate, codes),
    }
}

/// A call that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// What was asked.
    pub call: Call,
    /// What came of it.
    pub outcome: Outcome,
}

/// The next call about a bill that is to be made or, `is_cancelled`, to be cancelled, by the calls since then, the oldest first. Nothing is
/// asked a second time while it is not known what came of the first.
pub fn call(past: &[Past], is_cancelled: bool) -> Call {
    let deed = if is_cancelled {
        Call::Cancel
    } else {
        Call::Make
    };
    past.iter()
        .fold(deed, |next, step| match (step.call, step.outcome) {
            (Call::Find, Outcome::Done | Outcome::NotFound) => deed,
            (Call::Find, _) => next,
            (_, Outcome::Lost | Outcome::Busy | Outcome::Duplicate) => Call::Find,
            _ => deed,
        })
}

/// Whether it is known that what is asked for has not happened.
pub fn is_clear(past: &[Past]) -> bool {
    past.iter()
        .fold(true, |is_clear, step| match (step.call, step.outcome) {
            (Call::Find, Outcome::Done | Outcome::NotFound) => true,
            (Call::Find, _) => is_clear,
            (_, Outcome::Lost | Outcome::Busy | Outcome::Duplicate) => false,
            _ => is_clear,
        })
}

/// What comes after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// It is made.
    Made,
    /// It is cancelled.
    Cancelled,
    /// The next call at once.
    Go,
    /// The next call after a wait.
    Later,
    /// It won't happen by itself: somebody has to look.
    Stop,
}

/// So many times one that the portal has no time for is asked for by itself: it blocks who repeats the same bytes.
const MOST_TRIES: usize = 3;

/// Whether the portal had no time for a bill so often that nobody asks again by itself: `past` is before the look that has not found one.
fn is_given_up(past: &[Past]) -> bool {
    let made = past.iter().rev().filter(|step| step.call == Call::Make);
    let is_busy = |step: &&Past| step.outcome == Outcome::Busy;
    let last = made.clone().next();
    last.as_ref().is_some_and(is_busy) && made.filter(is_busy).count() >= MOST_TRIES
}

/// What comes after the last of these calls; `stands` is whether that call has found a bill that is not cancelled.
pub fn after(past: &[Past], is_cancelled: bool, stands: bool) -> After {
    let Some((last, before)) = past.split_last() else {
        return After::Go;
    };
    // A second login that does not hold either is no slip: NIC blocks whoever signs in without end.
    let is_new_login = before
        .last()
        .is_some_and(|step| step.outcome == Outcome::SignedOut);
    let deed = before.iter().rev().find(|step| step.call != Call::Find);
    let tries = before.iter().filter(|step| step.call != Call::Find).count();
    match (last.call, last.outcome) {
        (Call::Make, Outcome::Done) => After::Made,
        (Call::Cancel, Outcome::Done) => After::Cancelled,
        (Call::Find, Outcome::Done) if !is_cancelled && stands => After::Made,
        (Call::Find, Outcome::Done) if is_cancelled && !stands => After::Cancelled,
        // It was said that there is one already, or none of ours, and a look says otherwise: asking again would go round in a circle.
        (Call::Find, Outcome::Done | Outcome::NotFound)
            if deed.is_some_and(|deed| deed.outcome == Outcome::Duplicate) =>
        {
            After::Stop
        }
        (Call::Find, Outcome::Done | Outcome::NotFound) if is_given_up(before) => After::Stop,
        (Call::Find, Outcome::Done | Outcome::NotFound) if tries > 1 => After::Later,
        (Call::Find, Outcome::Done | Outcome::NotFound) => After::Go,
        (Call::Make | Call::Cancel, Outcome::Lost | Outcome::Duplicate) => After::Go,
        // The look itself was refused: of what was asked for nobody knows more than before.
        (Call::Find, Outcome::Refused) => After::Later,
        (_, Outcome::Refused) | (Call::Make | Call::Cancel, Outcome::NotFound) => After::Stop,
        (_, Outcome::SignedOut) if !is_new_login => After::Go,
        _ => After::Later,
    }
}
