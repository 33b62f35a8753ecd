//! One order, as employees see it.

use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::kernel::number::indian;
use crate::orders::actions::has_begun;
use crate::orders::forms::{ConfirmLinesForm, NoteForm};
use crate::orders::model::{Card, Order, OrderEvent, OrderLine, Parcel};
use crate::orders::packs::Pack;
use crate::orders::rules::{self, OrderStatus, Progress};
use crate::tax::views::rate_and_unit;
use crate::web::components::{Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Everything that the page reads.
pub struct OrderSight {
    pub order: Order,
    pub lines: Vec<OrderLine>,
    pub events: Vec<OrderEvent>,
    pub shipments: Vec<Parcel>,
    pub card: Card,
}

/// What the reader may do.
#[derive(Clone, Debug)]
pub struct OrderRights {
    pub base: String,
    pub may_place: bool,
    pub may_confirm: bool,
    pub may_release: bool,
    pub may_pack: bool,
    pub may_see_customers: bool,
}

/// A line of the order.
pub struct LineRow {
    pub line: OrderLine,
    pub quantity: String,
    pub packs: Option<String>,
    pub shipped: String,
    pub open: String,
    pub cancelled: String,
    pub rate: String,
    /// Where what is open of it is cancelled, if it can be.
    pub cancel: Option<String>,
}

/// Something that happened.
pub struct EventRow {
    pub heading: String,
    pub said: String,
    pub who: String,
    pub at: DateTime<Utc>,
    pub is_internal: bool,
}

/// A shipment of the order.
pub struct ShipmentRow {
    pub number: String,
    pub pill: Pill,
    pub expected: Option<String>,
    pub at: Option<DateTime<Utc>>,
}

/// A row of the totals.
pub struct Total {
    pub label: &'static str,
    pub amount: Money,
}

/// The step that comes next: the page's one filled button.
pub enum NextStep {
    Edit,
    Confirm,
    Release,
    Pick,
    Nothing,
}

#[derive(Template)]
#[template(path = "orders/show.html")]
pub struct OrderPage {
    pub shell: Shell,
    pub rights: OrderRights,
    pub path: String,
    pub order: Order,
    pub pill: Pill,
    pub to_approve: bool,
    pub may_cancel: bool,
    pub cancel_open: bool,
    pub placed: String,
    pub next: NextStep,
    pub hold: Option<String>,
    pub lines: Vec<LineRow>,
    pub totals: Vec<Total>,
    pub events: Vec<EventRow>,
    pub shipments: Vec<ShipmentRow>,
    pub card: Card,
    pub room: Option<Money>,
    pub wanted: Option<String>,
    pub note: Field,
    pub visible: Field,
    pub summary: Option<Summary>,
    pub key: Uuid,
}

fn placed_words(lang: Lang, order: &Order, card: &Card) -> String {
    let Some(at) = order.placed_at else {
        return lang.say(
            &Said::new("Begun {time} by {name}")
                .with("time", dates::full_date_and_time(order.created_at, lang))
                .with("name", &order.placed_by_name),
        );
    };
    let time = dates::full_date_and_time(at, lang);
    let said = if order.source == "staff" {
        Said::new("Placed {time} by {name} for {customer}").with("customer", &card.name)
    } else {
        Said::new("Placed {time} by {name} in the portal")
    };
    lang.say(&said.with("time", time).with("name", &order.placed_by_name))
}

fn next_step(order: &Order, rights: &OrderRights, lines: &[OrderLine]) -> NextStep {
    let can_pick = lines.iter().any(|line| line.open_qty > line.picking_qty);
    match order.status {
        OrderStatus::Draft if rights.may_place => NextStep::Edit,
        OrderStatus::ToApprove if order.is_held && rights.may_release => NextStep::Release,
        OrderStatus::ToApprove if !order.is_held && rights.may_confirm => NextStep::Confirm,
        OrderStatus::Confirmed if can_pick && rights.may_pack => NextStep::Pick,
        _ => NextStep::Nothing,
    }
}

fn line_row(lang: Lang, line: OrderLine, order: &Order, path: &str, may_cancel: bool) -> LineRow {
    let can = may_cancel && order.status.is_open() && line.open_qty > line.picking_qty;
    LineRow {
        quantity: indian(line.quantity),
        packs: Pack::of_line(&line).beside(line.quantity, lang),
        shipped: indian(line.shipped_qty),
        open: indian(line.open_qty),
        cancelled: indian(line.cancelled_qty),
        rate: rate_and_unit(lang, &line.rate()),
        cancel: can.then(|| format!("{path}/lines/{}/cancel", line.id)),
        line,
    }
}

fn totals(order: &Order) -> Vec<Total> {
    let all = [
        (text!("Before tax"), order.taxable),
        (text!("CGST"), order.cgst),
        (text!("SGST"), order.sgst),
        (text!("IGST"), order.igst),
        (text!("Cess"), order.cess),
    ];
    all.into_iter()
        .filter(|(label, amount)| *label == "Before tax" || !amount.is_zero())
        .map(|(label, amount)| Total { label, amount })
        .collect()
}

fn heading(kind: &str) -> &'static str {
    match kind {
        "placed" => text!("Placed"),
        "held" => text!("On hold"),
        "released" => text!("Released"),
        "confirmed" => text!("Confirmed"),
        "line_cancelled" => text!("Line cancelled"),
        "picking" => text!("Picking"),
        "packed" => text!("Packed"),
        "out" => text!("Out for delivery"),
        "delivered" => text!("Delivered"),
        "returned" => text!("Came back"),
        "closed" => text!("Complete"),
        "cancelled" => text!("Cancelled"),
        _ => text!("Note"),
    }
}

fn event_row(lang: Lang, event: &OrderEvent) -> EventRow {
    let said = event.said();
    // Nobody did it: the credit was looked at when the order was placed.
    let is_found = said.as_ref().is_some_and(rules::is_credit_hold);
    EventRow {
        heading: lang.t(heading(&event.kind)).into_owned(),
        said: said.map(|said| lang.say(&said)).unwrap_or_default(),
        who: if is_found {
            String::new()
        } else {
            event.user_name.clone()
        },
        at: event.at,
        is_internal: event.is_internal,
    }
}

fn shipment_row(lang: Lang, shipment: &Parcel) -> ShipmentRow {
    ShipmentRow {
        number: shipment.number.clone(),
        pill: rules::parcel_pill(lang, &shipment.status),
        expected: shipment
            .expected_on
            .map(|day| dates::day_and_month(day, lang)),
        at: shipment.ended_at.or(shipment.out_at),
    }
}

impl OrderPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        rights: OrderRights,
        sight: OrderSight,
        form: &NoteForm,
    ) -> Self {
        let OrderSight {
            order,
            lines,
            events,
            shipments,
            card,
        } = sight;
        let path = format!("{}/orders/{}", rights.base, order.number);
        let can_cut = lines.iter().any(|line| line.open_qty > line.picking_qty);
        let has_begun = has_begun(&lines);
        let ends = matches!(order.status, OrderStatus::Draft) || order.status.is_open();
        let reason = order.hold_reason();
        // What has to be paid is said as it is now, and once.
        let is_credit = reason.as_ref().is_some_and(rules::is_credit_hold);
        let live = card
            .to_pay()
            .zip(card.credit_limit)
            .filter(|_| is_credit)
            .map(|(over, limit)| rules::credit_hold(over, limit));
        let hold = live.or(reason).map(|reason| lang.say(&reason));
        let how_far = Progress::of(shipments.iter().map(|one| one.status.as_str()));
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            pill: rules::pill(lang, order.status, order.is_held, how_far),
            to_approve: order.status == OrderStatus::ToApprove,
            may_cancel: rights.may_confirm && ends && (!has_begun || can_cut),
            cancel_open: has_begun,
            placed: placed_words(lang, &order, &card),
            next: next_step(&order, &rights, &lines),
            hold,
            totals: totals(&order),
            events: events
                .iter()
                .rev()
                .map(|event| event_row(lang, event))
                .collect(),
            shipments: shipments
                .iter()
                .map(|shipment| shipment_row(lang, shipment))
                .collect(),
            room: card.credit_limit.map(|limit| limit - card.exposure),
            wanted: order.wanted_on.map(|day| dates::date(day, lang)),
            note: Field::new("textarea", "note", lang.t("Note"))
                .value(&form.note)
                .remarks(&form.remarks, lang),
            visible: Field::new("checkbox", "visible", lang.t("The retailer reads it too"))
                .checked(form.visible == "on"),
            summary: form.remarks.summary(lang),
            lines: lines
                .into_iter()
                .map(|line| line_row(lang, line, &order, &path, rights.may_confirm))
                .collect(),
            key: new_key(),
            order,
            card,
            path,
            rights,
        }
    }
}

/// A line to be confirmed, or part of it.
pub struct ConfirmRow {
    pub id: String,
    pub name: String,
    pub sku: String,
    pub ordered: String,
    pub packs: Option<String>,
    pub typed: String,
    pub error: Option<String>,
}

#[derive(Template)]
#[template(path = "orders/confirm_lines.html")]
pub struct ConfirmLinesPage {
    pub shell: Shell,
    pub order: Order,
    pub path: String,
    pub rows: Vec<ConfirmRow>,
    pub reason: Field,
    pub summary: Option<Summary>,
    pub key: Uuid,
}

impl ConfirmLinesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: &str,
        (order, lines): (Order, Vec<OrderLine>),
        form: &ConfirmLinesForm,
    ) -> Self {
        let rows: Vec<ConfirmRow> = lines
            .iter()
            .filter(|line| line.open_qty > Decimal::ZERO)
            .map(|line| confirm_row(lang, line, form))
            .collect();
        let mut summary = form.remarks.summary(lang).unwrap_or_default();
        for row in &rows {
            if let Some(error) = &row.error {
                let words = format!("{}: {error}", row.name);
                summary.problems.push((format!("q-{}", row.id), words));
            }
        }
        let has_errors = !summary.problems.is_empty();
        Self {
            shell: shell.with_errors(has_errors),
            path: format!("{base}/orders/{}", order.number),
            reason: Field::text("reason", lang.t("Why less"))
                .value(&form.reason)
                .hint(
                    lang.t(
                        "Needed where less is confirmed than was ordered. The retailer reads it.",
                    ),
                )
                .optional()
                .autocomplete("off")
                .remarks(&form.remarks, lang),
            summary: has_errors.then_some(summary),
            key: new_key(),
            rows,
            order,
        }
    }
}

fn confirm_row(lang: Lang, line: &OrderLine, form: &ConfirmLinesForm) -> ConfirmRow {
    let id = line.id.to_string();
    let wrong = form.wrong.iter().find(|(known, _)| *known == id);
    ConfirmRow {
        name: line.name.clone(),
        sku: line.sku.clone(),
        ordered: indian(line.open_qty),
        packs: Pack::of_line(line).beside(line.open_qty, lang),
        typed: form
            .of(&id)
            .map_or_else(|| line.open_qty.normalize().to_string(), str::to_owned),
        error: wrong.map(|(_, said)| lang.say(said)),
        id,
    }
}
