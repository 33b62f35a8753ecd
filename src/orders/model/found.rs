//! What a search finds among orders.

use super::Order;
use super::list::{is_drafts, moments};
use crate::error::AppError;
use crate::platform::db::{Scope, prepared};
use crate::web::list::{Found, ListQuery};
use diesel::sql_types::{Bool, Integer, Nullable, Text, Timestamptz};

impl Order {
    /// Orders that the search finds, of so many as are looked at: drafts where they are asked for, else the newest that were placed in the days
    /// that are asked for. One statement; none without a search.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function: behind row security no index would serve the comparisons, and it looks inside the company by itself"
    )]
    pub(super) fn found(
        scope: &mut Scope,
        query: &ListQuery,
        most: i32,
    ) -> Result<Option<Found>, AppError> {
        let Some(search) = query.search() else {
            return Ok(None);
        };
        let (since, until) = moments(query);
        let statement = prepared(
            "select ids, cardinality(ids) >= $2 as is_cut from (select array(select search_orders($1, $2, $3, $4, $5)) as ids offset 0) found",
        )
        .bind::<Text, _>(search.to_owned())
        .bind::<Integer, _>(most)
        .bind::<Bool, _>(is_drafts(query))
        .bind::<Nullable<Timestamptz>, _>(since)
        .bind::<Nullable<Timestamptz>, _>(until);
        Ok(Some(scope.one(statement)?))
    }
}
