//! Rows of supply, and every query of them.

mod fleet;
mod leaving;
mod line;
mod papers;
mod shipment;

pub use fleet::{Driver, Vehicle};
pub use leaving::{AtAuthority, Fleet, Known};
pub use line::{Line, RunLine};
pub use papers::Papers;
pub use shipment::{Shipment, lock_order};
