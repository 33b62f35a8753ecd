//! One struct for each template of supply.

mod fleet;
mod papers;
mod shipment;
mod shipments;
mod steps;

pub use fleet::{DriverPage, DriversPage, FleetForm, VehiclePage, VehiclesPage};
pub use papers::{ChallanPage, PickListPage};
pub use shipment::{May, ShipmentPage};
pub use shipments::{DrivePage, ShipmentsPage, export_row};
pub use steps::{DeliverPage, Door, PackPage, SendPage};

use crate::kernel::language::Lang;
use crate::kernel::number::indian;
use crate::logistics::rules::Status;
use crate::web::components::Pill;
use rust_decimal::Decimal;

/// Grammes as kilograms.
pub(super) fn kilograms(grammes: i64) -> String {
    indian(Decimal::from(grammes) / Decimal::ONE_THOUSAND)
}

/// How far a shipment is.
pub(super) fn pill(lang: Lang, status: Status) -> Pill {
    let (tone, shape) = status.pill();
    Pill::new(lang.t(status.label()), tone, shape)
}
