//! What every handler can reach.

use crate::config::Config;
use crate::platform::accounts::sessions::Lifetimes;
use crate::platform::db::Db;
use std::sync::Arc;

/// The application, as a handler sees it: settings and the database.
#[derive(Clone)]
pub struct State {
    /// Typed settings.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
}

impl State {
    /// How long sessions live.
    pub fn lifetimes(&self) -> Lifetimes {
        let seconds = |duration: std::time::Duration| {
            chrono::Duration::seconds(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX))
        };
        Lifetimes {
            idle: seconds(self.config.session_idle),
            absolute: seconds(self.config.session_max),
        }
    }
}
