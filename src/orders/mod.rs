//! Demand: cart, checkout, orders and their lines, hold and cancellation.
//!
//! What this room keeps: ordered = shipped + open + cancelled on every line; a placed order holds stock for all that is open on it; an order
//! over the credit limit is held; one submit is one order.

pub mod actions;
mod forms;
pub mod jobs;
pub mod model;
pub mod packs;
mod pages;
mod portal;
pub mod rules;
mod views;

use crate::error::AppError;
use crate::inventory::actions::Short;
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::platform::verify::Check;
use crate::web::Routes;
use actions::Quote;
use pages::{editor, office, steps, withdraw};
use rust_decimal::Decimal;

/// The portal's catalogue, cart and orders, and the office's orders.
pub fn routes(r: &mut Routes) {
    portal::routes(r);
    office(r);
}

/// The employees' side.
fn office(r: &mut Routes) {
    let list = "/c/{company}/orders";
    r.page(list, office::index);
    r.part(&format!("{list}/export"), office::export);
    r.change(&format!("{list}/bulk"), office::bulk);
    r.page(&format!("{list}/new"), editor::new);
    r.change(&format!("{list}/new"), editor::create);
    r.part(&format!("{list}/new/customers"), editor::customers);
    r.part(&format!("{list}/new/products"), editor::products);
    let one = format!("{list}/{{no}}");
    r.page(&format!("{one}/edit"), editor::edit);
    r.change(&format!("{one}/edit"), editor::save);
    r.change(&format!("{one}/preview"), editor::preview);
    r.page(&one, office::show);
    r.change(&format!("{one}/notes"), office::add_note);
    r.change(&format!("{one}/confirm"), steps::confirm);
    r.page(&format!("{one}/confirm-lines"), steps::ask_confirm_lines);
    r.change(&format!("{one}/confirm-lines"), steps::confirm_lines);
    r.page(&format!("{one}/hold"), steps::ask_hold);
    r.change(&format!("{one}/hold"), steps::hold);
    r.page(&format!("{one}/release"), steps::ask_release);
    r.change(&format!("{one}/release"), steps::release);
    r.page(&format!("{one}/cancel"), steps::ask_cancel);
    r.change(&format!("{one}/cancel"), steps::cancel);
    r.page(&format!("{one}/cancel-open"), steps::ask_cancel_open);
    r.change(&format!("{one}/cancel-open"), steps::cancel_open);
    r.page(
        &format!("{one}/lines/{{id}}/cancel"),
        steps::ask_cancel_line,
    );
    r.change(&format!("{one}/lines/{{id}}/cancel"), steps::cancel_line);
    let own = "/r/{retailer}/{supplier}/orders/{no}/cancel";
    r.page(own, withdraw::ask_withdraw);
    r.change(own, withdraw::withdraw);
}

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
        name: "orders.days_equal_orders",
        about: "The orders that a company took on a day, and what they come to, are kept as they are.",
        sql: "select coalesce(o.tenant_id, d.tenant_id) as tenant, coalesce(o.day, d.day)::text || ' has ' || coalesce(o.orders, 0) || ' orders of ' || coalesce(o.total, 0) || ', kept are '
                    || coalesce(d.orders, 0) || ' of ' || coalesce(d.total, 0) as what
                from (select tenant_id, (placed_at at time zone 'Asia/Kolkata')::date as day, count(*) as orders, sum(total) as total from orders where placed_at is not null group by 1, 2) o
                full join order_days d on d.tenant_id = o.tenant_id and d.day = o.day
                where (coalesce(o.orders, 0), coalesce(o.total, 0)) is distinct from (coalesce(d.orders, 0)::bigint, coalesce(d.total, 0))",
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
        about: "Of a closed or cancelled order nothing is open, and a closed one has shipped something, if only to see it come back.",
        sql: "select o.tenant_id as tenant, 'order ' || o.number || ' is ' || o.status || ', but not at its end' as what
                from orders o where o.status in ('closed', 'cancelled') and (
                    exists (select from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id and l.open_qty > 0)
                    or (o.status = 'cancelled' and exists (select from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id and l.shipped_qty > 0))
                    or (o.status = 'closed' and not exists (select from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id and l.shipped_qty > 0)
                        and not exists (select from shipments s where s.tenant_id = o.tenant_id and s.order_id = o.id and s.status = 'returned')))",
    },
];

/// A line of which there is less than wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct ShortLine {
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Units that were wanted.
    pub wanted: Decimal,
    /// Units that there are.
    pub free: Decimal,
}

impl ShortLine {
    fn of(short: &[Short], quote: &Quote) -> Vec<Self> {
        let lines = quote.lines.iter().map(|priced| &priced.line);
        lines
            .filter_map(|line| {
                let short = short
                    .iter()
                    .find(|short| short.product == line.product_id)?;
                Some(Self {
                    product: line.product_id,
                    name: line.name.clone(),
                    wanted: line.quantity,
                    free: short.free,
                })
            })
            .collect()
    }
}

/// Prices, rates or heads of tax that changed between what was shown and now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Changed {
    /// The total that was shown.
    pub shown: Money,
    /// The total now.
    pub now: Money,
    /// Whether the tax is IGST now, if nothing changed but its heads: the goods go to another state.
    pub turned: Option<bool>,
}

/// Why an order can't be placed or go on.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// There is nothing in it.
    #[error("an order needs a line")]
    Empty,
    /// The customer, or its connection, is paused.
    #[error("the customer is paused")]
    Paused,
    /// Nobody said where the goods go.
    #[error("no address")]
    NoAddress,
    /// A product is not sold, or not any more.
    #[error("{0} is not sold")]
    NotSold(String),
    /// A product has no price for this customer.
    #[error("{0} has no price")]
    NoPrice(String),
    /// A product's code has no rate of GST on this day.
    #[error("{0} has no rate")]
    NoRate(String),
    /// A line's price or amount can't be; in words.
    #[error("{0} can't be ordered so")]
    Unfit(String, Said),
    /// Prices or rates of lines changed since the draft was saved, and nobody was shown that.
    #[error("{} lines have another price or rate", .0.len())]
    Repriced(Vec<(ProductId, Said)>),
    /// There is less than wanted; nothing was reserved.
    #[error("{} lines are short", .0.len())]
    Short(Vec<ShortLine>),
    /// It comes to another amount than was shown, or by other prices or rates to the same.
    #[error("the total changed from {} to {}", .0.shown, .0.now)]
    Changed(Changed),
    /// The state refuses, in words.
    #[error("{0}")]
    Refused(Said),
    /// Something else went wrong.
    #[error(transparent)]
    Other(#[from] AppError),
}

impl OrderError {
    /// What is said to whoever tried, where no form can show it line by line.
    pub fn said(&self) -> Option<Said> {
        Some(match self {
            Self::Empty => Said::new("An order needs at least one product."),
            Self::Paused => {
                Said::new("New orders are paused for this customer. The supplier can resume them.")
            }
            Self::NoAddress => Said::new("Choose an address for the delivery."),
            Self::NotSold(name) => Said::new("{name} is not sold any more.").with("name", name),
            Self::NoPrice(name) => Said::new("{name} has no price yet.").with("name", name),
            Self::NoRate(name) => Said::new("{name} has no GST rate for today.").with("name", name),
            Self::Unfit(name, problem) => Said::new("{name}: {problem}")
                .with("name", name)
                .with("problem", problem.clone()),
            Self::Repriced(_) => Said::new(
                "Prices or GST changed since this was saved. Look at it once more, then place it again.",
            ),
            Self::Short(lines) => {
                let first = lines.first()?;
                Said::new("Of {name} there are {free}, not {wanted}.")
                    .with("name", &first.name)
                    .with("free", number::indian(first.free))
                    .with("wanted", number::indian(first.wanted))
            }
            Self::Changed(Changed { turned: Some(true), .. }) => Said::new(
                "The taxes changed: IGST instead of CGST and SGST. Look at the total, then place the order.",
            ),
            Self::Changed(Changed { turned: Some(false), .. }) => Said::new(
                "The taxes changed: CGST and SGST instead of IGST. Look at the total, then place the order.",
            ),
            Self::Changed(changed) if changed.now == changed.shown => Said::new(
                "Prices or GST changed, though the order still comes to {now}. Look at it once more.",
            )
            .with("now", changed.now),
            Self::Changed(changed) => Said::new(
                "Prices changed: the order comes to {now} now, not {shown}. Look at it once more.",
            )
            .with("now", changed.now)
            .with("shown", changed.shown),
            Self::Refused(said) => said.clone(),
            Self::Other(_) => return None,
        })
    }
}

impl From<diesel::result::Error> for OrderError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<OrderError> for AppError {
    fn from(error: OrderError) -> Self {
        match (error.said(), error) {
            (_, OrderError::Other(error)) => error,
            (Some(said), _) => Self::refused(said),
            (None, error) => Self::internal(error.to_string()),
        }
    }
}
