//! One shipment.

use super::{kilograms, pill};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::number::indian;
use crate::logistics::model::{AtAuthority, Line, Shipment};
use crate::logistics::rules::Status;
use crate::orders::model::OrderEvent;
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What the reader may do with shipments.
#[derive(Clone, Copy)]
pub struct May {
    pub pack: bool,
    pub dispatch: bool,
    pub deliver: bool,
    pub see_orders: bool,
    pub bill: bool,
    pub see_bills: bool,
}

/// A step of a shipment's life.
pub struct LifeStep {
    pub label: String,
    pub at: Option<String>,
    pub is_done: bool,
    pub is_now: bool,
}

/// A line of the shipment.
pub struct LineRow {
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub wanted: String,
    pub wanted_packs: Option<String>,
    pub packed: Option<String>,
    pub is_short: bool,
}

/// Something that happened.
pub struct Happened {
    pub who: String,
    pub said: String,
    pub at: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "logistics/shipment.html")]
pub struct ShipmentPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub shipment: Shipment,
    pub pill: Pill,
    pub may: May,
    pub steps: Vec<LifeStep>,
    pub lines: Vec<LineRow>,
    pub events: Vec<Happened>,
    pub weight: Option<String>,
    pub expected: Option<String>,
    pub proof: Option<String>,
    pub ended: Option<String>,
    pub is_picking: bool,
    pub is_packed: bool,
    pub is_out: bool,
    pub has_challan: bool,
    /// The address of its invoice, for whoever may see that.
    pub invoice_path: Option<String>,
    /// How that stands at the authority, where it has to be there.
    pub authority: Option<String>,
    pub eway_bill: Option<String>,
    pub is_to_bill: bool,
    /// Why it left without an invoice.
    pub challan_reason: Option<String>,
    pub key: Uuid,
}

fn steps(lang: Lang, shipment: &Shipment) -> Vec<LifeStep> {
    let now = match shipment.status {
        Status::Picking => 0,
        Status::Packed => 1,
        Status::Out => 2,
        Status::Delivered | Status::Returned | Status::Cancelled => 4,
    };
    let end = match shipment.status {
        Status::Returned => Status::Returned,
        Status::Cancelled => Status::Cancelled,
        _ => Status::Delivered,
    };
    let all = [
        (Status::Picking, Some(shipment.created_at)),
        (Status::Packed, shipment.packed_at),
        (Status::Out, shipment.out_at),
        (end, shipment.ended_at),
    ];
    (0..)
        .zip(all)
        .map(|(index, (status, at))| LifeStep {
            label: lang.t(status.label()).into_owned(),
            is_done: at.is_some() && index < now,
            is_now: index == now,
            at: at.map(|at| dates::date_and_time(at, lang)),
        })
        .collect()
}

/// How an invoice stands at the authority, for whoever has its goods before them; nothing where it need not be there.
fn standing(status: &str) -> Option<&'static str> {
    match status {
        "not_required" => None,
        "registered" => Some(text!("Registered at the authority")),
        "cancelled" => Some(text!("Cancelled at the authority")),
        "failed_fix" => Some(text!("Refused by the authority")),
        "expired_window" => Some(text!("Too late for the authority")),
        _ => Some(text!("Waits for the authority")),
    }
}

impl ShipmentPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may): (String, May),
        (shipment, at): (Shipment, AtAuthority),
        (lines, events): (Vec<Line>, Vec<OrderEvent>),
    ) -> Self {
        let row = |line: Line| {
            let wanted = line.to_pick?;
            Some(LineRow {
                wanted: indian(wanted),
                wanted_packs: line.pack().beside(wanted, lang),
                packed: line.packed.map(indian),
                is_short: line.packed.is_some_and(|packed| packed < wanted),
                sku: line.sku,
                name: line.name,
                unit: line.unit,
            })
        };
        // Events are of the order; those of this shipment name it.
        let happened = |event: OrderEvent| {
            let said = lang.say(&event.said()?);
            said.contains(&shipment.number).then_some(Happened {
                who: event.user_name,
                said,
                at: event.at,
            })
        };
        let events: Vec<Happened> = events.into_iter().rev().filter_map(happened).collect();
        let ended = |reason: &String| {
            let said = match shipment.status {
                Status::Returned => Said::new("It came back: {reason}"),
                _ => Said::new("It was given up: {reason}"),
            };
            lang.say(&said.with("reason", reason))
        };
        Self {
            path: format!("{base}/shipments/{}", shipment.number),
            pill: pill(lang, shipment.status),
            steps: steps(lang, &shipment),
            lines: lines.into_iter().filter_map(row).collect(),
            events,
            weight: shipment.weight_g.map(kilograms),
            expected: shipment.expected_on.map(|day| dates::date(day, lang)),
            proof: shipment
                .proof_file_id
                .map(|file| format!("{base}/files/{file}")),
            ended: shipment.end_reason.as_ref().map(ended),
            is_picking: shipment.status == Status::Picking,
            is_packed: shipment.status == Status::Packed,
            is_out: shipment.status == Status::Out,
            has_challan: shipment.challan_no.is_some(),
            invoice_path: shipment
                .invoice_no
                .as_ref()
                .filter(|_| may.see_bills)
                .map(|number| format!("{base}/invoices/{}", number.replace('/', "-"))),
            authority: at
                .status
                .as_deref()
                .and_then(standing)
                .map(|words| lang.t(words).into_owned()),
            eway_bill: at.eway_bill,
            is_to_bill: shipment.is_to_bill(),
            challan_reason: shipment.why().map(|why| why.in_words(lang)),
            key: new_key(),
            may,
            base,
            shipment,
            shell,
        }
    }
}
