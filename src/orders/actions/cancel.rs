//! Cancelling: a whole order, what is open of it, or one line.

use super::cut::{self, Becomes, Cut};
use super::event::event;
use super::letters::{self, Kind};
use crate::error::AppError;
use crate::kernel::ids::OrderLineId;
use crate::kernel::language::Said;
use crate::orders::model::{Order, OrderLine};
use crate::orders::packs::{self, Pack};
use crate::orders::rules::{self, OrderStatus};
use crate::platform::db::Scope;
use rust_decimal::Decimal;

/// What is said of units of a line that won't come.
pub(super) fn cut_words(line: &OrderLine, quantity: Decimal, reason: &str) -> Said {
    let units = packs::in_units(quantity, &Pack::of_line(line));
    rules::not_coming(units, &line.name, reason)
}

/// Whether something of an order has left or is on its way out.
pub fn has_begun(lines: &[OrderLine]) -> bool {
    lines
        .iter()
        .any(|line| !line.shipped_qty.is_zero() || !line.picking_qty.is_zero())
}

/// Cancels a whole order of which nothing was picked or shipped yet.
///
/// # Errors
/// `NotFound`; `Refused` when its state refuses or its goods are on the way.
pub fn cancel(scope: &mut Scope, number: &str, reason: &str, who: &str) -> Result<Order, AppError> {
    let order = Order::lock(scope, number)?;
    cut::may_become(&order, OrderStatus::Cancelled)?;
    end(scope, order, reason, who)
}

/// Cancels an order for the retailer itself, which may do so until the company has confirmed it.
///
/// # Errors
/// `NotFound`; `Refused` from then on.
pub fn withdraw(
    scope: &mut Scope,
    number: &str,
    reason: &str,
    who: &str,
) -> Result<Order, AppError> {
    let order = Order::lock(scope, number)?;
    // What staff are still writing is no order of the retailer's yet.
    if order.status == OrderStatus::Draft {
        return Err(AppError::NotFound);
    }
    rules::may_withdraw(&order.number, order.status).map_err(AppError::refused)?;
    end(scope, order, reason, who)
}

fn end(scope: &mut Scope, order: Order, reason: &str, who: &str) -> Result<Order, AppError> {
    let mut lines = order.lock_lines(scope)?;
    rules::may_cancel_whole(&order.number, has_begun(&lines)).map_err(AppError::refused)?;
    let cuts = cut::everything(&lines);
    let becomes = Becomes {
        status: OrderStatus::Cancelled,
        reason: Some(reason),
    };
    cut::apply(scope, &order, &mut lines, &cuts, Some(becomes))?;
    let words = Said::new("Order {number} was cancelled: {reason}")
        .with("number", &order.number)
        .with("reason", reason);
    let is_draft = order.status == OrderStatus::Draft;
    let happened = [("cancelled", words, is_draft)];
    event(scope, (order.id, order.customer_id), who, &happened)?;
    if !is_draft {
        letters::tell(scope, (order.id, &order.number), Kind::Cancelled, None)?;
    }
    Ok(order)
}

/// Cancels what is open of an order whose goods are partly on their way; what is being picked stays. With nothing left to do the order
/// is closed.
///
/// # Errors
/// `NotFound`; `Refused` when its state refuses or nothing is open.
pub fn cancel_open(
    scope: &mut Scope,
    number: &str,
    reason: &str,
    who: &str,
) -> Result<Order, AppError> {
    let order = Order::lock(scope, number)?;
    cut::may_become(&order, OrderStatus::Closed)?;
    let mut lines = order.lock_lines(scope)?;
    let cuts = cut::everything(&lines);
    rules::may_cancel_open(&order.number, has_begun(&lines), cuts.len())
        .map_err(AppError::refused)?;
    cut_and_say(scope, &order, &mut lines, &cuts, (reason, who))?;
    Ok(order)
}

/// Cancels what is open of one line. The last line with something to come takes the whole order with it.
///
/// # Errors
/// `NotFound`, for a line of another order too; `Refused` when its state refuses or nothing of the line is open.
pub fn cancel_line(
    scope: &mut Scope,
    number: &str,
    line: OrderLineId,
    reason: &str,
    who: &str,
) -> Result<Order, AppError> {
    let order = Order::lock(scope, number)?;
    if !order.status.is_open() {
        cut::may_become(&order, OrderStatus::Cancelled)?;
        return Err(AppError::NotFound);
    }
    let mut lines = order.lock_lines(scope)?;
    let found = lines
        .iter()
        .find(|row| row.id == line)
        .ok_or(AppError::NotFound)?;
    rules::may_cancel_line(&found.name, found.open_qty, found.picking_qty)
        .map_err(AppError::refused)?;
    let cuts = [Cut {
        line,
        quantity: found.open_qty - found.picking_qty,
    }];
    let is_last = !has_begun(&lines)
        && lines
            .iter()
            .all(|row| row.id == line || row.open_qty.is_zero());
    if is_last {
        return end(scope, order, reason, who);
    }
    cut_and_say(scope, &order, &mut lines, &cuts, (reason, who))?;
    Ok(order)
}

/// Cuts lines of an order that goes on, or closes it when that was the last of it.
fn cut_and_say(
    scope: &mut Scope,
    order: &Order,
    lines: &mut [OrderLine],
    cuts: &[Cut],
    (reason, who): (&str, &str),
) -> Result<(), AppError> {
    let left = |line: &OrderLine| {
        let cut = cuts.iter().find(|cut| cut.line == line.id);
        line.open_qty - cut.map_or(Decimal::ZERO, |cut| cut.quantity)
    };
    let closes = order.status == OrderStatus::Confirmed
        && lines.iter().all(|line| left(line).is_zero())
        && lines.iter().any(|line| !line.shipped_qty.is_zero());
    let mut happened: Vec<_> = lines
        .iter()
        .filter_map(|line| {
            let cut = cuts.iter().find(|cut| cut.line == line.id)?;
            Some((
                "line_cancelled",
                cut_words(line, cut.quantity, reason),
                false,
            ))
        })
        .collect();
    let becomes = closes.then_some(Becomes {
        status: OrderStatus::Closed,
        reason: None,
    });
    if closes {
        happened.push(("closed", closed(&order.number), false));
    }
    cut::apply(scope, order, lines, cuts, becomes)?;
    event(scope, (order.id, order.customer_id), who, &happened)?;
    letters::tell(scope, (order.id, &order.number), Kind::LinesCancelled, None)?;
    Ok(())
}

fn closed(number: &str) -> Said {
    Said::new("Order {number} is complete.").with("number", number)
}
