//! Decisions about shipments, as pure functions.

use crate::kernel::language::{Said, text};
use crate::kernel::money::UnitPrice;
use crate::kernel::number;
use crate::kernel::quantity::Quantity;
use crate::tax::rules::{self as tax, LineTax, Rate};
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
