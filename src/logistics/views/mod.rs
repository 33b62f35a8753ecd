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
use crate::kernel::number;
use crate::logistics::rules::Status;
use crate::web::components::Pill;
use rust_decimal::Decimal;

/// A quantity without zeros at its end.
pub(super) fn amount(quantity: Decimal) -> String {
    number::unsigned_indian(quantity.normalize())
}

/// Units in whole packs, where the product comes in packs: `4 case`, `4 case + 5`.
pub(super) fn packs(
    quantity: Decimal,
    pack_size: Decimal,
    pack_name: Option<&str>,
) -> Option<String> {
    let name = pack_name.filter(|_| pack_size > Decimal::ONE)?;
    let (whole, rest) = ((quantity / pack_size).floor(), quantity % pack_size);
    if whole.is_zero() {
        return None;
    }
    Some(if rest.is_zero() {
        format!("{} {name}", amount(whole))
    } else {
        format!("{} {name} + {}", amount(whole), amount(rest))
    })
}

/// Grammes as kilograms.
pub(super) fn kilograms(grammes: i64) -> String {
    amount(Decimal::from(grammes) / Decimal::ONE_THOUSAND)
}

/// How far a shipment is.
pub(super) fn pill(lang: Lang, status: Status) -> Pill {
    let (tone, shape) = status.pill();
    Pill::new(lang.t(status.label()), tone, shape)
}
