//! The verbs of orders.

mod event;
pub mod letters;
mod place;

pub use event::event;
pub use place::{NewLine, Placed, Placing, Priced, Quote, Source, place, quote};
