//! Warehouses, the stock ledger, the levels kept beside it, and reservations.
//!
//! What this room keeps: nothing else writes stock. A level changes in the transaction of its move; what is reserved is never more than what
//! lies there; an order line holds as much as is open on it. Levels are locked by product and warehouse, in that order.

pub mod actions;
mod forms;
pub mod import;
pub mod model;
mod pages;
pub mod rules;
mod views;

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::{adjust, stock, warehouses};

/// Stock and warehouses.
pub fn routes(r: &mut Routes) {
    let list = "/c/{company}/warehouses";
    r.page(list, warehouses::index);
    r.page(&format!("{list}/new"), warehouses::new);
    r.change(&format!("{list}/new"), warehouses::create);
    let one = format!("{list}/{{code}}");
    r.page(&one, warehouses::show);
    r.change(&one, warehouses::save);
    r.change(&format!("{one}/default"), warehouses::make_default);
    r.page(&format!("{one}/deactivate"), warehouses::ask_deactivate);
    r.change(&format!("{one}/deactivate"), warehouses::deactivate);
    r.change(&format!("{one}/activate"), warehouses::activate);
    let stock = "/c/{company}/stock";
    r.page(stock, stock::index);
    r.part(&format!("{stock}/export"), stock::export);
    r.part(&format!("{stock}/moves/export"), stock::export_moves);
    r.page(&format!("{stock}/adjust"), adjust::new);
    r.change(&format!("{stock}/adjust"), adjust::create);
    r.page(&format!("{stock}/{{sku}}"), stock::show);
    r.change(&format!("{stock}/{{sku}}/reorder"), stock::set_reorder);
}

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
