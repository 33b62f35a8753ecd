//! Decisions about documents, e-invoices, e-way bills and payments, as pure functions.
//!
//! Each life has its table of steps here; the database has the same (`may_step`), and a test compares the two.

pub mod cancel;
pub mod cancelling;
pub mod currency;
pub mod document;
pub mod einvoice;
pub mod errors;
pub mod eway_bill;
pub mod eway_refusals;
pub mod eway_vehicle;
pub mod gateway;
pub mod gstr1;
pub mod kind;
pub mod notes;
pub mod numbers;
pub mod payment;
pub mod readiness;
pub mod receipt;
pub mod settings;
pub mod typed;
pub mod withheld;
