//! What pages of documents show.

mod list;
mod new_invoice;
pub mod papers;
pub mod sheet;

pub use list::{BillsPage, InvoicesPage, invoices_sheet};
pub use new_invoice::{NewInvoicePage, ToBillPage};
