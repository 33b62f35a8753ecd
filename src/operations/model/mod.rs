//! Jobs as rows: of the whole installation for the platform, of one company for its own people.

pub mod office;
pub mod platform;
