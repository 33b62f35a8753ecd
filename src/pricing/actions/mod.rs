//! The verbs of price lists and their prices.

mod lists;
mod prices;

pub use lists::{ListFacts, activate, add, add_target, end, remove_target, save};
pub use prices::{NewPrice, apply, check_mrp, remove_price, set_price};
