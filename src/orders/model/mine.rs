//! What a retailer sees of its orders: the list, and what it usually buys.

use super::{Order, OrderLine};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, ProductId};
use crate::kernel::language::Lang;
use crate::kernel::money::Money;
use crate::orders::rules::OrderStatus;
use crate::platform::db::schema::{orders, products};
use crate::platform::db::{Scope, prepared};
use crate::web::list::{COUNT_CAP, Cursor, ListQuery, Page, keyset};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;

/// The states that a retailer's list can be filtered by.
pub const MY_STATES: [&str; 4] = ["to_approve", "confirmed", "closed", "cancelled"];

impl Order {
    fn of_buyer<'q>(scope: &Scope, customer: CustomerId) -> orders::BoxedQuery<'q, Pg> {
        Self::of(scope)
            .filter(orders::customer_id.eq(customer))
            .filter(orders::placed_at.is_not_null())
    }

    fn mine_matching<'q>(
        scope: &Scope,
        customer: CustomerId,
        query: &ListQuery,
    ) -> orders::BoxedQuery<'q, Pg> {
        let mut rows = Self::of_buyer(scope, customer);
        let states: Vec<String> = query
            .all("status", &MY_STATES)
            .into_iter()
            .map(str::to_owned)
            .collect();
        if !states.is_empty() {
            rows = rows.filter(orders::status.eq_any(states));
        }
        if let Some(search) = query.search() {
            // One customer's orders are few: the index on the customer has found them before the words are compared.
            let plain: String = search.chars().filter(|c| !"%_\\".contains(*c)).collect();
            let words = format!("%{plain}%");
            rows = rows.filter(
                orders::number
                    .ilike(words.clone())
                    .or(orders::po_number.ilike(words).is_not_distinct_from(true)),
            );
        }
        rows
    }

    /// One page of a customer's own orders, the newest first, how many match, and what of them is open. Two statements.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn mine(
        scope: &mut Scope,
        customer: CustomerId,
        query: &ListQuery,
    ) -> Result<(Page<Self>, i64, Money), AppError> {
        let cursor: Option<Cursor<(DateTime<Utc>, Uuid)>> = query.cursor();
        let rows = Self::mine_matching(scope, customer, query)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let rows = keyset!(
            rows,
            cursor.as_ref(),
            true,
            orders::placed_at.assume_not_null(),
            orders::id
        );
        let found = scope.load(rows)?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |order: &Self| {
            (order.placed_at.unwrap_or(order.created_at), order.id.uuid())
        });
        let count = Self::mine_matching(scope, customer, query)
            .select(orders::open_amount)
            .limit(COUNT_CAP + 1);
        let (count, open) = scope.count_and_sum(count)?;
        Ok((page, count, open.unwrap_or_default()))
    }

    /// One of a customer's own orders by its number; a draft of the company's is none.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn own(scope: &mut Scope, customer: CustomerId, number: &str) -> Result<Self, AppError> {
        let query = Self::of_buyer(scope, customer)
            .filter(orders::number.eq(number.replace('\0', "")))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// The number of the order that a customer placed last.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn last_of(scope: &mut Scope, customer: CustomerId) -> Result<Option<String>, AppError> {
        let query = Self::of_buyer(scope, customer)
            .filter(orders::status.ne(OrderStatus::Draft))
            .order((orders::placed_at.desc(), orders::id.desc()))
            .limit(1)
            .select(orders::number);
        Ok(scope.maybe(query)?)
    }
}

/// What the products of lines are called in a language, where they have a name in it besides the one that the lines say. One statement,
/// none in English.
///
/// # Errors
/// When the database refuses.
pub fn names_of(
    scope: &mut Scope,
    lines: &[OrderLine],
    lang: Lang,
) -> Result<HashMap<ProductId, String>, AppError> {
    if lang == Lang::En {
        return Ok(HashMap::new());
    }
    let ids: Vec<ProductId> = lines.iter().map(|line| line.product_id).collect();
    let query = products::table
        .filter(products::tenant_id.eq(scope.tenant()))
        .filter(products::id.eq_any(ids))
        .filter(products::name_hi.is_not_null())
        .select((products::id, products::name_hi.assume_not_null()));
    let found: Vec<(ProductId, String)> = scope.load(query)?;
    Ok(found.into_iter().collect())
}

/// A product that a customer buys again and again.
#[derive(Clone, Debug, QueryableByName)]
pub struct Usual {
    #[diesel(sql_type = SqlUuid)]
    pub product_id: ProductId,
    #[diesel(sql_type = Text)]
    pub sku: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub name_hi: Option<String>,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Numeric)]
    pub pack_size: Decimal,
    #[diesel(sql_type = Nullable<Text>)]
    pub pack_name: Option<String>,
    /// Units that were ordered last.
    #[diesel(sql_type = Numeric)]
    pub last: Decimal,
}

impl Usual {
    /// What a customer ordered in its last 50 orders and is still sold, the most often ordered first. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "the last quantity of each product, which the query builder can't say"
    )]
    pub fn of_customer(
        scope: &mut Scope,
        customer: CustomerId,
        most: i64,
    ) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "with recent as (select id, placed_at from orders where tenant_id = $1 and customer_id = $2 and placed_at is not null and status <> 'cancelled'
                order by placed_at desc, id desc limit 50)
             select p.id as product_id, p.sku, p.name, p.name_hi, p.unit, p.pack_size, p.pack_name,
                    (array_agg(l.quantity order by r.placed_at desc, r.id desc))[1] as last
               from recent r join order_lines l on l.tenant_id = $1 and l.order_id = r.id
               join products p on p.tenant_id = $1 and p.id = l.product_id and p.status = 'active'
               group by p.tenant_id, p.id order by count(*) desc, max(r.placed_at) desc, p.id limit $3",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(customer)
        .bind::<BigInt, _>(most);
        Ok(scope.load(statement)?)
    }
}
