//! What was typed about stock and warehouses.

mod adjust;
mod warehouses;

pub use adjust::{AdjustForm, ROWS, Typed};
pub use warehouses::{ReorderForm, WarehouseForm};
