//! One of a retailer's own orders.

use super::portal_cart::tax_rows;
use super::portal_orders::{pill, progress};
use crate::kernel::dates;
use crate::kernel::ids::ProductId;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::orders::model::{Order, OrderEvent, OrderLine, Parcel};
use crate::orders::packs::Pack;
use crate::orders::rules::{self, OrderStatus};
use crate::tax::views::rate_and_unit;
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;

/// An order as it is read.
pub struct OrderFound {
    pub order: Order,
    pub lines: Vec<OrderLine>,
    pub events: Vec<OrderEvent>,
    pub parcels: Vec<Parcel>,
    /// What its products are called in the reader's language, where that is not as the order says.
    pub names: HashMap<ProductId, String>,
}

/// What whoever reads it may do.
pub struct ShopRights<'a> {
    /// The supplier's name.
    pub supplier: &'a str,
    /// Whether new orders are taken from this person.
    pub may_order: bool,
    /// Whether this person may take orders back.
    pub may_cancel: bool,
    /// Whether this person may pay.
    pub may_pay: bool,
}

/// A step on the way.
pub struct Step {
    pub name: String,
    pub when: String,
    /// `done`, `now` or nothing.
    pub class: &'static str,
}

/// A line of an order.
pub struct LineRow {
    pub name: String,
    pub sku: String,
    pub href: String,
    pub quantity: String,
    /// The same in units, where it is counted in packs.
    pub units: Option<String>,
    /// What became of it, where it is more than open.
    pub parts: Vec<String>,
    pub price: String,
    pub rate: String,
    pub amount: String,
}

/// A parcel of an order.
pub struct ParcelRow {
    pub number: String,
    pub pill: Pill,
    pub when: String,
    /// What was said at the door.
    pub note: Option<String>,
    /// Address of the photo.
    pub photo: Option<String>,
    /// Number and total of its bill, in words, and its address.
    pub bill: Option<(String, String)>,
}

/// Something that happened.
pub struct Happened {
    pub words: String,
    pub who: String,
    pub at: chrono::DateTime<chrono::Utc>,
}

#[derive(Template)]
#[template(path = "portal/order.html")]
pub struct OrderPage {
    pub shell: Shell,
    pub number: String,
    pub pill: Pill,
    pub placed: String,
    pub by: String,
    pub is_new: bool,
    pub held: Option<String>,
    /// What has to be paid to free it, and where.
    pub pay: Option<(Money, String)>,
    pub cancelled: Option<String>,
    pub steps: Vec<Step>,
    pub rows: Vec<LineRow>,
    pub totals: Vec<(String, String)>,
    pub total: String,
    pub parcels: Vec<ParcelRow>,
    pub events: Vec<Happened>,
    pub facts: Vec<(String, String)>,
    pub share: String,
    pub may_order: bool,
    /// Where it is cancelled, as long as it can be.
    pub cancel: Option<String>,
    /// Whether ordering the same again is what comes next: not while this order is on its way.
    pub may_repeat: bool,
    pub base: String,
    pub key: Uuid,
}

impl OrderPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        found: OrderFound,
        is_new: bool,
        rights: ShopRights,
    ) -> Self {
        let OrderFound {
            order,
            lines,
            events,
            parcels,
            names,
        } = found;
        let words = lang.say(
            &Said::new("Order {number} at {company}: {amount}")
                .with("number", &order.number)
                .with("company", rights.supplier)
                .with("amount", order.total),
        );
        let text: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
        let is_inter_state = !order.igst.is_zero();
        let sums = lines.iter().map(OrderLine::amounts).sum();
        Self {
            may_repeat: !order.status.is_open(),
            number: order.number.clone(),
            pill: pill(&order, &parcels, lang),
            placed: order
                .placed_at
                .map(|at| dates::full_date_and_time(at, lang))
                .unwrap_or_default(),
            by: order.placed_by_name.clone(),
            is_new,
            held: order.hold_reason().map(|said| lang.say(&said)),
            pay: order
                .hold_reason()
                .filter(|_| rights.may_pay)
                .and_then(|reason| rules::frees(&reason))
                .map(|over| (over, format!("{base}/pay?amount={}", over.as_decimal()))),
            cancelled: order.cancel_reason.clone(),
            steps: steps(&order, &parcels, lang),
            rows: lines
                .iter()
                .map(|line| line_row(line, names.get(&line.product_id), &base, lang))
                .collect(),
            totals: tax_rows(&sums, is_inter_state, lang),
            total: order.total.to_string(),
            parcels: parcels
                .iter()
                .map(|one| parcel_row(one, &base, lang))
                .collect(),
            events: events
                .iter()
                .rev()
                .filter_map(|event| happened(event, &lines, &names, lang))
                .collect(),
            facts: facts(&order, lang),
            share: format!("https://wa.me/?text={text}"),
            may_order: rights.may_order,
            cancel: (rights.may_cancel && rules::may_withdraw(&order.number, order.status).is_ok())
                .then(|| format!("{base}/orders/{}/cancel", order.number)),
            shell,
            base,
            key: new_key(),
        }
    }
}

/// What happened, in the reader's words: a product is called what its line above is called.
fn happened(
    event: &OrderEvent,
    lines: &[OrderLine],
    names: &HashMap<ProductId, String>,
    lang: Lang,
) -> Option<Happened> {
    let said = event.said()?;
    // Nobody did it: the credit was looked at when the order was placed.
    let is_found = rules::is_credit_hold(&said);
    let own = lines
        .iter()
        .find(|line| said.text_of("name") == Some(line.name.as_str()))
        .and_then(|line| names.get(&line.product_id));
    let called = own.and_then(|name| rules::not_coming_as(&said, name));
    Some(Happened {
        words: lang.say(called.as_ref().unwrap_or(&said)),
        who: if is_found {
            String::new()
        } else {
            event.user_name.clone()
        },
        at: event.at,
    })
}

fn facts(order: &Order, lang: Lang) -> Vec<(String, String)> {
    let mut facts = vec![(lang.t("Deliver to").into_owned(), order.ship_to.clone())];
    let mut add = |label: &str, value: Option<String>| {
        facts.extend(value.map(|value| (lang.t(label).into_owned(), value)));
    };
    add(
        crate::text!("Wanted on"),
        order.wanted_on.map(|day| dates::date(day, lang)),
    );
    add(crate::text!("Your order number"), order.po_number.clone());
    add(crate::text!("Note"), order.note.clone());
    facts
}

fn steps(order: &Order, parcels: &[Parcel], lang: Lang) -> Vec<Step> {
    if order.status == OrderStatus::Cancelled {
        return Vec::new();
    }
    let moment = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map(|at| dates::date_and_time(at, lang))
            .unwrap_or_default()
    };
    let first = |pick: fn(&Parcel) -> Option<chrono::DateTime<chrono::Utc>>| {
        parcels.iter().filter_map(pick).min()
    };
    let ended = (order.status == OrderStatus::Closed
        && parcels.iter().all(|parcel| parcel.status != "out"))
    .then(|| parcels.iter().filter_map(|parcel| parcel.ended_at).max())
    .flatten();
    let expected = parcels
        .iter()
        .filter(|parcel| parcel.status == "out")
        .filter_map(|parcel| parcel.expected_on)
        .min()
        .map(|day| {
            lang.say(&Said::new("Expected on {day}").with("day", dates::day_and_month(day, lang)))
        });
    // Goods that all came back were never delivered.
    let came_back =
        order.status == OrderStatus::Closed && progress(order, parcels).only_came_back();
    let last = if came_back {
        text!("Came back")
    } else {
        text!("Delivered")
    };
    // What a step is called once it is behind, and while it is still to come.
    let way = [
        (text!("Placed"), text!("Placed"), order.placed_at),
        (
            text!("Confirmed"),
            text!("To be confirmed"),
            order.confirmed_at,
        ),
        (
            text!("Packed"),
            text!("To be packed"),
            first(|parcel| parcel.packed_at),
        ),
        (
            text!("Out for delivery"),
            text!("To be sent"),
            first(|parcel| parcel.out_at),
        ),
        (last, text!("To be delivered"), ended),
    ];
    let next = way.iter().position(|(.., at)| at.is_none());
    way.into_iter()
        .enumerate()
        .map(|(place, (behind, ahead, at))| Step {
            name: lang
                .t(if at.is_some() { behind } else { ahead })
                .into_owned(),
            when: match (place, at) {
                (1, None) if order.is_held => lang.t("On hold").into_owned(),
                (4, None) => expected.clone().unwrap_or_default(),
                _ => moment(at),
            },
            class: match (at.is_some(), next == Some(place)) {
                (true, _) => "done",
                (false, true) => "now",
                (false, false) => "",
            },
        })
        .collect()
}

fn line_row(line: &OrderLine, name: Option<&String>, base: &str, lang: Lang) -> LineRow {
    let pack = Pack::of_line(line);
    let part = |said: Said, units: Decimal| {
        (!units.is_zero() && units != line.quantity)
            .then(|| lang.say(&said.with("quantity", pack.words(units, lang))))
    };
    let whole = |said: &'static str, units: Decimal| {
        (units == line.quantity).then(|| lang.t(said).into_owned())
    };
    let parts = [
        part(Said::new("{quantity} sent"), line.shipped_qty)
            .or_else(|| whole(crate::text!("sent"), line.shipped_qty)),
        part(Said::new("{quantity} to come"), line.open_qty),
        part(Said::new("{quantity} won't come"), line.cancelled_qty)
            .or_else(|| whole(crate::text!("won't come"), line.cancelled_qty)),
    ];
    LineRow {
        name: name.unwrap_or(&line.name).clone(),
        sku: line.sku.clone(),
        href: format!("{base}/p/{}", line.sku),
        quantity: pack.words(line.quantity, lang),
        units: pack.is_packed().then(|| {
            let figure = number::indian(line.quantity);
            format!("{figure} {}", pack.unit_word(lang))
        }),
        parts: parts.into_iter().flatten().collect(),
        price: pack.priced(line.price, lang),
        rate: rate_and_unit(lang, &line.rate()),
        amount: line.total.to_string(),
    }
}

fn parcel_row(parcel: &Parcel, base: &str, lang: Lang) -> ParcelRow {
    let day = |day| dates::day_and_month(day, lang);
    let when = match (parcel.ended_at, parcel.expected_on) {
        (Some(at), _) => dates::date_and_time(at, lang),
        (None, Some(on)) => lang.say(&Said::new("Expected on {day}").with("day", day(on))),
        (None, None) => String::new(),
    };
    let by = parcel
        .received_by
        .as_ref()
        .map(|name| lang.say(&Said::new("taken by {name}").with("name", name)));
    ParcelRow {
        number: parcel.number.clone(),
        pill: rules::parcel_pill(lang, &parcel.status),
        when: [Some(when), by]
            .into_iter()
            .flatten()
            .filter(|words| !words.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        note: parcel.delivery_note.clone(),
        photo: parcel
            .proof_file_id
            .map(|file| format!("{base}/files/{file}")),
        bill: parcel.invoice_no.as_ref().map(|number| {
            let path = format!("{base}/bills/{}", number.replace('/', "-"));
            let said = match parcel.invoice_total {
                Some(total) => Said::new("Bill {number} · {total}").with("total", total),
                None => Said::new("Bill {number}"),
            };
            (lang.say(&said.with("number", number)), path)
        }),
    }
}
