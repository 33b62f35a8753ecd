//! Holding orders back and letting them go on.

use super::event::event;
use super::letters::{self, Kind};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, OrderId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::model::Account;
use crate::orders::model::{Order, credit_limit};
use crate::orders::rules;
use crate::platform::db::Scope;
use crate::platform::db::schema::orders;
use crate::platform::jobs::{self, NewJob};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// Kind of the job that looks again at the orders of a customer that wait for credit.
pub const RECHECK: &str = "orders.recheck";

/// What that job needs. The events of other rooms that make it run name the customer alike.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Recheck {
    /// The customer.
    pub customer: CustomerId,
}

fn set_hold(scope: &mut Scope, ids: &[OrderId], reason: Option<&Said>) -> Result<(), AppError> {
    let now = scope.now();
    let reason = reason
        .map(serde_json::to_value)
        .transpose()
        .map_err(AppError::internal)?;
    let rows = orders::table.filter(
        orders::tenant_id
            .eq(scope.tenant())
            .and(orders::id.eq_any(ids.to_vec())),
    );
    scope.execute(diesel::update(rows).set((
        orders::is_held.eq(reason.is_some()),
        orders::hold_reason.eq(reason),
        orders::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Holds an order that waits to be confirmed. The reason is read by both sides.
///
/// # Errors
/// `NotFound`; `Refused` when it is held already or its state refuses.
pub fn hold(scope: &mut Scope, number: &str, reason: &str, who: &str) -> Result<Order, AppError> {
    let order = Order::lock(scope, number)?;
    rules::may_hold(&order.number, order.status, order.is_held).map_err(AppError::refused)?;
    let words = rules::staff_hold(reason);
    set_hold(scope, &[order.id], Some(&words))?;
    let happened = [("held", words, false)];
    event(scope, (order.id, order.customer_id), who, &happened)?;
    letters::tell(scope, (order.id, &order.number), Kind::Held, None)?;
    Ok(order)
}

/// Lets a held order go on, whatever its credit says. Why is for the company's eyes.
///
/// # Errors
/// `NotFound`; `Refused` when it is not held.
pub fn release(
    scope: &mut Scope,
    number: &str,
    reason: &str,
    who: &str,
) -> Result<Order, AppError> {
    let order = Order::lock(scope, number)?;
    rules::may_release(&order.number, order.is_held).map_err(AppError::refused)?;
    set_hold(scope, &[order.id], None)?;
    let why = Said::new("Released by {name}: {reason}")
        .with("name", who)
        .with("reason", reason);
    let happened = [
        ("released", freed(&order.number), false),
        ("note", why, true),
    ];
    event(scope, (order.id, order.customer_id), who, &happened)?;
    letters::tell(scope, (order.id, &order.number), Kind::Released, None)?;
    Ok(order)
}

fn freed(number: &str) -> Said {
    Said::new("Order {number} is no longer on hold.").with("number", number)
}

/// Frees the orders of a customer that are held for credit and fit now, the oldest first; those that still don't fit say what has to be
/// paid by now. Says how many were freed.
///
/// # Errors
/// When the database refuses.
pub fn recheck_holds(scope: &mut Scope, customer: CustomerId) -> Result<usize, AppError> {
    let waiting = Order::lock_held_for_credit(scope, customer)?;
    free(scope, customer, &waiting)
}

/// The same for whoever holds the customer's account already: orders come before accounts, so those that somebody else holds just now are
/// left to a job. Says how many were freed.
///
/// # Errors
/// When the database refuses.
pub fn recheck_at_once(scope: &mut Scope, customer: CustomerId) -> Result<usize, AppError> {
    let all = Order::count_held_for_credit(scope, customer)?;
    if all == 0 {
        return Ok(0);
    }
    let waiting = Order::try_held_for_credit(scope, customer)?;
    if waiting.len() < all {
        let job = NewJob::new(
            RECHECK,
            "Orders that wait for credit",
            &Recheck { customer },
        )?;
        jobs::enqueue(scope, &job)?;
    }
    free(scope, customer, &waiting)
}

fn free(scope: &mut Scope, customer: CustomerId, waiting: &[Order]) -> Result<usize, AppError> {
    if waiting.is_empty() {
        return Ok(0);
    }
    let limit = credit_limit(scope, customer)?;
    let account = Account::find(scope, customer)?;
    let amounts: Vec<Money> = waiting.iter().map(|order| order.open_amount).collect();
    let over = rules::over_each(limit, account.exposure(), &amounts);
    let mut freed_now = Vec::new();
    for (order, over) in waiting.iter().zip(over) {
        let Some(over) = over else {
            let happened = [("released", freed(&order.number), false)];
            event(scope, (order.id, order.customer_id), "", &happened)?;
            letters::tell(scope, (order.id, &order.number), Kind::Released, None)?;
            freed_now.push(order.id);
            continue;
        };
        let words = rules::credit_hold(over, limit.unwrap_or_default());
        if order.hold_reason().as_ref() != Some(&words) {
            set_hold(scope, &[order.id], Some(&words))?;
        }
    }
    if !freed_now.is_empty() {
        set_hold(scope, &freed_now, None)?;
    }
    Ok(freed_now.len())
}
