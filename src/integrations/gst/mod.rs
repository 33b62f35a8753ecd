//! The authority for e-invoices: a sandbox of it. Client and sandbox are strangers to each other.

pub mod registrar;
