//! Stock on hand: a product in a warehouse, with what is free of it.

use super::Warehouse;
use crate::error::AppError;
use crate::kernel::ids::ProductId;
use crate::platform::db::{Scope, prepared};
use crate::web::list::{ALL_FOUND, Cursor, Found, ListQuery, Page, Searched, Sort, Total};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use uuid::Uuid;

/// How low stock can be, as a list can be filtered by it.
pub const LEVEL_STATES: [&str; 4] = ["reorder", "low", "out", "stocked"];

/// How a list of stock can be sorted.
pub const SORTS: [&str; 2] = ["name", "sku"];

const BY_NAME: Sort = Sort {
    by: "name",
    is_descending: false,
};

/// A product in a warehouse; without a warehouse, a product that never had a move.
#[derive(Clone, Debug, QueryableByName)]
pub struct Level {
    #[diesel(sql_type = SqlUuid)]
    pub row_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub product_id: ProductId,
    #[diesel(sql_type = Text)]
    pub sku: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub warehouse: Option<String>,
    #[diesel(sql_type = Numeric)]
    pub on_hand: Decimal,
    #[diesel(sql_type = Numeric)]
    pub reserved: Decimal,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub reorder_level: Option<Decimal>,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

const COLUMNS: &str = "select coalesce(l.id, p.id) as row_id, p.id as product_id, p.sku, p.name, p.unit, w.code as warehouse,
    coalesce(l.on_hand, 0) as on_hand, coalesce(l.reserved, 0) as reserved, l.reorder_level";
const FROM: &str = " from products p
    left join stock_levels l on l.tenant_id = p.tenant_id and l.product_id = p.id
    left join warehouses w on w.tenant_id = l.tenant_id and w.id = l.warehouse_id
    where p.tenant_id = $1 and (p.status <> 'discontinued' or l.on_hand > 0)";

type Query = BoxedSqlQuery<'static, Pg, SqlQuery>;

/// A statement that is being put together, with the number of the next bind.
struct Draft {
    sql: String,
    binds: usize,
    texts: Vec<String>,
    /// What a search found; then there is no row to begin after.
    ids: Option<Vec<Uuid>>,
    row: Option<Uuid>,
}

impl Draft {
    fn text(&mut self, value: &str) -> String {
        self.texts.push(value.to_owned());
        self.binds += 1;
        format!("${}", self.binds)
    }
}

impl Level {
    /// What the filter shows. Every part of the text is ours; what was typed is bound.
    fn matching(query: &ListQuery, warehouses: &[Warehouse], found: Option<&Found>) -> Draft {
        let mut draft = Draft {
            sql: FROM.to_owned(),
            binds: 1,
            texts: Vec::new(),
            ids: None,
            row: None,
        };
        let codes: Vec<&str> = warehouses.iter().map(|row| row.code.as_str()).collect();
        let chosen = query.all("warehouse", &codes);
        if !chosen.is_empty() {
            let names: Vec<String> = chosen.into_iter().map(|code| draft.text(code)).collect();
            draft.sql += &format!(" and w.code in ({})", names.join(", "));
        }
        let states: Vec<&str> = query
            .all("level", &LEVEL_STATES)
            .into_iter()
            .map(|state| match state {
                "reorder" => "l.on_hand - l.reserved <= l.reorder_level",
                "low" => "(l.on_hand - l.reserved <= l.reorder_level and l.on_hand > l.reserved)",
                "out" => "coalesce(l.on_hand - l.reserved, 0) = 0",
                _ => "l.on_hand > 0",
            })
            .collect();
        if !states.is_empty() {
            draft.sql += &format!(" and ({})", states.join(" or "));
        }
        if let Some(found) = found {
            draft.binds += 1;
            draft.ids = Some(found.ids());
            draft.sql += &format!(" and p.id = any (${})", draft.binds);
        }
        draft
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "an outer join of three tables by two columns each"
    )]
    fn bound(scope: &Scope, sql: String, draft: Draft) -> Query {
        let mut query = diesel::sql_query(sql)
            .into_boxed()
            .bind::<SqlUuid, _>(scope.tenant());
        for text in draft.texts {
            query = query.bind::<Text, _>(text);
        }
        if let Some(ids) = draft.ids {
            query = query.bind::<Array<SqlUuid>, _>(ids);
        }
        if let Some(row) = draft.row {
            query = query.bind::<SqlUuid, _>(row);
        }
        query
    }

    /// The products that the search finds, of so many as are looked at: of many more, where those that the list never shows (discontinued,
    /// and gone) leave less than a page may show. One statement; none without a search.
    #[expect(clippy::disallowed_methods, reason = "a set-returning function")]
    fn found(scope: &mut Scope, query: &ListQuery, most: i32) -> Result<Option<Found>, AppError> {
        let Some(search) = query.search() else {
            return Ok(None);
        };
        let statement = prepared(
            "with few as materialized (select f.id from search_products($1, $2) f), asked as materialized (
                 select case when $3 > $2 and (select count(*) from few) >= $2 and (select count(*) from few f join products p on p.tenant_id = $5 and p.id = f.id
                     where p.status <> 'discontinued' or exists (select from stock_levels l where l.tenant_id = $5 and l.product_id = p.id and l.on_hand > 0)) < $4
                   then $3 else $2 end as most)
             select ids, cardinality(ids) >= most as is_cut from (
                 select case when a.most > $2 then array(select f.id from search_products($1, $3) f) else array(select f.id from few f) end as ids, a.most
                   from asked a offset 0) found",
        )
        .bind::<Text, _>(search.to_owned())
        .bind::<Integer, _>(most)
        .bind::<Integer, _>(most.max(ListQuery::LOOKED_AT))
        .bind::<BigInt, _>(query.reads())
        .bind::<SqlUuid, _>(scope.tenant());
        Ok(Some(scope.one(statement)?))
    }

    /// The rows that a page is made of.
    fn rows(
        scope: &mut Scope,
        query: &ListQuery,
        warehouses: &[Warehouse],
    ) -> Result<Searched<Self>, AppError> {
        let sort = Self::sort(query);
        let cursor = query.cursor::<(String, Uuid)>();
        let found = Self::found(scope, query, query.candidates())?;
        let mut draft = Self::matching(query, warehouses, found.as_ref());
        let column = if sort.by == "sku" { "p.sku" } else { "p.name" };
        let is_back = matches!(query.reads_from(cursor.as_ref()), Some(Cursor::Before(_)));
        let is_down = sort.is_descending != is_back;
        let from = query.reads_from(cursor.as_ref());
        if let Some(Cursor::After((text, id)) | Cursor::Before((text, id))) = from {
            let (bind, sign) = (draft.text(text), if is_down { '<' } else { '>' });
            draft.binds += 1;
            draft.row = Some(*id);
            draft.sql += &format!(
                " and {column} {sign}= {bind} and ({column} {sign} {bind} or coalesce(l.id, p.id) {sign} ${})",
                draft.binds
            );
        }
        let way = if is_down { "desc" } else { "asc" };
        let sql = format!(
            "{COLUMNS}{} order by {column} {way}, row_id {way} limit {}",
            draft.sql,
            query.reads()
        );
        let statement = Self::bound(scope, sql, draft);
        Ok((scope.load(statement)?, found))
    }

    /// One page of stock, and how many rows match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(
        scope: &mut Scope,
        query: &ListQuery,
        warehouses: &[Warehouse],
    ) -> Result<(Page<Self>, Total), AppError> {
        let (rows, found) = Self::rows(scope, query, warehouses)?;
        let cursor = query.cursor::<(String, Uuid)>();
        let is_by_sku = Self::sort(query).by == "sku";
        let rows = (rows, found.as_ref());
        let (page, total) = Page::read(rows, query, cursor.as_ref(), |row: &Self| {
            let by = if is_by_sku { &row.sku } else { &row.name };
            (by.clone(), row.row_id)
        });
        if let Some(total) = total {
            return Ok((page, total));
        }
        let draft = Self::matching(query, warehouses, None);
        let most = query.counted();
        let count = format!(
            "select count(*) as number from (select 1{} limit {most}) all_rows",
            draft.sql
        );
        let sql = if draft.sql == FROM {
            // Nothing is filtered: where products alone are more than are counted, the levels of all of them need not be looked at.
            format!(
                "select case when c.number = {most} then c.number else ({count}) end as number
                   from (select count(*) as number from (select 1 from products p where p.tenant_id = $1 and p.status <> 'discontinued' limit {most}) some_rows) c"
            )
        } else {
            count
        };
        let statement = Self::bound(scope, sql, draft);
        let counted: Counted = scope.one(statement)?;
        Ok((page, Total::of(query, counted.number)))
    }

    /// The order of a list.
    pub fn sort(query: &ListQuery) -> Sort {
        query.sort(&SORTS, BY_NAME)
    }

    /// Everything that the filter shows, for an export; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(
        scope: &mut Scope,
        query: &ListQuery,
        warehouses: &[Warehouse],
    ) -> Result<Vec<Self>, AppError> {
        let found = Self::found(scope, query, ALL_FOUND)?;
        let draft = Self::matching(query, warehouses, found.as_ref());
        let sql = format!(
            "{COLUMNS}{} order by p.name, row_id limit 100000",
            draft.sql
        );
        let statement = Self::bound(scope, sql, draft);
        Ok(scope.load(statement)?)
    }

    /// Units that are neither reserved nor gone.
    pub fn free(&self) -> Decimal {
        self.on_hand - self.reserved
    }
}
