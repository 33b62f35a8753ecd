//! What has no domain and may look across tenants.

pub mod accounts;
pub mod db;
pub mod idempotency;
pub mod permissions;
