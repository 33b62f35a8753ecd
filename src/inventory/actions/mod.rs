//! The verbs of stock and of warehouses.

mod adjust;
mod levels;
mod ship;
mod stock;
mod warehouses;

pub use adjust::{Adjustment, Amount, Problem, Reason, adjust, problems};
pub use levels::set_reorder;
pub use ship::{Leaving, ship, take_back};
pub use stock::{Cause, Change, Short, Wanted, post, release, reserve};
pub use warehouses::{NewWarehouse, activate, add, deactivate, make_default, save};
