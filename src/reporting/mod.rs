//! Dashboards: what needs a person, and how the business goes. Every figure links to its rows.

use crate::web::Routes;

/// Dashboards.
pub fn routes(_: &mut Routes) {}
