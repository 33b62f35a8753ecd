//! Orders: rows and queries.

mod address;
mod cart;
mod catalogue;
mod mine;
mod offer;
mod order;
mod quote;

pub use address::Address;
pub use cart::{CartLine, MOST_LINES, lock as lock_cart, take_all};
pub use catalogue::{Good, GoodsQuery, Shelf};
pub use mine::{MY_STATES, Parcel, Usual};
mod office;

pub use office::{
    Buyer, Card, Destination, Goods, Match, OrderList, OrderShipment, Readers, SOURCES, STATES,
    progress_of,
};
pub use offer::{Break, Offer};
pub use order::{Order, OrderEvent, OrderLine};
pub use quote::{QuoteLine, Terms};
