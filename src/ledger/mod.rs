//! What each customer has open: credit is decided on it, the retailer's home shows it.
//!
//! The account is kept beside orders (and, later, bills) in their own transaction, and locked after stock and before documents.

pub mod actions;
pub mod model;
pub mod rules;

use crate::platform::verify::Check;

/// What `mandi verify` asks of customers' accounts.
pub const CHECKS: &[Check] = &[Check {
    name: "ledger.account_equals_orders",
    about: "What a customer has open is what its placed orders have open, in number and in rupees.",
    sql: "select coalesce(a.tenant_id, o.tenant_id) as tenant, 'customer ' || coalesce(a.id, o.customer_id)::text || ' has ' || coalesce(a.open_orders, 0) || ' orders of ' || coalesce(a.open_amount, 0) || ' open, its orders say ' || coalesce(o.number, 0) || ' of ' || coalesce(o.amount, 0) as what
            from customer_accounts a full join (
                select tenant_id, customer_id, count(*) as number, sum(open_amount) as amount from orders where status in ('to_approve', 'confirmed') group by 1, 2
            ) o on o.tenant_id = a.tenant_id and o.customer_id = a.id
            where coalesce(a.open_orders, 0) <> coalesce(o.number, 0) or coalesce(a.open_amount, 0) <> coalesce(o.amount, 0)",
}];
