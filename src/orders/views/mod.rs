//! One struct for each template of orders.

mod portal_again;
mod portal_cart;
mod portal_catalogue;
mod portal_order;
mod portal_orders;
mod portal_pad;
mod portal_prices;
mod portal_product;

pub use portal_again::AgainPage;
pub use portal_cart::{CartFound, CartPage, RowChanged};
mod editor;
mod letters;
mod office_list;
mod office_order;
mod start;

pub use editor::{EditorPage, EditorPreview, Sheet};
pub use letters::{OrderHtml, OrderLetter, OrderText, Side, Told};
pub use office_list::{ListRights, OrdersPage, orders_sheet};
pub use office_order::{ConfirmLinesPage, OrderPage, OrderRights, OrderSight};
pub use start::{Options, StartPage};

pub use portal_catalogue::{CataloguePage, GoodRow, Shop, cart_sum};
pub use portal_order::{OrderFound, OrderPage as ShopOrderPage, ShopRights};
pub use portal_orders::OrdersPage as ShopOrdersPage;
pub use portal_pad::{PadPage, Pasted};
pub use portal_product::ProductPage;
