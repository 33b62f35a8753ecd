//! The clock that transactions read.

use chrono::{DateTime, SubsecRound, Utc};
use std::sync::{Arc, PoisonError, RwLock};

/// The present moment: the system's, unless the demo loader or a test sets another.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<RwLock<Option<DateTime<Utc>>>>);

impl Clock {
    /// Now, to the microsecond, as PostgreSQL keeps it.
    pub fn now(&self) -> DateTime<Utc> {
        let set = *self.0.read().unwrap_or_else(PoisonError::into_inner);
        set.unwrap_or_else(Utc::now).trunc_subsecs(6)
    }

    /// Stops the clock at a moment; `None` lets it run with the system's again. Clones share the setting.
    pub fn set(&self, moment: Option<DateTime<Utc>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = moment;
    }
}
