//! What was typed about documents and payments.

mod issue;
mod payment;

pub use issue::IssueForm;
pub use payment::{BounceForm, Parts, PaymentForm, RefundForm, SetForm, TakeOffForm, WriteOffForm};
