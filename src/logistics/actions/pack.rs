//! Into boxes, and out of them again.

use super::{begin, begin_alone};
use crate::error::AppError;
use crate::kernel::ids::ShipmentLineId;
use crate::kernel::language::Said;
use crate::logistics::model::Line;
use crate::logistics::rules::Status;
use crate::orders::actions::supply;
use crate::platform::db::schema::shipments;
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Array, Numeric, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// What was packed.
#[derive(Clone, Debug)]
pub struct Packing {
    /// Units of each line of the shipment.
    pub packed: HashMap<ShipmentLineId, Decimal>,
    /// Boxes and bags.
    pub packages: i32,
    /// In grammes, if it was weighed.
    pub weight_g: Option<i64>,
}

/// A shipment is packed. `packing` says what was, seeing the lines as they are under the lock, or what is wrong with what was typed: that
/// comes back, and everything is as it was. What is short goes back to open on its order's line.
///
/// # Errors
/// `NotFound`; `Refused` when the shipment is not being picked, when nothing is packed or more than there was to pick.
pub fn pack<W>(
    scope: &mut Scope,
    who: &str,
    number: &str,
    packing: impl FnOnce(&[Line]) -> Result<Packing, W>,
) -> Result<Result<(), W>, AppError> {
    let step = begin(scope, number, Status::Packed)?;
    let packing = match packing(&step.lines) {
        Ok(packing) => packing,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let packed = |line: Option<ShipmentLineId>| {
        line.and_then(|line| packing.packed.get(&line).copied())
            .unwrap_or_default()
    };
    let lines: Vec<(ShipmentLineId, Decimal, Decimal)> = step
        .lines
        .iter()
        .filter_map(|line| {
            let id = line.shipment_line?;
            Some((id, packed(Some(id)), line.to_pick.unwrap_or_default()))
        })
        .collect();
    if lines.iter().any(|(_, packed, wanted)| packed > wanted) {
        return Err(AppError::refused(Said::new(
            "More is packed than there was to pick. Look at the shipment again.",
        )));
    }
    if lines.iter().all(|(_, packed, _)| packed.is_zero()) {
        return Err(AppError::refused(
            Said::new("Nothing is packed. Cancel {number} instead.")
                .with("number", &step.shipment.number),
        ));
    }
    let is_short = lines.iter().any(|(_, packed, wanted)| packed < wanted);
    write_packed(scope, &lines)?;
    let all = step.lines(|line, supply| {
        supply.picking -= line.to_pick.unwrap_or_default() - packed(line.shipment_line);
    });
    supply(scope, &step.order, &all)?;
    let now = scope.now();
    let row = shipments::table.filter(
        shipments::tenant_id
            .eq(scope.tenant())
            .and(shipments::id.eq(step.shipment.id)),
    );
    scope.execute(diesel::update(row).set((
        shipments::status.eq(Status::Packed),
        shipments::packages.eq(packing.packages),
        shipments::weight_g.eq(packing.weight_g),
        shipments::packed_at.eq(now),
        shipments::updated_at.eq(now),
    )))?;
    let said = if is_short {
        Said::new("{number} is packed in {count} packages; what was short stays open.")
    } else {
        Said::new("{number} is packed in {count} packages.")
    };
    let said = said
        .with("number", &step.shipment.number)
        .with("count", i64::from(packing.packages));
    step.event(scope, who, "packed", said)?;
    Ok(Ok(()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "one update of many rows by arrays"
)]
fn write_packed(
    scope: &mut Scope,
    lines: &[(ShipmentLineId, Decimal, Decimal)],
) -> Result<(), AppError> {
    let (ids, packed): (Vec<ShipmentLineId>, Vec<Decimal>) =
        lines.iter().map(|(id, packed, _)| (*id, *packed)).unzip();
    let now = scope.now();
    scope.execute(
        prepared(
            "update shipment_lines l set packed_qty = u.packed, updated_at = $4 from unnest($2::uuid[], $3::numeric[]) as u (id, packed)
               where l.tenant_id = $1 and l.id = u.id",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Numeric>, _>(packed)
        .bind::<Timestamptz, _>(now),
    )?;
    Ok(())
}

/// A packed shipment is opened again: it has to pick what it packed. What was short before stays open on the order.
///
/// # Errors
/// `NotFound`; `Refused` when the shipment is not packed.
#[expect(
    clippy::disallowed_methods,
    reason = "lines of nothing go, the others shrink to what was packed: two changes of one table in one statement"
)]
pub fn reopen(scope: &mut Scope, who: &str, number: &str) -> Result<(), AppError> {
    let step = begin_alone(scope, number, Status::Picking)?;
    step.is_not_billed()?;
    let now = scope.now();
    let row = shipments::table.filter(
        shipments::tenant_id
            .eq(scope.tenant())
            .and(shipments::id.eq(step.shipment.id)),
    );
    scope.execute(diesel::update(row).set((
        shipments::status.eq(Status::Picking),
        shipments::packages.eq(None::<i32>),
        shipments::weight_g.eq(None::<i64>),
        shipments::packed_at.eq(None::<chrono::DateTime<chrono::Utc>>),
        shipments::updated_at.eq(now),
    )))?;
    scope.execute(
        prepared(
            "with gone as (delete from shipment_lines where tenant_id = $1 and shipment_id = $2 and packed_qty = 0)
             update shipment_lines set quantity = packed_qty, packed_qty = null, updated_at = $3
               where tenant_id = $1 and shipment_id = $2 and packed_qty > 0",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(step.shipment.id)
        .bind::<Timestamptz, _>(now),
    )?;
    let said = Said::new("{number} was opened again.").with("number", &step.shipment.number);
    step.event(scope, who, "picking", said)
}
