//! One struct for each template of orders.

mod portal_again;
mod portal_cart;
mod portal_catalogue;
mod portal_orders;
mod portal_pad;
mod portal_product;

pub use portal_again::AgainPage;
pub use portal_cart::{CartFound, CartPage, RowChanged};
pub use portal_catalogue::{CataloguePage, GoodRow, Shop, cart_sum};
pub use portal_orders::{OrderFound, OrderPage, OrdersPage};
pub use portal_pad::{PadPage, Pasted};
pub use portal_product::ProductPage;
