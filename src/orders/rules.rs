//! Decisions about orders, as pure functions.

use super::OrderError;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::kernel::quantity::Quantity;
use crate::web::components::Pill;
use rust_decimal::Decimal;

states! {
    /// How far an order is. Held is a flag beside it.
    OrderStatus:
    /// Being written by staff: holds nothing, counts nowhere.
    Draft "draft"
    /// Placed; waits for the company to confirm.
    ToApprove "to_approve"
    /// The company will deliver what is open.
    Confirmed "confirmed"
    /// Nothing is open, something was shipped.
    Closed "closed"
    /// Ended without anything shipped.
    Cancelled "cancelled"
}

/// The steps of an order's life; the same as the SQL function `may_step`.
pub const STEPS: &[(OrderStatus, OrderStatus)] = &[
    (OrderStatus::Draft, OrderStatus::ToApprove),
    (OrderStatus::Draft, OrderStatus::Cancelled),
    (OrderStatus::ToApprove, OrderStatus::Confirmed),
    (OrderStatus::ToApprove, OrderStatus::Cancelled),
    (OrderStatus::Confirmed, OrderStatus::Closed),
    (OrderStatus::Confirmed, OrderStatus::Cancelled),
];

impl OrderStatus {
    /// In words; a key of the message catalogue.
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => text!("Draft"),
            Self::ToApprove => text!("To confirm"),
            Self::Confirmed => text!("Confirmed"),
            Self::Closed => text!("Delivered"),
            Self::Cancelled => text!("Cancelled"),
        }
    }

    /// Whether stock and credit are held for it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::ToApprove | Self::Confirmed)
    }
}

/// Whether an order may take a step.
///
/// # Errors
/// The refusal in words.
pub fn may_become(number: &str, from: OrderStatus, to: OrderStatus) -> Result<(), OrderError> {
    if STEPS.contains(&(from, to)) {
        return Ok(());
    }
    Err(OrderError::Refused(
        Said::new("Order {number} is {state}, so this can't be done.")
            .with("number", number)
            .naming("state", from.label()),
    ))
}

/// How far the goods of an order are, for its pill.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// A shipment is being picked.
    pub picking: bool,
    /// A shipment is packed and waits.
    pub packed: bool,
    /// A shipment is on the road.
    pub out: bool,
    /// Something has been shipped.
    pub shipped: bool,
    /// Something is still open.
    pub open: bool,
}

/// The one pill that people see for an order: derived from its status, its hold and its shipments.
pub fn pill(lang: Lang, status: OrderStatus, is_held: bool, progress: Progress) -> Pill {
    let (label, tone, shape) = match status {
        OrderStatus::Draft => (text!("Draft"), "", "ring"),
        OrderStatus::ToApprove if is_held => (text!("On hold"), "bad", "ring"),
        OrderStatus::ToApprove => (text!("To confirm"), "warn", "ring"),
        OrderStatus::Confirmed if progress.out => (text!("Out for delivery"), "info", "half"),
        OrderStatus::Confirmed if progress.packed => (text!("Packed"), "info", "half"),
        OrderStatus::Confirmed if progress.picking => (text!("Picking"), "info", "half"),
        OrderStatus::Confirmed if progress.shipped => (text!("Part shipped"), "info", "half"),
        OrderStatus::Confirmed => (text!("Confirmed"), "info", "ring"),
        OrderStatus::Closed if progress.out => (text!("Out for delivery"), "info", "half"),
        OrderStatus::Closed => (text!("Delivered"), "ok", "full"),
        OrderStatus::Cancelled => (text!("Cancelled"), "", "plain"),
    };
    Pill::new(
        lang.t(label),
        tone,
        if shape == "ring" { "" } else { shape },
    )
}

/// What is over the credit limit, if anything: `exposure` holds everything, this order included.
pub fn over_credit(limit: Option<Money>, exposure: Money) -> Option<Money> {
    let over = exposure - limit?;
    (over > Money::ZERO).then_some(over)
}

/// Why an order is held for credit; also what the retailer reads.
pub fn credit_hold(over: Money, limit: Money) -> Said {
    Said::new("This order goes {over} over the credit limit of {limit}. Pay {over} to free it.")
        .with("over", over)
        .with("limit", limit)
}

/// What of a line is still to be shipped, in rupees: its total less the share that has left. `billable` is ordered less cancelled.
pub fn open_share(total: Money, billable: Decimal, open: Decimal) -> Money {
    if open.is_zero() || billable.is_zero() {
        return Money::ZERO;
    }
    total - Money::rounded(total.as_decimal() * (billable - open) / billable)
}

/// What of an order is still to be shipped: the sum over its lines of `(total, ordered less cancelled, open)`.
pub fn open_amount(lines: impl Iterator<Item = (Money, Decimal, Decimal)>) -> Money {
    lines
        .map(|(total, billable, open)| open_share(total, billable, open))
        .sum()
}

/// The next whole number of packs: what a buyer asks for is rounded up to it.
pub fn whole_packs(quantity: Quantity, pack_size: Decimal) -> Quantity {
    let packs = (quantity.as_decimal() / pack_size).ceil();
    Quantity::new(packs * pack_size).unwrap_or(quantity)
}

/// The largest whole number of packs in what is free; none when there is not even one.
pub fn packs_in(free: Decimal, pack_size: Decimal) -> Option<Quantity> {
    Quantity::new((free / pack_size).floor() * pack_size)
}
