//! The verbs of orders.

mod cancel;
pub mod cart;
mod confirm;
mod cut;
mod draft;
mod event;
mod hold;
mod kept;
pub mod letters;
mod note;
mod place;
mod shown;
mod supply;

pub use cancel::{cancel, cancel_line, cancel_open, has_begun, withdraw};
pub use confirm::{Kept, confirm, confirm_lines, confirm_locked};
pub use draft::{Header, save_draft, start_draft};
pub use event::event;
pub use hold::{RECHECK, Recheck, hold, recheck_at_once, recheck_holds, release};
pub use note::note;
pub use place::{NewLine, Placed, Placing, Priced, Quote, Source, place, quote};
pub use shown::Shown;
pub use supply::{Supplied, SupplyLine, supply};
