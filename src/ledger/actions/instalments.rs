//! Bills that are paid in instalments: agreed on, replaced, ended. The account is locked first, as by whoever sets money against the bill.

use super::account::lock_account;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, EntryId, InstalmentPlanId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::model::{OpenItem, Plan};
use crate::ledger::rules;
use crate::platform::db::schema::instalment_plans;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};

/// Instalments that are agreed on.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Whose bill.
    pub customer: CustomerId,
    /// The bill.
    pub bill: EntryId,
    /// The agreement that stood when it was looked at, which this one replaces.
    pub known: Option<InstalmentPlanId>,
    /// The parts: when, and how much.
    pub parts: Vec<(NaiveDate, Money)>,
    /// Why.
    pub reason: Option<String>,
}

/// Agrees on instalments for what is open of a bill, in place of those that stand. Says why where the parts don't fit what is open now, and
/// writes nothing then.
///
/// # Errors
/// `NotFound` for what is no debit of this customer's; `Refused` where somebody else agreed on others meanwhile.
pub fn agree(
    scope: &mut Scope,
    who: &str,
    wanted: &Agreement,
) -> Result<Result<(), Said>, AppError> {
    lock_account(scope, wanted.customer)?;
    let items = OpenItem::of_ids(scope, wanted.customer, &[wanted.bill])?;
    let item = items
        .iter()
        .find(|item| !item.is_credit())
        .ok_or(AppError::NotFound)?;
    let standing = as_known(scope, wanted.bill, wanted.known)?;
    let today = dates::today(scope.now());
    if let Err(said) = rules::may_agree(item.open, &wanted.parts, today) {
        return Ok(Err(said));
    }
    if let Some(plan) = standing {
        close(scope, who, plan)?;
    }
    write(scope, who, (wanted, item.open))?;
    follow(scope, wanted.bill)?;
    Ok(Ok(()))
}

/// Ends the instalments of a bill: it is due on its own day again.
///
/// # Errors
/// `Refused` where none stand, or others than were looked at.
pub fn end_instalments(
    scope: &mut Scope,
    who: &str,
    (customer, bill): (CustomerId, EntryId),
    known: Option<InstalmentPlanId>,
) -> Result<(), AppError> {
    lock_account(scope, customer)?;
    let Some(plan) = as_known(scope, bill, known)? else {
        let said = Said::new("No instalments are agreed on for this bill.");
        return Err(AppError::refused(said));
    };
    close(scope, who, plan)?;
    follow(scope, bill)
}

/// The agreement that stands, where it is the one that was looked at.
fn as_known(
    scope: &mut Scope,
    bill: EntryId,
    known: Option<InstalmentPlanId>,
) -> Result<Option<InstalmentPlanId>, AppError> {
    let standing = Plan::standing(scope, bill)?;
    if standing == known {
        return Ok(standing);
    }
    Err(AppError::refused(Said::new(
        "Somebody else changed the instalments of this bill meanwhile. Look at them, and agree again.",
    )))
}

fn close(scope: &mut Scope, who: &str, plan: InstalmentPlanId) -> Result<(), AppError> {
    let (now, user) = (scope.now(), scope.member().user());
    let row = instalment_plans::table.filter(
        instalment_plans::tenant_id
            .eq(scope.tenant())
            .and(instalment_plans::id.eq(plan)),
    );
    scope.execute(diesel::update(row).set((
        instalment_plans::ended_at.eq(now),
        instalment_plans::ended_by.eq(user),
        instalment_plans::ended_by_name.eq(who),
    )))?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "an agreement and its parts, by arrays, in one insert"
)]
fn write(
    scope: &mut Scope,
    who: &str,
    (wanted, open): (&Agreement, Money),
) -> Result<(), AppError> {
    let statement = prepared(
        "with p as (
             insert into instalment_plans (id, customer_id, document_id, amount, given_up, reason, made_by, made_by_name, created_at)
               values ($1, $2, $3, $4, given_up($5, $3), $6, $7, $8, $9) returning id, customer_id
         ) insert into instalments (customer_id, plan_id, position, due_on, amount)
             select p.customer_id, p.id, u.position::smallint, u.due_on, u.amount
               from p, unnest($10::date[], $11::numeric[]) with ordinality u(due_on, amount, position)",
    )
    .bind::<SqlUuid, _>(InstalmentPlanId::new())
    .bind::<SqlUuid, _>(wanted.customer)
    .bind::<SqlUuid, _>(wanted.bill)
    .bind::<Numeric, _>(open)
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<Nullable<Text>, _>(wanted.reason.clone())
    .bind::<Nullable<SqlUuid>, _>(scope.member().user())
    .bind::<Text, _>(who)
    .bind::<Timestamptz, _>(scope.now())
    .bind::<Array<Date>, _>(wanted.parts.iter().map(|(day, _)| *day).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(wanted.parts.iter().map(|(_, part)| *part).collect::<Vec<_>>());
    scope.execute(statement)?;
    Ok(())
}

/// The bill is due as its instalments are.
#[expect(clippy::disallowed_methods, reason = "a function of the database")]
fn follow(scope: &mut Scope, bill: EntryId) -> Result<(), AppError> {
    let statement = prepared("select follow_instalments($1)").bind::<Array<SqlUuid>, _>(vec![bill]);
    scope.execute(statement)?;
    Ok(())
}
