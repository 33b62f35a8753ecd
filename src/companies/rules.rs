//! Decisions about companies, as pure functions.

use crate::kernel::dates;
use crate::kernel::gstin::Gstin;
use crate::kernel::language::{Lang, Said, text};
use crate::platform::permissions::Role;
use chrono::NaiveDate;

/// States of a company, and how it may go on from each.
pub const TRANSITIONS: &[(&str, &str)] = &[("active", "suspended"), ("suspended", "active")];

/// Whether a company may go from one state to another.
///
/// # Errors
/// A sentence that says why not.
pub fn may_become(name: &str, from: &str, to: &str) -> Result<(), Said> {
    if TRANSITIONS.contains(&(from, to)) {
        return Ok(());
    }
    Err(Said::new("{company} is {state}, so this can't be done.")
        .with("company", name)
        .naming("state", state_word(from)))
}

/// A state in words.
pub fn state_word(state: &str) -> &'static str {
    match state {
        "active" => text!("active"),
        "suspended" => text!("suspended"),
        "closing" => text!("closing"),
        _ => text!("closed"),
    }
}

/// How long an invitation is good.
pub const INVITATION_DAYS: i64 = 7;

/// What an invitation is at a moment: a letter that was not used in time is expired without anybody having to say so.
pub fn invitation_state(
    status: &str,
    expires_at: chrono::DateTime<chrono::Utc>,
    now: chrono::DateTime<chrono::Utc>,
) -> &'static str {
    match status {
        "accepted" => "accepted",
        "revoked" => "revoked",
        _ if expires_at <= now => "expired",
        _ => "sent",
    }
}

/// Only an owner makes owners, or changes one.
///
/// # Errors
/// The refusal in words.
pub fn may_give(actor: Role, role: Role) -> Result<(), Said> {
    if role == Role::Owner && actor != Role::Owner {
        Err(Said::new(
            "Only an owner can make somebody an owner, or change one.",
        ))
    } else {
        Ok(())
    }
}

/// Whether ending access, or giving it back, changes anything.
///
/// # Errors
/// The refusal in words.
pub fn may_turn(name: &str, is_active: bool, becomes_active: bool) -> Result<(), Said> {
    match (is_active, becomes_active) {
        (true, true) => Err(Said::new("{name} may come in already.").with("name", name)),
        (false, false) => Err(Said::new("{name} has no access any more.").with("name", name)),
        _ => Ok(()),
    }
}

/// Why the last owner stays.
pub fn keep_an_owner() -> Said {
    Said::new("A company keeps at least one owner. Make somebody else an owner first.")
}

/// Every registration of a company carries the company's PAN.
///
/// # Errors
/// The refusal in words.
pub fn holds_pan(gstin: &Gstin, pan: &str) -> Result<(), Said> {
    if gstin.pan().as_str() == pan {
        return Ok(());
    }
    Err(Said::new("This GSTIN holds the PAN {found}, but this company's PAN is {pan}. A business with another PAN is another company.")
        .with("found", gstin.pan().as_str())
        .with("pan", pan))
}

/// Documents need a primary registration that is in force.
///
/// # Errors
/// The refusal in words.
pub fn may_lead(gstin: &str, ended_on: Option<NaiveDate>) -> Result<(), Said> {
    match ended_on {
        Some(day) => Err(ended(gstin, day)),
        None => Ok(()),
    }
}

/// Any registration may end but the primary one; one that ended stays as it is.
///
/// # Errors
/// The refusal in words.
pub fn may_end(gstin: &str, is_primary: bool, ended_on: Option<NaiveDate>) -> Result<(), Said> {
    if is_primary {
        return Err(Said::new(
            "{gstin} is the primary registration. Make another one primary first.",
        )
        .with("gstin", gstin));
    }
    may_lead(gstin, ended_on)
}

fn ended(gstin: &str, day: NaiveDate) -> Said {
    Said::new("The registration {gstin} ended on {day}.")
        .with("gstin", gstin)
        .with("day", dates::date(day, Lang::En))
}
