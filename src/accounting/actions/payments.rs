//! The verbs of payments that people write down: received, returned by the bank, given back; and what they are set against.

use crate::accounting::model::{EInvoice, Payment};
use crate::accounting::rules::cancelling::is_asked;
use crate::accounting::rules::payment::{Direction, Method, Status};
use crate::accounting::rules::receipt;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{AllocationId, CustomerId, EntryId, PaymentId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::actions::{
    Over, Posting, Source, Undo, WriteOff, allocate, allocate_oldest_first, lock_account, post,
    set_against, undo, write_off as give_up,
};
use crate::ledger::model::OpenItem;
use crate::ledger::rules::{Cause, EntryKind};
use crate::orders::actions::recheck_at_once;
use crate::platform::db::Scope;
use crate::platform::db::schema::payments;
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Text};

/// What money is set against as it comes.
#[derive(Clone, Debug)]
pub enum How {
    /// The bill that was due first is paid first.
    OldestFirst,
    /// So much of each of these.
    ByHand(Vec<(EntryId, Money)>),
    /// Nothing yet: an advance.
    OnAccount,
}

/// Money that came.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// From whom.
    pub customer: CustomerId,
    /// How.
    pub method: Method,
    /// How much.
    pub amount: Money,
    /// The day on which it counts.
    pub paid_on: NaiveDate,
    /// Number of the cheque, or the bank's reference.
    pub reference: Option<String>,
    /// The bank of a cheque.
    pub bank: Option<String>,
    /// Date on the cheque.
    pub cheque_date: Option<NaiveDate>,
    /// What the clerk wrote.
    pub note: Option<String>,
    /// What it is set against.
    pub how: How,
}

/// A payment that was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Its number.
    pub number: String,
    /// How many orders it let go on.
    pub freed: usize,
}

/// A number of a series, taken in the statement that needs it: whoever takes one holds the series until the transaction ends.
macro_rules! numbered {
    ($prefix:literal, $kind:literal, $day:expr) => {
        sql::<Nullable<Text>>(concat!(
            "(select '",
            $prefix,
            "-' || year || '-' || lpad(number::text, greatest(5, length(number::text)), '0') from take_number('",
            $kind,
            "', null, "
        ))
        .bind::<Date, _>($day)
        .sql("))")
    };
}
pub(super) use numbered;

pub(super) fn entry_of(payment: PaymentId) -> EntryId {
    payment.uuid().into()
}

/// Writes down money that came: an entry, what it is set against, the orders that it lets go on, and last the payment with its number. When
/// something that was chosen does not fit, nothing is written and what does not fit comes back.
///
/// # Errors
/// `NotFound` for what was chosen and is no debit of this customer's; whatever the database refuses.
pub fn record(
    scope: &mut Scope,
    who: &str,
    receipt: &Receipt,
) -> Result<Result<Paid, Vec<Over>>, AppError> {
    let id = PaymentId::new();
    let posting = Posting {
        id: entry_of(id),
        kind: EntryKind::Receipt,
        entry_date: receipt.paid_on,
        due_on: None,
        amount: -receipt.amount,
        source: Source::Payment(id),
        reason: None,
    };
    // Locks the account, so that what is set against bills now is seen by whoever comes next.
    post(
        scope,
        receipt.customer,
        who,
        std::slice::from_ref(&posting),
        Money::ZERO,
    )?;
    match &receipt.how {
        How::OnAccount => {}
        How::OldestFirst => {
            allocate_oldest_first(scope, posting.id, Cause::OldestFirst, who)?;
        }
        How::ByHand(parts) => {
            if let Err(over) = set_against(scope, (receipt.customer, posting.id), parts, who)? {
                return Ok(Err(over));
            }
        }
    }
    let freed = recheck_at_once(scope, receipt.customer)?;
    let (now, user) = (scope.now(), scope.member().user());
    let insert = diesel::insert_into(payments::table)
        .values((
            payments::id.eq(id),
            payments::customer_id.eq(receipt.customer),
            payments::direction.eq(Direction::In),
            payments::method.eq(receipt.method),
            payments::status.eq(Status::Received),
            payments::number.eq(numbered!("RC", "receipt", dates::today(now))),
            payments::amount.eq(receipt.amount),
            payments::paid_on.eq(receipt.paid_on),
            payments::reference.eq(&receipt.reference),
            payments::bank.eq(&receipt.bank),
            payments::cheque_date.eq(receipt.cheque_date),
            payments::note.eq(&receipt.note),
            payments::received_at.eq(now),
            payments::made_by.eq(user),
            payments::made_by_name.eq(who),
            payments::created_at.eq(now),
            payments::updated_at.eq(now),
        ))
        .returning(payments::number.assume_not_null());
    let number: String = scope.one(insert)?;
    Ok(Ok(Paid { number, freed }))
}

/// A payment by its number, its customer's account locked before it.
pub(super) fn lock(scope: &mut Scope, number: &str) -> Result<(Payment, NaiveDate), AppError> {
    let found = Payment::find(scope, number)?;
    lock_account(scope, found.customer_id)?;
    let payment = Payment::lock(scope, found.id)?;
    let paid_on = payment.paid_on.ok_or(AppError::NotFound)?;
    Ok((payment, paid_on))
}

pub(super) fn facts<'p>(payment: &'p Payment, paid_on: NaiveDate) -> receipt::Facts<'p> {
    receipt::Facts {
        number: payment.number.as_deref().unwrap_or_default(),
        direction: payment.direction,
        method: payment.method,
        status: payment.status,
        paid_on,
    }
}

/// What of a payment no bill was paid with yet.
fn left_of(scope: &mut Scope, payment: &Payment) -> Result<Money, AppError> {
    Ok(OpenItem::find(scope, entry_of(payment.id))?.open)
}

/// What of a payment may go back: what is left of it, less what its gateway was asked to give back and has not yet answered.
pub(super) fn may_go_back(scope: &mut Scope, payment: &Payment) -> Result<Money, AppError> {
    let open = left_of(scope, payment)?;
    if payment.method != Method::Gateway {
        return Ok(open);
    }
    let asked = Payment::asked_back(scope, payment.id)?;
    Ok((open - asked).max(Money::ZERO))
}

/// The bank has returned a cheque: from that day on it pays nothing, and what it had paid is owed again, as old as it was. Until then the
/// books stay as they were.
///
/// # Errors
/// `NotFound`; `Refused` for what is no cheque, was returned before, was given back in part, or for a day before it was given to us.
pub fn bounce(
    scope: &mut Scope,
    who: &str,
    number: &str,
    (on, reason): (NaiveDate, &str),
) -> Result<Payment, AppError> {
    let (payment, paid_on) = lock(scope, number)?;
    receipt::may_bounce(&facts(&payment, paid_on)).map_err(AppError::refused)?;
    let today = dates::today(scope.now());
    receipt::bounces_on(on, paid_on, today).map_err(AppError::refused)?;
    let credit = entry_of(payment.id);
    undo(scope, who, Undo::Bounced(credit, on))?;
    let posting = Posting {
        id: EntryId::new(),
        kind: EntryKind::Bounce,
        entry_date: on,
        due_on: Some(on),
        amount: payment.amount,
        source: Source::Payment(payment.id),
        reason: None,
    };
    post(
        scope,
        payment.customer_id,
        who,
        std::slice::from_ref(&posting),
        Money::ZERO,
    )?;
    let whole = [(posting.id, payment.amount)];
    allocate(scope, credit, &whole, Cause::Bounce, who).map_err(|error| {
        if error.constraint() == Some("open_items_fit") {
            let said = Said::new("Some of {number} was given back, so it can't be returned.");
            AppError::refused(said.with("number", number))
        } else {
            error
        }
    })?;
    let now = scope.now();
    let row = payments::table.filter(
        payments::tenant_id
            .eq(scope.tenant())
            .and(payments::id.eq(payment.id)),
    );
    scope.execute(diesel::update(row).set((
        payments::status.eq(Status::Bounced),
        payments::bounced_on.eq(on),
        payments::bounce_reason.eq(reason),
        payments::updated_at.eq(now),
    )))?;
    Ok(payment)
}

/// Money that goes back.
#[derive(Clone, Debug)]
pub struct Refund {
    /// How much.
    pub amount: Money,
    /// How.
    pub method: Method,
    /// The day on which it counts.
    pub paid_on: NaiveDate,
    /// Number of the cheque, or the bank's reference.
    pub reference: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// Gives back what is left of a payment, or some of it, by hand: a payment of its own, the other way. Gives back its number.
///
/// # Errors
/// `NotFound`; `Refused` for more than is left, for what the bank returned, and for a day before it came.
pub fn refund(
    scope: &mut Scope,
    who: &str,
    number: &str,
    wanted: &Refund,
) -> Result<String, AppError> {
    let (payment, paid_on) = lock(scope, number)?;
    let facts = facts(&payment, paid_on);
    receipt::may_give_back(&facts).map_err(AppError::refused)?;
    let open = may_go_back(scope, &payment)?;
    receipt::may_refund(&facts, open, wanted.amount).map_err(AppError::refused)?;
    if wanted.paid_on < paid_on {
        return Err(AppError::refused(Said::new(
            "Money can't go back before it came.",
        )));
    }
    let id = PaymentId::new();
    let posting = Posting {
        id: entry_of(id),
        kind: EntryKind::Refund,
        entry_date: wanted.paid_on,
        due_on: Some(wanted.paid_on),
        amount: wanted.amount,
        source: Source::Payment(id),
        reason: None,
    };
    post(
        scope,
        payment.customer_id,
        who,
        std::slice::from_ref(&posting),
        Money::ZERO,
    )?;
    let part = [(posting.id, wanted.amount)];
    allocate(scope, entry_of(payment.id), &part, Cause::Refund, who)?;
    let refund = insert_refund(scope, who, (id, &payment), wanted)?;
    if wanted.amount == open {
        close_refunded(scope, &payment)?;
    }
    Ok(refund)
}

fn insert_refund(
    scope: &mut Scope,
    who: &str,
    (id, payment): (PaymentId, &Payment),
    wanted: &Refund,
) -> Result<String, AppError> {
    let (now, user) = (scope.now(), scope.member().user());
    let insert = diesel::insert_into(payments::table)
        .values((
            payments::id.eq(id),
            payments::customer_id.eq(payment.customer_id),
            payments::direction.eq(Direction::Out),
            payments::method.eq(wanted.method),
            payments::status.eq(Status::Received),
            payments::number.eq(numbered!("RF", "refund", dates::today(now))),
            payments::amount.eq(wanted.amount),
            payments::paid_on.eq(wanted.paid_on),
            payments::reference.eq(&wanted.reference),
            payments::note.eq(&wanted.note),
            payments::refund_of.eq(payment.id),
            payments::received_at.eq(now),
            payments::made_by.eq(user),
            payments::made_by_name.eq(who),
            payments::created_at.eq(now),
            payments::updated_at.eq(now),
        ))
        .returning(payments::number.assume_not_null());
    Ok(scope.one(insert)?)
}

/// A payment of which all went back says so.
pub(super) fn close_refunded(scope: &mut Scope, payment: &Payment) -> Result<(), AppError> {
    let now = scope.now();
    let row = payments::table.filter(
        payments::tenant_id
            .eq(scope.tenant())
            .and(payments::id.eq(payment.id))
            .and(sql::<diesel::sql_types::Bool>(
                "amount = (select sum(r.amount) from payments r where r.tenant_id = payments.tenant_id and r.refund_of = payments.id and r.number is not null)",
            )),
    );
    scope.execute(diesel::update(row).set((
        payments::status.eq(Status::Refunded),
        payments::updated_at.eq(now),
    )))?;
    Ok(())
}

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
