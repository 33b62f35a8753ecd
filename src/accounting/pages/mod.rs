//! Handlers of documents.

pub mod goods;
pub mod papers;
pub mod returns;
