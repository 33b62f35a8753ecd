//! Tax documents, how they stand at the authority, and payments: rows and queries.

mod account;
mod around;
mod attempt;
mod balances;
mod cancelling;
mod credited;
mod deduction;
mod document;
mod einvoice;
mod event;
mod eway_bill;
mod gateway;
mod held;
mod line;
mod list;
mod look;
mod order_parties;
mod paper;
mod parties;
mod payer;
mod payment;
mod receipts;
mod register;
mod registered;
mod series;
mod setting;
mod settings;

pub use account::{Account, Seated, StoredSession, authority_key};
pub use around::{Around, Other};
pub use attempt::{Attempt, Bytes};
pub use balances::{Balance, Balances, STATES as BALANCE_STATES};
pub use credited::{Books, Returned};
pub use deduction::{CERTIFICATES, Deduction, DeductionList, DeductionRow, values_of};
pub use document::{DocNo, Document};
pub use einvoice::{After, EInvoice};
pub use event::{EventRow, GatewayEvent};
pub use eway_bill::{Carried, EWayBill, Listed};
pub use gateway::{GatewayAccount, HookDoor, Opener};
pub use held::{Held, HeldList};
pub use line::DocumentLine;
pub use list::{DocumentList, NOTE_STATES, STATES as BILL_STATES};
pub use look::Look;
pub use order_parties::OrderParties;
pub use paper::Paper;
pub use parties::{Bank, Original, Parties, Person};
pub use payer::Payer;
pub use payment::Payment;
pub use receipts::{Allocated, METHODS, PaymentList, PaymentRow, STATES};
pub use register::{
    Behind, By, Entry, Filing, HsnSum, Mismatch, Named, Numbers, Part, Parts, Sums, Total,
};
pub use registered::{EInvoiceRow, EInvoiceRows};
pub use series::{Series, SeriesRow};
pub use setting::{ProductWords, Setting};
pub use settings::{Settings, Turnover, Undertaking};
