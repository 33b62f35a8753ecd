//! Words that every domain shares. No I/O.

pub mod ids;
pub mod language;
pub mod money;
