//! What looks across all rooms: dashboards (what needs a person, and how the business goes; every figure links to its rows) and the search
//! of a company.

mod model;
mod pages;
mod views;

use crate::web::Routes;
use pages::{home, office, sales, search};

/// Dashboards.
pub fn routes(r: &mut Routes) {
    r.page("/c/{company}/", office::dashboard);
    r.page("/c/{company}/search", search::index);
    r.page("/c/{company}/reports/sales", sales::index);
    r.part("/c/{company}/reports/sales/export", sales::export);
    r.page("/r/{retailer}/{supplier}/", home::home);
}
