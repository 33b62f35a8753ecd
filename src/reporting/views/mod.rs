//! One struct for each dashboard.

mod chart;
mod home;
mod office;

pub use home::{HomePage, Shop};
pub use office::{DashboardPage, May, Sight};
