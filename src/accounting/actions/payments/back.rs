//! Money that does not stay: a cheque that the bank returned, and what is given back.

use super::{entry_of, facts, lock, may_go_back, numbered, told};
use crate::accounting::actions::money_letters::are_wanted;
use crate::accounting::model::Payment;
use crate::accounting::rules::payment::{Direction, Method, Status};
use crate::accounting::rules::receipt;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{EntryId, JobId, PaymentId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::actions::{Posting, Source, Undo, allocate, post, undo};
use crate::ledger::rules::{Cause, EntryKind};
use crate::platform::db::Scope;
use crate::platform::db::schema::payments;
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

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
    let wanted = &back_as_it_came(&payment, wanted);
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

/// Tax that was not deducted after all goes back as it came: no money moves, and the section stays its reference.
fn back_as_it_came(payment: &Payment, wanted: &Refund) -> Refund {
    if payment.method != Method::Tds {
        return wanted.clone();
    }
    Refund {
        method: Method::Tds,
        reference: payment.reference.clone(),
        ..wanted.clone()
    }
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
        .returning((
            payments::number.assume_not_null(),
            told!(scope, "given_back"),
        ));
    let (number, _): (String, Option<Uuid>) = scope.one(insert)?;
    Ok(number)
}

/// A payment of which all went back says so.
pub(in crate::accounting::actions) fn close_refunded(
    scope: &mut Scope,
    payment: &Payment,
) -> Result<(), AppError> {
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
