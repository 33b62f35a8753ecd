//! What has no domain and may look across tenants.

pub mod accounts;
pub mod audit;
pub mod db;
pub mod demo;
pub mod files;
pub mod idempotency;
pub mod jobs;
pub mod mail;
pub mod metrics;
pub mod permissions;
pub mod secrets;
pub mod sweep;
pub mod verify;
