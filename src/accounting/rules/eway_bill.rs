//! What may become of an e-way bill.

use super::einvoice::Outcome;
use crate::kernel::language::text;
use chrono::{DateTime, Duration, Utc};

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

/// What came of a call that was answered with these codes.
pub fn outcome(call: Call, codes: &[(String, String)], is_else: Outcome) -> Outcome {
    let has = |wanted: &[&str]| {
        codes
            .iter()
            .any(|(code, _)| wanted.contains(&code.as_str()))
    };
    match call {
        // There is one already: it is looked at.
        Call::Make if has(&["4002"]) => Outcome::Duplicate,
        Call::Find if has(&["3001", "2148", "2154", "2296"]) => Outcome::NotFound,
        // It is not ours, or cancelled already: it is looked at.
        Call::Cancel if has(&["312"]) => Outcome::Duplicate,
        _ => is_else,
    }
}

/// A call that has ended; `stands` is whether a look found a bill that stands.
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
            (Call::Find, Outcome::Done | Outcome::NotFound | Outcome::Refused) => deed,
            (Call::Find, _) => next,
            (asked, Outcome::Lost | Outcome::Busy | Outcome::Duplicate) if asked == deed => {
                Call::Find
            }
            (asked, _) if asked == deed => deed,
            _ => next,
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

/// The words for a code of e-way bills; a key of the message catalogue.
pub fn said(code: &str) -> Option<&'static str> {
    Some(match code {
        "4000" => text!("The document is not registered any more."),
        "4003" => text!("The portal does not know the document."),
        "4009" => text!("The document has no goods."),
        "4010" => text!("Notes and services need no e-way bill."),
        "4011" => text!("The number of the vehicle is missing."),
        "4012" => text!("Number and date of the transport document are missing."),
        "4013" | "4038" => text!("The distance is too long for these places."),
        "4014" => text!("The portal does not know such a number of a vehicle."),
        "4015" => text!("The company has not filed its returns, so it gets no e-way bills."),
        "4018" => text!("The portal does not know the transporter."),
        "4019" | "4027" => text!("Without a vehicle the transporter is needed."),
        "4029" => text!("Within one PIN code the distance has to be typed."),
        "4030" => text!("The portal does not know the distance: type it."),
        "4031" => text!("Say where the goods leave the country, in the portal itself."),
        "4043" => text!("The document is older than 180 days."),
        "4055" | "315" => text!("The 24 hours in which it could be cancelled are over."),
        "4057" | "312" => {
            text!("The portal does not know this e-way bill as yours, or it is cancelled.")
        }
        "4074" | "4075" | "4076" => text!("The GSTIN of the delivery address is missing or wrong."),
        _ => return None,
    })
}
