//! What may become of a wish to name another vehicle in an e-way bill, and what the portal refuses of one.

use super::einvoice::{Operation, Outcome};
use super::errors;
use super::eway_bill::{self, After, Status};
use crate::kernel::language::{Said, text};
use chrono::{DateTime, Utc};

states! {
    /// A call about another vehicle.
    Call:
    /// Name it.
    Change "change_vehicle"
    /// Look at the bill, with its vehicles.
    Look "fetch_eway_bill"
}

impl Call {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Change => text!("Change the vehicle of the e-way bill"),
            Self::Look => text!("Look at the vehicle of the e-way bill"),
        }
    }
}

/// Why another vehicle carries the goods, as the portal counts, and the words.
pub const REASONS: [(&str, &str); 4] = [
    ("1", text!("Breakdown")),
    ("2", text!("Transshipment")),
    ("3", text!("Others")),
    ("4", text!("First time")),
];

/// A reason in words; a key of the message catalogue.
pub fn reason(code: i16) -> &'static str {
    let code = code.to_string();
    let known = REASONS.iter().find(|(known, _)| *known == code);
    known.map_or("", |(_, label)| label)
}

/// What came of a call that was answered with these codes; with none it was done.
pub fn outcome(codes: &[(String, String)]) -> Outcome {
    let has = |wanted: &[&str]| {
        codes
            .iter()
            .any(|(code, _)| wanted.contains(&code.as_str()))
    };
    if has(&["105", "106", "238"]) {
        Outcome::SignedOut
    } else if has(&["309"]) {
        Outcome::Busy
    } else {
        match errors::outcome(Operation::Generate, codes) {
            // There is nothing that it could be a second one of.
            Outcome::Duplicate => Outcome::Refused,
            outcome => outcome,
        }
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

/// A wish to name another vehicle is worked at as a wish to cancel is: asked for, and looked up where nobody knows what came of it.
fn as_wish(past: &[Past]) -> Vec<eway_bill::Past> {
    past.iter()
        .map(|step| eway_bill::Past {
            call: match step.call {
                Call::Change => eway_bill::Call::Cancel,
                Call::Look => eway_bill::Call::Find,
            },
            outcome: step.outcome,
        })
        .collect()
}

/// The next call, by those before, the oldest first. Nothing is asked a second time while it is not known what came of the first.
pub fn call(past: &[Past]) -> Call {
    match eway_bill::call(&as_wish(past), true) {
        eway_bill::Call::Find => Call::Look,
        eway_bill::Call::Make | eway_bill::Call::Cancel => Call::Change,
    }
}

/// Whether it is known that the vehicle is not changed.
pub fn is_clear(past: &[Past]) -> bool {
    eway_bill::is_clear(&as_wish(past))
}

/// What comes after the last of these calls; `is_named` is whether that call has found the new vehicle in the bill. `Made` is: it is changed.
pub fn after(past: &[Past], is_named: bool) -> After {
    match eway_bill::after(&as_wish(past), true, !is_named) {
        After::Cancelled => After::Made,
        after => after,
    }
}

/// What of a bill decides whether its vehicle can be changed.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// How far it is.
    pub status: Status,
    /// Whether somebody asked to cancel it.
    pub is_being_cancelled: bool,
    /// Until when it is valid.
    pub valid_until: Option<DateTime<Utc>>,
    /// Whether another change is under way.
    pub is_being_changed: bool,
    /// Who was named to carry the goods.
    pub transporter_id: Option<&'a str>,
    /// Who supplies them.
    pub supplier_gstin: &'a str,
}

/// Whether the vehicle of a bill can be changed.
///
/// # Errors
/// Why not, in words.
pub fn may_change(facts: &Facts<'_>, now: DateTime<Utc>) -> Result<(), Said> {
    if facts.status != Status::Active {
        return Err(
            Said::new("It is no e-way bill whose vehicle can be changed: {state}.")
                .naming("state", facts.status.label()),
        );
    }
    if facts.is_being_cancelled {
        return Err(Said::new(
            "The portal is asked to cancel it: wait for its answer.",
        ));
    }
    if facts.is_being_changed {
        return Err(Said::new(
            "The portal is asked to change its vehicle: wait for its answer.",
        ));
    }
    if facts.valid_until.is_some_and(|until| until < now) {
        return Err(Said::new(
            "The e-way bill is no longer valid. Extend it in the portal first.",
        ));
    }
    if let Some(transporter) = facts.transporter_id
        && transporter != facts.supplier_gstin
    {
        return Err(Said::new(
            "The transporter {gstin} has this e-way bill and alone names its vehicles, in the portal.",
        )
        .with("gstin", transporter));
    }
    Ok(())
}

/// A refusal: its codes, the field as forms name it, what is wrong, and how to put it right.
type Refusal = (
    &'static [&'static str],
    &'static str,
    &'static str,
    &'static str,
);

/// What the portal refuses of a change, by its codes.
const REFUSALS: &[Refusal] = &[
    (
        &["301", "312"],
        "eway_bill",
        text!("The portal says that the e-way bill is cancelled, or none of ours."),
        text!("Look at it in the portal itself."),
    ),
    (
        &["302", "303", "304"],
        "vehicle",
        text!("The portal does not know such a number of a vehicle."),
        text!("Type it as on the registration certificate, e.g. TN09AB1234."),
    ),
    (
        &["305", "306"],
        "place",
        text!("The portal does not know the place at which the goods change over."),
        text!("Type the town, and choose the State that it is in."),
    ),
    (
        &["307", "308"],
        "reason",
        text!("The portal does not take the reason."),
        text!("Choose a reason, and say it in at most 50 letters."),
    ),
    (
        &["309"],
        "eway_bill",
        text!("The portal could not change the vehicle now."),
        text!("It is asked again by itself."),
    ),
    (
        &["311"],
        "eway_bill",
        text!("The e-way bill is no longer valid, so its vehicle can't be changed."),
        text!("Extend it in the portal first."),
    ),
];

/// What a code is about: the field, what is wrong, how to put it right.
pub fn refusal(code: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let (_, field, said, fix) = REFUSALS.iter().find(|(codes, ..)| codes.contains(&code))?;
    Some((field, said, fix))
}
