//! A retailer begins to pay.

use crate::accounting::rules::gateway::{OPEN_FOR, left_to_pay, payable};
use crate::accounting::rules::payment::{Direction, Method, Status};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, EntryId, GatewayAccountId, PaymentId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::actions::{Over, too_much};
use crate::ledger::model::{Credit, OpenItem};
use crate::platform::db::schema::payments;
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Array, Numeric, Uuid as SqlUuid};

/// What a retailer wants to pay.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// So much of each of these, or whatever is open of it, less the customer's money that nothing was paid with yet.
    Bills(Vec<(EntryId, Option<Money>)>),
    /// So much, of whatever was due first.
    Amount(Money),
}

/// Why a payment can't be begun.
#[derive(Clone, Debug)]
pub enum Unfit {
    /// More than is open of these bills.
    Bills(Vec<Over>),
    /// All of it: too much, too little, or nothing.
    Amount(Said),
}

/// Writes down that a retailer wants to pay. How much is left to pay of the ticked bills is worked out here, from what is open of them now and
/// from the money that the customer has left. It is a wish: nothing counts before the gateway says so. The retailer's own member may do this.
/// Gives back what is asked for; or says what does not fit, and writes nothing.
///
/// # Errors
/// `NotFound` for what is no bill of this customer's; `Refused` for a bill that was paid meanwhile.
pub fn begin(
    scope: &mut Scope,
    who: &str,
    (customer, account): (CustomerId, GatewayAccountId),
    wanted: &Wanted,
) -> Result<Result<(PaymentId, Money), Unfit>, AppError> {
    let parts = match wanted {
        Wanted::Bills(wanted) => match parts_of(scope, customer, wanted)? {
            Ok(parts) => parts,
            Err(over) => return Ok(Err(Unfit::Bills(over))),
        },
        Wanted::Amount(_) => Vec::new(),
    };
    let amount = match wanted {
        Wanted::Bills(_) => {
            let bills = parts.iter().map(|(_, part)| *part).sum();
            left_to_pay(bills, Credit::unused(scope, customer)?)
        }
        Wanted::Amount(amount) => Ok(*amount),
    };
    let amount = match amount.and_then(payable) {
        Ok(amount) => amount,
        Err(said) => return Ok(Err(Unfit::Amount(said))),
    };
    let (id, now, user) = (PaymentId::new(), scope.now(), scope.member().user());
    scope.execute(diesel::insert_into(payments::table).values((
        payments::id.eq(id),
        payments::customer_id.eq(customer),
        payments::direction.eq(Direction::In),
        payments::method.eq(Method::Gateway),
        payments::status.eq(Status::Pending),
        payments::amount.eq(amount),
        payments::gateway_account_id.eq(account),
        payments::expires_at.eq(now + OPEN_FOR),
        payments::made_by.eq(user),
        payments::made_by_name.eq(who),
        payments::created_at.eq(now),
        payments::updated_at.eq(now),
    )))?;
    if !parts.is_empty() {
        wish(scope, (id, customer), &parts)?;
    }
    Ok(Ok((id, amount)))
}

/// How much of each ticked bill is paid: so much as was typed, or what is open; or which amounts are more than that.
fn parts_of(
    scope: &mut Scope,
    customer: CustomerId,
    wanted: &[(EntryId, Option<Money>)],
) -> Result<Result<Vec<(EntryId, Money)>, Vec<Over>>, AppError> {
    let mut ids: Vec<EntryId> = wanted.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable_by_key(|id| id.uuid());
    ids.dedup();
    let items = OpenItem::of_ids(scope, customer, &ids)?;
    if items.len() != ids.len() || items.iter().any(OpenItem::is_credit) {
        return Err(AppError::NotFound);
    }
    if items.iter().any(|item| item.open.is_zero()) {
        return Err(AppError::refused(Said::new(
            "One of the bills was paid meanwhile. Look at what is open and choose again.",
        )));
    }
    let (mut parts, mut over) = (Vec::new(), Vec::new());
    for item in &items {
        let typed = wanted.iter().find(|(id, _)| *id == item.id);
        let amount = typed.and_then(|(_, amount)| *amount).unwrap_or(item.open);
        if amount > item.open {
            over.push((item.id, too_much(item.open)));
        }
        parts.push((item.id, amount));
    }
    Ok(if over.is_empty() {
        Ok(parts)
    } else {
        Err(over)
    })
}

/// Notes how much of what the retailer ticked it pays.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of many rows by arrays"
)]
fn wish(
    scope: &mut Scope,
    (payment, customer): (PaymentId, CustomerId),
    parts: &[(EntryId, Money)],
) -> Result<(), AppError> {
    let statement = prepared(
        "insert into payment_wishes (tenant_id, id, payment_id, customer_id, document_id, amount)
           select $1, gen_random_uuid(), $2, $3, u.id, u.amount from unnest($4::uuid[], $5::numeric[]) u(id, amount)",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(payment)
    .bind::<SqlUuid, _>(customer)
    .bind::<Array<SqlUuid>, _>(parts.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(parts.iter().map(|(_, part)| *part).collect::<Vec<_>>());
    scope.execute(statement)?;
    Ok(())
}

/// The gateway was asked, and calls it so. What it called it before stays.
///
/// # Errors
/// When the database refuses.
pub fn asked(scope: &mut Scope, payment: PaymentId, order: &str) -> Result<(), AppError> {
    let now = scope.now();
    let row = payments::table.filter(
        payments::tenant_id
            .eq(scope.tenant())
            .and(payments::id.eq(payment))
            .and(payments::gateway_order.is_null()),
    );
    scope.execute(diesel::update(row).set((
        payments::gateway_order.eq(order),
        payments::asked_at.eq(now),
        payments::updated_at.eq(now),
    )))?;
    Ok(())
}

/// It is the turn of these payments to be asked after: the others come first from now on, whatever the gateway says.
///
/// # Errors
/// When the database refuses.
pub fn in_turn(scope: &mut Scope, them: &[PaymentId]) -> Result<(), AppError> {
    let now = scope.now();
    let row = payments::table.filter(
        payments::tenant_id
            .eq(scope.tenant())
            .and(payments::id.eq_any(them.to_vec()))
            .and(payments::status.eq_any([Status::Pending, Status::Failed])),
    );
    scope.execute(diesel::update(row).set(payments::asked_at.eq(now)))?;
    Ok(())
}
