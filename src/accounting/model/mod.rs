//! Tax documents, how they stand at the authority, and payments: rows and queries.

mod document;
mod einvoice;
mod event;
mod gateway;
mod line;
mod payer;
mod payment;
mod receipts;

pub use document::{DocNo, Document};
pub use einvoice::EInvoice;
pub use event::{EventRow, GatewayEvent};
pub use gateway::{GatewayAccount, HookDoor, Opener};
pub use line::DocumentLine;
pub use payer::Payer;
pub use payment::Payment;
pub use receipts::{Allocated, METHODS, PaymentList, PaymentRow, STATES};
