//! Rows of supply, and every query of them.

mod fleet;
mod line;
mod papers;
mod shipment;

pub use fleet::{Driver, Vehicle};
pub use line::{Line, RunLine};
pub use papers::Papers;
pub use shipment::{Fleet, Shipment, lock_order};
