//! Handlers of the catalogue.

pub mod categories;
pub mod edit;
pub mod list;
pub mod pictures;
