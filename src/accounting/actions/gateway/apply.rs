//! What a gateway says of a payment is applied once.

use crate::accounting::actions::money_letters::are_wanted;
use crate::accounting::actions::payments::{entry_of, numbered, told};
use crate::accounting::model::Payment;
use crate::accounting::outside::{CURRENCY, Captured};
use crate::accounting::rules::gateway::counts_on;
use crate::accounting::rules::payment::Status;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{EntryId, GatewayAccountId, JobId, PaymentId};
use crate::kernel::money::Money;
use crate::ledger::actions::{
    Posting, Source, allocate, allocate_oldest_first, allocate_unused, lock_account, post,
};
use crate::ledger::rules::{Cause, EntryKind};
use crate::orders::actions::recheck_at_once;
use crate::platform::db::schema::payments;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use uuid::Uuid;

/// What came of what a gateway said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The money is in the books now, under this number; so many orders go on.
    Received(PaymentId, String, usize),
    /// It is noted that nothing was paid.
    Failed(PaymentId),
    /// It was said before.
    Known(PaymentId),
    /// Nobody here asked this account of the gateway for that.
    Unknown,
    /// The gateway took another amount than it was asked for, or in another currency, or took it twice: a person has to look.
    Other(PaymentId, String),
}

/// Applies what a gateway says of a payment: once, whoever says it and however often. The customer's account is locked first, so that of two
/// who say the same one comes after the other and finds it known. With the money come its entry, the bills that it pays, and the orders that
/// it lets go on, in this one transaction. A late word counts too, after a payment was given up.
///
/// # Errors
/// When the database refuses.
pub fn apply(
    scope: &mut Scope,
    account: GatewayAccountId,
    told: &Captured,
) -> Result<Applied, AppError> {
    let Some(found) = Payment::by_order(scope, account, &told.order)? else {
        return Ok(Applied::Unknown);
    };
    lock_account(scope, found.customer_id)?;
    let payment = Payment::lock(scope, found.id)?;
    let counts = payment.number.is_some();
    if let Some(why) = &told.failed_because {
        if counts || payment.status == Status::Failed {
            return Ok(Applied::Known(payment.id));
        }
        set_failed(scope, payment.id, why)?;
        return Ok(Applied::Failed(payment.id));
    }
    let paise = payment.amount.to_paise().unwrap_or_default();
    if counts {
        if payment.gateway_payment.as_deref() == Some(told.payment.as_str()) {
            return Ok(Applied::Known(payment.id));
        }
        return Ok(Applied::Other(payment.id, "paid a second time".to_owned()));
    }
    if told.currency != CURRENCY {
        let said = format!(
            "asked for {paise} paise, {} of the smallest coin of {} were paid",
            told.paise,
            told.currency_said()
        );
        return Ok(Applied::Other(payment.id, said));
    }
    if told.paise != paise {
        let said = format!("asked for {paise} paise, {} were paid", told.paise);
        return Ok(Applied::Other(payment.id, said));
    }
    let day = counts_on(told.at, scope.now());
    write(scope, &payment, day)?;
    let freed = recheck_at_once(scope, payment.customer_id)?;
    let number = receive(scope, &payment, (told, day))?;
    Ok(Applied::Received(payment.id, number, freed))
}

/// The entry, and what it is set against: so much of each bill that was ticked as was wished, as far as it is still open and the money goes.
/// What was paid beyond the wishes pays what was due first; what is left because somebody else paid a ticked bill meanwhile stays on the account.
/// Where less was asked for than was wished, because the customer had money left, that money pays the rest of it.
fn write(scope: &mut Scope, payment: &Payment, day: NaiveDate) -> Result<(), AppError> {
    let (credit, who) = (entry_of(payment.id), payment.made_by_name.as_str());
    let posting = Posting {
        id: credit,
        kind: EntryKind::Receipt,
        entry_date: day,
        due_on: None,
        amount: -payment.amount,
        source: Source::Payment(payment.id),
        reason: None,
    };
    let postings = std::slice::from_ref(&posting);
    post(scope, payment.customer_id, who, postings, Money::ZERO)?;
    let wishes = Wish::of(scope, payment.id)?;
    let mut rest = payment.amount;
    let (mut parts, mut left) = (Vec::new(), Vec::new());
    for wish in &wishes {
        let amount = wish.wanted.min(wish.open).min(rest);
        rest -= amount;
        parts.push((wish.document, amount));
        left.push((wish.document, wish.wanted - amount));
    }
    let some = |(_, amount): &(EntryId, Money)| !amount.is_zero();
    parts.retain(some);
    left.retain(some);
    if !parts.is_empty() {
        allocate(scope, credit, &parts, Cause::Wish, who)?;
    }
    let wished: Money = wishes.iter().map(|wish| wish.wanted).sum();
    if payment.amount > wished {
        allocate_oldest_first(scope, credit, Cause::OldestFirst, who)?;
    } else if payment.amount < wished {
        allocate_unused(scope, payment.customer_id, &left, Cause::Wish, who)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Wish {
    #[diesel(sql_type = SqlUuid)]
    document: EntryId,
    #[diesel(sql_type = Numeric)]
    wanted: Money,
    #[diesel(sql_type = Numeric)]
    open: Money,
}

impl Wish {
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of tables that no key of the query builder ties"
    )]
    fn of(scope: &mut Scope, payment: PaymentId) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select w.document_id as document, w.amount as wanted, i.open from payment_wishes w
               join open_items i on i.tenant_id = w.tenant_id and i.id = w.document_id and i.customer_id = w.customer_id and i.side = 'debit'
               where w.tenant_id = $1 and w.payment_id = $2 order by i.due_on, i.entry_date, i.id",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(payment);
        Ok(scope.load(statement)?)
    }
}

/// The payment counts from now on. Last, for whoever takes a number holds its series.
fn receive(
    scope: &mut Scope,
    payment: &Payment,
    (told, day): (&Captured, NaiveDate),
) -> Result<String, AppError> {
    let now = scope.now();
    let row = payments::table.filter(
        payments::tenant_id
            .eq(scope.tenant())
            .and(payments::id.eq(payment.id)),
    );
    let reference: String = told.payment.chars().take(60).collect();
    let update = diesel::update(row)
        .set((
            payments::status.eq(Status::Received),
            payments::number.eq(numbered!("RC", "receipt", dates::today(now))),
            payments::paid_on.eq(day),
            payments::reference.eq(reference),
            payments::gateway_payment.eq(&told.payment),
            payments::failed_because.eq(None::<String>),
            payments::received_at.eq(now),
            payments::updated_at.eq(now),
        ))
        .returning((payments::number.assume_not_null(), told!(scope, "received")));
    let (number, _): (String, Option<Uuid>) = scope.one(update)?;
    Ok(number)
}

fn set_failed(scope: &mut Scope, payment: PaymentId, why: &str) -> Result<(), AppError> {
    let now = scope.now();
    let why: String = why.chars().take(300).collect();
    let row = payments::table.filter(
        payments::tenant_id
            .eq(scope.tenant())
            .and(payments::id.eq(payment)),
    );
    scope.execute(diesel::update(row).set((
        payments::status.eq(Status::Failed),
        payments::failed_because.eq(why),
        payments::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Nobody paid as long as a payment could be paid: it is given up. Should the gateway say otherwise later, it counts.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn give_up(scope: &mut Scope, payment: PaymentId, why: &str) -> Result<(), AppError> {
    let found = Payment::by_id(scope, payment)?;
    lock_account(scope, found.customer_id)?;
    if Payment::lock(scope, payment)?.status == Status::Pending {
        set_failed(scope, payment, why)?;
    }
    Ok(())
}
