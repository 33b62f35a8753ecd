//! A customer as lists show it: with figures that other rooms keep.

use super::Customer;
use crate::kernel::money::Money;
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;

/// A customer with what it has open, and how it stands to the portal.
#[derive(Clone, Debug, Queryable)]
pub struct Line {
    pub customer: Customer,
    /// Orders that are placed and neither closed nor cancelled.
    pub open_orders: Option<i32>,
    /// What of them is still to be billed, with tax.
    pub open_amount: Option<Money>,
    /// What left with a challan and is neither billed nor back, with tax.
    pub unbilled: Option<Money>,
    /// What is owed by bills.
    pub balance: Option<Money>,
    /// When goods on their way are expected.
    pub next_delivery: Option<NaiveDate>,
    /// State of the connection, if there is one.
    pub connection: Option<String>,
    /// Whether an invitation is open.
    pub is_invited: bool,
}

impl Line {
    /// What is owed by bills; nothing when nothing ever happened.
    pub fn owed(&self) -> Money {
        self.balance.unwrap_or(Money::from_paise(0))
    }

    /// What is still to be billed of open orders.
    pub fn open(&self) -> Money {
        self.open_amount.unwrap_or(Money::from_paise(0))
    }

    /// What left with a challan and is neither billed nor back.
    pub fn unbilled(&self) -> Money {
        self.unbilled.unwrap_or(Money::from_paise(0))
    }

    /// What counts against the credit: bills, open orders, and goods that left without a bill.
    pub fn exposure(&self) -> Money {
        self.owed() + self.open() + self.unbilled()
    }

    /// Whether a retailer is behind this customer.
    pub fn is_connected(&self) -> bool {
        matches!(self.connection.as_deref(), Some("active" | "paused"))
    }
}

/// Whether a retailer is behind a customer.
pub(super) const IS_CONNECTED: &str = "exists (select from connections n where n.tenant_id = customers.tenant_id and n.customer_id = customers.id and n.status in ('active', 'paused'))";
/// How the connection stands, if there is one.
pub(super) const STATUS_OF_CONNECTION: &str = "(select n.status from connections n where n.tenant_id = customers.tenant_id and n.customer_id = customers.id)";
/// Whether an invitation is open.
pub(super) const IS_INVITED: &str = "exists (select from retailer_invitations i where i.tenant_id = customers.tenant_id and i.customer_id = customers.id and i.status = 'sent')";

/// A figure of the customer's account, which is kept by another room.
pub(super) fn account<T: diesel::sql_types::SingleValue>(column: &'static str) -> SqlLiteral<T> {
    sql(match column {
        "open_orders" => {
            "(select a.open_orders from customer_accounts a where a.tenant_id = customers.tenant_id and a.id = customers.id)"
        }
        "open_amount" => {
            "(select a.open_amount from customer_accounts a where a.tenant_id = customers.tenant_id and a.id = customers.id)"
        }
        "unbilled" => {
            "(select a.unbilled from customer_accounts a where a.tenant_id = customers.tenant_id and a.id = customers.id)"
        }
        "balance" => {
            "(select a.balance from customer_accounts a where a.tenant_id = customers.tenant_id and a.id = customers.id)"
        }
        _ => {
            "(select a.next_delivery from customer_accounts a where a.tenant_id = customers.tenant_id and a.id = customers.id)"
        }
    })
}
