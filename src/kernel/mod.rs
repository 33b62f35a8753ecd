//! Words that every domain shares. No I/O.

pub mod language;
pub mod money;
