//! What a search finds among products.

use super::Product;
use crate::error::AppError;
use crate::kernel::ids::CategoryId;
use crate::platform::db::{Scope, prepared};
use crate::web::list::{Found, ListQuery};
use diesel::sql_types::{Array, Integer, Nullable, Text, Uuid as SqlUuid};

impl Product {
    /// Products that the search finds, of so many as are looked at; within these categories, or all. One statement; none without a search.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function: behind row security no index would serve a pattern, and it looks inside the company by itself"
    )]
    pub fn found(
        scope: &mut Scope,
        query: &ListQuery,
        within: Option<Vec<CategoryId>>,
        most: i32,
    ) -> Result<Option<Found>, AppError> {
        let Some(search) = query.search() else {
            return Ok(None);
        };
        let statement = prepared(
            "select ids, cardinality(ids) >= $2 as is_cut from (select array(select f.id from search_products($1, $2, $3) f) as ids offset 0) found",
        )
        .bind::<Text, _>(search.to_owned())
        .bind::<Integer, _>(most)
        .bind::<Nullable<Array<SqlUuid>>, _>(within);
        Ok(Some(scope.one(statement)?))
    }
}
