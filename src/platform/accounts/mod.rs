//! People and how they get in: users, memberships, sessions, one-time codes, attempts.
//!
//! A user is global: one e-mail, one password. Memberships say which doors that person may open; they follow `employees` and
//! `retailer_users` by trigger. Everything here is reached through [`PlatformTx`](super::db::PlatformTx) only.

pub mod attempts;
pub mod codes;
pub mod password;
mod person;
pub mod sessions;
pub mod tokens;
pub mod users;

pub use person::{CompanyDoor, Person, RetailerDoor, SupplierDoor};
