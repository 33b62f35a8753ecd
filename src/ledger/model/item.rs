//! What of each entry is still open.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, EntryId};
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::platform::db::schema::open_items;
use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;

/// An entry, and what of it is open.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = open_items)]
pub struct OpenItem {
    /// The entry.
    pub id: EntryId,
    /// Whose it is.
    pub customer_id: CustomerId,
    side: String,
    /// Its date.
    pub entry_date: NaiveDate,
    /// When it is due; a credit counts from its own date.
    pub due_on: NaiveDate,
    /// In rupees, never below zero.
    pub amount: Money,
    /// What of that nothing was set against yet.
    pub open: Money,
}

impl OpenItem {
    fn of<'q>(scope: &Scope) -> open_items::BoxedQuery<'q, Pg> {
        open_items::table
            .filter(open_items::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// Whether it is money of the customer.
    pub fn is_credit(&self) -> bool {
        self.side == "credit"
    }

    /// What of an entry is open.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: EntryId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(open_items::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// What of some entries of a customer is open, as it is after everybody who held its account.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_ids(
        scope: &mut Scope,
        customer: CustomerId,
        ids: &[EntryId],
    ) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(open_items::customer_id.eq(customer))
            .filter(open_items::id.eq_any(ids.to_vec()))
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }
}
