//! Money goes back the way it came.

use crate::accounting::actions::money_letters::are_wanted;
use crate::accounting::actions::payments::{
    close_refunded, entry_of, facts, lock, may_go_back, numbered, told,
};
use crate::accounting::model::Payment;
use crate::accounting::outside::Refunded;
use crate::accounting::rules::payment::{Direction, Method, Status};
use crate::accounting::rules::receipt;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{JobId, PaymentId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::actions::{Posting, Source, allocate, lock_account, post};
use crate::ledger::model::OpenItem;
use crate::ledger::rules::{Cause, EntryKind};
use crate::platform::db::Scope;
use crate::platform::db::schema::payments;
use crate::platform::jobs::{self, NewJob};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Kind of the job that asks a gateway to give money back.
pub const REFUND: &str = "payments.refund";

/// What a job about one payment needs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct OnePayment {
    /// The payment, or the refund.
    pub payment: PaymentId,
}

/// Asks the gateway to give back what is left of a payment, or some of it: written down now, asked by a job, in the books when the gateway has
/// done it. What waits so can't be given back a second time.
///
/// # Errors
/// `NotFound`; `Refused` for what did not come over a gateway, and for more than is left.
pub fn begin_refund(
    scope: &mut Scope,
    who: &str,
    number: &str,
    (amount, note): (Money, Option<&str>),
) -> Result<PaymentId, AppError> {
    let (payment, paid_on) = lock(scope, number)?;
    let Some(account) = payment.gateway_account_id else {
        let said = Said::new("{number} did not come over a payment gateway.");
        return Err(AppError::refused(said.with("number", number)));
    };
    let about = facts(&payment, paid_on);
    receipt::may_give_back(&about).map_err(AppError::refused)?;
    let open = may_go_back(scope, &payment)?;
    receipt::may_refund(&about, open, amount).map_err(AppError::refused)?;
    let (id, now, user) = (PaymentId::new(), scope.now(), scope.member().user());
    scope.execute(diesel::insert_into(payments::table).values((
        payments::id.eq(id),
        payments::customer_id.eq(payment.customer_id),
        payments::direction.eq(Direction::Out),
        payments::method.eq(Method::Gateway),
        payments::status.eq(Status::Pending),
        payments::amount.eq(amount),
        payments::note.eq(note),
        payments::refund_of.eq(payment.id),
        payments::gateway_account_id.eq(account),
        payments::asked_at.eq(now),
        payments::made_by.eq(user),
        payments::made_by_name.eq(who),
        payments::created_at.eq(now),
        payments::updated_at.eq(now),
    )))?;
    let mut job = NewJob::new(REFUND, "Money goes back", &OnePayment { payment: id })?;
    job.unique_key = Some(id.to_string());
    // Growing waits: this is days, and the same receipt gives no second refund there.
    job.max_attempts = 30;
    jobs::enqueue(scope, &job)?;
    Ok(id)
}

/// A refund and the payment that it gives back, their customer's account locked before them.
fn lock_both(scope: &mut Scope, refund: PaymentId) -> Result<(Payment, Payment), AppError> {
    let found = Payment::by_id(scope, refund)?;
    lock_account(scope, found.customer_id)?;
    let refund = Payment::lock(scope, refund)?;
    let original = refund.refund_of.ok_or(AppError::NotFound)?;
    Ok((refund, Payment::lock(scope, original)?))
}

/// The gateway has given it back: the entry, what it is set against, and the refund's number. Should what was left of the payment have been
/// set against a bill meanwhile, the customer owes that much. Said twice, it is done once.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn gone_back(
    scope: &mut Scope,
    refund: PaymentId,
    done: &Refunded,
) -> Result<Option<String>, AppError> {
    let (refund, original) = lock_both(scope, refund)?;
    if refund.status != Status::Pending {
        return Ok(refund.number);
    }
    let (now, today) = (scope.now(), dates::today(scope.now()));
    let posting = Posting {
        id: entry_of(refund.id),
        kind: EntryKind::Refund,
        entry_date: today,
        due_on: Some(today),
        amount: refund.amount,
        source: Source::Payment(refund.id),
        reason: None,
    };
    let (who, postings) = (refund.made_by_name.as_str(), std::slice::from_ref(&posting));
    post(scope, refund.customer_id, who, postings, Money::ZERO)?;
    let credit = entry_of(original.id);
    let part = OpenItem::find(scope, credit)?.open.min(refund.amount);
    if !part.is_zero() {
        allocate(scope, credit, &[(posting.id, part)], Cause::Refund, who)?;
    }
    let row = payments::table.filter(
        payments::tenant_id
            .eq(scope.tenant())
            .and(payments::id.eq(refund.id)),
    );
    let update = diesel::update(row)
        .set((
            payments::status.eq(Status::Received),
            payments::number.eq(numbered!("RF", "refund", today)),
            payments::paid_on.eq(today),
            payments::reference.eq(done.refund.chars().take(60).collect::<String>()),
            payments::gateway_payment.eq(&done.refund),
            payments::received_at.eq(now),
            payments::updated_at.eq(now),
        ))
        .returning((
            payments::number.assume_not_null(),
            told!(scope, "given_back"),
        ));
    let (number, _): (String, Option<Uuid>) = scope.one(update)?;
    close_refunded(scope, &original)?;
    Ok(Some(number))
}

/// The gateway refuses to give it back: nothing has moved.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn back_refused(scope: &mut Scope, refund: PaymentId, why: &str) -> Result<(), AppError> {
    let (refund, _) = lock_both(scope, refund)?;
    if refund.status != Status::Pending {
        return Ok(());
    }
    let now = scope.now();
    let row = payments::table.filter(
        payments::tenant_id
            .eq(scope.tenant())
            .and(payments::id.eq(refund.id)),
    );
    scope.execute(diesel::update(row).set((
        payments::status.eq(Status::Failed),
        payments::failed_because.eq(why.chars().take(300).collect::<String>()),
        payments::updated_at.eq(now),
    )))?;
    Ok(())
}
