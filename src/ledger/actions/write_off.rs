//! Giving up on money that nobody will pay.

use super::account::lock_account;
use super::allocate::allocate;
use super::post::{Posting, Source, post};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, EntryId};
use crate::kernel::money::Money;
use crate::ledger::model::{Account, OpenItem};
use crate::ledger::rules::{self, Cause, EntryKind};
use crate::platform::db::Scope;

/// What is written off.
#[derive(Clone, Debug)]
pub struct WriteOff {
    /// Whose it is.
    pub customer: CustomerId,
    /// The debit.
    pub debit: EntryId,
    /// How much of it.
    pub amount: Money,
    /// Why.
    pub reason: String,
}

/// Writes off so much of what is open of a debit, from today on: an entry against it. Gives back how the account stands then.
///
/// # Errors
/// `NotFound` for what is no debit of this customer's; `Refused` for more than is open.
pub fn write_off(scope: &mut Scope, who: &str, wanted: &WriteOff) -> Result<Account, AppError> {
    lock_account(scope, wanted.customer)?;
    let items = OpenItem::of_ids(scope, wanted.customer, &[wanted.debit])?;
    let item = items
        .iter()
        .find(|item| !item.is_credit())
        .ok_or(AppError::NotFound)?;
    rules::may_write_off(item.open, wanted.amount).map_err(AppError::refused)?;
    let posting = Posting {
        id: EntryId::new(),
        kind: EntryKind::WriteOff,
        entry_date: dates::today(scope.now()),
        due_on: None,
        amount: -wanted.amount,
        source: Source::Words,
        reason: Some(wanted.reason.clone()),
    };
    let account = post(
        scope,
        wanted.customer,
        who,
        std::slice::from_ref(&posting),
        Money::ZERO,
    )?;
    let parts = [(wanted.debit, wanted.amount)];
    allocate(scope, posting.id, &parts, Cause::WriteOff, who)?;
    Ok(account)
}
