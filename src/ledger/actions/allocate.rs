//! What is set against what. The customer's account is locked first, so that two clerks come one after the other.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, EntryId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::model::OpenItem;
use crate::ledger::rules::{self, Cause};
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};

#[derive(QueryableByName)]
struct Set {
    #[diesel(sql_type = SqlUuid)]
    debit: EntryId,
    #[diesel(sql_type = Numeric)]
    amount: Money,
}

/// Sets what is left of a credit against the customer's bills, the one that was due first at the head, and says how much went where. The
/// account is locked already. One statement, however many bills.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a set-returning function, which the query builder can't call"
)]
pub fn allocate_oldest_first(
    scope: &mut Scope,
    credit: EntryId,
    cause: Cause,
    who: &str,
) -> Result<Vec<(EntryId, Money)>, AppError> {
    let statement = prepared("select debit, amount from allocate_oldest_first($1, $2, $3, $4, $5)")
        .bind::<SqlUuid, _>(credit)
        .bind::<Text, _>(cause.as_str())
        .bind::<Nullable<SqlUuid>, _>(scope.member().user())
        .bind::<Text, _>(who)
        .bind::<Timestamptz, _>(scope.now());
    let set: Vec<Set> = scope.load(statement)?;
    Ok(set.into_iter().map(|one| (one.debit, one.amount)).collect())
}

/// Sets so much of a credit against each of these debits of the same customer. The account is locked already, and the amounts were looked at
/// since. One statement.
///
/// # Errors
/// `NotFound` for what is no credit, or no debit of its customer; the constraint `open_items_fit` for more than is open.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of many rows by arrays, joined with what they are set against"
)]
pub fn allocate(
    scope: &mut Scope,
    credit: EntryId,
    parts: &[(EntryId, Money)],
    cause: Cause,
    who: &str,
) -> Result<(), AppError> {
    let statement = prepared(
        "insert into allocations (tenant_id, customer_id, credit_id, debit_id, amount, entry_date, cause, user_id, user_name, at)
           select c.tenant_id, c.customer_id, c.id, d.id, u.amount, greatest(c.entry_date, d.entry_date, c.reopened_on, d.reopened_on), $5, $6, $7, $8
             from unnest($3::uuid[], $4::numeric[]) u(debit, amount)
             join open_items c on c.tenant_id = $1 and c.id = $2 and c.side = 'credit'
             join open_items d on d.tenant_id = $1 and d.id = u.debit and d.side = 'debit' and d.customer_id = c.customer_id",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(credit)
    .bind::<Array<SqlUuid>, _>(parts.iter().map(|(debit, _)| *debit).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(parts.iter().map(|(_, amount)| *amount).collect::<Vec<_>>())
    .bind::<Text, _>(cause.as_str())
    .bind::<Nullable<SqlUuid>, _>(scope.member().user())
    .bind::<Text, _>(who)
    .bind::<Timestamptz, _>(scope.now());
    if scope.execute(statement)? < parts.len() {
        return Err(AppError::NotFound);
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Fitted {
    #[diesel(sql_type = Numeric)]
    amount: Money,
}

/// Sets as much of a credit against one debit of the same customer as both have open, and says how much that was; nothing where one of them
/// is used up. The account is locked already. One statement.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "an insert of what two rows have open, and that amount given back"
)]
pub fn allocate_what_fits(
    scope: &mut Scope,
    (credit, debit): (EntryId, EntryId),
    cause: Cause,
    who: &str,
) -> Result<Money, AppError> {
    let statement = prepared(
        "insert into allocations (tenant_id, customer_id, credit_id, debit_id, amount, entry_date, cause, user_id, user_name, at)
           select c.tenant_id, c.customer_id, c.id, d.id, least(c.open, d.open), greatest(c.entry_date, d.entry_date, c.reopened_on, d.reopened_on), $4, $5, $6, $7
             from open_items c
             join open_items d on d.tenant_id = c.tenant_id and d.customer_id = c.customer_id and d.id = $3 and d.side = 'debit' and d.open > 0
             where c.tenant_id = $1 and c.id = $2 and c.side = 'credit' and c.open > 0
           returning amount",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(credit)
    .bind::<SqlUuid, _>(debit)
    .bind::<Text, _>(cause.as_str())
    .bind::<Nullable<SqlUuid>, _>(scope.member().user())
    .bind::<Text, _>(who)
    .bind::<Timestamptz, _>(scope.now());
    let set: Vec<Fitted> = scope.load(statement)?;
    Ok(set.into_iter().map(|one| one.amount).sum())
}

/// Sets what is left of all the money of a customer, what came first at the head, against so much of these of its bills, the one that was due
/// first at the head, as far as both go. The account is locked already. One statement.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of where two running sums meet, which the query builder can't say"
)]
pub fn allocate_unused(
    scope: &mut Scope,
    customer: CustomerId,
    parts: &[(EntryId, Money)],
    cause: Cause,
    who: &str,
) -> Result<(), AppError> {
    let statement = prepared(
        "with c as (
             select i.id, greatest(i.entry_date, i.reopened_on) as day, i.open, sum(i.open) over (order by i.entry_date, i.id) - i.open as before
               from open_items i where i.tenant_id = $1 and i.customer_id = $2 and i.side = 'credit' and i.is_open
         ), d as (
             select i.id, greatest(i.entry_date, i.reopened_on) as day, least(i.open, u.amount) as open,
                    sum(least(i.open, u.amount)) over (order by i.due_on, i.entry_date, i.id) - least(i.open, u.amount) as before
               from unnest($3::uuid[], $8::numeric[]) u(id, amount)
               join open_items i on i.tenant_id = $1 and i.id = u.id and i.customer_id = $2 and i.side = 'debit' and i.is_open
         ) insert into allocations (tenant_id, customer_id, credit_id, debit_id, amount, entry_date, cause, user_id, user_name, at)
             select $1, $2, c.id, d.id, least(c.before + c.open, d.before + d.open) - greatest(c.before, d.before), greatest(c.day, d.day), $4, $5, $6, $7
               from c join d on c.before < d.before + d.open and d.before < c.before + c.open",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(customer)
    .bind::<Array<SqlUuid>, _>(parts.iter().map(|(debit, _)| *debit).collect::<Vec<_>>())
    .bind::<Text, _>(cause.as_str())
    .bind::<Nullable<SqlUuid>, _>(scope.member().user())
    .bind::<Text, _>(who)
    .bind::<Timestamptz, _>(scope.now())
    .bind::<Array<Numeric>, _>(parts.iter().map(|(_, amount)| *amount).collect::<Vec<_>>());
    scope.execute(statement)?;
    Ok(())
}

/// What did not fit when somebody chose: the debit, or the credit itself, and why.
pub type Over = (EntryId, Said);

/// Sets so much of a credit against each of these debits, as somebody chose; or says what does not fit, and sets nothing. The account is
/// locked already. Two statements.
///
/// # Errors
/// `NotFound` for what is no credit of this customer's, or no debit of it; whatever the database refuses.
pub fn set_against(
    scope: &mut Scope,
    (customer, credit): (CustomerId, EntryId),
    parts: &[(EntryId, Money)],
    who: &str,
) -> Result<Result<(), Vec<Over>>, AppError> {
    let mut ids: Vec<EntryId> = parts.iter().map(|(debit, _)| *debit).collect();
    ids.push(credit);
    let items = OpenItem::of_ids(scope, customer, &ids)?;
    let find = |id: EntryId| items.iter().find(|item| item.id == id);
    let money = find(credit)
        .filter(|item| item.is_credit())
        .ok_or(AppError::NotFound)?
        .open;
    let mut over = over_of(&items, parts)?;
    let sum: Money = parts.iter().map(|(_, amount)| *amount).sum();
    if over.is_empty() && sum > money {
        over.push((credit, more_than(sum, money)));
    }
    if over.is_empty() {
        allocate(scope, credit, parts, Cause::ByHand, who)?;
        return Ok(Ok(()));
    }
    Ok(Err(over))
}

/// Sets credits of a customer, the first one until it is used up and then the next, against debits, so much of each as somebody chose; or says
/// what does not fit, and sets nothing. The account is locked already, and the credits are whole. One statement, and one for each credit.
///
/// # Errors
/// `NotFound` for what is no debit of this customer's; whatever the database refuses.
pub fn set_together(
    scope: &mut Scope,
    customer: CustomerId,
    credits: &[(EntryId, Money)],
    parts: &[(EntryId, Money)],
    who: &str,
) -> Result<Result<(), Vec<Over>>, AppError> {
    let ids: Vec<EntryId> = parts.iter().map(|(debit, _)| *debit).collect();
    let items = OpenItem::of_ids(scope, customer, &ids)?;
    let mut over = over_of(&items, parts)?;
    let sum: Money = parts.iter().map(|(_, amount)| *amount).sum();
    let money: Money = credits.iter().map(|(_, amount)| *amount).sum();
    if let Some((credit, _)) = credits.last().filter(|_| over.is_empty() && sum > money) {
        over.push((*credit, more_than(sum, money)));
    }
    if !over.is_empty() {
        return Ok(Err(over));
    }
    for (credit, parts) in rules::share_out(credits, parts) {
        if !parts.is_empty() {
            allocate(scope, credit, &parts, Cause::ByHand, who)?;
        }
    }
    Ok(Ok(()))
}

/// What is wanted of debits and is more than they have open.
fn over_of(items: &[OpenItem], parts: &[(EntryId, Money)]) -> Result<Vec<Over>, AppError> {
    let mut over = Vec::new();
    for (debit, amount) in parts {
        let item = items
            .iter()
            .find(|item| item.id == *debit && !item.is_credit())
            .ok_or(AppError::NotFound)?;
        if *amount > item.open {
            over.push((*debit, too_much(item.open)));
        }
    }
    Ok(over)
}

/// What is said where bills are to get more than there is.
fn more_than(sum: Money, money: Money) -> Said {
    Said::new("{sum} are more than the {money} that are left.")
        .with("sum", sum)
        .with("money", money)
}

/// What is said of a bill that has less open than somebody wanted to pay of it.
pub fn too_much(open: Money) -> Said {
    if open.is_zero() {
        Said::new("It is paid already.")
    } else {
        Said::new("Only {open} of it are open.").with("open", open)
    }
}
