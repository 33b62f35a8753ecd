//! The verbs of customers' accounts.

mod account;

pub use account::{add_open, expect_on, expect_soonest, goods_moved};
