//! What is said of a document that waits for the authority: that it does not answer, since when, and when it is asked again.

use super::einvoices::Wrong;
use crate::accounting::rules::einvoice::Status;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use chrono::{DateTime, Utc};

/// How far a document has come that waits.
#[derive(Clone, Copy)]
pub struct Waited {
    pub status: Status,
    /// Waits in a row.
    pub waits: i32,
    /// Since when nobody knows whether the authority has it.
    pub unknown_since: Option<DateTime<Utc>>,
    /// When it was tried last.
    pub tried_at: DateTime<Utc>,
    /// When it is tried again.
    pub next_try_at: Option<DateTime<Utc>>,
}

/// When it is tried again; a moment that is over is not promised.
pub fn next(lang: Lang, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let day = dates::date_and_time(at, lang);
    let said = if at > now {
        Said::new("Again {at}")
    } else {
        Said::new("At once; it was due {at}")
    };
    lang.say(&said.with("at", day))
}

impl Waited {
    /// That the authority does not answer, where a document that nothing is wrong with waits for it.
    pub fn silence(self, lang: Lang) -> Option<Wrong> {
        let at = self.next_try_at.filter(|_| self.waits > 0)?;
        let said = match (self.status, self.unknown_since) {
            (Status::Unknown, Some(since)) => {
                Said::new("The authority has not answered since {at}.")
                    .with("at", dates::date_and_time(since, lang))
            }
            (Status::Pending | Status::FailedWait | Status::Unknown, _) => {
                Said::new("The authority did not answer {at}.")
                    .with("at", dates::date_and_time(self.tried_at, lang))
            }
            _ => return None,
        };
        let fix = Said::new("Nothing has to be done: it is asked again by itself {at}.");
        Some(Wrong {
            code: None,
            line: None,
            field: lang.t("Document").into_owned(),
            said: lang.say(&said),
            fix: lang.say(&fix.with("at", dates::date_and_time(at, lang))),
            link: None,
        })
    }
}
