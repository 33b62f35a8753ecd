//! What was typed about documents and payments.

mod gateway;
mod issue;
mod pay;
mod payment;
mod refund;
pub mod settings;

pub use gateway::{Asked, GatewayForm};
pub use issue::IssueForm;
pub use pay::PayForm;
pub use payment::{BounceForm, Parts, PaymentForm, SetForm, TakeOffForm, WriteOffForm};
pub use refund::{Back, RefundForm};
