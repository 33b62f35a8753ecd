//! Some of what was delivered comes back, as it is credited.

use crate::error::AppError;
use crate::inventory::actions::{Leaving, Wanted, take_back};
use crate::kernel::ids::{OrderLineId, ProductId, ShipmentLineId, WarehouseId};
use crate::platform::db::{Scope, prepared};
use diesel::sql_types::{Array, Numeric, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// Units of a line that come back.
#[derive(Clone, Copy, Debug)]
pub struct PartBack {
    /// The shipment's line.
    pub shipment_line: ShipmentLineId,
    /// The order's line.
    pub order_line: OrderLineId,
    /// The product.
    pub product: ProductId,
    /// How many.
    pub units: Decimal,
}

/// Units of a delivered shipment are in the stock of its warehouse again, held for nobody: what was ordered was delivered, so its order stays
/// as it is. They have to be credited before `mark_part` counts them, because stock is locked before accounts, and a return before its credit
/// is refused. Two statements.
///
/// # Errors
/// When the database refuses.
pub fn take_in_part(
    scope: &mut Scope,
    warehouse: WarehouseId,
    parts: &[PartBack],
) -> Result<(), AppError> {
    let back: Vec<Leaving> = parts
        .iter()
        .map(|part| Leaving {
            held: Wanted {
                line: part.order_line,
                product: part.product,
                quantity: part.units,
            },
            shipment_line: part.shipment_line,
        })
        .collect();
    take_back(scope, warehouse, &back, false)
}

/// The second half of it: the lines of the shipment count what came back. One statement.
///
/// # Errors
/// `shipment_lines_invoiced_were_sent` when some of it is billed still; whatever else the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "several lines by arrays in one statement"
)]
pub fn mark_part(scope: &mut Scope, parts: &[PartBack]) -> Result<(), AppError> {
    let statement = prepared(
        "update shipment_lines l set returned_qty = l.returned_qty + u.units, updated_at = $4
           from unnest($2::uuid[], $3::numeric[]) as u (line, units) where l.tenant_id = $1 and l.id = u.line",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<Array<SqlUuid>, _>(
        parts
            .iter()
            .map(|part| part.shipment_line)
            .collect::<Vec<_>>(),
    )
    .bind::<Array<Numeric>, _>(parts.iter().map(|part| part.units).collect::<Vec<_>>())
    .bind::<Timestamptz, _>(scope.now());
    scope.execute(statement)?;
    Ok(())
}
