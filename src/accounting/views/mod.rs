//! What the pages of the books show.

pub mod einvoices;
