//! Counts that the database takes, so that ten thousand ids don't travel to be counted here.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Nullable, Numeric};
use diesel::{PgConnection, QueryResult, RunQueryDsl};

/// How many rows a query has. Where it has a limit, the database stops counting there.
#[derive(Clone, Copy, Debug, QueryId)]
pub(super) struct CountOf<Q>(pub(super) Q);

impl<Q> Query for CountOf<Q> {
    type SqlType = BigInt;
}

impl<Q> RunQueryDsl<PgConnection> for CountOf<Q> {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for CountOf<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT count(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") counted");
        Ok(())
    }
}

/// How many rows a query of one column has, and what they come to.
#[derive(Clone, Copy, Debug, QueryId)]
pub(super) struct CountAndSumOf<Q>(pub(super) Q);

impl<Q> Query for CountAndSumOf<Q> {
    type SqlType = (BigInt, Nullable<Numeric>);
}

impl<Q> RunQueryDsl<PgConnection> for CountAndSumOf<Q> {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for CountAndSumOf<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT count(*), sum(amount) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") counted(amount)");
        Ok(())
    }
}
