//! Orders: rows and queries.

mod beside;
mod list;
mod order;
mod quote;

pub use beside::{Card, Destination, Goods, Match, Readers};
pub use list::{Buyer, OrderList, OrderShipment, SOURCES, STATES, progress_of};
pub use order::{Order, OrderEvent, OrderLine};
pub use quote::{QuoteLine, Terms};
