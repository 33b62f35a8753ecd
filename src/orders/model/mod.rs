//! Orders: rows and queries.

mod office;
mod order;
mod quote;

pub use office::{
    Buyer, Card, Destination, Goods, Match, OrderList, OrderShipment, Readers, SOURCES, STATES,
    progress_of,
};
pub use order::{Order, OrderEvent, OrderLine};
pub use quote::{QuoteLine, Terms};
