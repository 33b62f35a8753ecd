//! What dashboards count, each in one statement.

mod found;
mod home;
mod money;
mod office;
mod sales;

pub use found::{Hit, HitKind};
pub use home::{Account, LastOrder, OnTheWay};
pub use money::{Asks, Takings};
pub use office::{Day, Figures, LatestOrder};
pub use sales::{KINDS, Sale, Sales, SalesPeriod};
