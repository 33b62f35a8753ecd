//! Tax documents, how they stand at the authority, and payments: rows and queries.

mod account;
mod attempt;
mod credited;
mod document;
mod einvoice;
mod line;
mod payment;
mod registered;
mod series;
mod setting;

pub use account::{Account, Seated, StoredSession, authority_key};
pub use attempt::{Attempt, Bytes};
pub use credited::{Books, Returned};
pub use document::{DocNo, Document};
pub use einvoice::EInvoice;
pub use line::DocumentLine;
pub use payment::Payment;
pub use registered::EInvoiceRow;
pub use series::Series;
pub use setting::{ProductWords, Setting};
