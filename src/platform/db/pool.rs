//! The pool: where connections are made, lent for one transaction, and thrown away when broken.

use super::meter::{Ear, Meter};
use crate::error::AppError;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::ManageConnection;
use diesel::{Connection, PgConnection};
use std::time::Duration;

/// Makes and judges connections.
struct Manager {
    url: String,
}

/// A connection with a mark: once something about it is doubtful it is not lent again.
struct Line {
    pg: PgConnection,
    is_broken: bool,
}

impl ManageConnection for Manager {
    type Connection = Line;
    type Error = diesel::r2d2::Error;

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that opens the application's connections"
    )]
    fn connect(&self) -> Result<Line, Self::Error> {
        let mut pg =
            PgConnection::establish(&self.url).map_err(diesel::r2d2::Error::ConnectionError)?;
        pg.batch_execute("set statement_timeout = '30s'; set idle_in_transaction_session_timeout = '60s'; set timezone = 'UTC'; set application_name = 'mandi'")
            .map_err(diesel::r2d2::Error::QueryError)?;
        Ok(Line {
            pg,
            is_broken: false,
        })
    }

    fn is_valid(&self, line: &mut Line) -> Result<(), Self::Error> {
        line.pg
            .batch_execute("")
            .map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, line: &mut Line) -> bool {
        line.is_broken
    }
}

/// Lends connections, each for one transaction.
#[derive(Clone)]
pub(super) struct Lender {
    pool: diesel::r2d2::Pool<Manager>,
    wait: Duration,
}

impl Lender {
    /// Opens a pool; makes no connection yet, so the application starts while PostgreSQL is away.
    pub(super) fn new(url: &str, size: u32, wait: Duration) -> Self {
        let pool = diesel::r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(size.min(2)))
            .connection_timeout(wait)
            .test_on_check_out(false)
            // A new connection plans and compiles what the others know: a search costs it fifteen times as much. So they stay.
            .idle_timeout(Some(Duration::from_secs(3600)))
            .max_lifetime(Some(Duration::from_secs(6 * 3600)))
            // Whoever asked for the connection says so, once.
            .error_handler(Box::new(diesel::r2d2::NopErrorHandler))
            .build_unchecked(Manager {
                url: url.to_owned(),
            });
        Self { pool, wait }
    }

    /// Connections in use and in all.
    pub(super) fn in_use(&self) -> (u32, u32) {
        let state = self.pool.state();
        (
            state.connections - state.idle_connections,
            self.pool.max_size(),
        )
    }

    /// One transaction: `begin` opens it, `work` decides whether it commits.
    ///
    /// # Errors
    /// `Busy` when no connection comes free in time, `DatabaseAway` when there is none to be had, and whatever `work` fails with.
    pub(super) fn transact<T>(
        &self,
        begin: &str,
        meter: &Meter,
        work: impl FnOnce(&mut PgConnection) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let mut line = self.begin(begin, meter)?;
        // Doubtful until proven sound: a panic in `work` must not leave an open transaction to the next borrower.
        line.is_broken = true;
        let outcome = work(&mut line.pg);
        let ended = match &outcome {
            Ok(_) => AnsiTransactionManager::commit_transaction(&mut line.pg),
            Err(_) => AnsiTransactionManager::rollback_transaction(&mut line.pg),
        };
        line.is_broken = ended.is_err();
        match (outcome, ended) {
            (Ok(value), Ok(())) => Ok(value),
            (Ok(_), Err(failure)) => Err(away_or(failure)),
            (Err(AppError::Internal(cause)), _) => Err(judge(cause, line.is_broken)),
            (Err(error), _) => Err(error),
        }
    }

    /// One statement outside any transaction.
    ///
    /// # Errors
    /// `Busy`, `DatabaseAway`, and what the statement fails with.
    pub(super) fn single<T>(
        &self,
        meter: &Meter,
        statement: impl Fn(&mut PgConnection) -> diesel::QueryResult<T>,
    ) -> Result<T, AppError> {
        let mut tries = self.pool.max_size() + 1;
        loop {
            let mut line = self
                .pool
                .get_timeout(self.wait)
                .map_err(|error| self.no_connection(&error))?;
            line.pg.set_instrumentation(Ear::new(meter.clone()));
            match statement(&mut line.pg) {
                Ok(value) => return Ok(value),
                Err(failure) => {
                    line.is_broken = is_connection_lost(&failure);
                    tries -= 1;
                    if tries == 0 || !line.is_broken {
                        return Err(away_or(failure));
                    }
                }
            }
        }
    }

    /// After a restart of PostgreSQL every idle connection is dead, and each shows it only when used: go through them.
    fn begin(
        &self,
        begin: &str,
        meter: &Meter,
    ) -> Result<diesel::r2d2::PooledConnection<Manager>, AppError> {
        let mut tries = self.pool.max_size() + 1;
        loop {
            let mut line = self
                .pool
                .get_timeout(self.wait)
                .map_err(|error| self.no_connection(&error))?;
            line.pg.set_instrumentation(Ear::new(meter.clone()));
            match AnsiTransactionManager::begin_transaction_sql(&mut line.pg, begin) {
                Ok(()) => return Ok(line),
                Err(failure) => {
                    line.is_broken = true;
                    tries -= 1;
                    if tries == 0 || !is_connection_lost(&failure) {
                        return Err(away_or(failure));
                    }
                }
            }
        }
    }

    fn no_connection(&self, error: &impl std::fmt::Display) -> AppError {
        if self.pool.state().connections == 0 {
            AppError::DatabaseAway(error.to_string())
        } else {
            AppError::Busy
        }
    }
}

/// libpq tells a lost connection only in words for most statements.
fn is_connection_lost(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind, Error};
    match error {
        Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
        | Error::BrokenTransactionManager => true,
        Error::DatabaseError(_, about) => {
            let words = about.message();
            [
                "server closed the connection",
                "terminating connection",
                "no connection to the server",
                "could not receive data",
                "SSL connection has been closed",
                "the database system is",
            ]
            .iter()
            .any(|sign| words.contains(sign))
        }
        _ => false,
    }
}

fn away_or(error: diesel::result::Error) -> AppError {
    if is_connection_lost(&error) {
        AppError::DatabaseAway(error.to_string())
    } else {
        AppError::from(error)
    }
}

fn judge(cause: Box<dyn std::error::Error + Send + Sync>, is_broken: bool) -> AppError {
    match cause.downcast::<diesel::result::Error>() {
        Ok(error) if is_broken || is_connection_lost(&error) => {
            AppError::DatabaseAway(error.to_string())
        }
        Ok(error) => AppError::Internal(error),
        Err(cause) => AppError::Internal(cause),
    }
}
