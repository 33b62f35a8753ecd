//! Handlers of documents.

pub mod einvoices;
pub mod returns;
