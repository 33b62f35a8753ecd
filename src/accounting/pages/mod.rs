//! Handlers of documents.

pub mod invoices;
pub mod new_invoice;
pub mod returns;
