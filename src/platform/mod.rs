//! What has no domain and may look across tenants.

pub mod db;
