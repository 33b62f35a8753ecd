//! How a shipment ends: delivered, brought back, given up.

use super::send::leaving;
use super::{Step, begin, begin_alone};
use crate::error::AppError;
use crate::inventory::actions::take_back;
use crate::kernel::ids::FileId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::actions::{expect_on, expect_soonest, goods_moved};
use crate::logistics::model::Shipment;
use crate::logistics::rules::{self, Status};
use crate::orders::actions::{Supplied, letters, supply};
use crate::orders::rules::OrderStatus;
use crate::platform::db::Scope;
use crate::platform::db::schema::{shipment_lines, shipments};
use crate::platform::files;
use diesel::prelude::*;
use rust_decimal::Decimal;

/// What was said at the door.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Who took the goods.
    pub received_by: String,
    /// A note.
    pub note: Option<String>,
    /// A photo, in the store already.
    pub proof: Option<FileId>,
}

/// A shipment is delivered.
///
/// # Errors
/// `NotFound`; `Refused` when the shipment is not on the road.
pub fn deliver(
    scope: &mut Scope,
    who: &str,
    number: &str,
    delivery: &Delivery,
) -> Result<(), AppError> {
    let step = begin_alone(scope, number, Status::Delivered)?;
    let now = scope.now();
    if let Some(proof) = delivery.proof {
        files::keep(scope, &[proof])?;
    }
    let row = shipments::table.filter(
        shipments::tenant_id
            .eq(scope.tenant())
            .and(shipments::id.eq(step.shipment.id)),
    );
    scope.execute(diesel::update(row).set((
        shipments::status.eq(Status::Delivered),
        shipments::received_by.eq(&delivery.received_by),
        shipments::delivery_note.eq(&delivery.note),
        shipments::proof_file_id.eq(delivery.proof),
        shipments::ended_at.eq(now),
        shipments::updated_at.eq(now),
    )))?;
    // Locks the account before shipments are counted.
    expect_on(scope, step.shipment.customer_id, None)?;
    expect_soonest(scope, step.shipment.customer_id)?;
    let said = Said::new("{number} was delivered to {name}.")
        .with("number", &step.shipment.number)
        .with("name", &delivery.received_by);
    step.event(scope, who, "delivered", said)?;
    let order = (step.order.id, step.order.number.as_str());
    let number = Some(step.shipment.number.clone());
    letters::tell(scope, order, letters::Kind::Delivered, number)
}

/// A shipment that is being taken back, half way: its goods are in stock again.
pub struct Back {
    step: Step,
    supplied: Supplied,
}

impl Back {
    /// The shipment as it was.
    pub fn shipment(&self) -> &Shipment {
        &self.step.shipment
    }
}

/// A shipment came back undelivered. Its goods are in stock again: held for the order while that is open, else free, and the order's lines
/// count them as cancelled. What was billed of it has to be credited before `mark_returned` ends this, because stock is locked before
/// accounts, and a return before its credit is refused.
///
/// # Errors
/// `NotFound`; `Refused` when the shipment is not on the road.
pub fn take_in(scope: &mut Scope, number: &str) -> Result<Back, AppError> {
    let step = begin(scope, number, Status::Returned)?;
    let is_open = step.order.status == OrderStatus::Confirmed;
    take_back(
        scope,
        step.shipment.warehouse_id,
        &leaving(&step.lines),
        is_open,
    )?;
    let is_inter_state = step.order.igst > Money::ZERO;
    let all = step.lines(|line, after| {
        let back = line.packed.unwrap_or_default();
        after.shipped -= back;
        if is_open {
            after.open += back;
        } else {
            after.cancelled += back;
            let left = after.quantity - after.cancelled;
            after.tax = rules::amounts_of(
                line.price,
                line.includes_tax,
                left,
                line.rate(),
                is_inter_state,
            );
        }
    });
    let supplied = supply(scope, &step.order, &all)?;
    Ok(Back { step, supplied })
}

/// The second half of it: every unit came back.
///
/// # Errors
/// `shipment_lines_invoiced_were_sent` when something of it is billed still; whatever else the database refuses.
pub fn mark_returned(
    scope: &mut Scope,
    who: &str,
    back: Back,
    reason: &str,
) -> Result<(), AppError> {
    let Back { step, supplied } = back;
    let now = scope.now();
    let lines = shipment_lines::table.filter(
        shipment_lines::tenant_id
            .eq(scope.tenant())
            .and(shipment_lines::shipment_id.eq(step.shipment.id))
            .and(shipment_lines::packed_qty.gt(Decimal::ZERO)),
    );
    scope.execute(diesel::update(lines).set((
        shipment_lines::returned_qty.eq(shipment_lines::packed_qty.assume_not_null()),
        shipment_lines::updated_at.eq(now),
    )))?;
    let row = shipments::table.filter(
        shipments::tenant_id
            .eq(scope.tenant())
            .and(shipments::id.eq(step.shipment.id)),
    );
    scope.execute(diesel::update(row).set((
        shipments::status.eq(Status::Returned),
        shipments::end_reason.eq(reason),
        shipments::ended_at.eq(now),
        shipments::updated_at.eq(now),
    )))?;
    goods_moved(scope, step.shipment.customer_id, 0, supplied.open, None)?;
    expect_soonest(scope, step.shipment.customer_id)?;
    let said = Said::new("{number} came back: {reason}")
        .with("number", &step.shipment.number)
        .with("reason", reason);
    step.event(scope, who, "returned", said)?;
    let order = (step.order.id, step.order.number.as_str());
    let number = Some(step.shipment.number.clone());
    letters::tell(scope, order, letters::Kind::Returned, number)
}

/// A shipment that has not left is given up; what it held is open to be picked again.
///
/// # Errors
/// `NotFound`; `Refused` when the shipment has left or ended.
pub fn cancel(scope: &mut Scope, who: &str, number: &str, reason: &str) -> Result<(), AppError> {
    let step = begin(scope, number, Status::Cancelled)?;
    step.is_not_billed()?;
    let all = step.lines(|line, after| after.picking -= line.held());
    supply(scope, &step.order, &all)?;
    let now = scope.now();
    let row = shipments::table.filter(
        shipments::tenant_id
            .eq(scope.tenant())
            .and(shipments::id.eq(step.shipment.id)),
    );
    scope.execute(diesel::update(row).set((
        shipments::status.eq(Status::Cancelled),
        shipments::end_reason.eq(reason),
        shipments::ended_at.eq(now),
        shipments::updated_at.eq(now),
    )))?;
    let said = Said::new("{number} was given up: {reason}")
        .with("number", &step.shipment.number)
        .with("reason", reason);
    step.event(scope, who, "picking", said)
}
