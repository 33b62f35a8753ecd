//! What was typed on the pages of the books.

mod payment;

pub use payment::{BounceForm, Parts, PaymentForm, RefundForm, SetForm, TakeOffForm, WriteOffForm};
