//! What dashboards count, each in one statement.

mod found;
mod home;
mod office;

pub use found::{Hit, HitKind};
pub use home::{Account, LastOrder, OnTheWay};
pub use office::{Day, Figures, LatestOrder};
