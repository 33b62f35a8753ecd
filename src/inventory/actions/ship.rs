//! Stock that leaves with a shipment, and comes back.

use super::Wanted;
use crate::error::AppError;
use crate::kernel::ids::{MoveId, OrderLineId, ProductId, ShipmentLineId, WarehouseId};
use crate::kernel::language::Said;
use crate::platform::db::{Scope, prepared};
use diesel::sql_types::{Array, Bool, Nullable, Numeric, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// A shipment's line that leaves.
#[derive(Clone, Copy, Debug)]
pub struct Leaving {
    /// What the order's line held.
    pub held: Wanted,
    /// The shipment's line.
    pub shipment_line: ShipmentLineId,
}

/// The arrays of lines that leave or come back: order lines, units, products, shipment lines, new moves.
type Arrays = (
    Vec<OrderLineId>,
    Vec<Decimal>,
    Vec<ProductId>,
    Vec<ShipmentLineId>,
    Vec<MoveId>,
);

/// The lines of which anything moves, with their levels locked in the order of the products.
#[expect(
    clippy::disallowed_methods,
    reason = "an array of ids in the order in which rows are locked"
)]
fn locked(
    scope: &mut Scope,
    warehouse: WarehouseId,
    lines: &[Leaving],
) -> Result<Arrays, AppError> {
    let moving = lines
        .iter()
        .filter(|line| line.held.quantity > Decimal::ZERO);
    let mut arrays = Arrays::default();
    for line in moving {
        arrays.0.push(line.held.line);
        arrays.1.push(line.held.quantity);
        arrays.2.push(line.held.product);
        arrays.3.push(line.shipment_line);
        arrays.4.push(MoveId::new());
    }
    scope.execute(
        prepared(
            "select 1 from stock_levels where tenant_id = $1 and warehouse_id = $2 and product_id = any ($3) order by product_id for update",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(warehouse)
        .bind::<Array<SqlUuid>, _>(arrays.2.clone()),
    )?;
    Ok(arrays)
}

/// Stock leaves: what was held is given back and moved out in the same transaction. A given quantity of zero leaves nothing. Two statements.
///
/// # Errors
/// When the database refuses: the constraint of reservations, for more than is held.
#[expect(
    clippy::disallowed_methods,
    reason = "reservations, moves and levels of many lines in one statement"
)]
pub fn ship(
    scope: &mut Scope,
    warehouse: WarehouseId,
    leaving: &[Leaving],
) -> Result<(), AppError> {
    let (lines, quantities, products, shipment_lines, moves) = locked(scope, warehouse, leaving)?;
    let (now, user) = (scope.now(), scope.member().user());
    let is_anything = !lines.is_empty();
    let levels = scope.execute(
        prepared(
            "with given as (select * from unnest($2::uuid[], $3::numeric[], $4::uuid[], $5::uuid[], $6::uuid[]) as u (line, quantity, product, shipment_line, move)),
               gone as (delete from reservations r using given u where r.tenant_id = $1 and r.id = u.line and r.quantity = u.quantity returning 1),
               less as (update reservations r set quantity = r.quantity - u.quantity from given u where r.tenant_id = $1 and r.id = u.line and r.quantity <> u.quantity returning 1),
               moved as (insert into stock_moves (id, product_id, warehouse_id, kind, quantity, shipment_line_id, at, user_id)
                   select move, product, $7, 'shipment', -quantity, shipment_line, $8, $9 from given)
             update stock_levels l set on_hand = l.on_hand - s.quantity, reserved = l.reserved - s.quantity, updated_at = $8
               from (select product, sum(quantity) as quantity from given group by product) s
               where l.tenant_id = $1 and l.warehouse_id = $7 and l.product_id = s.product
                 and (select count(*) from gone) + (select count(*) from less) = (select count(*) from given)",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<SqlUuid>, _>(lines)
        .bind::<Array<Numeric>, _>(quantities)
        .bind::<Array<SqlUuid>, _>(products)
        .bind::<Array<SqlUuid>, _>(shipment_lines)
        .bind::<Array<SqlUuid>, _>(moves)
        .bind::<SqlUuid, _>(warehouse)
        .bind::<Timestamptz, _>(now)
        .bind::<Nullable<SqlUuid>, _>(user),
    )?;
    if is_anything && levels == 0 {
        return Err(AppError::refused(Said::new(
            "More would leave than the order holds. Look at the order again.",
        )));
    }
    Ok(())
}

/// Stock that left comes back; where its order line is open again, it is held for it at once. Two statements.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "reservations, moves and levels of many lines in one statement"
)]
pub fn take_back(
    scope: &mut Scope,
    warehouse: WarehouseId,
    back: &[Leaving],
    is_held: bool,
) -> Result<(), AppError> {
    let (lines, quantities, products, shipment_lines, moves) = locked(scope, warehouse, back)?;
    let (now, user) = (scope.now(), scope.member().user());
    scope.execute(
        prepared(
            "with given as (select * from unnest($2::uuid[], $3::numeric[], $4::uuid[], $5::uuid[], $6::uuid[]) as u (line, quantity, product, shipment_line, move)),
               moved as (insert into stock_moves (id, product_id, warehouse_id, kind, quantity, shipment_line_id, at, user_id)
                   select move, product, $7, 'return', quantity, shipment_line, $8, $9 from given),
               held as (insert into reservations (id, product_id, warehouse_id, quantity, created_at)
                   select line, product, $7, quantity, $8 from given where $10
                   on conflict (tenant_id, id) do update set quantity = reservations.quantity + excluded.quantity)
             update stock_levels l set on_hand = l.on_hand + s.quantity, reserved = l.reserved + case when $10 then s.quantity else 0 end, updated_at = $8
               from (select product, sum(quantity) as quantity from given group by product) s
               where l.tenant_id = $1 and l.warehouse_id = $7 and l.product_id = s.product",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<SqlUuid>, _>(lines)
        .bind::<Array<Numeric>, _>(quantities)
        .bind::<Array<SqlUuid>, _>(products)
        .bind::<Array<SqlUuid>, _>(shipment_lines)
        .bind::<Array<SqlUuid>, _>(moves)
        .bind::<SqlUuid, _>(warehouse)
        .bind::<Timestamptz, _>(now)
        .bind::<Nullable<SqlUuid>, _>(user)
        .bind::<Bool, _>(is_held),
    )?;
    Ok(())
}
