//! What every handler can reach.

use crate::config::Config;
use crate::error::AppError;
use crate::platform::accounts::sessions::Lifetimes;
use crate::platform::db::Db;
use crate::platform::files::Store;
use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The application, as a handler sees it: settings and the database.
#[derive(Clone)]
pub struct State {
    /// Typed settings.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
    /// Where the bytes of files lie.
    pub files: Store,
    is_closing: Arc<AtomicBool>,
    parts: Arc<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl State {
    /// The parts put together; opens the file store that the settings name.
    ///
    /// # Errors
    /// `FilesAway` when there is no such store.
    pub fn new(config: Arc<Config>, db: Db) -> Result<Self, AppError> {
        Ok(Self {
            files: Store::open(&config.files)?,
            config,
            db,
            is_closing: Arc::default(),
            parts: Arc::default(),
        })
    }

    /// The same with a part that a room below knows and this one does not, such as whom the books speak to outside.
    pub fn with<T: Any + Send + Sync>(mut self, part: T) -> Self {
        let mut parts = HashMap::clone(&self.parts);
        parts.insert(TypeId::of::<T>(), Arc::new(part));
        self.parts = Arc::new(parts);
        self
    }

    /// A part that was put in at the start.
    ///
    /// # Errors
    /// When it was not.
    pub fn part<T: Any + Send + Sync>(&self) -> Result<&T, AppError> {
        self.parts
            .get(&TypeId::of::<T>())
            .and_then(|part| part.downcast_ref())
            .ok_or_else(|| AppError::internal(format!("no {} here", type_name::<T>())))
    }

    /// The process is to end: streams end now, so that nobody waits for them.
    pub fn close(&self) {
        self.is_closing.store(true, Ordering::Release);
    }

    /// Whether the process is to end.
    pub fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Acquire)
    }

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
