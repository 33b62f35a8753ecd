//! Customers' accounts, entries, what of them is open, and their age: rows and queries.

mod account;
mod ageing;
mod bill;
mod debtor;
mod entry;
mod instalment;
mod item;
mod statement;

pub use account::Account;
pub use ageing::{Ageing, Sum};
pub use bill::{Credit, OpenBill};
pub use debtor::{Asked, Debtor, DebtorMark, Due, DueMark, Receivables};
pub use entry::Entry;
pub use instalment::{Owed, Parts, Plan};
pub use item::OpenItem;
pub use statement::{EntryMark, Line, MOST_IN_A_FILE, MOST_ON_PAPER, Period, Statement, Sums};
