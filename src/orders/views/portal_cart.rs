//! The portal's cart.

use super::GoodRow;
use crate::web::filters;
use crate::web::layout::CartTile;
use askama::Template;

/// A row of the catalogue after a change, with the cart around it.
#[derive(Template)]
#[template(path = "portal/_row_changed.html")]
pub struct RowChanged {
    pub row: GoodRow,
    pub cart: CartTile,
}
