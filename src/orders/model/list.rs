//! Orders as employees list them, and the shipments of one.

use super::Order;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, OrderId};
use crate::kernel::money::Money;
use crate::orders::rules::{OrderStatus, Progress};
use crate::platform::db::Scope;
use crate::platform::db::schema::orders::{self, table as Orders};
use crate::platform::db::schema::{customers, order_days, shipments};
use crate::web::bulk;
use crate::web::list::{
    ALL_FOUND, COUNT_CAP, Cursor, Found, ListQuery, Mark, Page, Searched, Sort, Total, keyset,
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Asia::Kolkata;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Numeric};
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
    /// What they come to together, or what of them is still to leave; `None` for none, and where there are more than were counted.
    pub total: Option<Money>,
    /// Whether it is what is still to leave.
    pub is_to_ship: bool,
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
pub(super) fn is_drafts(query: &ListQuery) -> bool {
    query.all("status", &STATES).contains(&"draft")
}

fn days(query: &ListQuery) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let day = |name: &str| query.get(name).and_then(dates::parse_day);
    (day("from"), day("to"))
}

/// The moments between which the asked orders were placed: from the first on, before the second.
pub(super) fn moments(query: &ListQuery) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let (from, to) = days(query);
    let after = to.and_then(|day| day.checked_add_days(Days::new(1)));
    (from.and_then(dawn), after.and_then(dawn))
}

/// Whether the query asks for what can be picked, and so for what of it is still to leave.
fn is_to_ship(query: &ListQuery) -> bool {
    query.all("status", &STATES) == ["to_ship"]
}

/// Whether orders of some days are asked for, and nothing else.
fn is_of_days(query: &ListQuery) -> bool {
    days(query) != (None, None)
        && query.search().is_none()
        && query.get("customer").is_none()
        && query.all("status", &STATES).is_empty()
        && query.all("source", &SOURCES).len() != 1
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
        found: Option<&Found>,
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
        let (since, until) = moments(query);
        if let Some(since) = since {
            rows = rows.filter(orders::placed_at.ge(since));
        }
        if let Some(until) = until {
            rows = rows.filter(orders::placed_at.lt(until));
        }
        if let Some(code) = query.get("customer") {
            let one = customers::table
                .filter(customers::tenant_id.eq(scope.tenant()))
                .filter(customers::code.eq(code.to_uppercase()))
                .select(customers::id);
            rows = rows.filter(orders::customer_id.eq_any(one));
        }
        if let Some(found) = found {
            rows = rows.filter(orders::id.eq_any(found.ids()));
        }
        rows
    }

    /// One page of orders, how many match, what they come to. Four statements; a search is read as far as it is shown, and not counted.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<OrderList, AppError> {
        let sort = query.sort(&Self::SORTS, Self::BY_PLACED);
        let (rows, found) = Self::rows(scope, query, sort)?;
        let is_to_ship = is_to_ship(query);
        let amount = |order: &Self| {
            if is_to_ship {
                order.open_amount
            } else {
                order.total
            }
        };
        let sum = (!rows.is_empty()).then(|| rows.iter().map(amount).sum());
        let rows = (rows, found.as_ref());
        let (page, searched) = if sort.by == "amount" {
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
        let (count, total) = match searched {
            Some(searched) => (searched, sum),
            None => Self::counted(scope, query)?,
        };
        let ids: Vec<OrderId> = page.rows.iter().map(|order| order.id).collect();
        Ok(OrderList {
            buyers: Self::buyers(scope, &page.rows)?,
            progress: Self::progress(scope, &ids)?,
            total: total.filter(|_| !count.is_more),
            is_to_ship,
            count,
            page,
        })
    }

    /// How many orders match and what they come to; of what can be picked, what is still to leave. What the dashboard tells of leads here, and
    /// has to be found here: the orders of some days, which are added up day by day, and those that wait for somebody.
    fn counted(scope: &mut Scope, query: &ListQuery) -> Result<(Total, Option<Money>), AppError> {
        if is_of_days(query) {
            let (count, total) = Self::of_days(scope, days(query))?;
            return Ok((Total::all(count), total));
        }
        let waits = ["to_approve", "held", "to_ship"];
        let is_waiting =
            matches!(query.all("status", &STATES).as_slice(), [state] if waits.contains(state));
        let most = if is_waiting {
            COUNT_CAP + 1
        } else {
            query.counted()
        };
        let rows = Self::matching(scope, query, None).limit(most);
        let (count, total) = if is_to_ship(query) {
            scope.count_and_sum(rows.select(orders::open_amount))?
        } else {
            scope.count_and_sum(rows.select(orders::total))?
        };
        let count = if is_waiting {
            Total::from(count)
        } else {
            Total::of(query, count)
        };
        Ok((count, total))
    }

    /// How many orders were placed from one day to another, and what they come to.
    fn of_days(
        scope: &mut Scope,
        (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    ) -> Result<(i64, Option<Money>), AppError> {
        let mut sums = order_days::table
            .filter(order_days::tenant_id.eq(scope.tenant()))
            .select((
                sql::<BigInt>("coalesce(sum(order_days.orders), 0)::bigint"),
                sql::<Nullable<Numeric>>(
                    "sum(order_days.total) filter (where order_days.orders > 0)",
                ),
            ))
            .into_boxed();
        if let Some(from) = from {
            sums = sums.filter(order_days::day.ge(from));
        }
        if let Some(to) = to {
            sums = sums.filter(order_days::day.le(to));
        }
        Ok(scope.one(sums)?)
    }

    /// The rows that a page is made of, and what the search found.
    fn rows(scope: &mut Scope, query: &ListQuery, sort: Sort) -> Result<Searched<Self>, AppError> {
        let found = Self::found(scope, query, query.candidates())?;
        let rows = Self::matching(scope, query, found.as_ref())
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
        Ok((rows, found))
    }

    /// Everything that the filter shows, for an export, the latest first; at most 100,000, with their customers and how far their goods are.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(scope: &mut Scope, query: &ListQuery) -> Result<OrderExport, AppError> {
        let found = Self::found(scope, query, ALL_FOUND)?;
        let rows = Self::matching(scope, query, found.as_ref())
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
        let found = Self::found(scope, query, ALL_FOUND)?;
        let all = Self::matching(scope, query, found.as_ref())
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
}
