//! Rows of customers and retailers, and every query of them.

mod address;
mod customer;
mod found;
mod group;
mod invitation;
mod line;
mod retailer;

pub use address::Address;
pub use customer::{Customer, PORTAL_STATES, STATUSES};
pub use group::Group;
pub use invitation::{Invitation, Invited};
pub use line::Line;
pub use retailer::{Owed, Person, Retailer, Standing, connection_of, is_owner_across};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Where a page of a list by name or code begins.
pub type NameMark = (String, Uuid);

/// Where a page of a list by time begins.
pub type TimeMark = (DateTime<Utc>, Uuid);
