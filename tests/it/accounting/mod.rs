//! Tax documents, e-invoices and payments.

mod history;
mod ledger;
mod payments;
mod steps;
