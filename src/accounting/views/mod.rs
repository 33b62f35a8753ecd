//! What documents look like, and what the pages of the books show.

pub mod einvoices;
mod entry;
mod gateways;
mod ledger;
mod list;
mod new_invoice;
pub mod papers;
mod pay;
mod payments;
mod receivables;
mod recording;
pub mod settings;
pub mod sheet;
mod statement;

pub use gateways::{GatewayGround, GatewaysPage, hooks_to};
pub use ledger::{
    AgeCard, LedgerFound, LedgerPage, LedgerRights, MOST_OPEN, ShopLedgerFound, ShopLedgerPage,
    statement_sheet,
};
pub use list::{BillsPage, InvoicesPage, invoices_sheet};
pub use new_invoice::{NewInvoicePage, ToBillPage};
pub use pay::{PaidFound, PaidPage, PayGround, PayPage};
pub use payments::{
    MOST_SET, PaymentFound, PaymentPage, PaymentRights, PaymentsPage, payments_sheet,
};
pub use receivables::{Looking, ReceivablesPage, by_bill, debtors_sheet, dues_sheet, places};
pub use recording::{AllocatePage, Ground, MOST_BILLS, NewPaymentPage, WhosePage};
pub use statement::StatementPaper;
