//! Tax documents, e-invoices and payments.

mod cases;
mod cases_on_paper;
mod einvoices;
mod einvoices_more;
mod eway_bills;
mod figures;
mod gateway;
mod history;
mod inv01;
mod issue;
mod ledger;
mod openssl;
mod papers;
mod payments;
mod pdf;
mod steps;
