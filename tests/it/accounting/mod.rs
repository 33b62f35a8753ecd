//! Tax documents, e-invoices and payments.

mod cases_on_paper;
mod papers;
mod pdf;
mod steps;
