//! Handlers of the books.

pub mod papers;
