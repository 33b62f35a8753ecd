//! Customers' accounts and their ledgers: rows and queries.

mod account;
mod entry;

pub use account::Account;
pub use entry::Entry;
