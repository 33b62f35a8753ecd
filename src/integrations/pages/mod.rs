//! Handlers about the world outside.

pub mod sandboxes;
