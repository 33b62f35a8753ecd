//! Tax documents, e-invoices and payments.

mod cases_on_paper;
mod gateway;
mod history;
mod ledger;
mod papers;
mod payments;
mod pdf;
mod steps;
