//! The way to PostgreSQL. No connection ever leaves this folder: the rest of the house gets a [`Scope`] (one company) or a
//! [`PlatformTx`] (global tables), each of them one open transaction.

mod clock;
mod counting;
pub mod dictionary;
mod listen;
mod meter;
pub mod migrate;
mod pool;
mod prepared;
pub mod private;
pub mod schema;
mod scope;

pub use clock::Clock;
pub use meter::Meter;
pub use prepared::{Prepared, prepared};
pub use scope::{DEMO, Member, PlatformActor, PlatformTx, Reads, Scope};

use crate::error::AppError;
use pool::Lender;
use scope::Mode;
use std::time::Duration;

/// The database, as the application sees it.
#[derive(Clone)]
pub struct Db {
    lender: Lender,
    url: std::sync::Arc<str>,
    clock: Clock,
}

impl Db {
    /// Opens the pool. Connects only when first asked, so the application can start while PostgreSQL is away.
    pub fn new(url: &str, pool: u32, wait: Duration) -> Self {
        Self {
            lender: Lender::new(url, pool, wait),
            url: url.into(),
            clock: Clock::default(),
        }
    }

    /// The clock that every transaction of this database reads.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The same database under a clock of its own, which the others of this process don't see.
    pub fn with_clock(&self, clock: Clock) -> Self {
        Self {
            lender: self.lender.clone(),
            url: std::sync::Arc::clone(&self.url),
            clock,
        }
    }

    fn url(&self) -> &str {
        &self.url
    }

    /// Connections in use, and the most there can be.
    pub fn connections(&self) -> (u32, u32) {
        self.lender.in_use()
    }

    /// A look into one company: the transaction can't write.
    ///
    /// # Errors
    /// `Busy`, `DatabaseAway`, and whatever `work` fails with.
    pub fn read<T>(
        &self,
        member: &Member,
        meter: &Meter,
        work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.scoped(member, Mode::Read, meter, work)
    }

    /// A change in one company: all of it or nothing.
    ///
    /// # Errors
    /// `Busy`, `DatabaseAway`, and whatever `work` fails with.
    pub fn write<T>(
        &self,
        member: &Member,
        meter: &Meter,
        work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.scoped(member, Mode::Write, meter, work)
    }

    /// A look at global tables: the transaction can't write.
    ///
    /// # Errors
    /// `Busy`, `DatabaseAway`, and whatever `work` fails with.
    pub fn platform_read<T>(
        &self,
        actor: &PlatformActor,
        meter: &Meter,
        work: impl FnOnce(&mut PlatformTx) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.across(actor, Mode::Read, meter, work)
    }

    /// A change of global tables: all of it or nothing.
    ///
    /// # Errors
    /// `Busy`, `DatabaseAway`, and whatever `work` fails with.
    pub fn platform_write<T>(
        &self,
        actor: &PlatformActor,
        meter: &Meter,
        work: impl FnOnce(&mut PlatformTx) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.across(actor, Mode::Write, meter, work)
    }

    /// The live session of a hashed key, with the person and their doors: one statement, outside any transaction.
    pub(in crate::platform) fn open_session(
        &self,
        meter: &Meter,
        hash: &[u8],
        idle: chrono::Duration,
    ) -> Result<Option<SessionRow>, AppError> {
        use diesel::{OptionalExtension, RunQueryDsl};
        self.lender.single(meter, |pg| {
            open_session(hash, idle).get_result(pg).optional()
        })
    }

    fn scoped<T>(
        &self,
        member: &Member,
        mode: Mode,
        meter: &Meter,
        work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.lender.transact(&member.begin(mode), meter, |pg| {
            work(&mut Scope::new(pg, member.clone(), self.clock.clone()))
        })
    }

    fn across<T>(
        &self,
        actor: &PlatformActor,
        mode: Mode,
        meter: &Meter,
        work: impl FnOnce(&mut PlatformTx) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.lender.transact(&actor.begin(mode), meter, |pg| {
            work(&mut PlatformTx::new(pg, actor.clone(), self.clock.clone()))
        })
    }
}

/// A row of `session_open`.
#[derive(diesel::QueryableByName)]
pub(in crate::platform) struct SessionRow {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub id: uuid::Uuid,
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    pub state: serde_json::Value,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Jsonb>)]
    pub who: Option<serde_json::Value>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a set-returning function, which the query builder can't call"
)]
fn open_session(
    hash: &[u8],
    idle: chrono::Duration,
) -> impl diesel::query_dsl::methods::LoadQuery<'static, diesel::PgConnection, SessionRow> + use<> {
    prepared("select id, state, who from session_open($1, make_interval(secs => $2))")
        .bind::<diesel::sql_types::Binary, _>(hash.to_vec())
        .bind::<diesel::sql_types::Double, _>(f64::from(
            i32::try_from(idle.num_seconds()).unwrap_or(i32::MAX),
        ))
}
