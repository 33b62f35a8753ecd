//! Handlers about the world outside.

pub mod authority_keys;
pub mod gateway;
pub mod sandboxes;
