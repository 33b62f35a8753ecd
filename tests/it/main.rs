//! The one integration binary: one server, one database, a tenant for each test. See tests/README.md.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that can't go on fails, and says where"
)]

mod accounting;
mod bad_input;
mod bill;
mod browser;
mod buckets;
mod bulk;
mod config;
mod crash;
mod customers;
mod dashboard;
mod databases;
mod demo;
mod faults;
mod files;
mod holds;
mod hooks;
mod imports;
mod inventory;
mod invitations;
mod jobs;
mod joining;
mod kernel;
mod language;
mod large_lists;
mod logistics;
mod mail;
mod orders;
mod placing;
mod plans;
mod platform_screens;
mod portal;
mod postgres_tls;
mod pricing;
mod private_postgres;
mod products;
mod races;
mod registrar;
mod registrations;
mod saved_views;
mod schema;
mod secrets;
mod statements;
mod support;
mod tax;
mod tax_trades;
mod tidy;
mod users;
mod verify;
mod walls;
mod workbooks;
