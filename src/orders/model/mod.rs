//! Orders: rows and queries.

mod cart;
mod catalogue;

pub use cart::{CartLine, MOST_LINES, lock as lock_cart};
pub use catalogue::{Break, Fact, Good, GoodsQuery, Offer, Shelf};
