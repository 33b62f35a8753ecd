//! What a search finds among customers.

use super::Customer;
use crate::error::AppError;
use crate::platform::db::{Scope, prepared};
use crate::web::list::{Found, ListQuery};
use diesel::sql_types::{Integer, Text};

impl Customer {
    /// Customers whom the search finds, of so many as are looked at. One statement; none without a search.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function: behind row security no index would serve `ilike`, and it looks inside the company by itself"
    )]
    pub(super) fn found(
        scope: &mut Scope,
        query: &ListQuery,
        most: i32,
    ) -> Result<Option<Found>, AppError> {
        let Some(search) = query.search() else {
            return Ok(None);
        };
        let statement = prepared(
            "select ids, cardinality(ids) >= $2 as is_cut from (select array(select search_customers($1, $2)) as ids offset 0) found",
        )
        .bind::<Text, _>(search.to_owned())
        .bind::<Integer, _>(most);
        Ok(Some(scope.one(statement)?))
    }
}
