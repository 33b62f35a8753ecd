//! What a buyer sees on offer: categories, products, and what each costs it.

use crate::error::AppError;
use crate::kernel::ids::{CategoryId, FileId, ProductId};
use crate::kernel::money::Money;
use crate::platform::db::schema::categories;
use crate::platform::db::{Scope, prepared};
use crate::web::list::{Cursor, ListQuery, Mark, Page};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Products that one page of the catalogue shows.
const A_PAGE: i64 = 24;

/// So many products of a search are shown; who looks for others types another word.
pub const MOST_FOUND: i64 = 500;

/// A category of the catalogue.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = categories)]
pub struct Shelf {
    pub id: CategoryId,
    pub parent_id: Option<CategoryId>,
    pub name: String,
    pub slug: String,
}

impl Shelf {
    fn of<'q>(scope: &Scope) -> categories::BoxedQuery<'q, Pg> {
        categories::table
            .filter(categories::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// All categories, in the order of the tree; at most 1,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .order((categories::position, categories::path, categories::id))
            .limit(1_000)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// This category and everything below it.
    pub fn with_children(&self, all: &[Self]) -> Vec<CategoryId> {
        let mut ids = vec![self.id];
        let mut at = 0;
        while let Some(parent) = ids.get(at).copied() {
            // A tree that bites its own tail still ends.
            let children: Vec<CategoryId> = all
                .iter()
                .filter(|shelf| shelf.parent_id == Some(parent) && !ids.contains(&shelf.id))
                .map(|shelf| shelf.id)
                .collect();
            ids.extend(children);
            at += 1;
        }
        ids
    }
}

/// A product as a buyer sees it, without what it costs.
#[derive(Clone, Debug, QueryableByName)]
pub struct Good {
    #[diesel(sql_type = SqlUuid)]
    pub id: ProductId,
    #[diesel(sql_type = Text)]
    pub sku: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub name_hi: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub brand: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub category_id: Option<CategoryId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub category: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub category_slug: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub description: Option<String>,
    #[diesel(sql_type = Text)]
    pub hsn: String,
    #[diesel(sql_type = Text)]
    pub tax_condition: String,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Numeric)]
    pub pack_size: Decimal,
    #[diesel(sql_type = Nullable<Text>)]
    pub pack_name: Option<String>,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub mrp: Option<Money>,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub small: Option<FileId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub large: Option<FileId>,
    /// How well it fits a search, in thousandths.
    #[diesel(sql_type = BigInt)]
    pub fit: i64,
    /// How many a search found, as far as it looked.
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// Where a page of the catalogue ends: how well the last row fitted, its name, its id.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GoodsMark(i64, String, Uuid);

impl Mark for GoodsMark {
    fn is_sound(&self) -> bool {
        !self.1.contains('\0')
    }
}

/// What of the catalogue is asked for.
#[derive(Clone, Debug, Default)]
pub struct GoodsQuery {
    /// Only these categories.
    pub categories: Option<Vec<CategoryId>>,
    /// Only what fits these words.
    pub search: Option<String>,
}

/// The columns of a [`Good`], from products that are on offer.
macro_rules! goods {
    ($fit:literal, $from:literal, $rest:literal) => {
        goods!($fit, "0::bigint", $from, $rest)
    };
    ($fit:literal, $found:literal, $from:literal, $rest:literal) => {
        concat!(
            "select p.id, p.sku, p.name, p.name_hi, p.brand, p.category_id, c.name as category, c.slug as category_slug, p.description, p.hsn, p.tax_condition, p.unit, p.pack_size, p.pack_name, p.mrp, p.status, i.small_file_id as small, i.large_file_id as large, ",
            $fit,
            " as fit, ",
            $found,
            " as found from ",
            $from,
            " left join product_pictures i on i.tenant_id = p.tenant_id and i.id = p.picture_id left join categories c on c.tenant_id = p.tenant_id and c.id = p.category_id where p.tenant_id = $1 and p.status <> 'discontinued' ",
            $rest
        )
    };
}

impl Good {
    /// Whether the search that found it found more than are shown.
    pub fn is_one_of_more(&self) -> bool {
        self.found > MOST_FOUND
    }

    /// The name in the reader's language, where there is one.
    pub fn called(&self, lang: crate::kernel::language::Lang) -> &str {
        match (lang, &self.name_hi) {
            (crate::kernel::language::Lang::Hi, Some(name)) => name,
            _ => &self.name,
        }
    }

    /// One page of what is on offer: by name; a search: what fits best first. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "search is a set-returning function, which the query builder can't join"
    )]
    pub fn page(
        scope: &mut Scope,
        wanted: &GoodsQuery,
        query: &ListQuery,
    ) -> Result<Page<Self>, AppError> {
        let cursor = match query.cursor::<GoodsMark>() {
            Some(Cursor::After(mark)) => Some(mark),
            _ => None,
        };
        // Each question is a text of its own: behind an `or` around a value, a plan for all values would read to the mark row by row. By name
        // and in each category the rows come in the order of an index, so that 25 are read, however many there are.
        let found = match (&wanted.search, &wanted.categories, &cursor) {
            (Some(words), categories, mark) => {
                let (is_first, mark) = (mark.is_none(), mark.clone().unwrap_or_default());
                // The search itself looks in the categories alone; one more than are shown, to know of it.
                let statement = prepared(concat!(
                    "with s as materialized (select * from search_products($2, 501, $3)) ",
                    goods!(
                        "(s.rank * 1000)::bigint",
                        "(select count(*) from s)",
                        "s join products p on p.tenant_id = $1 and p.id = s.id",
                        "and ($4 or (s.rank * 1000)::bigint < $5 or ((s.rank * 1000)::bigint = $5 and (p.name, p.id) > ($6, $7))) order by fit desc, p.name, p.id limit 25"
                    )
                ))
                .bind::<SqlUuid, _>(scope.tenant())
                .bind::<Text, _>(words)
                .bind::<Nullable<Array<SqlUuid>>, _>(categories.clone())
                .bind::<Bool, _>(is_first)
                .bind::<BigInt, _>(mark.0)
                .bind::<Text, _>(mark.1)
                .bind::<SqlUuid, _>(mark.2);
                scope.load(statement)
            }
            (None, Some(categories), None) => {
                let statement = prepared(goods!(
                    "0::bigint",
                    "unnest($2::uuid[]) shelf cross join lateral (select * from products q where q.tenant_id = $1 and q.category_id = shelf and q.status <> 'discontinued' order by q.name, q.id limit 25) p",
                    "order by p.name, p.id limit 25"
                ))
                .bind::<SqlUuid, _>(scope.tenant())
                .bind::<Array<SqlUuid>, _>(categories.clone());
                scope.load(statement)
            }
            (None, Some(categories), Some(mark)) => {
                let statement = prepared(goods!(
                    "0::bigint",
                    "unnest($2::uuid[]) shelf cross join lateral (select * from products q where q.tenant_id = $1 and q.category_id = shelf and q.status <> 'discontinued' and (q.name, q.id) > ($3, $4) order by q.name, q.id limit 25) p",
                    "order by p.name, p.id limit 25"
                ))
                .bind::<SqlUuid, _>(scope.tenant())
                .bind::<Array<SqlUuid>, _>(categories.clone())
                .bind::<Text, _>(mark.1.clone())
                .bind::<SqlUuid, _>(mark.2);
                scope.load(statement)
            }
            (None, None, None) => {
                let statement = prepared(goods!(
                    "0::bigint",
                    "products p",
                    "order by p.name, p.id limit 25"
                ))
                .bind::<SqlUuid, _>(scope.tenant());
                scope.load(statement)
            }
            (None, None, Some(mark)) => {
                let statement = prepared(goods!(
                    "0::bigint",
                    "products p",
                    "and (p.name, p.id) > ($2, $3) order by p.name, p.id limit 25"
                ))
                .bind::<SqlUuid, _>(scope.tenant())
                .bind::<Text, _>(mark.1.clone())
                .bind::<SqlUuid, _>(mark.2);
                scope.load(statement)
            }
        };
        let rows: Vec<Self> = found?;
        Ok(Page::new(
            rows,
            A_PAGE,
            cursor.map(Cursor::After).as_ref(),
            |good: &Self| GoodsMark(good.fit, good.name.clone(), good.id.uuid()),
        ))
    }

    /// Products on offer by their codes; those that are not there are left out. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "the same columns as the page, joined by hand"
    )]
    pub fn by_skus(scope: &mut Scope, skus: &[String]) -> Result<Vec<Self>, AppError> {
        let text = goods!(
            "0::bigint",
            "products p",
            "and p.sku = any ($2) order by p.name, p.id limit 600"
        );
        let statement = prepared(text)
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<Array<Text>, _>(
                skus.iter()
                    .filter(|sku| !sku.contains('\0'))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        Ok(scope.load(statement)?)
    }

    /// Products on offer by their ids. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "the same columns as the page, joined by hand"
    )]
    pub fn by_ids(scope: &mut Scope, ids: &[ProductId]) -> Result<Vec<Self>, AppError> {
        let text = goods!(
            "0::bigint",
            "products p",
            "and p.id = any ($2) order by p.name, p.id limit 600"
        );
        let statement = prepared(text)
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<Array<SqlUuid>, _>(ids.to_vec());
        Ok(scope.load(statement)?)
    }

    /// Products on offer that a typed code or name can mean, some for each of the lines: the line's place and the product. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "search is a set-returning function, which the query builder can't join"
    )]
    pub fn meant(
        scope: &mut Scope,
        lines: &[String],
    ) -> Result<Vec<(usize, ProductId, String, String)>, AppError> {
        #[derive(QueryableByName)]
        struct Meant {
            #[diesel(sql_type = BigInt)]
            line: i64,
            #[diesel(sql_type = SqlUuid)]
            id: ProductId,
            #[diesel(sql_type = Text)]
            sku: String,
            #[diesel(sql_type = Text)]
            name: String,
        }
        let statement = prepared(
            "select w.line, p.id, p.sku, p.name from unnest($2) with ordinality w(words, line)
               cross join lateral search_products(w.words, 6) s
               join products p on p.tenant_id = $1 and p.id = s.id where p.status = 'active' order by w.line, s.rank desc, p.name, p.id",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<Text>, _>(lines.to_vec());
        let rows: Vec<Meant> = scope.load(statement)?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let line = usize::try_from(row.line - 1).unwrap_or(0);
                (line, row.id, row.sku, row.name)
            })
            .collect())
    }
}
