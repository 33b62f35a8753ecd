//! Handlers of the books.

pub mod goods;
pub mod papers;
