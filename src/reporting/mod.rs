//! Dashboards: what needs a person, and how the business goes. Every figure links to its rows.

mod model;
mod pages;
mod views;

use crate::web::Routes;
use pages::{home, office};

/// Dashboards.
pub fn routes(r: &mut Routes) {
    r.page("/c/{company}/", office::dashboard);
    r.page("/r/{retailer}/{supplier}/", home::home);
}
