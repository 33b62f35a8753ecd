//! What was typed on the pages of the books.

mod gateway;
mod pay;
mod payment;
mod refund;

pub use gateway::{Asked, GatewayForm};
pub use pay::PayForm;
pub use payment::{BounceForm, Parts, PaymentForm, SetForm, TakeOffForm, WriteOffForm};
pub use refund::{Back, RefundForm};
