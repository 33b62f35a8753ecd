//! Decisions about shipments, as pure functions.

use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::number;
use crate::kernel::quantity::Quantity;
use crate::tax::rules::{self as tax, LineTax, Rate};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

states! {
    /// How far a shipment is.
    Status:
    /// Somebody fetches the goods.
    Picking "picking"
    /// The goods are in boxes.
    Packed "packed"
    /// On the road.
    Out "out"
    /// The customer has them.
    Delivered "delivered"
    /// They came back.
    Returned "returned"
    /// Given up before it left.
    Cancelled "cancelled"
}

impl Status {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Picking => text!("Being picked"),
            Self::Packed => text!("Packed"),
            Self::Out => text!("On the road"),
            Self::Delivered => text!("Delivered"),
            Self::Returned => text!("Came back"),
            Self::Cancelled => text!("Cancelled"),
        }
    }

    /// Tone and shape of its pill.
    pub const fn pill(self) -> (&'static str, &'static str) {
        match self {
            Self::Picking => ("info", ""),
            Self::Packed | Self::Out => ("info", "half"),
            Self::Delivered => ("ok", "full"),
            Self::Returned | Self::Cancelled => ("", "plain"),
        }
    }

    /// What may become of it; the database has the same table (`may_step`).
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Picking, Self::Packed | Self::Cancelled)
                | (Self::Packed, Self::Picking | Self::Out | Self::Cancelled)
                | (Self::Out, Self::Delivered | Self::Returned)
        )
    }
}

states! {
    /// With what a shipment leaves.
    Papers:
    /// Its invoice or bill of supply.
    Invoice "invoice"
    /// A delivery challan.
    Challan "challan"
}

states! {
    /// Why a shipment leaves with a challan in place of its invoice (rule 55).
    ChallanReason:
    /// The customer looks at the goods first.
    Approval "approval"
    /// How much it is shows at the door.
    UnknownQuantity "unknown_quantity"
    /// The goods are worked on and come back.
    JobWork "job_work"
    /// Samples.
    Sample "sample"
    /// Something else.
    Other "other"
    /// It left before invoices were written here.
    BeforeInvoices "before_invoices"
}

impl ChallanReason {
    /// What can be chosen.
    pub const CHOICES: [Self; 5] = [
        Self::Approval,
        Self::UnknownQuantity,
        Self::JobWork,
        Self::Sample,
        Self::Other,
    ];

    /// Whether goods that leave so are to be billed unless they come back: they count against the credit until then.
    pub const fn is_to_be_billed(self) -> bool {
        matches!(self, Self::Approval | Self::UnknownQuantity | Self::Other)
    }

    /// In words; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Approval => text!("On approval: the customer looks first"),
            Self::UnknownQuantity => text!("The quantity shows at the door"),
            Self::JobWork => text!("To be worked on, and back"),
            Self::Sample => text!("Samples"),
            Self::Other => text!("Another reason"),
            Self::BeforeInvoices => text!("It left before invoices were written"),
        }
    }
}

/// Why a shipment leaves with a challan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Of the reasons that there are.
    pub reason: ChallanReason,
    /// The same in words; there always are some for another reason, since somebody asks for them.
    pub words: Option<String>,
}

impl Why {
    /// As the challan says it.
    pub fn in_words(&self, lang: Lang) -> String {
        let label = lang.t(self.reason.label());
        match (&self.words, self.reason) {
            (None, _) => label.into_owned(),
            (Some(words), ChallanReason::Other) => words.clone(),
            (Some(words), _) => format!("{label}: {words}"),
        }
    }
}

/// With what a packed shipment leaves: its invoice, or a challan for which somebody gave a reason.
///
/// # Errors
/// Why it does not leave, in words.
pub fn papers(
    number: &str,
    invoice: Option<&str>,
    reason: Option<ChallanReason>,
) -> Result<Papers, Said> {
    match (invoice, reason) {
        (Some(_), None) => Ok(Papers::Invoice),
        (None, Some(_)) => Ok(Papers::Challan),
        (Some(invoice), Some(_)) => Err(Said::new(
            "{number} has its invoice, {invoice}. It leaves with that.",
        )
        .with("number", number)
        .with("invoice", invoice)),
        (None, None) => Err(Said::new(
            "{number} has no invoice yet. Issue it first, or send it with a challan and say why.",
        )
        .with("number", number)),
    }
}

/// Whether goods may leave with an invoice that the authority should know and does not know yet: only when somebody says why.
///
/// # Errors
/// Why they stay, in words.
pub fn registered(invoice: &str, is_registered: bool, reason: Option<&str>) -> Result<(), Said> {
    if is_registered || reason.is_some() {
        return Ok(());
    }
    Err(Said::new(
        "{invoice} is not registered at the authority yet. Wait until it is, or say why the goods leave without its IRN.",
    )
    .with("invoice", invoice))
}

/// What goods of one document are worth, and where more than that needs an e-way bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consignment {
    /// Taxable goods with their tax, in rupees; services and exempt goods are left out.
    pub value: Money,
    /// Above this value an e-way bill is needed, in rupees.
    pub limit: Money,
    /// Whether there are goods at all.
    pub has_goods: bool,
}

/// Above this value goods need a bill between two States, and within one that has not said otherwise: in rupees.
pub fn usual_limit() -> Money {
    Money::from_rupees(50_000)
}

impl Consignment {
    /// Whether the goods need a bill to travel by motor.
    pub fn needs_bill(&self) -> bool {
        self.has_goods && self.value > self.limit
    }

    /// Whether they need one, and why, in words.
    pub fn need(&self) -> Said {
        let said = if self.needs_bill() {
            Said::new(
                "Goods worth {value} need an e-way bill before they leave by motor: it is more than {limit}.",
            )
        } else {
            Said::new("Goods worth {value} need no e-way bill: it is not more than {limit}.")
        };
        said.with("value", self.value).with("limit", self.limit)
    }
}

/// An e-way bill that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EWayBill {
    /// Its number.
    pub number: String,
    /// Whether the goods go by road.
    pub is_by_road: bool,
    /// The number plate that it names, if it names one yet.
    pub vehicle_no: Option<String>,
    /// Until when it is valid; none without a vehicle.
    pub valid_until: Option<DateTime<Utc>>,
}

/// The way that billed goods have before them.
#[derive(Clone, Debug)]
pub struct Way {
    /// What they are worth.
    pub consignment: Consignment,
    /// Their e-way bill, once it is made and while it stands.
    pub bill: Option<EWayBill>,
    /// Where it is made, after the company's part of the address, while it can be made here.
    pub to_make: Option<String>,
    /// Whether they go abroad: their bill is made in the portal alone.
    pub is_export: bool,
}

/// Whether goods may leave with a vehicle, going by their e-way bill: where one is needed it is made, and it names the vehicle and is valid.
/// What is done in the portal itself does not show here, so whoever sends them may know better.
///
/// # Errors
/// What is not in order, and how to mend it, in words.
pub fn on_the_way(invoice: &str, way: &Way, plate: &str, now: DateTime<Utc>) -> Result<(), Said> {
    let Some(bill) = &way.bill else {
        if !way.consignment.needs_bill() {
            return Ok(());
        }
        let said = if way.is_export {
            Said::new(
                "The goods of {invoice} are an export: make their e-way bill in the portal itself, then tick that it is in order.",
            )
        } else {
            Said::new(
                "The goods of {invoice} need an e-way bill, and none is made here. Make it first, or tick that it is in order.",
            )
        };
        return Err(said.with("invoice", invoice));
    };
    let said = match bill.vehicle_no.as_deref() {
        _ if bill.valid_until.is_some_and(|until| until < now) => Said::new(
            "The e-way bill {number} is no longer valid. Extend it in the portal, then tick that it is in order.",
        ),
        Some(named) if bill.is_by_road && named != plate => Said::new(
            "The e-way bill {number} names the vehicle {named}, and {plate} is chosen. Choose {named}, or change the vehicle of the e-way bill first; if that was done in the portal, tick that it is in order.",
        )
        .with("named", named),
        None if bill.is_by_road => Said::new(
            "The e-way bill {number} names no vehicle. Add {plate} to it in the portal, then tick that it is in order.",
        ),
        _ => return Ok(()),
    };
    Err(said.with("number", &bill.number).with("plate", plate))
}

/// Whether what is in the boxes may still change: not once it is billed.
///
/// # Errors
/// Why not, in words.
pub fn not_billed(number: &str, invoice: Option<&str>) -> Result<(), Said> {
    match invoice {
        None => Ok(()),
        Some(invoice) => Err(
            Said::new("{number} is billed: cancel the invoice {invoice} first.")
                .with("number", number)
                .with("invoice", invoice),
        ),
    }
}

/// Whether a shipment may take a step.
///
/// # Errors
/// Why not, in words.
pub fn step(number: &str, was: Status, becomes: Status) -> Result<(), Said> {
    if was.may_become(becomes) {
        return Ok(());
    }
    let said = match becomes {
        Status::Picking => {
            Said::new("{number}: {status}. Only a packed shipment can be opened again.")
        }
        Status::Packed => {
            Said::new("{number}: {status}. Only a shipment that is being picked can be packed.")
        }
        Status::Out => Said::new("{number}: {status}. Only a packed shipment can be sent out."),
        Status::Delivered => {
            Said::new("{number}: {status}. Only a shipment on the road can be delivered.")
        }
        Status::Returned => {
            Said::new("{number}: {status}. Only a shipment on the road can come back.")
        }
        Status::Cancelled => {
            Said::new("{number}: {status}. Only a shipment that has not left can be cancelled.")
        }
    };
    Err(said.with("number", number).naming("status", was.label()))
}

/// Whether an order may be picked, going by its state alone.
///
/// # Errors
/// Why not, in words.
pub fn may_pick(number: &str, status: &str, is_held: bool) -> Result<(), Said> {
    let said = match status {
        "confirmed" if !is_held => return Ok(()),
        "draft" => Said::new("{number} is a draft. Only a confirmed order can be picked."),
        "closed" => Said::new("{number} is closed: everything of it has left."),
        "cancelled" => Said::new("{number} is cancelled. Only a confirmed order can be picked."),
        _ => Said::new("{number} waits to be confirmed. Only a confirmed order can be picked."),
    };
    Err(said.with("number", number))
}

/// Grammes of units of products, each with what one of them weighs. Nothing where one of those is unknown: less than the truth would let a
/// vehicle be overloaded.
pub fn weight(units: impl Iterator<Item = (Decimal, Option<i32>)>) -> Option<i64> {
    let held = units.filter(|(quantity, _)| !quantity.is_zero());
    let all: Option<Decimal> = held
        .map(|(quantity, each)| Some(quantity * Decimal::from(each?)))
        .sum();
    number::rounded(all?, 0)
        .to_i64()
        .filter(|grammes| *grammes > 0)
}

/// Kilograms over what a vehicle carries; nothing while it carries all, or when either is unknown.
pub fn over_capacity(weight_g: Option<i64>, capacity_kg: Option<i32>) -> Option<Decimal> {
    let (weight, capacity) = (weight_g?, capacity_kg?);
    let over = Decimal::from(weight) - Decimal::from(capacity) * Decimal::ONE_THOUSAND;
    (over > Decimal::ZERO).then(|| (over / Decimal::ONE_THOUSAND).normalize())
}

/// The number of a shipment: `SH-26-00042`.
pub fn shipment_number(year: &str, number: i32) -> String {
    format!("SH-{year}-{number:05}")
}

/// What the number of a delivery challan begins with: `DC` of `DC/26-27/0042`. Every registration has its own series, so in a company with
/// several of them the challan names its own by state and thirteenth character: `D331/26-27/0042`. At most sixteen characters in all (rules
/// 46 and 55), up to number 99,999.
pub fn challan_series(gstin: Option<&str>) -> String {
    match gstin {
        None => "DC".to_owned(),
        Some(gstin) => {
            let (state, place) = (gstin.get(..2), gstin.get(12..13));
            format!(
                "D{}{}",
                state.unwrap_or_default(),
                place.unwrap_or_default()
            )
        }
    }
}

/// What a line's amounts are once fewer units of it will be billed.
pub fn amounts_of(
    price: UnitPrice,
    includes_tax: bool,
    left: Decimal,
    rate: Rate,
    is_inter_state: bool,
) -> LineTax {
    match Quantity::new(left) {
        Some(quantity) => tax::line(price, includes_tax, quantity, rate, is_inter_state),
        None => LineTax::default(),
    }
}
