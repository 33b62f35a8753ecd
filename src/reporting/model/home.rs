//! What a retailer has at one supplier. Row security shows a buyer only its own rows; the keys make it quick.

use crate::error::AppError;
use crate::kernel::ids::CustomerId;
use crate::kernel::money::Money;
use crate::orders::rules::{OrderStatus, credit_hold};
use crate::platform::db::{Scope, prepared};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};

/// What a shop owes and waits for.
#[derive(Clone, Debug, QueryableByName)]
pub struct Account {
    /// The code that the supplier keeps of this shop.
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Numeric)]
    pub balance: Money,
    /// What of the confirmed orders is still to come.
    #[diesel(sql_type = Numeric)]
    pub open_amount: Money,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub credit_limit: Option<Money>,
    #[diesel(sql_type = BigInt)]
    pub to_confirm: i64,
    /// How many of them wait for the shop to pay.
    #[diesel(sql_type = BigInt)]
    pub held: i64,
    #[diesel(sql_type = BigInt)]
    pub confirmed: i64,
    /// What of the bills is past its day.
    #[diesel(sql_type = Numeric)]
    pub overdue: Money,
    /// What was paid last.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub paid: Option<Money>,
    /// When that was.
    #[diesel(sql_type = Nullable<Date>)]
    pub paid_on: Option<NaiveDate>,
}

impl Account {
    /// A customer's account on a day. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "counts and an account in one statement"
    )]
    pub fn of(scope: &mut Scope, customer: CustomerId, today: NaiveDate) -> Result<Self, AppError> {
        let for_credit = credit_hold(Money::ZERO, Money::ZERO);
        let statement = prepared(
            "select c.code, coalesce(a.balance, 0) as balance, c.credit_limit,
                    (select coalesce(sum(o.open_amount), 0) from orders o where o.tenant_id = $1 and o.customer_id = $2 and o.status = 'confirmed') as open_amount,
                    (select count(*) from orders o where o.tenant_id = $1 and o.customer_id = $2 and o.status = 'to_approve') as to_confirm,
                    (select count(*) from orders o where o.tenant_id = $1 and o.customer_id = $2 and o.status = 'to_approve' and o.is_held
                        and o.hold_reason ->> 'key' = $4) as held,
                    (select count(*) from orders o where o.tenant_id = $1 and o.customer_id = $2 and o.status = 'confirmed') as confirmed,
                    (select coalesce(sum(i.open), 0) from open_items i where i.tenant_id = $1 and i.customer_id = $2 and i.side = 'debit' and i.is_open and i.due_on < $3) as overdue,
                    p.amount as paid, p.paid_on
               from customers c left join customer_accounts a on a.tenant_id = c.tenant_id and a.id = c.id
               left join lateral (select p.amount, p.paid_on from payments p where p.tenant_id = $1 and p.customer_id = $2 and p.direction = 'in' and p.status = 'received'
                   order by p.paid_on desc, p.id desc limit 1) p on true
               where c.tenant_id = $1 and c.id = $2",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(customer)
        .bind::<Date, _>(today)
        .bind::<Text, _>(for_credit.key());
        Ok(scope.one(statement)?)
    }
}

/// Goods on the road.
#[derive(Clone, Debug, QueryableByName)]
pub struct OnTheWay {
    #[diesel(sql_type = Text)]
    pub order_no: String,
    #[diesel(sql_type = Nullable<Date>)]
    pub expected_on: Option<NaiveDate>,
    #[diesel(sql_type = Integer)]
    pub packages: i32,
}

impl OnTheWay {
    /// What is on the road to a customer, the soonest first; at most 5. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of tables that no key of the query builder ties"
    )]
    pub fn to(scope: &mut Scope, customer: CustomerId) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select o.number as order_no, s.expected_on, coalesce(s.packages, 0) as packages from shipments s
               join orders o on o.tenant_id = s.tenant_id and o.id = s.order_id
               where s.tenant_id = $1 and s.customer_id = $2 and s.status = 'out' order by s.expected_on, s.id limit 5",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(customer);
        Ok(scope.load(statement)?)
    }
}

/// The order that was placed last.
#[derive(Clone, Debug, QueryableByName)]
pub struct LastOrder {
    #[diesel(sql_type = Text)]
    pub number: String,
    #[diesel(sql_type = Text)]
    pub status: OrderStatus,
    #[diesel(sql_type = Bool)]
    pub is_held: bool,
    #[diesel(sql_type = Numeric)]
    pub total: Money,
    #[diesel(sql_type = Timestamptz)]
    pub placed_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    pub lines: i64,
    /// The states of its shipments, each once.
    #[diesel(sql_type = Array<Text>)]
    pub shipments: Vec<String>,
}

impl LastOrder {
    /// A customer's last order, if it ever ordered. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "an order with counts of its lines and shipments"
    )]
    pub fn of(scope: &mut Scope, customer: CustomerId) -> Result<Option<Self>, AppError> {
        let statement = prepared(
            "select o.number, o.status, o.is_held, o.total, o.placed_at,
                    (select count(*) from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id) as lines,
                    array(select distinct s.status from shipments s where s.tenant_id = o.tenant_id and s.order_id = o.id) as shipments
               from orders o where o.tenant_id = $1 and o.customer_id = $2 and o.placed_at is not null order by o.placed_at desc, o.id desc limit 1",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(customer);
        Ok(scope.maybe(statement)?)
    }
}
