//! Tax documents, how they stand at the authority, and payments: rows and queries.

mod document;
mod einvoice;
mod line;
mod paper;
mod parties;
mod payment;

pub use document::{DocNo, Document};
pub use einvoice::EInvoice;
pub use line::DocumentLine;
pub use paper::Paper;
pub use parties::{Bank, Original, Parties, Person};
pub use payment::Payment;
