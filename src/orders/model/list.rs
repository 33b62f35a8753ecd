//! Orders as employees list them, and the shipments of one.

use super::Order;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, OrderId};
use crate::kernel::money::Money;
use crate::orders::rules::{OrderStatus, Progress, is_credit_hold};
use crate::platform::db::Scope;
use crate::platform::db::schema::orders::{self, table as Orders};
use crate::platform::db::schema::{customers, shipments};
use crate::web::bulk;
use crate::web::list::{ALL_FOUND, Cursor, ListQuery, Mark, Page, Sort, Total, keyset};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Asia::Kolkata;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};
use std::collections::HashMap;
use uuid::Uuid;

/// What a list of orders can be filtered by. `held` are those that wait for money or for somebody's word; of `to_ship` something can be picked;
/// `draft` stands alone.
pub const STATES: [&str; 7] = [
    "to_approve",
    "held",
    "to_ship",
    "confirmed",
    "closed",
    "cancelled",
    "draft",
];

/// Where orders come from.
pub const SOURCES: [&str; 2] = ["portal", "staff"];

/// Where a page sorted by moments begins.
type Moment = (DateTime<Utc>, Uuid);
/// Where a page sorted by amounts begins.
type Amount = (Money, Uuid);

impl Mark for Amount {
    fn is_sound(&self) -> bool {
        true
    }
}

/// A customer as a list names it.
#[derive(Clone, Debug, Default)]
pub struct Buyer {
    /// Code that people say.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub city: Option<String>,
}

/// A page of orders with what stands beside them.
pub struct OrderList {
    /// The orders.
    pub page: Page<Order>,
    /// How many match, as far as they were counted.
    pub count: Total,
    /// What they come to together; `None` for none, and where there are more than were counted.
    pub total: Option<Money>,
    /// Their customers.
    pub buyers: HashMap<CustomerId, Buyer>,
    /// How far their goods are.
    pub progress: HashMap<OrderId, Progress>,
}

/// Orders for a file.
pub struct OrderExport {
    /// The orders.
    pub rows: Vec<Order>,
    /// Their customers.
    pub buyers: HashMap<CustomerId, Buyer>,
    /// How far their goods are.
    pub progress: HashMap<OrderId, Progress>,
}

/// The first moment of a day in India.
fn dawn(day: NaiveDate) -> Option<DateTime<Utc>> {
    Kolkata
        .from_local_datetime(&day.and_time(NaiveTime::MIN))
        .single()
        .map(|moment| moment.to_utc())
}

/// Something of the order is open that nobody picks yet.
const CAN_BE_PICKED: &str = "exists (select from order_lines l where l.tenant_id = orders.tenant_id and l.order_id = orders.id and l.open_qty > l.picking_qty)";

type Condition = Box<dyn BoxableExpression<Orders, Pg, SqlType = Bool>>;

fn state_condition(state: &str) -> Condition {
    let status = |status: OrderStatus| orders::status.eq(status);
    match state {
        "held" => Box::new(orders::is_held),
        "to_ship" => Box::new(status(OrderStatus::Confirmed).and(sql::<Bool>(CAN_BE_PICKED))),
        "confirmed" => Box::new(status(OrderStatus::Confirmed)),
        "closed" => Box::new(status(OrderStatus::Closed)),
        "cancelled" => Box::new(status(OrderStatus::Cancelled)),
        "draft" => Box::new(status(OrderStatus::Draft)),
        _ => Box::new(status(OrderStatus::ToApprove).and(orders::is_held.eq(false))),
    }
}

/// Whether the query asks for drafts, which have no moment of placing to be sorted by.
fn is_drafts(query: &ListQuery) -> bool {
    query.all("status", &STATES).contains(&"draft")
}

impl Order {
    /// How a list of orders can be sorted.
    pub const SORTS: [&'static str; 2] = ["placed", "amount"];

    /// How it is sorted unless told otherwise.
    pub const BY_PLACED: Sort = Sort {
        by: "placed",
        is_descending: true,
    };

    fn matching<'q>(
        scope: &Scope,
        query: &ListQuery,
        candidates: i32,
    ) -> orders::BoxedQuery<'q, Pg> {
        let mut rows = Self::of(scope);
        let states = query.all("status", &STATES);
        if is_drafts(query) {
            rows = rows.filter(orders::status.eq(OrderStatus::Draft));
        } else {
            rows = rows.filter(orders::placed_at.is_not_null());
            let chosen = states.into_iter().map(state_condition).reduce(|all, one| {
                let either: Condition = Box::new(all.or(one));
                either
            });
            if let Some(chosen) = chosen {
                rows = rows.filter(chosen);
            }
        }
        if let [source] = query.all("source", &SOURCES).as_slice() {
            rows = rows.filter(orders::source.eq((*source).to_owned()));
        }
        let day = |name: &str| query.get(name).and_then(dates::parse_day);
        if let Some(from) = day("from").and_then(dawn) {
            rows = rows.filter(orders::placed_at.ge(from));
        }
        let after = day("to").and_then(|day| day.checked_add_days(Days::new(1)));
        if let Some(until) = after.and_then(dawn) {
            rows = rows.filter(orders::placed_at.lt(until));
        }
        if let Some(code) = query.get("customer") {
            let one = customers::table
                .filter(customers::tenant_id.eq(scope.tenant()))
                .filter(customers::code.eq(code.to_uppercase()))
                .select(customers::id);
            rows = rows.filter(orders::customer_id.eq_any(one));
        }
        if let Some(search) = query.search() {
            // Behind row security no index would serve the comparisons: this function looks inside the company by itself.
            rows = rows.filter(
                sql::<Bool>("orders.id in (select search_orders(")
                    .bind::<Text, _>(search.to_owned())
                    .sql(", ")
                    .bind::<Integer, _>(candidates)
                    .sql("))"),
            );
        }
        rows
    }

    /// One page of orders, how many match, what they come to. Four statements; three for a search, which is read as far as it is shown.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<OrderList, AppError> {
        let sort = query.sort(&Self::SORTS, Self::BY_PLACED);
        let (rows, sum) = Self::rows(scope, query, sort)?;
        let (page, found) = if sort.by == "amount" {
            let cursor: Option<Cursor<Amount>> = query.cursor();
            Page::read(rows, query, cursor.as_ref(), |order: &Self| {
                (order.total, order.id.uuid())
            })
        } else {
            let cursor: Option<Cursor<Moment>> = query.cursor();
            Page::read(rows, query, cursor.as_ref(), |order: &Self| {
                let moment = order.placed_at.unwrap_or(order.created_at);
                (moment, order.id.uuid())
            })
        };
        let (count, total) = match found {
            Some(found) => (found, sum),
            None => {
                let totals = Self::matching(scope, query, 0)
                    .select(orders::total)
                    .limit(query.counted());
                let (count, total) = scope.count_and_sum(totals)?;
                (Total::of(query, count), total)
            }
        };
        let ids: Vec<OrderId> = page.rows.iter().map(|order| order.id).collect();
        Ok(OrderList {
            buyers: Self::buyers(scope, &page.rows)?,
            progress: Self::progress(scope, &ids)?,
            total: total.filter(|_| !count.is_more),
            count,
            page,
        })
    }

    /// The rows that a page is made of, and what they come to.
    fn rows(
        scope: &mut Scope,
        query: &ListQuery,
        sort: Sort,
    ) -> Result<(Vec<Self>, Option<Money>), AppError> {
        let rows = Self::matching(scope, query, query.candidates())
            .select(Self::as_select())
            .limit(query.reads());
        let (down, id) = (sort.is_descending, orders::id);
        let rows: Vec<Self> = if sort.by == "amount" {
            let cursor: Option<Cursor<Amount>> = query.cursor();
            let from = query.reads_from(cursor.as_ref());
            scope.load(keyset!(rows, from, down, orders::total, id))?
        } else {
            let cursor: Option<Cursor<Moment>> = query.cursor();
            let from = query.reads_from(cursor.as_ref());
            scope.load(if is_drafts(query) {
                keyset!(rows, from, down, orders::created_at, id)
            } else {
                keyset!(rows, from, down, orders::placed_at.assume_not_null(), id)
            })?
        };
        let sum: Money = rows.iter().map(|order| order.total).sum();
        let sum = (!rows.is_empty()).then_some(sum);
        Ok((rows, sum))
    }

    /// Everything that the filter shows, for an export, the latest first; at most 100,000, with their customers and how far their goods are.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(scope: &mut Scope, query: &ListQuery) -> Result<OrderExport, AppError> {
        let rows = Self::matching(scope, query, ALL_FOUND)
            .select(Self::as_select())
            .order((orders::placed_at.desc(), orders::id.desc()))
            .limit(100_000);
        let rows: Vec<Self> = scope.load(rows)?;
        let ids: Vec<OrderId> = rows.iter().map(|order| order.id).collect();
        Ok(OrderExport {
            buyers: Self::buyers(scope, &rows)?,
            progress: Self::progress(scope, &ids)?,
            rows,
        })
    }

    /// The numbers of all orders that the filter shows, in the order of their ids, for a change of all of them.
    ///
    /// # Errors
    /// `Refused` when they are too many.
    pub fn ids(scope: &mut Scope, query: &ListQuery) -> Result<Vec<OrderId>, AppError> {
        let all = Self::matching(scope, query, ALL_FOUND)
            .select(orders::id)
            .order(orders::id)
            .limit(bulk::MOST as i64 + 1);
        let ids = scope.load(all)?;
        bulk::refuse_too_many(ids.len())?;
        Ok(ids)
    }

    fn buyers(scope: &mut Scope, rows: &[Self]) -> Result<HashMap<CustomerId, Buyer>, AppError> {
        let mut ids: Vec<CustomerId> = rows.iter().map(|order| order.customer_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let query = customers::table
            .filter(customers::tenant_id.eq(scope.tenant()))
            .filter(customers::id.eq_any(ids))
            .select((
                customers::id,
                customers::code,
                customers::name,
                customers::city,
            ));
        let found: Vec<(CustomerId, String, String, Option<String>)> = scope.load(query)?;
        Ok(found
            .into_iter()
            .map(|(id, code, name, city)| (id, Buyer { code, name, city }))
            .collect())
    }

    fn progress(
        scope: &mut Scope,
        ids: &[OrderId],
    ) -> Result<HashMap<OrderId, Progress>, AppError> {
        let query = shipments::table
            .filter(shipments::tenant_id.eq(scope.tenant()))
            .filter(shipments::order_id.eq_any(ids.to_vec()))
            .filter(shipments::status.ne("cancelled"))
            .select((shipments::order_id, shipments::status))
            .distinct();
        let found: Vec<(OrderId, String)> = scope.load(query)?;
        let mut progress: HashMap<OrderId, Progress> = HashMap::new();
        for (order, status) in found {
            progress.entry(order).or_default().note(&status);
        }
        Ok(progress)
    }

    /// One order by its id, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock_by_id(scope: &mut Scope, id: OrderId) -> Result<Self, AppError> {
        let query = orders::table
            .filter(orders::tenant_id.eq(scope.tenant()).and(orders::id.eq(id)))
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// The orders of a customer that wait for credit, the oldest first, locked for change. Whoever holds one is waited for.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lock_held_for_credit(
        scope: &mut Scope,
        customer: CustomerId,
    ) -> Result<Vec<Self>, AppError> {
        let query = orders::table
            .filter(
                orders::tenant_id
                    .eq(scope.tenant())
                    .and(orders::customer_id.eq(customer))
                    .and(orders::is_held)
                    .and(orders::status.eq(OrderStatus::ToApprove)),
            )
            // Siblings are locked by id.
            .order(orders::id)
            .for_update()
            .select(Self::as_select());
        Ok(Self::for_credit(scope.load(query)?))
    }

    /// The same without those that somebody else holds just now: for whoever holds the customer's account, which comes after orders.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn try_held_for_credit(
        scope: &mut Scope,
        customer: CustomerId,
    ) -> Result<Vec<Self>, AppError> {
        let query = orders::table
            .filter(
                orders::tenant_id
                    .eq(scope.tenant())
                    .and(orders::customer_id.eq(customer))
                    .and(orders::is_held)
                    .and(orders::status.eq(OrderStatus::ToApprove)),
            )
            .order(orders::id)
            .for_update()
            .skip_locked()
            .select(Self::as_select());
        Ok(Self::for_credit(scope.load(query)?))
    }

    /// How many orders of a customer wait for credit.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn count_held_for_credit(
        scope: &mut Scope,
        customer: CustomerId,
    ) -> Result<usize, AppError> {
        let query = Self::of(scope)
            .filter(orders::customer_id.eq(customer))
            .filter(orders::is_held)
            .filter(orders::status.eq(OrderStatus::ToApprove))
            .select(Self::as_select());
        Ok(Self::for_credit(scope.load(query)?).len())
    }

    fn for_credit(mut held: Vec<Self>) -> Vec<Self> {
        held.retain(|order| order.hold_reason().as_ref().is_some_and(is_credit_hold));
        held.sort_by_key(|order| (order.placed_at, order.id));
        held
    }
}
