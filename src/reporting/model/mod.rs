//! What dashboards count, each in one statement.

mod home;
mod office;

pub use home::{Account, LastOrder, OnTheWay, Usual};
pub use office::{Day, Figures, LatestOrder};
