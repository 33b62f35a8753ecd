//! Tax documents, how they stand at the authority, and payments: rows and queries.

mod account;
mod attempt;
mod credited;
mod document;
mod einvoice;
mod event;
mod gateway;
mod line;
mod list;
mod order_parties;
mod paper;
mod parties;
mod payer;
mod payment;
mod receipts;
mod registered;
mod series;
mod setting;

pub use account::{Account, Seated, StoredSession, authority_key};
pub use attempt::{Attempt, Bytes};
pub use credited::{Books, Returned};
pub use document::{DocNo, Document};
pub use einvoice::EInvoice;
pub use event::{EventRow, GatewayEvent};
pub use gateway::{GatewayAccount, HookDoor, Opener};
pub use line::DocumentLine;
pub use list::{DocumentList, STATES as BILL_STATES};
pub use order_parties::OrderParties;
pub use paper::Paper;
pub use parties::{Bank, Original, Parties, Person};
pub use payer::Payer;
pub use payment::Payment;
pub use receipts::{Allocated, METHODS, PaymentList, PaymentRow, STATES};
pub use registered::EInvoiceRow;
pub use series::Series;
pub use setting::{ProductWords, Setting};
