//! The list of products: what it shows, in which order.

use super::{Category, Product};
use crate::error::AppError;
use crate::kernel::ids::{CategoryId, ProductId};
use crate::platform::db::Scope;
use crate::platform::db::schema::products;
use crate::products::rules::Status;
use crate::web::bulk;
use crate::web::list::{ALL_FOUND, Found, ListQuery, Page, Sort, Total, keyset};
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use uuid::Uuid;

impl Product {
    /// How the list can be sorted.
    pub const SORTS: [&'static str; 3] = ["name", "code", "newest"];
    /// How it is sorted unless told otherwise.
    pub const BY_NAME: Sort = Sort {
        by: "name",
        is_descending: false,
    };
    /// What may be missing.
    pub const MISSING: [&'static str; 2] = ["picture", "price"];

    /// The categories that are asked for, and all below them.
    fn within(query: &ListQuery, tree: &[Category]) -> Option<Vec<CategoryId>> {
        let slugs: Vec<&str> = tree.iter().map(|category| category.slug.as_str()).collect();
        let chosen = query.all("category", &slugs);
        (!chosen.is_empty()).then(|| Category::within(tree, &chosen))
    }

    fn matching<'q>(
        scope: &Scope,
        query: &ListQuery,
        tree: &[Category],
        found: Option<&Found>,
    ) -> products::BoxedQuery<'q, Pg> {
        let mut rows = Self::of(scope);
        let states = query.all("status", &Status::CODES);
        if !states.is_empty() {
            let states: Vec<String> = states.into_iter().map(str::to_owned).collect();
            rows = rows.filter(products::status.eq_any(states));
        }
        if let Some(within) = Self::within(query, tree) {
            rows = rows.filter(products::category_id.eq_any(within));
        }
        let missing = query.all("missing", &Self::MISSING);
        if missing.contains(&"picture") {
            rows = rows.filter(products::picture_id.is_null());
        }
        if missing.contains(&"price") {
            rows = rows.filter(sql::<Bool>(
                "not exists (select from price_items i join price_lists l on l.tenant_id = i.tenant_id and l.id = i.price_list_id
                   where i.tenant_id = products.tenant_id and i.product_id = products.id and l.is_default)",
            ));
        }
        if let Some(found) = found {
            rows = rows.filter(products::id.eq_any(found.ids()));
        }
        rows
    }

    /// One page of the list, and how many match; a search is read as far as it is shown, and not counted.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(
        scope: &mut Scope,
        query: &ListQuery,
        tree: &[Category],
    ) -> Result<(Page<Self>, Total), AppError> {
        let sort = query.sort(&Self::SORTS, Self::BY_NAME);
        let found = Self::found(scope, query, Self::within(query, tree), query.candidates())?;
        let rows = Self::matching(scope, query, tree, found.as_ref())
            .select(Self::as_select())
            .limit(query.reads());
        let (page, total) = if sort.by == "newest" {
            let cursor = query.cursor::<(DateTime<Utc>, Uuid)>();
            let from = query.reads_from(cursor.as_ref());
            // "Newest" is the first way round.
            let is_down = !sort.is_descending;
            let rows = keyset!(rows, from, is_down, products::created_at, products::id);
            let key = |row: &Self| (row.created_at, row.id.uuid());
            Page::read(
                (scope.load(rows)?, found.as_ref()),
                query,
                cursor.as_ref(),
                key,
            )
        } else {
            let cursor = query.cursor::<(String, Uuid)>();
            let from = query.reads_from(cursor.as_ref());
            let (is_down, is_by_code) = (sort.is_descending, sort.by == "code");
            let rows = if is_by_code {
                scope.load(keyset!(rows, from, is_down, products::sku, products::id))?
            } else {
                scope.load(keyset!(rows, from, is_down, products::name, products::id))?
            };
            let rows = (rows, found.as_ref());
            Page::read(rows, query, cursor.as_ref(), |row: &Self| {
                let by = if is_by_code { &row.sku } else { &row.name };
                (by.clone(), row.id.uuid())
            })
        };
        if let Some(total) = total {
            return Ok((page, total));
        }
        let count = Self::matching(scope, query, tree, None)
            .select(products::id)
            .limit(query.counted());
        Ok((page, Total::of(query, scope.count(count)?)))
    }

    /// Everything that the filter shows, by name, for an export; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(
        scope: &mut Scope,
        query: &ListQuery,
        tree: &[Category],
    ) -> Result<Vec<Self>, AppError> {
        let found = Self::found(scope, query, Self::within(query, tree), ALL_FOUND)?;
        let rows = Self::matching(scope, query, tree, found.as_ref())
            .select(Self::as_select())
            .order((products::name, products::id))
            .limit(100_000);
        Ok(scope.load(rows)?)
    }

    /// Everything that the filter shows, in the order of the ids, for a change of all of it.
    ///
    /// # Errors
    /// `Refused` when they are too many.
    pub fn ids(
        scope: &mut Scope,
        query: &ListQuery,
        tree: &[Category],
    ) -> Result<Vec<ProductId>, AppError> {
        let found = Self::found(scope, query, Self::within(query, tree), ALL_FOUND)?;
        let rows = Self::matching(scope, query, tree, found.as_ref())
            .select(products::id)
            .order(products::id)
            .limit(bulk::MOST as i64 + 1);
        let ids = scope.load(rows)?;
        bulk::refuse_too_many(ids.len())?;
        Ok(ids)
    }
}
