//! Mandi, a vendor ERP portal. The modules stand in reading order; a module uses only those above it.

pub mod config;
#[macro_use]
pub mod kernel;

pub mod error;

pub mod platform;

pub mod web;

pub mod imports;
pub mod tax;

pub mod companies;
pub mod users;

pub mod customers;

pub mod products;

pub mod pricing;

pub mod inventory;

pub mod ledger;

pub mod orders;

pub mod logistics;

pub mod accounting;

pub mod reporting;

pub mod operations;

pub mod integrations;

pub mod app;
