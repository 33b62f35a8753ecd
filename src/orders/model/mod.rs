//! Orders: rows and queries.

mod address;
mod beside;
mod cart;
mod catalogue;
mod found;
mod list;
mod mine;
mod offer;
mod order;
mod parcel;
mod quote;
mod waiting;

pub use address::Address;
pub use beside::{Card, Destination, Goods, Match, Readers};
pub use cart::{CartLine, MOST_LINES, lock as lock_cart, take_all};
pub use catalogue::{Good, GoodsQuery, MOST_FOUND, Shelf};
pub use list::{Buyer, OrderExport, OrderList, SOURCES, STATES};
pub use mine::{MY_STATES, Usual, names_of};
pub use offer::{Break, Offer};
pub use order::{Order, OrderEvent, OrderLine};
pub use parcel::Parcel;
pub use quote::{QuoteLine, Terms, credit_limit};
