//! The list of products: what it shows, in which order.

use super::{Category, Product};
use crate::error::AppError;
use crate::kernel::ids::{CategoryId, ProductId};
use crate::platform::db::Scope;
use crate::platform::db::schema::products;
use crate::products::rules::Status;
use crate::web::bulk;
use crate::web::list::{ALL_FOUND, ListQuery, Page, Sort, Total, keyset};
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};
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

    fn matching<'q>(
        scope: &Scope,
        query: &ListQuery,
        tree: &[Category],
        candidates: i32,
    ) -> products::BoxedQuery<'q, Pg> {
        let mut rows = Self::of(scope);
        let states = query.all("status", &Status::CODES);
        if !states.is_empty() {
            let states: Vec<String> = states.into_iter().map(str::to_owned).collect();
            rows = rows.filter(products::status.eq_any(states));
        }
        let slugs: Vec<&str> = tree.iter().map(|category| category.slug.as_str()).collect();
        let chosen = query.all("category", &slugs);
        if !chosen.is_empty() {
            let within: Vec<CategoryId> = Category::within(tree, &chosen);
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
        if let Some(search) = query.search() {
            // Behind row security no index would serve a pattern: this function looks inside the company by itself.
            rows = rows.filter(
                sql::<Bool>("products.id in (select f.id from search_products(")
                    .bind::<Text, _>(search.to_owned())
                    .sql(", ")
                    .bind::<Integer, _>(candidates)
                    .sql(") f)"),
            );
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
        let rows = Self::matching(scope, query, tree, query.candidates())
            .select(Self::as_select())
            .limit(query.reads());
        let (page, found) = if sort.by == "newest" {
            let cursor = query.cursor::<(DateTime<Utc>, Uuid)>();
            let from = query.reads_from(cursor.as_ref());
            // "Newest" is the first way round.
            let is_down = !sort.is_descending;
            let rows = keyset!(rows, from, is_down, products::created_at, products::id);
            let key = |row: &Self| (row.created_at, row.id.uuid());
            Page::read(scope.load(rows)?, query, cursor.as_ref(), key)
        } else {
            let cursor = query.cursor::<(String, Uuid)>();
            let from = query.reads_from(cursor.as_ref());
            let (is_down, is_by_code) = (sort.is_descending, sort.by == "code");
            let rows = if is_by_code {
                scope.load(keyset!(rows, from, is_down, products::sku, products::id))?
            } else {
                scope.load(keyset!(rows, from, is_down, products::name, products::id))?
            };
            Page::read(rows, query, cursor.as_ref(), |row: &Self| {
                let by = if is_by_code { &row.sku } else { &row.name };
                (by.clone(), row.id.uuid())
            })
        };
        if let Some(found) = found {
            return Ok((page, found));
        }
        let count = Self::matching(scope, query, tree, 0)
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
        let rows = Self::matching(scope, query, tree, ALL_FOUND)
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
        let rows = Self::matching(scope, query, tree, ALL_FOUND)
            .select(products::id)
            .order(products::id)
            .limit(bulk::MOST as i64 + 1);
        let ids = scope.load(rows)?;
        bulk::refuse_too_many(ids.len())?;
        Ok(ids)
    }
}
