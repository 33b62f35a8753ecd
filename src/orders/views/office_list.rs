//! The list of orders.

use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::orders::model::{Buyer, Order, OrderExport, OrderList, SOURCES, STATES};
use crate::orders::rules::pill;
use crate::web::bulk::{BulkBar, BulkButton};
use crate::web::components::{Empty, Field, Pill, SortHead};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An order in the list.
pub struct OrderRow {
    pub order: Order,
    pub buyer: Buyer,
    pub sub: String,
    pub placed: String,
    pub wanted: Option<String>,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "orders/index.html")]
pub struct OrdersPage {
    pub shell: Shell,
    pub list: Listing,
    pub placed: SortHead,
    pub amount: SortHead,
    pub rows: Vec<OrderRow>,
    pub base: String,
    pub may_place: bool,
    pub may_confirm: bool,
    pub bulk: BulkBar,
    pub ticked: Vec<Uuid>,
}

fn state_word(lang: Lang, state: &str) -> String {
    match state {
        "to_approve" => lang.t("To confirm"),
        "held" => lang.t("On hold"),
        "to_ship" => lang.t("To ship"),
        "confirmed" => lang.t("Confirmed"),
        "closed" => lang.t("Complete"),
        "cancelled" => lang.t("Cancelled"),
        _ => lang.t("Draft"),
    }
    .into_owned()
}

fn source_word(lang: Lang, source: &str) -> String {
    if source == "portal" {
        lang.t("Retailer")
    } else {
        lang.t("Staff")
    }
    .into_owned()
}

/// Who wrote it, under the customer's name.
fn written_by(lang: Lang, order: &Order, buyer: &Buyer) -> String {
    let by = if order.source == "portal" || order.placed_by_name.is_empty() {
        source_word(lang, &order.source)
    } else {
        order.placed_by_name.clone()
    };
    match &buyer.city {
        Some(city) => format!("{city} · {by}"),
        None => by,
    }
}

/// Name, address and whether it is the one that shows.
fn tabs(query: &ListQuery, lang: Lang) -> Vec<(String, String, bool)> {
    let chosen = query.all("status", &STATES);
    let only = |state: Option<&str>| match state {
        None => chosen.is_empty(),
        Some(state) => chosen == [state],
    };
    let tab = |state: Option<&'static str>, label: String| {
        let href = match state {
            None => query.path().to_owned(),
            Some(state) => format!("{}?status={state}", query.path()),
        };
        (label, href, only(state))
    };
    vec![
        tab(None, lang.t("All").into_owned()),
        tab(Some("to_approve"), lang.t("To confirm").into_owned()),
        tab(Some("held"), lang.t("On hold").into_owned()),
        tab(Some("to_ship"), lang.t("To ship").into_owned()),
        tab(Some("draft"), lang.t("Drafts").into_owned()),
    ]
}

/// What the reader of the list may do.
pub struct ListRights {
    pub base: String,
    pub may_place: bool,
    pub may_confirm: bool,
}

impl OrdersPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        rights: ListRights,
        query: &ListQuery,
        (found, kept): (OrderList, Vec<KeptView>),
        now: DateTime<Utc>,
    ) -> Self {
        let OrderList {
            page,
            count,
            total,
            is_to_ship,
            mut buyers,
            progress,
        } = found;
        let sort = query.sort(&Order::SORTS, Order::BY_PLACED);
        let base = rights.base;
        let first = Empty {
            icon: "receipt",
            heading: lang.t("No orders yet").into_owned(),
            text: lang
                .t("Orders of retailers appear here as they come in.")
                .into_owned(),
            action: None,
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Number, PO or customer"))
            .filter("status", lang.t("Status"), &STATES, |state| {
                state_word(lang, state)
            })
            .filter("source", lang.t("Placed by"), &SOURCES, |source| {
                source_word(lang, source)
            })
            .field(Field::text("customer", lang.t("Customer code")))
            .field(Field::new("date", "from", lang.t("From")))
            .field(Field::new("date", "to", lang.t("To")))
            .export(&format!("{base}/orders/export"))
            .views(&format!("{base}/settings/views"), "orders", kept)
            .tabs(tabs(query, lang))
            .finish(&page, count, first, lang.t("No orders match"));
        if let Some(total) = total {
            let said = if is_to_ship {
                Said::new("{pager} · {total} still to leave")
            } else {
                Said::new("{pager} · {total} together")
            };
            list.pager.text = lang.say(&said.with("pager", &list.pager.text).with("total", total));
        }
        let button = BulkButton {
            action: "confirm",
            label: lang.t("Confirm").into_owned(),
            icon: "check",
        };
        let bulk = BulkBar::new(query, &page, count, vec![button]);
        let today = dates::today(now);
        let rows = page.rows.into_iter().map(|order| {
            let buyer = buyers
                .get_mut(&order.customer_id)
                .map(|buyer| buyer.clone())
                .unwrap_or_default();
            let how_far = progress.get(&order.id).copied().unwrap_or_default();
            OrderRow {
                sub: written_by(lang, &order, &buyer),
                placed: dates::date_and_time(order.placed_at.unwrap_or(order.created_at), lang),
                wanted: order
                    .wanted_on
                    .map(|day| dates::brief_date(day, today, lang)),
                pill: pill(lang, order.status, order.is_held, how_far),
                buyer,
                order,
            }
        });
        let mut amount = query.head(lang.t("Amount").into_owned(), "amount", sort, true);
        amount.numeric = true;
        Self {
            placed: query.head(lang.t("Placed").into_owned(), "placed", sort, true),
            amount,
            rows: rows.collect(),
            shell,
            list,
            bulk,
            ticked: query.ticked(),
            base,
            may_place: rights.may_place,
            may_confirm: rights.may_confirm,
        }
    }
}

/// Orders as a file.
pub fn orders_sheet(lang: Lang, found: OrderExport) -> Sheet {
    let OrderExport {
        rows,
        buyers,
        progress,
    } = found;
    let heads = [
        "Order",
        "Customer code",
        "Customer",
        "City",
        "Placed",
        "Placed by",
        "Purchase order",
        "Wanted on",
        "Status",
        "Before tax",
        "CGST",
        "SGST",
        "IGST",
        "Cess",
        "Total",
        "Still open",
    ];
    let row = |order: Order| {
        let buyer = buyers.get(&order.customer_id).cloned().unwrap_or_default();
        let how_far = progress.get(&order.id).copied().unwrap_or_default();
        let state = pill(lang, order.status, order.is_held, how_far).text;
        vec![
            order.number,
            buyer.code,
            buyer.name,
            buyer.city.unwrap_or_default(),
            order.placed_at.map(dates::machine).unwrap_or_default(),
            order.placed_by_name,
            order.po_number.unwrap_or_default(),
            order
                .wanted_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            state,
            order.taxable.as_decimal().to_string(),
            order.cgst.as_decimal().to_string(),
            order.sgst.as_decimal().to_string(),
            order.igst.as_decimal().to_string(),
            order.cess.as_decimal().to_string(),
            order.total.as_decimal().to_string(),
            order.open_amount.as_decimal().to_string(),
        ]
    };
    Sheet {
        name: "orders",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows.into_iter().map(row).collect(),
    }
}
