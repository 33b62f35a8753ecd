//! What was typed about orders.

mod portal;

pub use portal::{CartForm, Checkout, PadForm, PadLine, pad_lines};
