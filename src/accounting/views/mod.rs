//! What pages of documents show.

mod document;
mod list;
mod new_invoice;

pub use document::{DocumentPage, DocumentView, PortalDocumentPage};
pub use list::{BillsPage, InvoicesPage, invoices_sheet};
pub use new_invoice::{NewInvoicePage, ToBillPage};
