//! Price lists for groups and customers, with quantity breaks and dates; one resolver prices everything.
//!
//! The resolver is the SQL function `prices_for`, so that a list, a cart and an order can't disagree.

pub mod import;
pub mod model;

use crate::platform::verify::Check;
use crate::web::Routes;

/// Price lists.
pub fn routes(_: &mut Routes) {}

/// What `mandi verify` asks of prices.
pub const CHECKS: &[Check] = &[];
