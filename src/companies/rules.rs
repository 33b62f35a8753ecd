//! Decisions about companies, as pure functions.

use crate::kernel::language::{Said, text};
use crate::platform::permissions::Role;

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
