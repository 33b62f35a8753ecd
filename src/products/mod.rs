//! The catalogue: categories, products, pictures.
//!
//! A product holds no price, no quantity and no rate of tax: those live in price lists, stock levels and the dated tax tables.

pub mod import;

use crate::platform::verify::Check;
use crate::web::Routes;

/// Products and categories.
pub fn routes(_: &mut Routes) {}

/// What `mandi verify` asks of products.
pub const CHECKS: &[Check] = &[];
