//! Tax documents, e-invoices and payments.

mod pdf;
mod steps;
