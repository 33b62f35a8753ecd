//! A company's figures.

use crate::error::AppError;
use crate::kernel::money::Money;
use crate::orders::rules::OrderStatus;
use crate::platform::db::{Scope, prepared};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};

/// What waits for somebody, and how far the company is set up.
#[derive(Clone, Debug, QueryableByName)]
pub struct Figures {
    /// Placed orders that are neither confirmed nor held.
    #[diesel(sql_type = BigInt)]
    pub to_confirm: i64,
    /// When the oldest of them was placed.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub oldest: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub held: i64,
    /// What the held ones come to.
    #[diesel(sql_type = Numeric)]
    pub held_amount: Money,
    /// Confirmed orders of which something can be picked.
    #[diesel(sql_type = BigInt)]
    pub to_ship: i64,
    /// What of them is still to leave.
    #[diesel(sql_type = Numeric)]
    pub to_ship_amount: Money,
    /// How often a product is at or below its reorder level in a warehouse, or out; counted to one above [`Self::MOST_LOW`].
    #[diesel(sql_type = BigInt)]
    pub low: i64,
    #[diesel(sql_type = BigInt)]
    pub picking: i64,
    #[diesel(sql_type = BigInt)]
    pub packed: i64,
    #[diesel(sql_type = BigInt)]
    pub out: i64,
    /// Of those on the road, what was expected before today.
    #[diesel(sql_type = BigInt)]
    pub late: i64,
    #[diesel(sql_type = Bool)]
    pub has_address: bool,
    #[diesel(sql_type = Bool)]
    pub has_contact: bool,
    #[diesel(sql_type = Bool)]
    pub has_second_person: bool,
    /// The warehouse that every company begins with has an address by now, or is not the only one.
    #[diesel(sql_type = Bool)]
    pub has_warehouse: bool,
    #[diesel(sql_type = Bool)]
    pub has_product: bool,
    #[diesel(sql_type = Bool)]
    pub has_price: bool,
    #[diesel(sql_type = Bool)]
    pub has_stock: bool,
    /// A vehicle and a driver.
    #[diesel(sql_type = Bool)]
    pub has_fleet: bool,
    #[diesel(sql_type = Bool)]
    pub has_customer: bool,
    #[diesel(sql_type = Bool)]
    pub has_order: bool,
    /// A bank account, or a UPI id.
    #[diesel(sql_type = Bool)]
    pub has_bank: bool,
    /// Somebody has said from which day on the company has to e-invoice, or that it need not.
    #[diesel(sql_type = Bool)]
    pub has_duty: bool,
    /// What customers paid in the last 30 days, less what went back to them; what the bank returned is not counted.
    #[diesel(sql_type = Numeric)]
    pub collected: Money,
    /// The last 60 days on which orders were placed, the first at the head.
    #[diesel(sql_type = Array<Date>)]
    days: Vec<NaiveDate>,
    /// How many, day by day.
    #[diesel(sql_type = Array<BigInt>)]
    day_orders: Vec<i64>,
    /// What they come to, day by day.
    #[diesel(sql_type = Array<Numeric>)]
    day_totals: Vec<Money>,
}

impl Figures {
    /// Up to so much low stock is counted.
    pub const MOST_LOW: i64 = 1_000;

    /// The figures on a day. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "counts of many tables in one statement"
    )]
    pub fn of(scope: &mut Scope, today: NaiveDate) -> Result<Self, AppError> {
        let statement = prepared(include_str!("figures.sql"))
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<Date, _>(today);
        Ok(scope.one(statement)?)
    }

    /// Placed orders by day, of the last 60 days; days without orders are left out.
    pub fn days(&self) -> Vec<Day> {
        let sums = self.day_orders.iter().zip(&self.day_totals);
        self.days
            .iter()
            .zip(sums)
            .map(|(day, (orders, total))| Day {
                day: *day,
                orders: *orders,
                total: *total,
            })
            .collect()
    }
}

/// The orders of a day in India.
#[derive(Clone, Debug)]
pub struct Day {
    pub day: NaiveDate,
    pub orders: i64,
    pub total: Money,
}

/// One of the latest orders.
#[derive(Clone, Debug, QueryableByName)]
pub struct LatestOrder {
    #[diesel(sql_type = Text)]
    pub number: String,
    #[diesel(sql_type = Text)]
    pub customer: String,
    #[diesel(sql_type = Text)]
    pub status: OrderStatus,
    #[diesel(sql_type = Bool)]
    pub is_held: bool,
    #[diesel(sql_type = Numeric)]
    pub total: Money,
    #[diesel(sql_type = Timestamptz)]
    pub placed_at: DateTime<Utc>,
    /// The states of its shipments, each once.
    #[diesel(sql_type = Array<Text>)]
    pub shipments: Vec<String>,
}

impl LatestOrder {
    /// The six orders that were placed last. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of tables that no key of the query builder ties"
    )]
    pub fn six(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select o.number, c.name as customer, o.status, o.is_held, o.total, o.placed_at,
                    array(select distinct s.status from shipments s where s.tenant_id = o.tenant_id and s.order_id = o.id) as shipments
               from orders o join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
               where o.tenant_id = $1 and o.placed_at is not null order by o.placed_at desc, o.id desc limit 6",
        )
        .bind::<SqlUuid, _>(scope.tenant());
        Ok(scope.load(statement)?)
    }
}
