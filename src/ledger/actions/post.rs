//! Entries: what customers owe more, or less, from now on.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, DocumentId, EntryId, PaymentId};
use crate::kernel::money::Money;
use crate::ledger::model::Account;
use crate::ledger::rules::EntryKind;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::sql_types::{Array, Date, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};

/// What an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A document of ours.
    Document(DocumentId),
    /// Money that came or went.
    Payment(PaymentId),
    /// Neither: its reason says why.
    Words,
}

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct Posting {
    /// The entry: the document's or payment's own id for the entry that it makes, a new one for what undoes it.
    pub id: EntryId,
    /// What it is.
    pub kind: EntryKind,
    /// The day on which it counts, in India.
    pub entry_date: NaiveDate,
    /// When it has to be paid; not asked of what lowers the balance. The day itself when nothing is said.
    pub due_on: Option<NaiveDate>,
    /// In rupees: above zero the customer owes more, below zero less.
    pub amount: Money,
    /// What it comes from.
    pub source: Source,
    /// Why, where neither a document nor a payment says it.
    pub reason: Option<String>,
}

impl Posting {
    fn due(&self) -> Option<NaiveDate> {
        let is_owed = self.amount > Money::ZERO;
        is_owed.then(|| self.due_on.unwrap_or(self.entry_date).max(self.entry_date))
    }
}

/// Writes entries of one customer, moves its balance by their sum and what its orders have open by `open_delta`, and gives back how the
/// account stands then; the account stays locked until the transaction ends. Entries of nothing are left out, since nothing is owed by them.
/// `who` is the name that the books show. One statement.
///
/// # Errors
/// When the database refuses: a day before its source's, a second entry of one source.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of many rows by arrays, and of their account"
)]
pub fn post(
    scope: &mut Scope,
    customer: CustomerId,
    who: &str,
    postings: &[Posting],
    open_delta: Money,
) -> Result<Account, AppError> {
    let written: Vec<&Posting> = postings
        .iter()
        .filter(|one| !one.amount.is_zero())
        .collect();
    let sum: Money = written.iter().map(|one| one.amount).sum();
    let ids: Vec<EntryId> = written.iter().map(|one| one.id).collect();
    let kinds: Vec<&str> = written.iter().map(|one| one.kind.as_str()).collect();
    let dates: Vec<NaiveDate> = written.iter().map(|one| one.entry_date).collect();
    let dues: Vec<Option<NaiveDate>> = written.iter().map(|one| one.due()).collect();
    let amounts: Vec<Money> = written.iter().map(|one| one.amount).collect();
    let documents = written.iter().map(|one| match one.source {
        Source::Document(id) => Some(id),
        Source::Payment(_) | Source::Words => None,
    });
    let payments = written.iter().map(|one| match one.source {
        Source::Payment(id) => Some(id),
        Source::Document(_) | Source::Words => None,
    });
    let reasons: Vec<Option<&str>> = written.iter().map(|one| one.reason.as_deref()).collect();
    // The account comes first, so that its lock is held before anything of the customer is written.
    let statement = prepared(
        "with account as (
             insert into customer_accounts as a (id, balance, open_amount, updated_at) values ($1, $2, greatest($3, 0), $4)
               on conflict (tenant_id, id) do update set balance = a.balance + excluded.balance, open_amount = a.open_amount + $3, updated_at = excluded.updated_at
               returning a.id, a.open_orders, a.open_amount, a.unbilled, a.balance, a.next_delivery
         ), added as (
             insert into ledger_entries (id, customer_id, kind, entry_date, due_on, amount, document_id, payment_id, reason, user_id, user_name, at)
               select u.id, account.id, u.kind, u.entry_date, u.due_on, u.amount, u.document_id, u.payment_id, u.reason, $5, $6, $4
                 from account, unnest($7::uuid[], $8::text[], $9::date[], $10::date[], $11::numeric[], $12::uuid[], $13::uuid[], $14::text[])
                   u(id, kind, entry_date, due_on, amount, document_id, payment_id, reason)
         ) select open_orders, open_amount, unbilled, balance, next_delivery from account",
    )
    .bind::<SqlUuid, _>(customer)
    .bind::<Numeric, _>(sum)
    .bind::<Numeric, _>(open_delta)
    .bind::<Timestamptz, _>(scope.now())
    .bind::<Nullable<SqlUuid>, _>(scope.member().user())
    .bind::<Text, _>(who)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Date>, _>(dates)
    .bind::<Array<Nullable<Date>>, _>(dues)
    .bind::<Array<Numeric>, _>(amounts)
    .bind::<Array<Nullable<SqlUuid>>, _>(documents.collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(payments.collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(reasons);
    Ok(scope.one(statement)?)
}
