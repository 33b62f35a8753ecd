//! Tax documents, how they stand at the authority, and payments: rows and queries.

mod document;
mod einvoice;
mod line;
mod payment;

pub use document::{DocNo, Document};
pub use einvoice::EInvoice;
pub use line::DocumentLine;
pub use payment::Payment;
