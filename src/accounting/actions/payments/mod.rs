//! The verbs of payments that people write down: received, returned by the bank, given back; and what they are set against.

mod back;
mod setting;
mod withheld;

pub(super) use back::close_refunded;
pub use back::{Refund, bounce, refund};
pub use setting::{set, settle, take_off, write_off};
pub use withheld::{PaidLess, Unfit, Withheld, certify, not_in_force, record_withheld};

use super::money_letters::are_wanted;
use crate::accounting::model::Payment;
use crate::accounting::rules::payment::{Direction, Method, Status};
use crate::accounting::rules::receipt;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, EntryId, JobId, PaymentId};
use crate::kernel::money::Money;
use crate::ledger::actions::{
    Over, Posting, Source, allocate_oldest_first, lock_account, post, set_against,
};
use crate::ledger::model::OpenItem;
use crate::ledger::rules::{Cause, EntryKind};
use crate::orders::actions::recheck_at_once;
use crate::platform::db::Scope;
use crate::platform::db::schema::payments;
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

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

/// The job that tells of a payment, queued by the statement that makes it count: none about the demo's made-up past.
macro_rules! told {
    ($scope:expr, $what:literal) => {
        sql::<Nullable<SqlUuid>>("case when ")
            .bind::<Bool, _>(are_wanted($scope))
            .sql(" then enqueue_job(")
            .bind::<SqlUuid, _>(JobId::new())
            .sql(concat!(
                ", 'money.letters', 'Letters about a payment', jsonb_build_object('what', '",
                $what,
                "', 'id', payments.id), concat('",
                $what,
                ":', payments.id), 100::smallint, now(), 8) end"
            ))
    };
}
pub(super) use told;

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
    let posting = receipt_posting(id, receipt.paid_on, receipt.amount);
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
    let number = insert_receipt(scope, who, id, receipt)?;
    Ok(Ok(Paid { number, freed }))
}

/// The entry by which a payment lowers what its customer owes.
fn receipt_posting(id: PaymentId, paid_on: NaiveDate, amount: Money) -> Posting {
    Posting {
        id: entry_of(id),
        kind: EntryKind::Receipt,
        entry_date: paid_on,
        due_on: None,
        amount: -amount,
        source: Source::Payment(id),
        reason: None,
    }
}

/// The payment itself, and its number.
fn insert_receipt(
    scope: &mut Scope,
    who: &str,
    id: PaymentId,
    receipt: &Receipt,
) -> Result<String, AppError> {
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
        .returning((payments::number.assume_not_null(), told!(scope, "received")));
    let (number, _): (String, Option<Uuid>) = scope.one(insert)?;
    Ok(number)
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
