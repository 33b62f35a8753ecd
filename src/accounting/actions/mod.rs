//! The verbs of documents and payments.

mod cancel;
pub mod einvoices;
pub mod gateway;
mod issue;
pub mod letters;
pub mod money_letters;
mod notes;
pub mod payments;
mod returns;
pub mod settings;

pub use cancel::{CancelCode, cancel, cancel_by_no};
pub use issue::{
    Draft, DraftLine, Fx, Issued, Issuing, LineTerms, SEND, Send, draft, is_zero_rated, issue,
};
pub use notes::{
    Correcting, NoteDraft, Noting, Part, What, Wish, Worked, Wrong, correct, credit, debit,
    no_units,
};
pub use returns::bring_back;
