//! Price lists and whom they are for: rows and queries.

use super::people::Group;
use crate::error::AppError;
use crate::kernel::ids::{GroupId, PriceListId};
use crate::platform::db::schema::{price_lists, products};
use crate::platform::db::{Scope, prepared};
use crate::pricing::rules::Status;
use crate::products::model::Product;
use crate::web::list::{COUNT_CAP, Found, ListQuery, Page, Total, keyset};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = SqlUuid)]
    id: PriceListId,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// A price list.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = price_lists)]
pub struct PriceList {
    /// The list.
    pub id: PriceListId,
    /// What people call it.
    pub name: String,
    /// draft, active or ended.
    pub status: String,
    /// The list of everybody, asked last.
    pub is_default: bool,
    /// Whether its prices hold GST.
    pub includes_tax: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, or `None`.
    pub valid_to: Option<NaiveDate>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
}

/// Whom a list is for.
#[derive(Clone, Debug, QueryableByName)]
pub struct Target {
    /// The target.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The list.
    #[diesel(sql_type = SqlUuid)]
    pub price_list_id: PriceListId,
    /// Name of the group or customer.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The customer's code; `None` for a group.
    #[diesel(sql_type = Nullable<Text>)]
    pub code: Option<String>,
}

/// A target, or a group that could be one and has no list.
#[derive(QueryableByName)]
struct AroundRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    price_list_id: Option<PriceListId>,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    code: Option<String>,
}

impl PriceList {
    fn of<'q>(scope: &Scope) -> price_lists::BoxedQuery<'q, Pg> {
        price_lists::table
            .filter(price_lists::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// Where it stands; an unknown code can't come out of the database, which checks it.
    pub fn status(&self) -> Status {
        Status::from_code(&self.status).unwrap_or(Status::Ended)
    }

    /// The company's lists: the one of everybody first, those that ended last; at most 500.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .order((
                price_lists::is_default.desc(),
                price_lists::status.eq("ended"),
                price_lists::name,
            ))
            .limit(500)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// One list.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: PriceListId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(price_lists::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// The list of everybody.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn standard(scope: &mut Scope) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(price_lists::is_default)
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// One list, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, id: PriceListId) -> Result<Self, AppError> {
        let row = price_lists::table
            .filter(
                price_lists::tenant_id
                    .eq(scope.tenant())
                    .and(price_lists::id.eq(id)),
            )
            .for_no_key_update()
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// How many prices each list has, those of other days among them, counted up to [`COUNT_CAP`] + 1.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a count with an end for each row, which the query builder can't write"
    )]
    pub fn counts(scope: &mut Scope) -> Result<HashMap<PriceListId, i64>, AppError> {
        let rows = prepared(
            "select l.id, n.number from price_lists l
               cross join lateral (select count(*) as number from (
                   select from price_items i where i.tenant_id = l.tenant_id and i.price_list_id = l.id limit $2) few) n
               where l.tenant_id = $1",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<BigInt, _>(COUNT_CAP + 1);
        let counted: Vec<Counted> = scope.load(rows)?;
        Ok(counted
            .into_iter()
            .map(|row| (row.id, row.number))
            .collect())
    }

    /// Whom lists are for, by name: of one list, or of all; at most 1,000.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of another room's tables, read only"
    )]
    pub fn targets(scope: &mut Scope, list: Option<PriceListId>) -> Result<Vec<Target>, AppError> {
        let tenant = scope.tenant();
        let statement = diesel::sql_query(
            "select t.id, t.price_list_id, coalesce(g.name, c.name) as name, c.code from price_list_targets t
               left join customer_groups g on g.tenant_id = t.tenant_id and g.id = t.group_id
               left join customers c on c.tenant_id = t.tenant_id and c.id = t.customer_id
               where t.tenant_id = $1 and ($2 is null or t.price_list_id = $2) order by c.code is not null, 3 limit 1000",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<Nullable<SqlUuid>, _>(list);
        Ok(scope.load(statement)?)
    }

    /// Whom this list is for, as [`Self::targets`] says it, and all groups that it could be for, by name; at most 200. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of another room's tables, read only"
    )]
    pub fn around(
        scope: &mut Scope,
        list: PriceListId,
    ) -> Result<(Vec<Target>, Vec<Group>), AppError> {
        let tenant = scope.tenant();
        let statement = diesel::sql_query(
            "(select t.id, t.price_list_id, coalesce(g.name, c.name) as name, c.code from price_list_targets t
                left join customer_groups g on g.tenant_id = t.tenant_id and g.id = t.group_id
                left join customers c on c.tenant_id = t.tenant_id and c.id = t.customer_id
                where t.tenant_id = $1 and t.price_list_id = $2 order by c.code is not null, 3 limit 1000)
             union all
             (select g.id, null, g.name, null from customer_groups g where g.tenant_id = $1 order by g.name, g.id limit 200)",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(list);
        let rows: Vec<AroundRow> = scope.load(statement)?;
        let (mut targets, mut groups) = (Vec::new(), Vec::new());
        for row in rows {
            let AroundRow { id, name, code, .. } = row;
            match row.price_list_id {
                Some(price_list_id) => targets.push(Target {
                    id,
                    price_list_id,
                    name,
                    code,
                }),
                None => groups.push(Group {
                    id: GroupId::from(id),
                    name,
                }),
            }
        }
        Ok((targets, groups))
    }

    fn goods<'q>(
        &self,
        scope: &Scope,
        query: &ListQuery,
        found: Option<&Found>,
    ) -> products::BoxedQuery<'q, Pg> {
        let mut rows = products::table
            .filter(products::tenant_id.eq(scope.tenant()))
            .into_boxed();
        let has_price = "exists (select from price_items i where i.tenant_id = products.tenant_id and i.product_id = products.id and i.price_list_id = ";
        let is_without = query.all("show", &["without"]) == ["without"];
        let (before, after) = if is_without { ("not ", ")") } else { ("", ")") };
        rows = rows.filter(
            sql::<Bool>(before)
                .sql(has_price)
                .bind::<SqlUuid, _>(self.id)
                .sql(after),
        );
        if let Some(found) = found {
            rows = rows.filter(products::id.eq_any(found.ids()));
        }
        rows
    }

    /// One page of the products that have a price in this list (or, asked so, have none), by name, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn products(
        &self,
        scope: &mut Scope,
        query: &ListQuery,
    ) -> Result<(Page<Product>, Total), AppError> {
        let cursor = query.cursor::<(String, Uuid)>();
        let from = query.reads_from(cursor.as_ref());
        // Of what is found, much may have no price here: it is a search beside a filter, whatever else is asked for.
        let found = Product::found(scope, query, None, ListQuery::LOOKED_AT)?;
        let rows = self
            .goods(scope, query, found.as_ref())
            .select(Product::as_select())
            .limit(query.reads());
        let rows = keyset!(rows, from, false, products::name, products::id);
        let rows = (scope.load(rows)?, found.as_ref());
        let (page, total) = Page::read(rows, query, cursor.as_ref(), |row: &Product| {
            (row.name.clone(), row.id.uuid())
        });
        if let Some(total) = total {
            return Ok((page, total));
        }
        let count = self
            .goods(scope, query, None)
            .select(products::id)
            .limit(query.counted());
        Ok((page, Total::of(query, scope.count(count)?)))
    }
}
