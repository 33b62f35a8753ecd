//! Tax documents, e-invoices and payments.

mod cases;
mod issue;
mod steps;
