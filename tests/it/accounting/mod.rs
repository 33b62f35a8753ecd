//! Tax documents, e-invoices and payments.

mod away;
mod cases;
mod cases_on_paper;
mod clock;
mod einvoices;
mod einvoices_more;
mod elsewhere;
mod eway_bills;
mod figures;
mod gateway;
mod history;
mod inv01;
mod issue;
mod kept_secret;
mod ledger;
mod logins;
mod many;
mod notes_closing;
mod notes_screens;
mod openssl;
mod papers;
mod payments;
mod pdf;
mod proof;
mod settings;
mod steps;
mod taken_back;
mod third_person;
mod unregistered;

