//! What may become of a document at the authority.

use crate::kernel::dates;
use crate::kernel::language::text;
use chrono::{DateTime, Duration, NaiveDate, Utc};

states! {
    /// How a document stands at the authority.
    Status:
    /// It need not be registered.
    NotRequired "not_required"
    /// It is to be sent.
    Pending "pending"
    /// A call is being made.
    InFlight "in_flight"
    /// A call was made and nobody knows what came of it: it is looked up before anything is sent again.
    Unknown "unknown"
    /// The authority has it.
    Registered "registered"
    /// Refused: a person has to put something right.
    FailedFix "failed_fix"
    /// Not now: it is tried again by itself.
    FailedWait "failed_wait"
    /// Cancelled at the authority.
    Cancelled "cancelled"
    /// The days in which it could be reported are over.
    ExpiredWindow "expired_window"
}

/// The steps of an e-invoice; the same as the SQL function `may_step`.
pub const STEPS: &[(Status, Status)] = &[
    (Status::Pending, Status::InFlight),
    (Status::Pending, Status::FailedFix),
    (Status::Pending, Status::NotRequired),
    (Status::Pending, Status::ExpiredWindow),
    (Status::InFlight, Status::Registered),
    (Status::InFlight, Status::Unknown),
    (Status::InFlight, Status::FailedFix),
    (Status::InFlight, Status::FailedWait),
    (Status::Unknown, Status::Registered),
    (Status::Unknown, Status::InFlight),
    (Status::Unknown, Status::FailedFix),
    (Status::Unknown, Status::ExpiredWindow),
    (Status::FailedWait, Status::InFlight),
    (Status::FailedWait, Status::Pending),
    (Status::FailedWait, Status::NotRequired),
    (Status::FailedWait, Status::ExpiredWindow),
    (Status::FailedFix, Status::Pending),
    (Status::FailedFix, Status::NotRequired),
    (Status::FailedFix, Status::ExpiredWindow),
    (Status::ExpiredWindow, Status::Pending),
    (Status::Registered, Status::Cancelled),
];

impl Status {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotRequired => text!("Not required"),
            Self::Pending => text!("To be sent"),
            Self::InFlight => text!("Being sent"),
            Self::Unknown => text!("Being looked up"),
            Self::Registered => text!("Registered"),
            Self::FailedFix => text!("Refused"),
            Self::FailedWait => text!("Waiting for the authority"),
            Self::Cancelled => text!("Cancelled at the authority"),
            Self::ExpiredWindow => text!("Too late to report"),
        }
    }

    /// Tone and shape of its pill.
    pub const fn pill(self) -> (&'static str, &'static str) {
        match self {
            Self::Registered => ("ok", "full"),
            Self::Pending => ("info", ""),
            Self::InFlight => ("info", "half"),
            Self::Unknown | Self::FailedWait => ("warn", "half"),
            Self::FailedFix | Self::ExpiredWindow => ("bad", "full"),
            Self::NotRequired | Self::Cancelled => ("", "plain"),
        }
    }
}

states! {
    /// A call to the authority about a document.
    Operation:
    /// Register it.
    Generate "generate"
    /// Look it up by type, number and date.
    Find "find"
    /// Fetch it by its IRN.
    Fetch "fetch"
    /// Cancel it.
    Cancel "cancel"
    /// Have its buyer's GSTIN looked at anew.
    Sync "sync"
}

states! {
    /// What came of a call.
    Outcome:
    /// It was done.
    Done "done"
    /// It was refused.
    Refused "refused"
    /// The authority does not have it.
    NotFound "not_found"
    /// The authority has one of this number already.
    Duplicate "duplicate"
    /// The login no longer holds.
    SignedOut "signed_out"
    /// Later again.
    Busy "busy"
    /// No answer that can be read: it may have happened.
    Lost "lost"
}

impl Operation {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Generate => text!("Send"),
            Self::Find => text!("Look up by number"),
            Self::Fetch => text!("Fetch by IRN"),
            Self::Cancel => text!("Cancel"),
            Self::Sync => text!("Ask for the buyer's GSTIN anew"),
        }
    }
}

impl Outcome {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Done => text!("Done"),
            Self::Refused => text!("Refused"),
            Self::NotFound => text!("Not found"),
            Self::Duplicate => text!("Registered already"),
            Self::SignedOut => text!("Signed out"),
            Self::Busy => text!("Later again"),
            Self::Lost => text!("No answer"),
        }
    }
}

/// A call that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// What was asked.
    pub operation: Operation,
    /// What came of it.
    pub outcome: Outcome,
    /// Whether it was refused because the authority does not know a GSTIN, which a look at the common portal may mend.
    pub is_stranger: bool,
    /// Whether it was refused because the authority has had the document for too long to tell of it.
    pub is_too_old: bool,
}

/// What comes after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it is registered.
    Done,
    /// The next call at once.
    Go,
    /// A new login, then the same again.
    SignInAgain,
    /// Again after a wait.
    Later,
    /// Somebody has to put something right.
    Person,
}

/// Whether the newest look that was answered says that the authority has it, for too long to tell more of it. What is sent then is answered as
/// a duplicate, which tells the acknowledgement that a look no longer does; it can't be registered a second time.
pub fn is_there(past: &[Past]) -> bool {
    let mut looks = past.iter().rev().filter(|step| {
        step.operation == Operation::Find
            && matches!(step.outcome, Outcome::NotFound | Outcome::Refused)
    });
    looks.next().is_some_and(|step| step.is_too_old)
}

/// The next call about a document that is not registered yet, by the calls before it, the oldest first. A document is never sent a second time
/// while it is not known what came of the first.
pub fn call(past: &[Past]) -> Operation {
    let mut next = Operation::Generate;
    let mut was_synced = false;
    for step in past {
        next = match (step.operation, step.outcome) {
            (Operation::Generate, Outcome::Lost | Outcome::Busy) => Operation::Find,
            (Operation::Generate, Outcome::Duplicate) => Operation::Fetch,
            (Operation::Generate, Outcome::Refused) if step.is_stranger && !was_synced => {
                Operation::Sync
            }
            (Operation::Generate, _)
            | (Operation::Find, Outcome::NotFound)
            | (Operation::Sync, _) => Operation::Generate,
            (Operation::Find, Outcome::Refused) if step.is_too_old => Operation::Generate,
            // The authority has it under our number, and not under our key.
            (Operation::Fetch, Outcome::NotFound) => Operation::Find,
            (Operation::Find | Operation::Fetch | Operation::Cancel, _) => next,
        };
        was_synced = step.operation == Operation::Sync;
    }
    next
}

/// Where a document stands after a call about it, and what comes next. `past` ends with that call.
pub fn after(status: Status, past: &[Past]) -> (Status, Next) {
    match after_last(status, past) {
        // The authority has it, whatever it says to what was sent since: nobody may cancel it on paper alone.
        (Status::FailedWait | Status::FailedFix, next) if is_there(past) => {
            let waits = next == Next::Person;
            (Status::Unknown, if waits { Next::Later } else { next })
        }
        other => other,
    }
}

fn after_last(status: Status, past: &[Past]) -> (Status, Next) {
    let Some((last, before)) = past.split_last() else {
        return (status, Next::Go);
    };
    // A second login that does not hold either is no slip: NIC blocks whoever signs in without end.
    let is_new_login = before
        .last()
        .is_some_and(|step| step.outcome == Outcome::SignedOut);
    match (last.operation, last.outcome) {
        (Operation::Generate, Outcome::SignedOut) if is_new_login => {
            (Status::FailedWait, Next::Later)
        }
        (_, Outcome::SignedOut) if is_new_login => (status, Next::Later),
        (Operation::Generate | Operation::Find | Operation::Fetch, Outcome::Done) => {
            (Status::Registered, Next::Done)
        }
        (Operation::Generate, Outcome::Lost | Outcome::Duplicate) => (Status::Unknown, Next::Go),
        (Operation::Generate, Outcome::SignedOut) => (Status::FailedWait, Next::SignInAgain),
        // An error of the authority's own does not say whether the deed was done: nobody knows its fate before a look.
        (Operation::Generate, Outcome::Busy) => (Status::Unknown, Next::Later),
        (Operation::Generate, Outcome::Refused | Outcome::NotFound) => {
            let was_synced = before
                .last()
                .is_some_and(|step| step.operation == Operation::Sync);
            if last.is_stranger && !was_synced {
                (Status::FailedWait, Next::Go)
            } else {
                (Status::FailedFix, Next::Person)
            }
        }
        (Operation::Find, Outcome::NotFound) => not_there(status, before),
        (Operation::Find, Outcome::Refused) if last.is_too_old => {
            // Sent once at once; where that told nothing either, with patience.
            let is_first = !before.iter().any(|step| step.is_too_old);
            (status, if is_first { Next::Go } else { Next::Later })
        }
        (Operation::Sync, Outcome::Done) => (status, Next::Go),
        (Operation::Sync, Outcome::Refused | Outcome::NotFound) => (status, Next::Go),
        (_, Outcome::SignedOut) => (status, Next::SignInAgain),
        _ => (status, Next::Later),
    }
}

/// What follows when a look has found that the authority does not have it. Whoever is too busy to take it is not asked again at once, and
/// meanwhile it is known how the document stands; nor is one whose answers are lost again and again.
fn not_there(status: Status, before: &[Past]) -> (Status, Next) {
    let mut sent = before
        .iter()
        .rev()
        .filter(|step| step.operation == Operation::Generate)
        .map(|step| step.outcome);
    match (sent.next(), sent.next()) {
        (Some(Outcome::Busy), _) => (Status::FailedWait, Next::Later),
        (Some(Outcome::Lost), Some(Outcome::Lost | Outcome::Busy)) => (status, Next::Later),
        _ => (status, Next::Go),
    }
}

/// Minutes before the next try after so many waits in a row.
pub const fn minutes(waits: i32) -> i64 {
    match waits {
        ..=0 => 1,
        1 => 5,
        2 => 15,
        _ => 60,
    }
}

/// When it is tried again, with up to a tenth more so that not everybody comes at the same moment. In the last day of the window it is tried
/// every quarter of an hour at least.
pub fn next_try(
    waits: i32,
    now: DateTime<Utc>,
    last_day: Option<NaiveDate>,
    chance: u8,
) -> DateTime<Utc> {
    let is_last = last_day.is_some_and(|day| dates::today(now) >= day);
    let minutes = minutes(waits).min(if is_last { 15 } else { 60 });
    let more = minutes * 6 * i64::from(chance) / 255;
    now + Duration::seconds(minutes * 60 + more)
}

/// When a document comes again whose account somebody else signs in with, by how long that login lasts already: one that hangs is not looked at
/// again and again. With up to a quarter more, so that not everybody comes at the same moment.
pub fn wait_for_login(lasts: Duration, chance: u8) -> Duration {
    let millis = (2 * lasts.num_milliseconds()).clamp(2_000, 30_000);
    Duration::milliseconds(millis + millis / 4 * i64::from(chance) / 255)
}

/// How long a document waits.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// Its date.
    pub document_date: NaiveDate,
    /// The last day on which it may be reported.
    pub last_day: Option<NaiveDate>,
    /// Since when nobody knows whether the authority has it.
    pub unknown_since: Option<DateTime<Utc>>,
    /// The moment.
    pub now: DateTime<Utc>,
}

/// The alarm that a window has closed.
pub const CLOSED: i16 = 5;

/// The alarm that is due: 1 after three days, 2 after twenty, 3 a day before the window closes, 4 when it has been unknown for a day; 0 is
/// none.
pub fn alarm(waiting: &Waiting) -> i16 {
    let today = dates::today(waiting.now);
    let days = (today - waiting.document_date).num_days();
    let is_last = waiting
        .last_day
        .is_some_and(|day| (day - today).num_days() <= 1);
    let is_unknown = waiting
        .unknown_since
        .is_some_and(|since| waiting.now - since >= Duration::hours(24));
    match days {
        _ if is_last => 3,
        _ if is_unknown => 4,
        20.. => 2,
        3.. => 1,
        _ => 0,
    }
}

/// How pressing an alarm is. Each is given once, and none after one that pressed more: the end of the window presses most.
pub const fn urgency(alarm: i16) -> i16 {
    match alarm {
        4 => 3,
        3 => 4,
        other => other,
    }
}

/// What an alarm says; a key of the message catalogue.
pub const fn alarm_words(alarm: i16) -> &'static str {
    match alarm {
        1 => text!("It has waited for three days."),
        2 => text!("It has waited for twenty days."),
        3 => text!("The time in which it can be reported ends."),
        CLOSED => text!(
            "The time in which it could be reported is over. Ask your tax adviser: without an IRN it is no valid invoice."
        ),
        _ => text!("For a day nobody knows whether the authority has it."),
    }
}
