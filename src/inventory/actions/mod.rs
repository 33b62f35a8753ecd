//! The verbs of stock and of warehouses.

mod adjust;
mod levels;
mod stock;
mod warehouses;

pub use adjust::{Adjustment, Amount, Problem, Reason, adjust};
pub use levels::set_reorder;
pub use stock::{Cause, Change, Leaving, Short, Wanted, post, release, reserve, ship};
pub use warehouses::{NewWarehouse, activate, add, deactivate, make_default, save};
