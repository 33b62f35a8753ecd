//! The way to PostgreSQL.

pub mod private;
