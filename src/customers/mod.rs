//! Retailers, the customers that companies keep of them, and the connections between the two.
//!
//! A retailer is global and belongs to no company; a customer is one company's record of a buyer; a connection ties them, and is the door of
//! the portal: a buyer sees one supplier at a time, as that supplier's customer.

pub mod actions;
mod portal;
mod views;

use crate::platform::verify::Check;
use crate::web::Routes;

/// The portal.
pub fn routes(r: &mut Routes) {
    r.page("/r/{retailer}", portal::suppliers);
    r.page("/r/{retailer}/{supplier}/account", portal::account);
}

/// What `mandi verify` asks of customers.
pub const CHECKS: &[Check] = &[];
