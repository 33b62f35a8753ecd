//! Handlers about the world outside.

pub mod gateway;
pub mod sandboxes;
