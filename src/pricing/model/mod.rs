//! Price lists, their prices, whom they are for: rows and queries.

mod change;
mod explain;
mod item;
mod list;
mod people;
mod resolved;
mod steps;

pub use change::{Change, Example, Preview};
pub use explain::Candidate;
pub use item::PriceItem;
pub use list::{PriceList, Target};
pub use people::{Found, Group, find_customer, find_product};
pub use resolved::Resolved;
pub use steps::Step;
pub(crate) use steps::with_steps;
