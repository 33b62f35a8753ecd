//! Entries of the ledger: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, DocumentId, EntryId, PaymentId, UserId};
use crate::kernel::money::Money;
use crate::ledger::rules::EntryKind;
use crate::platform::db::Scope;
use crate::platform::db::schema::ledger_entries;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

/// An entry in the ledger.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = ledger_entries)]
pub struct Entry {
    /// The entry: the document's or payment's own id for the entry that it makes.
    pub id: EntryId,
    /// The customer.
    pub customer_id: CustomerId,
    /// opening, invoice, bill_of_supply, debit_note, credit_note, commercial_note, cancellation (of a document), receipt, bounce, refund or write_off.
    pub kind: EntryKind,
    /// The day on which it counts, in India.
    pub entry_date: NaiveDate,
    /// For what is owed: when it has to be paid.
    pub due_on: Option<NaiveDate>,
    /// In rupees: above zero the customer owes more, below zero less.
    pub amount: Money,
    /// The document.
    pub document_id: Option<DocumentId>,
    /// The payment.
    pub payment_id: Option<PaymentId>,
    /// Why, where no document says it.
    pub reason: Option<String>,
    /// Who; null when the system did.
    pub user_id: Option<UserId>,
    /// That person's name then.
    pub user_name: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

impl Entry {
    fn of<'q>(scope: &Scope) -> ledger_entries::BoxedQuery<'q, Pg> {
        ledger_entries::table
            .filter(ledger_entries::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// One entry.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: EntryId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(ledger_entries::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }
}
