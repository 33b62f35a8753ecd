//! One transaction in one company.

use super::clock::Clock;
use super::counting::{CountAndSumOf, CountOf};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, RequestId, TenantId, UserId};
use crate::kernel::money::Money;
use chrono::{DateTime, Utc};
use diesel::pg::PgConnection;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::query_dsl::methods::{ExecuteDsl, LoadQuery};
use diesel::{QueryResult, RunQueryDsl};

/// The cause of everything that the demo's loader writes.
pub const DEMO: &str = "demo";

/// Who is acting, for which company. Made by sign-in (`platform::accounts`) or for the system; nobody else can make one.
#[derive(Clone, Debug)]
pub struct Member {
    pub(in crate::platform) tenant: TenantId,
    pub(in crate::platform) user: Option<UserId>,
    pub(in crate::platform) customer: Option<CustomerId>,
    pub(in crate::platform) request: Option<RequestId>,
    pub(in crate::platform) cause: Option<String>,
}

impl Member {
    /// The system itself, at work for one company: a job, a webhook, a schedule. `cause` says which, and the audit shows it.
    pub fn system(tenant: TenantId, cause: &str) -> Self {
        Self {
            tenant,
            user: None,
            customer: None,
            request: None,
            cause: Some(cause.to_owned()),
        }
    }

    /// Somebody of the demo acts, in a past that is made up: a person, for a customer where a retailer's buyer does. The audit says [`DEMO`].
    pub fn rehearsed(tenant: TenantId, user: Option<UserId>, customer: Option<CustomerId>) -> Self {
        Self {
            tenant,
            user,
            customer,
            request: None,
            cause: Some(DEMO.to_owned()),
        }
    }

    /// The company.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The person, unless the system acts.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    /// The customer behind whom the person stands, when a retailer's buyer acts.
    pub fn customer(&self) -> Option<CustomerId> {
        self.customer
    }

    /// The job, schedule or rehearsal that acts, unless a person's own request does.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The statement that opens a transaction as this member. Every value is a uuid or stripped to a safe alphabet, so nothing needs a bind.
    pub(super) fn begin(&self, mode: Mode) -> String {
        let cause: String = self
            .cause
            .as_deref()
            .unwrap_or("")
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "._:- ".contains(*c))
            .collect();
        format!(
            "BEGIN {}; SELECT set_config('role','mandi_app',true), set_config('app.tenant_id','{}',true), set_config('app.user_id','{}',true), \
             set_config('app.customer_id','{}',true), set_config('app.request_id','{}',true), set_config('app.cause','{cause}',true)",
            mode.sql(),
            self.tenant,
            text(self.user),
            text(self.customer),
            text(self.request),
        )
    }
}

pub(super) fn text(id: Option<impl std::fmt::Display>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// Whether a transaction may write.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    Read,
    Write,
}

impl Mode {
    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Read => "READ ONLY",
            Self::Write => "READ WRITE",
        }
    }
}

/// A transaction that reads, of one company or of the platform: for queries that both ask.
pub trait Reads {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;

    /// All rows of a query.
    ///
    /// # Errors
    /// When the database refuses.
    fn load<'q, T>(&mut self, query: impl LoadQuery<'q, PgConnection, T>) -> QueryResult<Vec<T>>;

    /// How many rows a query has; where it has a limit, counted up to there.
    ///
    /// # Errors
    /// When the database refuses.
    fn count<Q: QueryFragment<diesel::pg::Pg> + QueryId>(&mut self, query: Q) -> QueryResult<i64>;
}

impl Reads for Scope<'_> {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn load<'q, T>(&mut self, query: impl LoadQuery<'q, PgConnection, T>) -> QueryResult<Vec<T>> {
        query.load(self.pg)
    }

    fn count<Q: QueryFragment<diesel::pg::Pg> + QueryId>(&mut self, query: Q) -> QueryResult<i64> {
        CountOf(query).get_result(self.pg)
    }
}

impl Reads for PlatformTx<'_> {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn load<'q, T>(&mut self, query: impl LoadQuery<'q, PgConnection, T>) -> QueryResult<Vec<T>> {
        query.load(self.pg)
    }

    fn count<Q: QueryFragment<diesel::pg::Pg> + QueryId>(&mut self, query: Q) -> QueryResult<i64> {
        CountOf(query).get_result(self.pg)
    }
}

/// One open transaction that sees one company. The only way to a company's rows.
pub struct Scope<'t> {
    pg: &'t mut PgConnection,
    member: Member,
    clock: Clock,
}

impl<'t> Scope<'t> {
    pub(super) fn new(pg: &'t mut PgConnection, member: Member, clock: Clock) -> Self {
        Self { pg, member, clock }
    }

    /// The company.
    pub fn tenant(&self) -> TenantId {
        self.member.tenant
    }

    /// Who is acting.
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// The present moment, to the microsecond as PostgreSQL keeps it; the demo and tests can set it.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A part that may fail alone: its writes are undone, the transaction goes on.
    ///
    /// # Errors
    /// Whatever `work` fails with.
    pub fn attempt<T>(
        &mut self,
        work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        AnsiTransactionManager::begin_transaction(self.pg)?;
        let outcome = work(&mut Scope {
            pg: self.pg,
            member: self.member.clone(),
            clock: self.clock.clone(),
        });
        match outcome {
            Ok(value) => {
                AnsiTransactionManager::commit_transaction(self.pg)?;
                Ok(value)
            }
            Err(error) => {
                AnsiTransactionManager::rollback_transaction(self.pg)?;
                Err(error)
            }
        }
    }
}

/// One open transaction of the platform: global tables, and those of companies' tables that migrations opened to it.
///
/// For `platform`, for opening a company (`companies`) and for sign-up and connecting (`customers`); nowhere else.
pub struct PlatformTx<'t> {
    pg: &'t mut PgConnection,
    actor: PlatformActor,
    clock: Clock,
}

/// Who acts across companies.
#[derive(Clone, Debug, Default)]
pub struct PlatformActor {
    /// The person, if one does.
    pub user: Option<UserId>,
    /// The request, if one caused it.
    pub request: Option<RequestId>,
    /// The job or schedule, if one caused it.
    pub cause: Option<&'static str>,
}

impl PlatformActor {
    pub(super) fn begin(&self, mode: Mode) -> String {
        format!(
            "BEGIN {}; SELECT set_config('role','mandi_platform',true), set_config('app.user_id','{}',true), set_config('app.request_id','{}',true), \
             set_config('app.cause','{}',true)",
            mode.sql(),
            text(self.user),
            text(self.request),
            self.cause.unwrap_or(""),
        )
    }
}

impl<'t> PlatformTx<'t> {
    pub(super) fn new(pg: &'t mut PgConnection, actor: PlatformActor, clock: Clock) -> Self {
        Self { pg, actor, clock }
    }

    /// Who is acting.
    pub fn actor(&self) -> &PlatformActor {
        &self.actor
    }

    /// The present moment; the demo and tests can set it.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Who acts from here on: a person whom this transaction itself has let in.
    pub fn act_as(&mut self, user: UserId) {
        self.actor.user = Some(user);
    }

    /// Goes on as the system inside one company, in this same transaction: opening a company writes its first rows so.
    ///
    /// # Errors
    /// Whatever `work` fails with.
    pub fn in_company<T>(
        &mut self,
        tenant: TenantId,
        work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        use diesel::connection::SimpleConnection;
        let member = Member {
            tenant,
            user: self.actor.user,
            customer: None,
            request: self.actor.request,
            cause: self.actor.cause.map(str::to_owned),
        };
        self.pg.batch_execute(&format!("SELECT set_config('role','mandi_app',true), set_config('app.tenant_id','{tenant}',true)"))?;
        let outcome = work(&mut Scope {
            pg: self.pg,
            member,
            clock: self.clock.clone(),
        })?;
        self.pg.batch_execute(
            "SELECT set_config('role','mandi_platform',true), set_config('app.tenant_id','',true)",
        )?;
        Ok(outcome)
    }
}

/// The ways to run a query, for both kinds of transaction. The connection itself stays in this file.
macro_rules! runs_queries {
    ($($transaction:ident)*) => { $(
        impl $transaction<'_> {
            /// All rows of a query.
            pub fn load<'q, T>(
                &mut self,
                query: impl LoadQuery<'q, PgConnection, T>,
            ) -> QueryResult<Vec<T>> {
                query.load(self.pg)
            }

            /// The one row of a query.
            ///
            /// # Errors
            /// `NotFound` when there is none.
            pub fn one<'q, T>(&mut self, query: impl LoadQuery<'q, PgConnection, T>) -> QueryResult<T> {
                query.get_result(self.pg)
            }

            /// The row of a query that may have none.
            pub fn maybe<'q, T>(
                &mut self,
                query: impl LoadQuery<'q, PgConnection, T>,
            ) -> QueryResult<Option<T>> {
                use diesel::OptionalExtension;
                query.get_result(self.pg).optional()
            }

            /// How many rows a query has; where it has a limit, counted up to there.
            ///
            /// # Errors
            /// When the database refuses.
            pub fn count<Q>(&mut self, query: Q) -> QueryResult<i64>
            where
                Q: QueryFragment<diesel::pg::Pg> + QueryId,
            {
                CountOf(query).get_result(self.pg)
            }

            /// How many rows a query of one column of rupees has, and what they come to.
            ///
            /// # Errors
            /// When the database refuses.
            pub fn count_and_sum<Q>(&mut self, query: Q) -> QueryResult<(i64, Option<Money>)>
            where
                Q: QueryFragment<diesel::pg::Pg> + QueryId,
            {
                CountAndSumOf(query).get_result(self.pg)
            }

            /// Runs an insert, update or delete and says how many rows it touched.
            pub fn execute<Q>(&mut self, query: Q) -> QueryResult<usize>
            where
                Q: QueryFragment<diesel::pg::Pg>
                    + QueryId
                    + RunQueryDsl<PgConnection>
                    + ExecuteDsl<PgConnection>,
            {
                RunQueryDsl::execute(query, self.pg)
            }
        }
    )* };
}
runs_queries! { Scope PlatformTx }
