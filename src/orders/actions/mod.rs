//! The verbs of orders.

pub mod cart;
mod event;
pub mod letters;
mod place;
mod supply;

pub use event::event;
pub use place::{NewLine, Placed, Placing, Priced, Quote, Source, place, quote};
pub use supply::{Supplied, SupplyLine, supply};
