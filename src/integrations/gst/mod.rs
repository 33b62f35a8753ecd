//! The authority for e-invoices: its client, and a sandbox of it. The two are strangers to each other.

pub mod nic;
pub mod registrar;
