//! Tax documents: invoices, notes, how they stand at the authority, and the payments that settle them.
//!
//! A document never changes. How it stands at the authority is its `einvoices` row, what is open of it is the ledger's open item; only its
//! status moves, once.

pub mod actions;
mod einvoice_checks;
pub mod fault;
pub mod inv01;
pub mod jobs;
pub mod model;
pub mod outside;
mod pages;
pub mod proof;
pub mod rules;
mod views;

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::{einvoices, returns};

/// Documents and payments.
pub fn routes(r: &mut Routes) {
    let back = "/c/{company}/shipments/{no}/return";
    r.page(back, returns::ask);
    r.change(back, returns::bring_back);
    let list = "/c/{company}/e-invoices";
    r.page(list, einvoices::index);
    r.page(&format!("{list}/{{no}}"), einvoices::show);
    r.change(&format!("{list}/{{no}}/send"), einvoices::send);
}

/// What `mandi verify` asks of documents and payments.
pub const CHECKS: &[Check] = einvoice_checks::CHECKS;
