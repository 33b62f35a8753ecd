//! Supply: pick lists, packing, shipments, vehicles and drivers, delivery and its proof.
//!
//! What this room keeps: two people can't pick the same open units (`picking_qty` on the order's line); what leaves is moved in the stock
//! ledger, line by line, in the same transaction.

pub mod actions;
mod forms;
pub mod model;
mod pages;

pub use pages::ending;
pub mod rules;
mod views;

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::{deliver, fleet, pack, papers, send, shipments};

/// Shipments and the fleet.
pub fn routes(r: &mut Routes) {
    r.change("/c/{company}/orders/{no}/pick", shipments::pick);
    let list = "/c/{company}/shipments";
    r.page(list, shipments::index);
    r.part(&format!("{list}/export"), shipments::export);
    r.page(&format!("{list}/pick-list"), papers::pick_run);
    let one = "/c/{company}/shipments/{no}";
    r.page(one, shipments::show);
    r.page(&format!("{one}/pick-list"), papers::pick_list);
    r.page(&format!("{one}/pack"), pack::ask);
    r.change(&format!("{one}/pack"), pack::pack);
    r.change(&format!("{one}/reopen"), shipments::reopen);
    r.page(&format!("{one}/cancel"), shipments::ask_cancel);
    r.change(&format!("{one}/cancel"), shipments::cancel);
    r.page(&format!("{one}/send"), send::ask);
    r.change(&format!("{one}/send"), send::send);
    r.page(&format!("{one}/challan"), papers::challan);
    r.page(&format!("{one}/deliver"), deliver::ask);
    r.change(&format!("{one}/deliver"), deliver::deliver);
    r.page("/c/{company}/drive", deliver::drive);
    r.page("/c/{company}/drive/{no}", deliver::stop);
    r.change("/c/{company}/drive/{no}", deliver::deliver_stop);
    r.page("/c/{company}/vehicles", fleet::vehicles);
    r.part("/c/{company}/vehicles/export", fleet::export_vehicles);
    r.page("/c/{company}/vehicles/new", fleet::new_vehicle);
    r.change("/c/{company}/vehicles/new", fleet::add_vehicle);
    r.page("/c/{company}/vehicles/{id}", fleet::vehicle);
    r.change("/c/{company}/vehicles/{id}", fleet::save_vehicle);
    r.page("/c/{company}/drivers", fleet::drivers);
    r.part("/c/{company}/drivers/export", fleet::export_drivers);
    r.page("/c/{company}/drivers/new", fleet::new_driver);
    r.change("/c/{company}/drivers/new", fleet::add_driver);
    r.page("/c/{company}/drivers/{id}", fleet::driver);
    r.change("/c/{company}/drivers/{id}", fleet::save_driver);
}

/// What `mandi verify` asks of shipments.
pub const CHECKS: &[Check] = &[
    Check {
        name: "shipments.lines_have_moves",
        about: "What left with a shipment's line is what the stock ledger moved for it, and nothing else was moved.",
        sql: "select l.tenant_id as tenant, 'shipment line ' || l.id::text || ' sent ' || coalesce(d.due, 0) || ', the ledger moved ' || coalesce(-m.sum, 0) as what
                from shipment_lines l
                join (select s.tenant_id, s.id, s.status from shipments s) s on s.tenant_id = l.tenant_id and s.id = l.shipment_id
                cross join lateral (select case when s.status in ('out', 'delivered') then coalesce(l.packed_qty, 0) - l.returned_qty else 0 end as due) d
                left join (select tenant_id, shipment_line_id, sum(quantity) as sum from stock_moves where shipment_line_id is not null group by 1, 2) m
                  on m.tenant_id = l.tenant_id and m.shipment_line_id = l.id
                where d.due <> coalesce(-m.sum, 0)",
    },
    Check {
        name: "shipments.equal_order_lines",
        about: "What an order's line says was shipped and is being picked is what its shipments say.",
        sql: "select o.tenant_id as tenant, 'order line ' || o.id::text || ' shipped ' || o.shipped_qty || ' and picks ' || o.picking_qty || ', its shipments say ' || coalesce(s.shipped, 0) || ' and ' || coalesce(s.picking, 0) as what
                from order_lines o left join (
                    select l.tenant_id, l.order_line_id,
                           sum(l.packed_qty) filter (where s.status in ('out', 'delivered')) as shipped,
                           sum(coalesce(l.packed_qty, l.quantity)) filter (where s.status in ('picking', 'packed')) as picking
                        from shipment_lines l join shipments s on s.tenant_id = l.tenant_id and s.id = l.shipment_id group by 1, 2
                ) s on s.tenant_id = o.tenant_id and s.order_line_id = o.id
                where o.shipped_qty <> coalesce(s.shipped, 0) or o.picking_qty <> coalesce(s.picking, 0)",
    },
];
