//! A list of a retailer's own orders.

use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::orders::model::{Order, Parcel};
use crate::orders::rules::{self, OrderStatus, Progress};
use crate::web::components::{Empty, Pill};
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::{COUNT_CAP, ListQuery, Page};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;

/// How far the goods of an order are, by its parcels.
pub(super) fn progress(order: &Order, parcels: &[Parcel]) -> Progress {
    let own = parcels.iter().filter(|parcel| parcel.order_id == order.id);
    Progress::of(own.map(|parcel| parcel.status.as_str()))
}

pub(super) fn pill(order: &Order, parcels: &[Parcel], lang: Lang) -> Pill {
    rules::retailer_pill(lang, order.status, order.is_held, progress(order, parcels))
}

/// What a retailer's orders of a status have in common, whatever their pills say: one that is held is still to be confirmed, and one that is
/// out or half shipped is still to be delivered.
fn kind(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::ToApprove => text!("To be confirmed"),
        OrderStatus::Confirmed => text!("To be delivered"),
        OrderStatus::Draft | OrderStatus::Closed | OrderStatus::Cancelled => status.label(),
    }
}

/// An order in the list.
pub struct OrderRow {
    pub number: String,
    pub href: String,
    pub placed: String,
    pub po_number: Option<String>,
    pub amount: String,
    /// What of it is still to come, where that is something else than all of it.
    pub to_come: Option<String>,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "portal/orders.html")]
pub struct OrdersPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<OrderRow>,
}

impl OrdersPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        (query, states): (&ListQuery, &[&str]),
        (page, total, open): (Page<Order>, i64, Money),
        parcels: &[Parcel],
    ) -> Self {
        let first = Empty {
            icon: "receipt",
            heading: lang.t("No orders yet").into_owned(),
            text: lang
                .t("Your orders appear here, with what has left and what is on its way.")
                .into_owned(),
            action: Some((
                lang.t("See the catalogue").into_owned(),
                format!("{base}/catalogue"),
            )),
        };
        let word = |state: &str| {
            let status: Option<OrderStatus> = [
                OrderStatus::ToApprove,
                OrderStatus::Confirmed,
                OrderStatus::Closed,
                OrderStatus::Cancelled,
            ]
            .into_iter()
            .find(|status| status.as_str() == state);
            status
                .map(|status| lang.t(kind(status)).into_owned())
                .unwrap_or_default()
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Order number, or your own"))
            .filter("status", lang.t("Status"), states, word)
            .finish(&page, total, first, lang.t("No orders match"));
        // The figure that led here.
        if query.all("status", states) == ["confirmed"] && total <= COUNT_CAP {
            let said = Said::new("{pager} · {total} still to come")
                .with("pager", &list.pager.text)
                .with("total", open);
            list.pager.text = lang.say(&said);
        }
        Self {
            list,
            rows: page
                .rows
                .iter()
                .map(|order| OrderRow {
                    number: order.number.clone(),
                    href: format!("{base}/orders/{}", order.number),
                    placed: order
                        .placed_at
                        .map(|at| dates::full_date_and_time(at, lang))
                        .unwrap_or_default(),
                    po_number: order.po_number.clone(),
                    amount: order.total.to_string(),
                    to_come: (order.status == OrderStatus::Confirmed
                        && order.open_amount != order.total)
                        .then(|| order.open_amount.to_string()),
                    pill: pill(order, parcels, lang),
                })
                .collect(),
            shell,
        }
    }
}
