//! What was typed about orders.

mod portal;

pub use portal::{CartForm, Checkout, Delivery, MOST_PASTED, PadForm, PadLine, pad_lines};
