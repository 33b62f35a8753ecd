//! Handlers of supply.

pub mod deliver;
pub mod ending;
pub mod fleet;
pub mod pack;
pub mod papers;
pub mod send;
pub mod shipments;

use crate::error::AppError;
use crate::logistics::model::Shipment;
use crate::logistics::rules::{self, Status};
use crate::web::allowed::Employee;

/// Name of whoever acts.
fn who(pass: &Employee) -> String {
    pass.person.name.clone()
}

/// A form that leads nowhere is not shown.
fn may_step(shipment: &Shipment, becomes: Status) -> Result<(), AppError> {
    rules::step(&shipment.number, shipment.status, becomes).map_err(AppError::refused)
}
