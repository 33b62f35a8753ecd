//! One struct for each template of orders.

mod portal_cart;
mod portal_catalogue;

pub use portal_cart::{CartFound, CartPage, RowChanged, tax_rows};
pub use portal_catalogue::{CataloguePage, GoodRow, ProductPage, Shop, cart_sum};
