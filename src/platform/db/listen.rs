//! A line of its own that hears when work was enqueued.

use super::Db;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use std::time::Duration;

/// How often the line is looked at; PostgreSQL itself is not asked.
const LOOK: Duration = Duration::from_millis(150);

impl Db {
    /// Calls `heard` whenever work was enqueued, and at least every `at_least`, until `is_over`. Lives through restarts of PostgreSQL.
    pub(in crate::platform) fn listen(
        &self,
        at_least: Duration,
        is_over: impl Fn() -> bool,
        heard: impl Fn(),
    ) {
        let mut line: Option<PgConnection> = None;
        let mut quiet = Duration::ZERO;
        while !is_over() {
            if line.is_none() {
                line = self.open_line();
            }
            let mut is_told = false;
            if let Some(pg) = line.as_mut() {
                let mut is_lost = false;
                // A lost line gives errors without end: the first one is enough.
                for notice in pg.notifications_iter() {
                    is_told = true;
                    is_lost = notice.is_err();
                    if is_lost {
                        break;
                    }
                }
                if is_lost {
                    line = None;
                }
            }
            if is_told || quiet >= at_least {
                quiet = Duration::ZERO;
                heard();
            }
            std::thread::sleep(LOOK);
            quiet += LOOK;
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a line that listens can't be lent out by the pool"
    )]
    fn open_line(&self) -> Option<PgConnection> {
        let mut pg = PgConnection::establish(self.url()).ok()?;
        pg.batch_execute("listen mandi_jobs").ok()?;
        Some(pg)
    }
}
