//! What documents look like, and what the pages of the books show.

mod age;
mod currency;
mod einvoice_letters;
pub mod einvoices;
mod entry;
mod eway_bills;
mod gateways;
mod held;
mod instalments;
mod invoice_facts;
mod ledger;
mod ledgers;
pub mod letters;
mod list;
mod new_invoice;
mod note;
pub mod papers;
mod pay;
mod payments;
mod period;
mod ready;
mod receivables;
mod recording;
mod register;
pub mod settings;
pub mod sheet;
mod shop_ledger;
mod silence;
mod statement;
mod to_bill;
mod unsound_letters;
mod ways_back;

pub use age::AgeCard;
pub use einvoice_letters::{Alarm, AlarmHtml, AlarmLetter, AlarmText};
pub use eway_bills::{BillCard, EWayBillsPage, EWayPage, eway_cancel_question};
pub use gateways::{GatewayGround, GatewaysPage, hooks_to};
pub use held::{HeldPage, held_sheet};
pub use instalments::{InstalmentsFound, InstalmentsPage};
pub use ledger::{LedgerFound, LedgerPage, LedgerRights, MOST_OPEN, statement_sheet};
pub use ledgers::{LedgersPage, ledgers_sheet};
pub use list::{BillsPage, InvoicesPage, invoices_sheet, title as list_title};
pub use new_invoice::NewInvoicePage;
pub use note::{NoteGround, NotePage};
pub use pay::{PaidFound, PaidPage, PayGround, PayPage};
pub use payments::{
    MOST_SET, PaymentFound, PaymentPage, PaymentRights, PaymentsPage, payments_sheet,
};
pub use period::turned;
pub use ready::{ReadyFound, ReadyPage};
pub use receivables::{Looking, ReceivablesPage, by_bill, debtors_sheet, dues_sheet, places};
pub use recording::{AllocatePage, Ground, MOST_BILLS, NewPaymentPage, WhosePage};
pub use register::{
    PartsPage, RegisterFound, RegisterPage, RegisterPlace, RegisterTab, parts_sheet, register_sheet,
};
pub use shop_ledger::{ShopLedgerFound, ShopLedgerPage, ShopOpenPage};
pub use statement::StatementPaper;
pub use to_bill::ToBillPage;
pub use unsound_letters::{Unsound, UnsoundHtml, UnsoundLetter, UnsoundText};
pub use ways_back::cancel_question;
