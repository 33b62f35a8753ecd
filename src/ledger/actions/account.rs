//! What customers have open, kept beside orders and bills in the same transaction.

use crate::error::AppError;
use crate::kernel::ids::CustomerId;
use crate::kernel::money::Money;
use crate::ledger::model::Account;
use crate::platform::db::schema::customer_accounts;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Timestamptz, Uuid as SqlUuid};

/// A customer's account, locked until the transaction ends: whoever posts to it or sets its money against its bills comes one after the
/// other. It is made when nothing ever happened. One statement.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "an insert that locks what is there, kept prepared"
)]
pub fn lock_account(scope: &mut Scope, customer: CustomerId) -> Result<Account, AppError> {
    let statement = prepared(
        "insert into customer_accounts as a (id, updated_at) values ($1, $2)
           on conflict (tenant_id, id) do update set updated_at = excluded.updated_at
           returning a.open_orders, a.open_amount, a.unbilled, a.balance, a.next_delivery",
    )
    .bind::<SqlUuid, _>(customer)
    .bind::<Timestamptz, _>(scope.now());
    Ok(scope.one(statement)?)
}

/// Adds to what a customer has open, and gives back how it stands then; the row stays locked until the end, so two orders can't both use
/// the last rupee of a credit.
///
/// # Errors
/// When the database refuses.
pub fn add_open(
    scope: &mut Scope,
    customer: CustomerId,
    orders: i32,
    amount: Money,
) -> Result<Account, AppError> {
    let now = scope.now();
    let open = (
        customer_accounts::open_orders.eq(customer_accounts::open_orders + orders),
        customer_accounts::open_amount.eq(customer_accounts::open_amount + amount.as_decimal()),
        customer_accounts::updated_at.eq(now),
    );
    if orders > 0 {
        return Ok(scope.one(
            diesel::insert_into(customer_accounts::table)
                .values((
                    customer_accounts::id.eq(customer.uuid()),
                    customer_accounts::open_orders.eq(orders),
                    customer_accounts::open_amount.eq(amount),
                    customer_accounts::updated_at.eq(now),
                ))
                .on_conflict((customer_accounts::tenant_id, customer_accounts::id))
                .do_update()
                .set(open)
                .returning(Account::as_returning()),
        )?);
    }
    // An insert is checked before a conflict is seen, so what goes down never comes as one. The row is there: something was open.
    let row = customer_accounts::table.filter(
        customer_accounts::tenant_id
            .eq(scope.tenant())
            .and(customer_accounts::id.eq(customer.uuid())),
    );
    Ok(scope.one(
        diesel::update(row)
            .set(open)
            .returning(Account::as_returning()),
    )?)
}

/// Says when a customer's next goods are expected.
///
/// # Errors
/// When the database refuses.
pub fn expect_on(
    scope: &mut Scope,
    customer: CustomerId,
    day: Option<NaiveDate>,
) -> Result<(), AppError> {
    let now = scope.now();
    let row = customer_accounts::table.filter(
        customer_accounts::tenant_id
            .eq(scope.tenant())
            .and(customer_accounts::id.eq(customer.uuid())),
    );
    scope.execute(diesel::update(row).set((
        customer_accounts::next_delivery.eq(day),
        customer_accounts::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Goods of a customer have left, or came back: so many more (or fewer) open orders, so much more (or less) still to be shipped, and a day
/// on which goods are expected, if that is sooner than what is known. The account is there since the order was placed. One statement.
///
/// # Errors
/// `NotFound` when nothing was ever placed; whatever the database refuses.
pub fn goods_moved(
    scope: &mut Scope,
    customer: CustomerId,
    orders: i32,
    amount: Money,
    day: Option<NaiveDate>,
) -> Result<(), AppError> {
    let now = scope.now();
    let row = customer_accounts::table.filter(
        customer_accounts::tenant_id
            .eq(scope.tenant())
            .and(customer_accounts::id.eq(customer.uuid())),
    );
    let sooner = sql::<Nullable<Date>>("least(next_delivery, ")
        .bind::<Nullable<Date>, _>(day)
        .sql(")");
    let changed = scope.execute(diesel::update(row).set((
        customer_accounts::open_orders.eq(customer_accounts::open_orders + orders),
        customer_accounts::open_amount.eq(customer_accounts::open_amount + amount.as_decimal()),
        customer_accounts::next_delivery.eq(sooner),
        customer_accounts::updated_at.eq(now),
    )))?;
    if changed == 0 {
        return Err(AppError::NotFound);
    }
    Ok(())
}

/// Says that a customer's next goods are expected on the soonest day of what is on the road to it. The account is locked already, so that two
/// ends at once both see the other. One statement.
///
/// # Errors
/// When the database refuses.
pub fn expect_soonest(scope: &mut Scope, customer: CustomerId) -> Result<(), AppError> {
    let now = scope.now();
    let row = customer_accounts::table.filter(
        customer_accounts::tenant_id
            .eq(scope.tenant())
            .and(customer_accounts::id.eq(customer.uuid())),
    );
    let soonest = sql::<Nullable<Date>>(
        "(select min(s.expected_on) from shipments s where s.tenant_id = customer_accounts.tenant_id and s.customer_id = customer_accounts.id and s.status = 'out')",
    );
    scope.execute(diesel::update(row).set((
        customer_accounts::next_delivery.eq(soonest),
        customer_accounts::updated_at.eq(now),
    )))?;
    Ok(())
}
