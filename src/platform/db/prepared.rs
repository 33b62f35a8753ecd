//! SQL by hand that PostgreSQL parses and plans once for each connection.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, BoxedSqlQuery, Query, QueryFragment, QueryId, SqlQuery};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};
use diesel::{PgConnection, QueryResult, RunQueryDsl};

/// A statement written by hand, kept prepared. `diesel::sql_query` prepares anew each time: a round trip, a parse and a plan more.
#[must_use = "a statement does nothing until it is run"]
pub struct Prepared<'v>(BoxedSqlQuery<'v, Pg, SqlQuery>);

/// A statement whose text is one of a few: every text is kept for the life of a connection. From its sixth run on PostgreSQL may plan it
/// for all values alike, so what has to be planned differently (a further page, a search) is another text, and not an `or` around a value.
#[expect(clippy::disallowed_methods, reason = "the one place that wraps it")]
pub fn prepared<'v>(text: &'static str) -> Prepared<'v> {
    Prepared(diesel::sql_query(text).into_boxed())
}

impl<'v> Prepared<'v> {
    /// The next value: `$1`, `$2`, …
    pub fn bind<ST, V>(self, value: V) -> Self
    where
        Pg: HasSqlType<ST>,
        V: ToSql<ST, Pg> + Send + 'v,
        ST: Send + 'v,
    {
        Self(self.0.bind::<ST, V>(value))
    }
}

impl QueryFragment<Pg> for Prepared<'_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl QueryId for Prepared<'_> {
    type QueryId = ();

    // Known by its text: one type holds all statements.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Prepared<'_> {
    type SqlType = Untyped;
}

impl RunQueryDsl<PgConnection> for Prepared<'_> {}
