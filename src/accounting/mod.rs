//! Tax documents: invoices, notes, how they stand at the authority, and the payments that settle them.
//!
//! A document never changes. How it stands at the authority is its `einvoices` row, what is open of it is the ledger's open item; only its
//! status moves, once.

pub mod actions;
pub mod fault;
mod forms;
pub mod jobs;
pub mod model;
pub mod outside;
mod pages;
mod portal;
pub mod rules;
mod views;

pub use views::AgeCard;

use crate::platform::verify::Check;
use crate::web::Routes;

/// Documents and payments.
pub fn routes(r: &mut Routes) {
    pages::routes(r);
    portal::routes(r);
}

/// What `mandi verify` asks of documents and payments.
pub const CHECKS: &[Check] = &[];
