//! What is cancelled of lines: amounts, stock and credit follow in the same transaction.

use crate::error::AppError;
use crate::inventory::actions::{self as stock, Wanted};
use crate::kernel::ids::OrderLineId;
use crate::kernel::money::Money;
use crate::kernel::quantity::Quantity;
use crate::ledger::actions as ledger;
use crate::orders::model::{Order, OrderLine};
use crate::orders::rules::{self, OrderStatus};
use crate::platform::db::{Scope, prepared};
use crate::tax::rules::{LineTax, line as tax_of_line};
use diesel::sql_types::{Array, Bool, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// Units of a line that won't come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// The line.
    pub line: OrderLineId,
    /// Units; open and not being picked.
    pub quantity: Decimal,
}

/// What an order becomes together with its lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Becomes<'a> {
    /// Its status from now on.
    pub status: OrderStatus,
    /// Why it is cancelled, if it is.
    pub reason: Option<&'a str>,
}

/// The amounts of a line for what is left of it. A line that bore IGST still does.
fn amounts(line: &OrderLine) -> LineTax {
    Quantity::new(line.billable()).map_or_else(LineTax::default, |left| {
        let is_inter_state = line.igst > Money::ZERO;
        tax_of_line(
            line.price,
            line.includes_tax,
            left,
            line.rate(),
            is_inter_state,
        )
    })
}

/// Takes units off lines: releases their stock, works out line, order and credit anew, and takes the order to its next status. The order
/// and its lines are locked. Six statements at most.
///
/// # Errors
/// When the database refuses.
pub(super) fn apply(
    scope: &mut Scope,
    order: &Order,
    lines: &mut [OrderLine],
    cuts: &[Cut],
    becomes: Option<Becomes>,
) -> Result<(), AppError> {
    let mut given = Vec::with_capacity(cuts.len());
    let mut changed = Vec::with_capacity(cuts.len());
    for line in lines.iter_mut() {
        let cut = cuts.iter().find(|cut| cut.line == line.id);
        let Some(cut) = cut.filter(|cut| cut.quantity > Decimal::ZERO) else {
            continue;
        };
        line.open_qty -= cut.quantity;
        line.cancelled_qty += cut.quantity;
        let left = amounts(line);
        (line.taxable, line.cgst, line.sgst) = (left.taxable, left.cgst, left.sgst);
        (line.igst, line.cess, line.total) = (left.igst, left.cess, left.total);
        given.push(Wanted {
            line: line.id,
            product: line.product_id,
            quantity: cut.quantity,
        });
        changed.push(line.clone());
    }
    write_lines(scope, &changed)?;
    let is_open = order.status.is_open();
    if is_open && !given.is_empty() {
        stock::release(scope, order.warehouse_id, &given)?;
    }
    let open = lines.iter().map(OrderLine::open_amount).sum::<Money>();
    if is_open {
        let ends = becomes.is_some_and(|next| !next.status.is_open());
        let delta = open - order.open_amount;
        ledger::add_open(scope, order.customer_id, -i32::from(ends), delta)?;
    }
    let sums: LineTax = lines.iter().map(OrderLine::amounts).sum();
    write_order(scope, order, sums, open, becomes)
}

#[expect(
    clippy::disallowed_methods,
    reason = "one update of many rows by arrays"
)]
fn write_lines(scope: &mut Scope, lines: &[OrderLine]) -> Result<(), AppError> {
    if lines.is_empty() {
        return Ok(());
    }
    let now = scope.now();
    let ids: Vec<OrderLineId> = lines.iter().map(|line| line.id).collect();
    let column = |value: fn(&OrderLine) -> Decimal| lines.iter().map(value).collect::<Vec<_>>();
    let statement = prepared(
        "update order_lines l set open_qty = u.open, cancelled_qty = u.cancelled, taxable = u.taxable, cgst = u.cgst, sgst = u.sgst, igst = u.igst,
                cess = u.cess, total = u.total, updated_at = $11
           from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10) u(id, open, cancelled, taxable, cgst, sgst, igst, cess, total)
           where l.tenant_id = $1 and l.id = u.id",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Numeric>, _>(column(|line| line.open_qty))
    .bind::<Array<Numeric>, _>(column(|line| line.cancelled_qty))
    .bind::<Array<Numeric>, _>(column(|line| line.taxable.as_decimal()))
    .bind::<Array<Numeric>, _>(column(|line| line.cgst.as_decimal()))
    .bind::<Array<Numeric>, _>(column(|line| line.sgst.as_decimal()))
    .bind::<Array<Numeric>, _>(column(|line| line.igst.as_decimal()))
    .bind::<Array<Numeric>, _>(column(|line| line.cess.as_decimal()))
    .bind::<Array<Numeric>, _>(column(|line| line.total.as_decimal()))
    .bind::<Timestamptz, _>(now);
    scope.execute(statement)?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "an update with cases, which are read more easily as they are"
)]
fn write_order(
    scope: &mut Scope,
    order: &Order,
    sums: LineTax,
    open: Money,
    becomes: Option<Becomes>,
) -> Result<(), AppError> {
    let now = scope.now();
    let status = becomes.map_or(order.status, |next| next.status);
    let is_ended = matches!(status, OrderStatus::Closed | OrderStatus::Cancelled);
    let is_confirmed = status == OrderStatus::Confirmed && order.confirmed_at.is_none();
    let reason = becomes
        .and_then(|next| next.reason)
        .filter(|_| status == OrderStatus::Cancelled);
    let statement = prepared(
        "update orders o set status = $3, taxable = $4, cgst = $5, sgst = $6, igst = $7, cess = $8, total = $9, open_amount = $10, updated_at = $11,
                confirmed_at = case when $12 then $11 else o.confirmed_at end, ended_at = case when $13 then $11 end, cancel_reason = $14,
                is_held = o.is_held and not $13, hold_reason = case when not $13 then o.hold_reason end
           where o.tenant_id = $1 and o.id = $2",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(order.id)
    .bind::<Text, _>(status.as_str())
    .bind::<Numeric, _>(sums.taxable)
    .bind::<Numeric, _>(sums.cgst)
    .bind::<Numeric, _>(sums.sgst)
    .bind::<Numeric, _>(sums.igst)
    .bind::<Numeric, _>(sums.cess)
    .bind::<Numeric, _>(sums.total)
    .bind::<Numeric, _>(open)
    .bind::<Timestamptz, _>(now)
    .bind::<Bool, _>(is_confirmed)
    .bind::<Bool, _>(is_ended)
    .bind::<Nullable<Text>, _>(reason);
    scope.execute(statement)?;
    Ok(())
}

/// All that can be cancelled of lines: what is open and not being picked.
pub(super) fn everything(lines: &[OrderLine]) -> Vec<Cut> {
    lines
        .iter()
        .map(|line| Cut {
            line: line.id,
            quantity: line.open_qty - line.picking_qty,
        })
        .filter(|cut| cut.quantity > Decimal::ZERO)
        .collect()
}

/// Refuses a step that the order can't take.
pub(super) fn may_become(order: &Order, next: OrderStatus) -> Result<(), AppError> {
    rules::may_become(&order.number, order.status, next).map_err(AppError::from)
}
