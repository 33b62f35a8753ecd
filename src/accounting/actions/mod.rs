//! The verbs of the books.

pub mod payments;
