//! Tax documents, e-invoices and payments.

mod gateway;
mod history;
mod ledger;
mod payments;
mod steps;
