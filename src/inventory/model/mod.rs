//! Warehouses, levels, moves: rows and queries.

mod adjusting;
mod free;
mod item;
mod level;
mod warehouse;

pub use adjusting::{Found, Held, Standing, find_products, holders, lock_standing, resembling};
pub use free::free_stock;
pub use item::{Hold, Item, ItemLevel, Move, MoveRow};
pub use level::{LEVEL_STATES, Level, SORTS};
pub use warehouse::Warehouse;
