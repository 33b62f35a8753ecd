//! Tax documents: invoices, notes, how they stand at the authority, and the payments that settle them.
//!
//! A document never changes. How it stands at the authority is its `einvoices` row, what is open of it is the ledger's open item; only its
//! status moves, once.

pub mod actions;
mod checks;
mod einvoice_checks;
pub mod fault;
mod forms;
pub mod gstr1;
pub mod inv01;
pub mod jobs;
pub mod model;
pub mod outside;
mod pages;
mod portal;
pub mod print;
pub mod proof;
pub mod rules;
pub mod till;
pub mod views;

pub use views::AgeCard;

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::{cancel, einvoices, goods, instalments, invoices, new_invoice, notes, papers, returns};

/// Documents and payments.
pub fn routes(r: &mut Routes) {
    let list = "/c/{company}/invoices";
    r.page(list, invoices::index);
    r.part(&format!("{list}/export"), invoices::export);
    r.page(&format!("{list}/new"), new_invoice::ask);
    r.change(&format!("{list}/new"), new_invoice::issue);
    let back = "/c/{company}/shipments/{no}/return";
    r.page(back, returns::ask);
    r.change(back, returns::bring_back);
    let list = "/c/{company}/e-invoices";
    r.page(list, einvoices::index);
    r.page(&format!("{list}/ready"), einvoices::ready);
    r.change(&format!("{list}/send"), einvoices::send_many);
    r.page(&format!("{list}/{{no}}"), einvoices::show);
    r.change(&format!("{list}/{{no}}/send"), einvoices::send);
    r.page(&format!("{list}/{{no}}/cancel"), einvoices::ask_cancel);
    r.change(&format!("{list}/{{no}}/cancel"), einvoices::cancel);
    r.change(&format!("{list}/{{no}}/follow"), einvoices::follow);
    corrected(r);
    pages::routes(r);
    portal::routes(r);
    // Last: `{no}` would take the words that others have in its place.
    printed(r);
}

/// What corrects documents: notes, and their being taken back.
fn corrected(r: &mut Routes) {
    let at = |rest: &str| format!("/c/{{company}}{rest}");
    r.page(&at("/invoices/{no}/cancel"), cancel::ask_invoice);
    r.change(&at("/invoices/{no}/cancel"), cancel::invoice);
    r.page(&at("/invoices/{no}/instalments"), instalments::ask);
    r.change(&at("/invoices/{no}/instalments"), instalments::agree);
    r.change(&at("/invoices/{no}/instalments/end"), instalments::end);
    r.page(&at("/credit-notes"), invoices::credit_notes);
    r.part(&at("/credit-notes/export"), invoices::export_credit_notes);
    r.page(&at("/credit-notes/new"), notes::ask_credit);
    r.change(&at("/credit-notes/new"), notes::credit);
    r.page(&at("/debit-notes"), invoices::debit_notes);
    r.part(&at("/debit-notes/export"), invoices::export_debit_notes);
    r.page(&at("/debit-notes/new"), notes::ask_debit);
    r.change(&at("/debit-notes/new"), notes::debit);
    r.page(&at("/debit-notes/{no}/cancel"), cancel::ask_debit_note);
    r.change(&at("/debit-notes/{no}/cancel"), cancel::debit_note);
}

/// Documents as they are read, on screen and paper.
fn printed(r: &mut Routes) {
    let office = "/c/{company}";
    r.change(&format!("{office}/invoices/pdfs"), papers::pdfs);
    r.page(&format!("{office}/invoices/{{no}}"), papers::invoice);
    r.part(
        &format!("{office}/invoices/{{no}}/pdf"),
        papers::invoice_pdf,
    );
    r.page(
        &format!("{office}/credit-notes/{{no}}"),
        papers::credit_note,
    );
    r.part(
        &format!("{office}/credit-notes/{{no}}/pdf"),
        papers::credit_note_pdf,
    );
    r.page(&format!("{office}/debit-notes/{{no}}"), papers::debit_note);
    r.part(
        &format!("{office}/debit-notes/{{no}}/pdf"),
        papers::debit_note_pdf,
    );
    let order = "/c/{company}/orders/{no}/proforma";
    r.page(order, goods::proforma);
    r.part(&format!("{order}/pdf"), goods::proforma_pdf);
    r.part(
        "/c/{company}/shipments/{no}/challan/pdf",
        goods::challan_pdf,
    );
    let shop = "/r/{retailer}/{supplier}";
    r.page(&format!("{shop}/bills/{{no}}"), papers::bill);
    r.part(&format!("{shop}/bills/{{no}}/pdf"), papers::bill_pdf);
}

/// What `mandi verify` asks of documents and payments.
pub const CHECKS: &[Check] = checks::CHECKS;

/// What `mandi verify` asks of how documents stand at the authority.
pub const EINVOICE_CHECKS: &[Check] = einvoice_checks::CHECKS;
