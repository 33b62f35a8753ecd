//! Handlers of dashboards.

pub mod home;
pub mod office;
pub mod sales;
pub mod search;
