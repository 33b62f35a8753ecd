//! One struct for each dashboard.

mod chart;
mod home;
mod money;
mod office;
mod sales;
mod todo;

pub use home::{HomePage, Shop};
pub use office::{DashboardPage, May, Sight};
pub use sales::{SalesPage, sales_sheet};
