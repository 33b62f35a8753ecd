//! The verbs of customers' accounts: what they have open, entries, and what is set against what.

mod account;
mod allocate;
mod instalments;
mod post;
mod undo;
mod write_off;

pub use account::{add_open, expect_on, expect_soonest, goods_moved, lock_account};
pub use allocate::{
    Over, allocate, allocate_oldest_first, allocate_unused, allocate_what_fits, set_against,
    set_together, too_much,
};
pub use instalments::{Agreement, agree, end_instalments};
pub use post::{Posting, Source, post};
pub use undo::{Undo, undo};
pub use write_off::{WriteOff, write_off};
