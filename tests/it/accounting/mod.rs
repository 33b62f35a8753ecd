//! Tax documents, e-invoices and payments.

mod steps;
