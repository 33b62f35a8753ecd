//! Confirming: the company will deliver what is open, all of it or so much of each line.

use super::cut::{self, Becomes, Cut};
use super::event::event;
use super::letters::{self, Kind};
use crate::error::AppError;
use crate::kernel::ids::OrderLineId;
use crate::kernel::language::Said;
use crate::orders::model::{Order, OrderLine};
use crate::orders::rules::{self, OrderStatus};
use crate::platform::db::Scope;
use crate::platform::db::schema::orders;
use diesel::prelude::*;
use rust_decimal::Decimal;

/// How much of a line will come.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// The line.
    pub line: OrderLineId,
    /// Units, from zero to what is open.
    pub quantity: Decimal,
}

fn confirmed(number: &str) -> Said {
    Said::new("Order {number} was confirmed.").with("number", number)
}

/// Confirms an order as it stands.
///
/// # Errors
/// `NotFound`; `Refused` when it is held or its state refuses.
pub fn confirm(scope: &mut Scope, number: &str, who: &str) -> Result<Order, AppError> {
    let order = Order::lock(scope, number)?;
    confirm_locked(scope, order, who)
}

/// The same for an order that is locked already.
///
/// # Errors
/// `Refused` when it is held or its state refuses.
pub fn confirm_locked(scope: &mut Scope, order: Order, who: &str) -> Result<Order, AppError> {
    rules::may_confirm(&order.number, order.status, order.hold_reason().as_ref())
        .map_err(AppError::refused)?;
    let now = scope.now();
    let row = orders::table.filter(
        orders::tenant_id
            .eq(scope.tenant())
            .and(orders::id.eq(order.id)),
    );
    scope.execute(diesel::update(row).set((
        orders::status.eq(OrderStatus::Confirmed),
        orders::confirmed_at.eq(now),
        orders::updated_at.eq(now),
    )))?;
    let happened = [("confirmed", confirmed(&order.number), false)];
    event(scope, (order.id, order.customer_id), who, &happened)?;
    letters::tell(scope, (order.id, &order.number), Kind::Confirmed, None)?;
    Ok(order)
}

/// Confirms so much of each line; the rest of it is cancelled with the reason. Says how many lines were cut.
///
/// # Errors
/// `NotFound`, for a line of another order too; `Refused` when it is held, its state refuses, a line would get more than is open, or
/// nothing would be left.
pub fn confirm_lines(
    scope: &mut Scope,
    number: &str,
    kept: &[Kept],
    reason: Option<&str>,
    who: &str,
) -> Result<(Order, usize), AppError> {
    let order = Order::lock(scope, number)?;
    rules::may_confirm(&order.number, order.status, order.hold_reason().as_ref())
        .map_err(AppError::refused)?;
    let mut lines = order.lock_lines(scope)?;
    let cuts = cuts(&lines, kept)?;
    if cuts.is_empty() {
        return Ok((confirm_locked(scope, order, who)?, 0));
    }
    let Some(reason) = reason else {
        return Err(AppError::refused(Said::new(
            "Say why less is confirmed than was ordered.",
        )));
    };
    let is_left = lines.iter().any(|line| {
        let cut = cuts.iter().find(|cut| cut.line == line.id);
        line.open_qty > cut.map_or(Decimal::ZERO, |cut| cut.quantity)
    });
    if !is_left {
        return Err(AppError::refused(
            Said::new("Nothing would be left of order {number}. Cancel it instead.")
                .with("number", &order.number),
        ));
    }
    let mut happened = vec![("confirmed", confirmed(&order.number), false)];
    happened.extend(lines.iter().filter_map(|line| {
        let cut = cuts.iter().find(|cut| cut.line == line.id)?;
        Some((
            "line_cancelled",
            super::cancel::cut_words(line, cut.quantity, reason),
            false,
        ))
    }));
    let becomes = Becomes {
        status: OrderStatus::Confirmed,
        reason: None,
    };
    cut::apply(scope, &order, &mut lines, &cuts, Some(becomes))?;
    event(scope, (order.id, order.customer_id), who, &happened)?;
    letters::tell(scope, (order.id, &order.number), Kind::Confirmed, None)?;
    Ok((order, cuts.len()))
}

/// What is cut where less is kept than is open.
fn cuts(lines: &[OrderLine], kept: &[Kept]) -> Result<Vec<Cut>, AppError> {
    let mut cuts = Vec::new();
    for keep in kept {
        let line = lines
            .iter()
            .find(|line| line.id == keep.line)
            .ok_or(AppError::NotFound)?;
        if keep.quantity < Decimal::ZERO || keep.quantity > line.open_qty {
            return Err(AppError::refused(
                Said::new("Of {name} between 0 and {most} can be confirmed.")
                    .with("name", &line.name)
                    .with("most", line.open_qty.normalize().to_string()),
            ));
        }
        if keep.quantity < line.open_qty {
            cuts.push(Cut {
                line: line.id,
                quantity: line.open_qty - keep.quantity,
            });
        }
    }
    Ok(cuts)
}
