//! Where pages of lists begin.

use crate::kernel::dates;
use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Where a page begins. It comes back from a browser, so it is looked at before it is asked of the database.
pub trait Mark: DeserializeOwned {
    /// Whether a row of ours can be there.
    fn is_sound(&self) -> bool;
}

impl Mark for i64 {
    fn is_sound(&self) -> bool {
        true
    }
}

impl Mark for (String, Uuid) {
    fn is_sound(&self) -> bool {
        !self.0.contains('\0')
    }
}

impl Mark for (NaiveDate, Uuid) {
    fn is_sound(&self) -> bool {
        dates::is_sensible_day(self.0)
    }
}

impl Mark for (DateTime<Utc>, Uuid) {
    fn is_sound(&self) -> bool {
        dates::is_sensible(&self.0)
    }
}
