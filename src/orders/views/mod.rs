//! One struct for each template of orders.

mod portal_cart;
mod portal_catalogue;
mod portal_orders;
mod portal_pad;

pub use portal_cart::{CartFound, CartPage, RowChanged};
pub use portal_catalogue::{CataloguePage, GoodRow, ProductPage, Shop, cart_sum};
pub use portal_orders::{AgainPage, OrderFound, OrderPage, OrdersPage};
pub use portal_pad::{PadPage, Pasted};
