//! A retailer begins to pay.

use crate::accounting::rules::gateway::{OPEN_FOR, left_to_pay, payable};
use crate::accounting::rules::payment::{Direction, Method, Status};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, EntryId, GatewayAccountId, PaymentId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::model::{Credit, OpenItem};
use crate::platform::db::schema::payments;
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Array, Numeric, Uuid as SqlUuid};

/// What a retailer wants to pay.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// Whatever is open of these, less the customer's money that nothing was paid with yet.
    Bills(Vec<EntryId>),
    /// So much, of whatever was due first.
    Amount(Money),
}

/// Writes down that a retailer wants to pay. How much is left to pay of the ticked bills is worked out here, from what is open of them now and
/// from the money that the customer has left. It is a wish: nothing counts before the gateway says so. The retailer's own member may do this.
/// Gives back what is asked for; or says why nothing is left to pay of what is ticked, and writes nothing.
///
/// # Errors
/// `NotFound` for what is no bill of this customer's; `Refused` for a bill that was paid meanwhile, and for what can't be paid at once.
pub fn begin(
    scope: &mut Scope,
    who: &str,
    (customer, account): (CustomerId, GatewayAccountId),
    wanted: &Wanted,
) -> Result<Result<(PaymentId, Money), Said>, AppError> {
    let parts = match wanted {
        Wanted::Bills(ids) => open_of(scope, customer, ids)?,
        Wanted::Amount(_) => Vec::new(),
    };
    let amount = match wanted {
        Wanted::Bills(_) => {
            let bills = parts.iter().map(|(_, open)| *open).sum();
            match left_to_pay(bills, Credit::unused(scope, customer)?) {
                Ok(left) => left,
                Err(said) => return Ok(Err(said)),
            }
        }
        Wanted::Amount(amount) => *amount,
    };
    let amount = payable(amount).map_err(AppError::refused)?;
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

/// What is open of the ticked bills.
fn open_of(
    scope: &mut Scope,
    customer: CustomerId,
    ids: &[EntryId],
) -> Result<Vec<(EntryId, Money)>, AppError> {
    let mut ids = ids.to_vec();
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
    Ok(items.iter().map(|item| (item.id, item.open)).collect())
}

/// Notes which documents the retailer ticked. What is owed without a document, such as an opening balance, is paid as the oldest.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of many rows by arrays, joined with what they are"
)]
fn wish(
    scope: &mut Scope,
    (payment, customer): (PaymentId, CustomerId),
    parts: &[(EntryId, Money)],
) -> Result<(), AppError> {
    let statement = prepared(
        "insert into payment_wishes (tenant_id, id, payment_id, customer_id, document_id, amount)
           select e.tenant_id, gen_random_uuid(), $2, $3, e.document_id, u.amount
             from unnest($4::uuid[], $5::numeric[]) u(id, amount)
             join ledger_entries e on e.tenant_id = $1 and e.id = u.id and e.document_id = e.id",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(payment)
    .bind::<SqlUuid, _>(customer)
    .bind::<Array<SqlUuid>, _>(parts.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(parts.iter().map(|(_, open)| *open).collect::<Vec<_>>());
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
