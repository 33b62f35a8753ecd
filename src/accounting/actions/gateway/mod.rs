//! The verbs of payments over a gateway: begun by a retailer, told of by the gateway, given back by it; and the accounts there.
//!
//! A webhook, the payer that comes back, and the poller all end in [`apply`], which makes one receipt of whatever they say and however often;
//! what does not count is kept for a person, whichever of them brought it.
//! No call to a gateway is made inside a transaction: what is asked for is committed before, what was answered after.

mod accounts;
mod apply;
mod begin;
mod events;
mod refund;

pub use accounts::{Keys, add, start, stop};
pub use apply::{Applied, apply, give_up};
pub use begin::{Unfit, Wanted, asked, begin, in_turn};
pub use events::{APPLY, Heard, Wait, apply_found, keep, work_off};
pub use refund::{OnePayment, REFUND, back_refused, begin_refund, gone_back};
