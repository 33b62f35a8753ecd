//! Orders: rows and queries.

mod order;
mod quote;

pub use order::{Order, OrderEvent, OrderLine};
pub use quote::{QuoteLine, Terms};
