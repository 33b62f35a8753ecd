//! Customers' accounts: rows and queries.

use crate::customers::model::Line;
use crate::error::AppError;
use crate::kernel::ids::CustomerId;
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::platform::db::schema::customer_accounts;
use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;

/// What a customer has open.
#[derive(Clone, Debug, Default, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = customer_accounts)]
pub struct Account {
    /// Orders that are placed and neither closed nor cancelled.
    pub open_orders: i32,
    /// What of them is still to be billed, with tax.
    pub open_amount: Money,
    /// What left with a challan and is neither billed nor back, with tax.
    pub unbilled: Money,
    /// What is owed by bills.
    pub balance: Money,
    /// When goods on their way are expected.
    pub next_delivery: Option<NaiveDate>,
}

impl From<&Line> for Account {
    fn from(line: &Line) -> Self {
        Self {
            open_orders: line.open_orders.unwrap_or_default(),
            open_amount: line.open(),
            unbilled: line.unbilled(),
            balance: line.owed(),
            next_delivery: line.next_delivery,
        }
    }
}

impl Account {
    fn of<'q>(scope: &Scope) -> customer_accounts::BoxedQuery<'q, Pg> {
        customer_accounts::table
            .filter(customer_accounts::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// What counts against the credit: bills, open orders, and goods that left without a bill.
    pub fn exposure(&self) -> Money {
        self.balance + self.open_amount + self.unbilled
    }

    /// A customer's account; all zero when nothing ever happened.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn find(scope: &mut Scope, customer: CustomerId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(customer_accounts::id.eq(customer.uuid()))
            .select(Self::as_select());
        Ok(scope.maybe(query)?.unwrap_or_default())
    }
}
