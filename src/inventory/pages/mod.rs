//! Handlers of stock and warehouses.

pub mod adjust;
pub mod stock;
pub mod warehouses;
