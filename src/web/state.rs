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
        Lifetimes {
            idle: chrono::Duration::minutes(i64::from(self.config.session_idle_minutes)),
            absolute: chrono::Duration::days(i64::from(self.config.session_max_days)),
        }
    }
}
