//! The verbs of the books.

pub mod gateway;
pub mod payments;
