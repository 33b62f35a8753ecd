//! The verbs of supply. Each locks the order first: what happens to one order's shipments happens one after the other.

mod finish;
mod fleet;
mod pack;
mod part;
mod pick;
mod send;

pub use finish::{Back, Delivery, cancel, deliver, mark_returned, take_in};
pub use fleet::{NewDriver, NewVehicle, save_driver, save_vehicle};
pub use pack::{Packing, pack, reopen};
pub use part::{PartBack, mark_part, take_in_part};
pub use pick::{Picker, pick};
pub use send::{Left, Sending, Unfit, send};

use super::model::{Line, Shipment, lock_order};
use super::rules::{self, Status};
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::orders::actions::{SupplyLine, event};
use crate::orders::model::Order;
use crate::platform::db::Scope;

/// A shipment that is about to take a step: its order locked, all lines of the order beside it.
struct Step {
    order: Order,
    shipment: Shipment,
    lines: Vec<Line>,
}

/// Locks, and asks the rules whether the step may be taken.
fn begin(scope: &mut Scope, number: &str, becomes: Status) -> Result<Step, AppError> {
    let mut step = begin_alone(scope, number, becomes)?;
    step.lines = Line::of_order(scope, step.order.id, Some(step.shipment.id))?;
    Ok(step)
}

/// The same for a step that changes no line.
fn begin_alone(scope: &mut Scope, number: &str, becomes: Status) -> Result<Step, AppError> {
    let order = lock_order(scope, number)?;
    // Read after the lock: whoever held it may have taken a step.
    let shipment = Shipment::find(scope, number)?;
    rules::step(&shipment.number, shipment.status, becomes).map_err(AppError::refused)?;
    Ok(Step {
        order,
        shipment,
        lines: Vec::new(),
    })
}

impl Step {
    /// Refuses to change what is in the boxes of a shipment that is billed.
    fn is_not_billed(&self) -> Result<(), AppError> {
        rules::not_billed(&self.shipment.number, self.shipment.invoice_no.as_deref())
            .map_err(AppError::refused)
    }

    /// Writes down what happened.
    fn event(
        &self,
        scope: &mut Scope,
        who: &str,
        kind: &'static str,
        said: Said,
    ) -> Result<(), AppError> {
        let is_internal = kind == "picking";
        event(
            scope,
            (self.order.id, self.order.customer_id),
            who,
            &[(kind, said, is_internal)],
        )
    }

    /// All lines of the order as they are from now on: `change` is done to those that the shipment has something of.
    fn lines(&self, change: impl Fn(&Line, &mut SupplyLine)) -> Vec<SupplyLine> {
        let supplied = |line: &Line| {
            let mut supply = line.as_supply();
            if line.shipment_line.is_some() {
                change(line, &mut supply);
                supply.is_changed = true;
            }
            supply
        };
        self.lines.iter().map(supplied).collect()
    }
}
