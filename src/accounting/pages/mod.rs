//! Handlers of documents.

pub mod goods;
pub mod invoices;
pub mod new_invoice;
pub mod papers;
pub mod returns;
