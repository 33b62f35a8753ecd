//! Orders: rows and queries.
