//! Handlers of documents.

pub mod returns;
