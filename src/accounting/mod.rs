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

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::{invoices, new_invoice, returns};

/// Documents and payments.
pub fn routes(r: &mut Routes) {
    let list = "/c/{company}/invoices";
    r.page(list, invoices::index);
    r.part(&format!("{list}/export"), invoices::export);
    r.page(&format!("{list}/new"), new_invoice::ask);
    r.change(&format!("{list}/new"), new_invoice::issue);
    r.page(&format!("{list}/{{no}}"), invoices::show);
    portal::routes(r);
    let back = "/c/{company}/shipments/{no}/return";
    r.page(back, returns::ask);
    r.change(back, returns::bring_back);
}

/// What `mandi verify` asks of documents and payments.
pub const CHECKS: &[Check] = &[];
