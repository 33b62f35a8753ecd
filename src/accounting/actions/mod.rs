//! The verbs of documents and payments.

mod cancel;
pub mod einvoices;
pub mod gateway;
mod issue;
mod notes;
pub mod payments;
mod returns;
pub mod settings;

pub use cancel::{CancelCode, Cancelled, cancel};
pub use issue::{
    Draft, DraftLine, Fx, Issued, Issuing, LineTerms, SEND, Send, draft, is_zero_rated, issue,
};
pub use notes::{Correcting, Part, What, credit, debit};
pub use returns::bring_back;
