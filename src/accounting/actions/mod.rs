//! The verbs of documents and payments.

mod cancel;
pub mod einvoices;
pub mod gateway;
mod issue;
mod notes;
mod own_terms;
pub mod payments;
mod returns;

pub use cancel::{CancelCode, Cancelled, cancel};
pub use issue::{
    Draft, DraftLine, Fx, Issued, Issuing, LineTerms, SEND, Send, draft, is_zero_rated, issue,
};
pub use notes::{Correcting, Part, What, credit, debit};
pub use own_terms::{BankAccount, OwnTerms, save_own_terms};
pub use returns::bring_back;
