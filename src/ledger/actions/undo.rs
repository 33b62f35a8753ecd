//! Taking off what was set against something.

use crate::error::AppError;
use crate::kernel::ids::{AllocationId, EntryId};
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::sql_types::{Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};

/// What is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undo {
    /// One allocation of a credit, as if it had never been.
    One(EntryId, AllocationId),
    /// All that somebody set a credit against, as if it had never been.
    All(EntryId),
    /// All that somebody set against a debit, as if it had never been: the debit is taken back.
    OffBill(EntryId),
    /// All that a credit paid, from a day on: its cheque came back. Until then it was paid.
    Bounced(EntryId, NaiveDate),
}

const ONE: &str = "insert into allocations (tenant_id, customer_id, credit_id, debit_id, amount, entry_date, cause, undoes_id, user_id, user_name, at)
  select a.tenant_id, a.customer_id, a.credit_id, a.debit_id, -a.amount, greatest(a.entry_date, $3), $4, a.id, $5, $6, $7
    from allocations a where a.tenant_id = $1 and a.credit_id = $2 and a.id = $8 and a.amount > 0 and a.cause in ('oldest_first', 'by_hand', 'wish', 'note')
      and not exists (select from allocations u where u.tenant_id = a.tenant_id and u.undoes_id = a.id)";

const OF_DEBIT: &str = "insert into allocations (tenant_id, customer_id, credit_id, debit_id, amount, entry_date, cause, undoes_id, user_id, user_name, at)
  select a.tenant_id, a.customer_id, a.credit_id, a.debit_id, -a.amount, greatest(a.entry_date, $3), $4, a.id, $5, $6, $7
    from allocations a where a.tenant_id = $1 and a.debit_id = $2 and a.amount > 0 and a.cause in ('oldest_first', 'by_hand', 'wish')
      and not exists (select from allocations u where u.tenant_id = a.tenant_id and u.undoes_id = a.id)";

const OF_CREDIT: &str = "insert into allocations (tenant_id, customer_id, credit_id, debit_id, amount, entry_date, cause, undoes_id, user_id, user_name, at)
  select a.tenant_id, a.customer_id, a.credit_id, a.debit_id, -a.amount, greatest(a.entry_date, $3), $4, a.id, $5, $6, $7
    from allocations a where a.tenant_id = $1 and a.credit_id = $2 and a.amount > 0 and a.cause in ('oldest_first', 'by_hand', 'wish', 'note')
      and not exists (select from allocations u where u.tenant_id = a.tenant_id and u.undoes_id = a.id)";

/// Takes off what was set against bills, by rows of the opposite amount, and says how many there were. What a bounce, a refund, a write-off or
/// a cancellation joined stays. The account is locked already. One statement.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of the opposites of many rows"
)]
pub fn undo(scope: &mut Scope, who: &str, what: Undo) -> Result<usize, AppError> {
    let (text, entry, day, cause) = match what {
        Undo::OffBill(debit) => (OF_DEBIT, debit, None, "undone"),
        Undo::One(credit, _) => (ONE, credit, None, "undone"),
        Undo::All(credit) => (OF_CREDIT, credit, None, "undone"),
        Undo::Bounced(credit, day) => (OF_CREDIT, credit, Some(day), "bounce"),
    };
    let mut statement = prepared(text)
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(entry)
        .bind::<Nullable<Date>, _>(day)
        .bind::<Text, _>(cause)
        .bind::<Nullable<SqlUuid>, _>(scope.member().user())
        .bind::<Text, _>(who)
        .bind::<Timestamptz, _>(scope.now());
    if let Undo::One(_, allocation) = what {
        statement = statement.bind::<SqlUuid, _>(allocation);
    }
    Ok(scope.execute(statement)?)
}
