//! What money is set against, and what of a debt is given up.

use super::{How, entry_of, left_of, lock};
use crate::accounting::model::EInvoice;
use crate::accounting::rules::cancelling::is_asked;
use crate::accounting::rules::payment::Direction;
use crate::error::AppError;
use crate::kernel::ids::{AllocationId, CustomerId, EntryId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::actions::{
    Over, Undo, WriteOff, allocate_oldest_first, lock_account, set_against, undo,
    write_off as give_up,
};
use crate::ledger::model::OpenItem;
use crate::ledger::rules::Cause;
use crate::orders::actions::recheck_at_once;
use crate::platform::db::Scope;

/// What is left of a payment is set against bills: the one that was due first at the head, or so much of each of those that somebody chose.
/// Gives back what of it is left, or what does not fit, and then nothing was set.
///
/// # Errors
/// `NotFound`; `Refused` when nothing of it is left, or nothing is to be paid.
pub fn set(
    scope: &mut Scope,
    who: &str,
    number: &str,
    how: &How,
) -> Result<Result<Money, Vec<Over>>, AppError> {
    let (payment, _) = lock(scope, number)?;
    let credit = entry_of(payment.id);
    let left = left_of(scope, &payment)?;
    if left.is_zero() || payment.direction == Direction::Out {
        return Err(AppError::refused(
            Said::new("Nothing of {number} is left.").with("number", number),
        ));
    }
    let set: Money = match how {
        How::OldestFirst => {
            let set = allocate_oldest_first(scope, credit, Cause::OldestFirst, who)?;
            set.iter().map(|(_, amount)| *amount).sum()
        }
        How::ByHand(parts) => {
            if let Err(over) = set_against(scope, (payment.customer_id, credit), parts, who)? {
                return Ok(Err(over));
            }
            parts.iter().map(|(_, amount)| *amount).sum()
        }
        How::OnAccount => Money::ZERO,
    };
    if set.is_zero() {
        return Err(AppError::refused(Said::new("Nothing is to be paid.")));
    }
    Ok(Ok(left - set))
}

/// Takes a payment off what it was set against: all of it, or one bill.
///
/// # Errors
/// `NotFound`, for what is set against something else too; `Refused` when it is set against nothing that may be taken off.
pub fn take_off(
    scope: &mut Scope,
    who: &str,
    number: &str,
    one: Option<AllocationId>,
) -> Result<usize, AppError> {
    let (payment, _) = lock(scope, number)?;
    let credit = entry_of(payment.id);
    let taken = match one {
        None => undo(scope, who, Undo::All(credit))?,
        Some(allocation) => undo(scope, who, Undo::One(credit, allocation))?,
    };
    if taken == 0 {
        return Err(AppError::refused(
            Said::new("{number} is set against nothing that can be taken off.")
                .with("number", number),
        ));
    }
    Ok(taken)
}

/// Gives up on so much of what a customer owes, and lets orders go on that fit its credit now. Gives back how many.
///
/// # Errors
/// `NotFound`; `Refused` for more than is open, and of a document that the authority is asked to cancel: what is written off is never taken
/// back, so the books could not follow.
pub fn write_off(scope: &mut Scope, who: &str, wanted: &WriteOff) -> Result<usize, AppError> {
    // It locks the account, which whoever asks the authority holds: so one of the two sees the other.
    give_up(scope, who, wanted)?;
    if let Some(number) = EInvoice::leaving(scope, wanted.debit.uuid().into())? {
        return Err(AppError::refused(is_asked(&number)));
    }
    recheck_at_once(scope, wanted.customer)
}

/// Sets what is left of any money of a customer, a note's or a payment's, against its bills, the oldest first. Gives back how much that was.
///
/// # Errors
/// `NotFound` for what is no money of this customer's; `Refused` when nothing of it is left, or nothing is to be paid.
pub fn settle(
    scope: &mut Scope,
    who: &str,
    (customer, credit): (CustomerId, EntryId),
) -> Result<Money, AppError> {
    lock_account(scope, customer)?;
    let items = OpenItem::of_ids(scope, customer, &[credit])?;
    let item = items.iter().find(|item| item.is_credit());
    if item.ok_or(AppError::NotFound)?.open.is_zero() {
        return Err(AppError::refused(Said::new("It is used up already.")));
    }
    let set = allocate_oldest_first(scope, credit, Cause::OldestFirst, who)?;
    if set.is_empty() {
        return Err(AppError::refused(Said::new("Nothing is to be paid.")));
    }
    Ok(set.iter().map(|(_, amount)| *amount).sum())
}
