//! Categories: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::CategoryId;
use crate::platform::db::schema::{categories, products};
use crate::platform::db::{Scope, prepared};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use std::collections::HashMap;

/// Above this many products of its own a category says "100+".
pub const MOST_COUNTED: i64 = 100;

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = SqlUuid)]
    id: CategoryId,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// A category of products.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = categories)]
pub struct Category {
    /// The category.
    pub id: CategoryId,
    /// The one above it, or `None` at the top.
    pub parent_id: Option<CategoryId>,
    /// Name.
    pub name: String,
    /// Its part of addresses.
    pub slug: String,
    /// Names from the top down, divided by ` > `.
    pub path: String,
    /// Last change.
    pub updated_at: DateTime<Utc>,
}

impl Category {
    fn of<'q>(scope: &Scope) -> categories::BoxedQuery<'q, Pg> {
        categories::table
            .filter(categories::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The whole tree, each category below the one above it; at most 1,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn tree(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .order((categories::path, categories::id))
            .limit(1_000)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// One category.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: CategoryId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(categories::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// How many products each category holds itself, counted up to [`MOST_COUNTED`] + 1, so that a large company's tree comes as soon as a
    /// small one's.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a count with an end for each row, which the query builder can't write"
    )]
    pub fn counts(scope: &mut Scope) -> Result<HashMap<CategoryId, i64>, AppError> {
        let rows = prepared(
            "select c.id, n.number from categories c
               cross join lateral (select count(*) as number from (
                   select from products p where p.tenant_id = c.tenant_id and p.category_id = c.id limit $2) few) n
               where c.tenant_id = $1",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<BigInt, _>(MOST_COUNTED + 1);
        let counted: Vec<Counted> = scope.load(rows)?;
        Ok(counted
            .into_iter()
            .map(|row| (row.id, row.number))
            .collect())
    }

    /// Whether a product stands in it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn holds_products(scope: &mut Scope, id: CategoryId) -> Result<bool, AppError> {
        let row = products::table
            .filter(products::tenant_id.eq(scope.tenant()))
            .filter(products::category_id.eq(id))
            .select(products::id)
            .limit(1);
        Ok(scope.maybe::<crate::kernel::ids::ProductId>(row)?.is_some())
    }

    /// Nobody else changes the company's tree until the transaction ends: a move concerns every path below it, rows that are being added
    /// among them, which no lock of rows would hold.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a lock on a name, which the query builder does not know"
    )]
    pub fn lock_tree(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let name = format!("categories {}", scope.tenant());
        scope.execute(
            diesel::sql_query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind::<Text, _>(name),
        )?;
        Self::tree(scope)
    }

    /// The ids of the categories with these slugs and of everything below them.
    pub fn within(tree: &[Self], slugs: &[&str]) -> Vec<CategoryId> {
        let tops: Vec<&Self> = tree
            .iter()
            .filter(|category| slugs.contains(&category.slug.as_str()))
            .collect();
        tree.iter()
            .filter(|category| {
                tops.iter()
                    .any(|top| category.id == top.id || category.is_below(&top.path))
            })
            .map(|category| category.id)
            .collect()
    }

    /// Whether it stands below a path.
    pub fn is_below(&self, path: &str) -> bool {
        self.path
            .strip_prefix(path)
            .is_some_and(|rest| rest.starts_with(" > "))
    }

    /// How deep it stands; 0 at the top.
    pub fn depth(&self) -> usize {
        self.path.matches(" > ").count()
    }
}
