//! The verbs of customers' accounts.

use super::model::Account;
use crate::error::AppError;
use crate::kernel::ids::CustomerId;
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::platform::db::schema::customer_accounts;
use chrono::NaiveDate;
use diesel::prelude::*;

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
