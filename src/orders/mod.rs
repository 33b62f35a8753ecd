//! Demand: cart, checkout, orders and their lines, hold and cancellation.
//!
//! What this room keeps: ordered = shipped + open + cancelled on every line; a placed order holds stock for all that is open on it; an order
//! over the credit limit is held; one submit is one order.

pub mod model;

use crate::platform::verify::Check;
use crate::web::Routes;

/// The portal's catalogue, cart and orders, and the office's orders.
pub fn routes(_: &mut Routes) {}

/// What `mandi verify` asks of orders.
pub const CHECKS: &[Check] = &[
    Check {
        name: "orders.lines_add_up",
        about: "On every line: ordered = shipped + open + cancelled.",
        sql: "select tenant_id as tenant, 'line ' || id::text || ' does not add up' as what from order_lines where quantity <> shipped_qty + open_qty + cancelled_qty",
    },
    Check {
        name: "orders.reservations_equal_open",
        about: "A line of a placed order holds exactly what is open on it; no other line holds anything.",
        sql: "select coalesce(l.tenant_id, r.tenant_id) as tenant, 'line ' || coalesce(l.id, r.id)::text || ' holds ' || coalesce(r.quantity, 0) || ', open are ' || coalesce(l.due, 0) as what
                from (select l.tenant_id, l.id, case when o.status in ('to_approve', 'confirmed') then l.open_qty else 0 end as due
                        from order_lines l join orders o on o.tenant_id = l.tenant_id and o.id = l.order_id) l
                full join reservations r on r.tenant_id = l.tenant_id and r.id = l.id
                where coalesce(l.due, 0) <> coalesce(r.quantity, 0)",
    },
    Check {
        name: "orders.sums_equal_lines",
        about: "An order's amounts are the sums of its lines.",
        sql: "select o.tenant_id as tenant, 'order ' || o.number || ' comes to ' || o.total || ', its lines to ' || coalesce(l.total, 0) as what
                from orders o left join (select tenant_id, order_id, sum(taxable) as taxable, sum(cgst) as cgst, sum(sgst) as sgst, sum(igst) as igst, sum(cess) as cess, sum(total) as total
                    from order_lines group by 1, 2) l on l.tenant_id = o.tenant_id and l.order_id = o.id
                where (o.taxable, o.cgst, o.sgst, o.igst, o.cess, o.total) is distinct from
                      (coalesce(l.taxable, 0), coalesce(l.cgst, 0), coalesce(l.sgst, 0), coalesce(l.igst, 0), coalesce(l.cess, 0), coalesce(l.total, 0))",
    },
    Check {
        name: "orders.numbers_have_no_gap",
        about: "Numbers of orders and shipments run from 1 to the last that was taken, each once.",
        sql: "select s.tenant_id as tenant, s.kind || ' numbers of ' || s.year || ': ' || s.last || ' were taken, ' || count(d.number) || ' are in use' as what
                from number_series s left join (
                    select tenant_id, 'order' as kind, substr(number, 4, 2) as year, number from orders
                    union all select tenant_id, 'shipment', substr(number, 4, 2), number from shipments) d
                  on d.tenant_id = s.tenant_id and d.kind = s.kind and d.year = left(s.year, 2)
                where s.kind in ('order', 'shipment') group by s.tenant_id, s.kind, s.year, s.last having s.last <> count(d.number)",
    },
    Check {
        name: "orders.ended_have_nothing_open",
        about: "Of a closed or cancelled order nothing is open, and a closed one has shipped something.",
        sql: "select o.tenant_id as tenant, 'order ' || o.number || ' is ' || o.status || ', but not at its end' as what
                from orders o where o.status in ('closed', 'cancelled') and (
                    exists (select from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id and l.open_qty > 0)
                    or (o.status = 'closed') <> exists (select from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id and l.shipped_qty > 0))",
    },
];
