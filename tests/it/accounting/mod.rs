//! Tax documents, e-invoices and payments.

mod cases;
mod cases_on_paper;
mod gateway;
mod history;
mod issue;
mod ledger;
mod papers;
mod payments;
mod pdf;
mod steps;
