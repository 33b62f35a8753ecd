//! Tax documents, e-invoices and payments.

mod cases;
mod cases_on_paper;
mod issue;
mod papers;
mod pdf;
mod steps;
