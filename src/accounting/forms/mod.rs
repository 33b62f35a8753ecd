//! What was typed about documents and payments.

mod cancel;
mod deduction;
mod eway_bill;
mod eway_truck;
mod eway_vehicle;
mod gateway;
mod instalments;
mod issue;
mod note;
mod pay;
mod payment;
mod refund;
pub mod settings;

pub use cancel::CancelForm;
pub use deduction::{CertificateForm, Reckoning};
pub use eway_bill::{EWayForm, Road};
pub use eway_truck::TruckForm;
pub use eway_vehicle::VehicleForm;
pub use gateway::{Asked, GatewayForm};
pub use instalments::{EndForm, InstalmentsForm, PartField, Wish as InstalmentsWish};
pub use issue::{IssueForm, LineField};
pub use note::{NoteForm, Side};
pub use pay::PayForm;
pub use payment::{BounceForm, Parts, PaymentForm, SetForm, TakeOffForm, WriteOffForm};
pub use refund::{Back, RefundForm};
