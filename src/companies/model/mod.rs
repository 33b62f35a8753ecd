//! Rows of companies, and every query of them. A table's queries start at its `of` (one company) or `across` (the platform).

mod company;
mod employee;
mod invitation;
mod person;
mod registration;
mod saved_view;

pub use company::{Company, STATES};
pub use employee::Employee;
pub use invitation::{INVITATION_STATES, Invitation, Invited};
pub use person::{PersonRow, Place};
pub use registration::Registration;
pub use saved_view::{LISTS, MOST, SavedView};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Where a page of a list of companies begins.
pub type NameMark = (String, Uuid);

/// Where a page of a list by time begins.
pub type TimeMark = (DateTime<Utc>, Uuid);
