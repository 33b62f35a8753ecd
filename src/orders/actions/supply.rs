//! What shipments do to the lines of an order: picked, shipped, back again. `logistics` decides, this writes, in one statement.

use crate::error::AppError;
use crate::kernel::ids::OrderLineId;
use crate::kernel::money::Money;
use crate::orders::model::Order;
use crate::orders::rules::{self, OrderStatus};
use crate::platform::db::{Scope, prepared};
use crate::tax::rules::LineTax;
use diesel::sql_types::{Array, Bool, Numeric, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// A line of an order as it is from now on.
#[derive(Clone, Copy, Debug)]
pub struct SupplyLine {
    /// The line.
    pub line: OrderLineId,
    /// Units ordered.
    pub quantity: Decimal,
    /// Units still to be shipped.
    pub open: Decimal,
    /// Units that have left.
    pub shipped: Decimal,
    /// Units that won't come.
    pub cancelled: Decimal,
    /// Of the open units, what shipments hold.
    pub picking: Decimal,
    /// Of those, what is billed already: it counts as a bill, and no longer as an order.
    pub billed: Decimal,
    /// Amounts of what is not cancelled.
    pub tax: LineTax,
    /// Whether any of it is new.
    pub is_changed: bool,
}

/// What became of the order.
#[derive(Clone, Copy, Debug)]
pub struct Supplied {
    /// What more (or, below zero, less) of it is still to be billed, in rupees.
    pub open: Money,
    /// Whether nothing of it is open any more, so that it was closed.
    pub is_closed: bool,
}

/// Writes how the lines of an order are from now on, and the order's sums with them; an order of which nothing is open is closed. The order
/// is locked already, `lines` are all of its lines. One statement.
///
/// # Errors
/// The constraints of the lines, for what does not add up.
#[expect(
    clippy::disallowed_methods,
    reason = "one update of many rows by arrays, and of their order"
)]
pub fn supply(
    scope: &mut Scope,
    order: &Order,
    lines: &[SupplyLine],
) -> Result<Supplied, AppError> {
    let open = rules::open_amount(lines.iter().map(|line| {
        (
            line.tax.total,
            line.quantity - line.cancelled,
            line.open - line.billed,
        )
    }));
    let sums: LineTax = lines.iter().map(|line| line.tax).sum();
    let is_closed = order.status == OrderStatus::Confirmed
        && lines.iter().all(|line| line.open.is_zero())
        && lines.iter().any(|line| line.shipped > Decimal::ZERO);
    let changed: Vec<&SupplyLine> = lines.iter().filter(|line| line.is_changed).collect();
    let column = |of: fn(&SupplyLine) -> Decimal| -> Vec<Decimal> {
        changed.iter().map(|line| of(line)).collect()
    };
    let statement = prepared(include_str!("supply.sql"))
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<SqlUuid>, _>(changed.iter().map(|line| line.line).collect::<Vec<_>>())
        .bind::<Array<Numeric>, _>(column(|line| line.open))
        .bind::<Array<Numeric>, _>(column(|line| line.shipped))
        .bind::<Array<Numeric>, _>(column(|line| line.cancelled))
        .bind::<Array<Numeric>, _>(column(|line| line.picking))
        .bind::<Array<Numeric>, _>(column(|line| line.tax.taxable.as_decimal()))
        .bind::<Array<Numeric>, _>(column(|line| line.tax.cgst.as_decimal()))
        .bind::<Array<Numeric>, _>(column(|line| line.tax.sgst.as_decimal()))
        .bind::<Array<Numeric>, _>(column(|line| line.tax.igst.as_decimal()))
        .bind::<Array<Numeric>, _>(column(|line| line.tax.cess.as_decimal()))
        .bind::<Array<Numeric>, _>(column(|line| line.tax.total.as_decimal()))
        .bind::<SqlUuid, _>(order.id)
        .bind::<Numeric, _>(open)
        .bind::<Numeric, _>(sums.taxable)
        .bind::<Numeric, _>(sums.cgst)
        .bind::<Numeric, _>(sums.sgst)
        .bind::<Numeric, _>(sums.igst)
        .bind::<Numeric, _>(sums.cess)
        .bind::<Numeric, _>(sums.total)
        .bind::<Bool, _>(is_closed)
        .bind::<Timestamptz, _>(scope.now())
        .bind::<Array<Numeric>, _>(column(|line| line.billed));
    scope.execute(statement)?;
    Ok(Supplied {
        open: open - order.open_amount,
        is_closed,
    })
}
