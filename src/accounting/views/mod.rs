//! What documents look like, and what the pages of payments and ledgers show.

mod entry;
mod gateways;
mod ledger;
mod pay;
pub mod papers;
mod payments;
mod receivables;
mod recording;
pub mod sheet;
mod statement;

pub use gateways::{GatewayGround, GatewaysPage, hooks_to};
pub use ledger::{
    AgeCard, LedgerFound, LedgerPage, LedgerRights, MOST_OPEN, ShopLedgerFound, ShopLedgerPage,
    statement_sheet,
};
pub use pay::{PaidFound, PaidPage, PayGround, PayPage};
pub use payments::{
    MOST_SET, PaymentFound, PaymentPage, PaymentRights, PaymentsPage, payments_sheet,
};
pub use receivables::{Looking, ReceivablesPage, by_bill, debtors_sheet, dues_sheet, places};
pub use recording::{AllocatePage, Ground, MOST_BILLS, NewPaymentPage, WhosePage};
pub use statement::StatementPaper;
