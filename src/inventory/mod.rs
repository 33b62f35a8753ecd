//! Warehouses, the stock ledger, the levels kept beside it, and reservations.
//!
//! What this room keeps: nothing else writes stock. A level changes in the transaction of its move; what is reserved is never more than what
//! lies there; an order line holds as much as is open on it. Levels are locked by product and warehouse, in that order.

pub mod actions;
pub mod import;
pub mod model;

use crate::platform::verify::Check;
use crate::web::Routes;

/// Stock and warehouses.
pub fn routes(_: &mut Routes) {}

/// What `mandi verify` asks of stock.
pub const CHECKS: &[Check] = &[
    Check {
        name: "stock.ledger_equals_levels",
        about: "What lies in a warehouse is the sum of all moves of that product there.",
        sql: "select coalesce(l.tenant_id, m.tenant_id) as tenant, 'product ' || coalesce(l.product_id, m.product_id)::text || ' has ' || coalesce(l.on_hand, 0) || ' on hand, the ledger says ' || coalesce(m.sum, 0) as what
                from stock_levels l full join (
                    select tenant_id, product_id, warehouse_id, sum(quantity) as sum from stock_moves group by 1, 2, 3
                ) m on m.tenant_id = l.tenant_id and m.product_id = l.product_id and m.warehouse_id = l.warehouse_id
                where coalesce(l.on_hand, 0) <> coalesce(m.sum, 0)",
    },
    Check {
        name: "stock.reserved_is_on_hand",
        about: "No level has more reserved than lies there.",
        sql: "select tenant_id as tenant, 'product ' || product_id::text || ' has ' || reserved || ' reserved of ' || on_hand as what
                from stock_levels where reserved < 0 or reserved > on_hand",
    },
    Check {
        name: "stock.reservations_equal_levels",
        about: "What a level says is reserved is the sum of the reservations there.",
        sql: "select coalesce(l.tenant_id, r.tenant_id) as tenant, 'product ' || coalesce(l.product_id, r.product_id)::text || ' has ' || coalesce(l.reserved, 0) || ' reserved, order lines hold ' || coalesce(r.sum, 0) as what
                from stock_levels l full join (
                    select tenant_id, product_id, warehouse_id, sum(quantity) as sum from reservations group by 1, 2, 3
                ) r on r.tenant_id = l.tenant_id and r.product_id = l.product_id and r.warehouse_id = l.warehouse_id
                where coalesce(l.reserved, 0) <> coalesce(r.sum, 0)",
    },
];
