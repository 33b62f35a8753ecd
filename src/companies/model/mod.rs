//! Rows of companies, and every query of them. A table's queries start at its `of` (one company) or `across` (the platform).

mod company;
mod employee;
mod invitation;
mod person;
mod registration;

pub use company::{Company, STATES};
pub use employee::Employee;
pub use invitation::Invitation;
pub use person::PersonRow;
pub use registration::Registration;

use crate::web::list::Cursor;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Where a page of a list of companies begins.
pub type NameMark = (String, Uuid);

/// Where a page of a list by time begins.
pub type TimeMark = (DateTime<Utc>, Uuid);

pub fn split<K>(cursor: Option<&Cursor<K>>) -> (Option<&K>, bool) {
    match cursor {
        Some(Cursor::After(mark)) => (Some(mark), false),
        Some(Cursor::Before(mark)) => (Some(mark), true),
        None => (None, false),
    }
}
