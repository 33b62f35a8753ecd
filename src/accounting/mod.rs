//! Tax documents: invoices, notes, how they stand at the authority, and the payments that settle them.
//!
//! A document never changes. How it stands at the authority is its `einvoices` row, what is open of it is the ledger's open item; only its
//! status moves, once.

pub mod actions;
pub mod fault;
pub mod jobs;
pub mod model;
pub mod outside;
mod pages;
pub mod rules;

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::returns;

/// Documents and payments.
pub fn routes(r: &mut Routes) {
    let back = "/c/{company}/shipments/{no}/return";
    r.page(back, returns::ask);
    r.change(back, returns::bring_back);
}

/// What `mandi verify` asks of documents and payments.
pub const CHECKS: &[Check] = &[];
