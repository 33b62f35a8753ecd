//! The sandbox gateway: takes money that nobody has, on a page of its own, and tells of it as a real one does: by signed webhooks, more than
//! once, late or never, and by what it gives the payer along.
//!
//! It is a stranger to the rest of the house: its own books in the schema `sandbox`, its own code for signatures.

pub mod books;
pub mod hooks;
pub mod server;
pub mod signature;

use crate::error::AppError;
use crate::platform::db::{Db, Meter, PlatformActor, PlatformTx};
use hooks::Bell;

/// The gateway of one process; those of other processes on the same database have the same books.
pub struct Gateway {
    db: Db,
    /// Rung when a webhook is due.
    pub bell: Bell,
}

impl Gateway {
    /// One that works on these books.
    pub fn new(db: Db) -> Self {
        Self {
            db,
            bell: Bell::default(),
        }
    }

    /// One transaction in its books.
    ///
    /// # Errors
    /// Whatever `work` fails with.
    pub fn transact<T>(
        &self,
        work: impl FnOnce(&mut PlatformTx) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let actor = PlatformActor {
            cause: Some("sandbox.gateway"),
            ..PlatformActor::default()
        };
        self.db.platform_write(&actor, &Meter::default(), work)
    }
}
