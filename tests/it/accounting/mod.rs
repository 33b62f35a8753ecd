//! Tax documents, e-invoices and payments.

mod einvoices;
mod inv01;
mod openssl;
mod steps;
