//! What documents look like.

pub mod papers;
pub mod sheet;
