//! Decisions about orders, as pure functions.

mod draft;

pub use draft::{
    DraftField, DraftLine, beyond_books, draft_differences, field_differences, repriced, unfit,
    wanted_day,
};

use super::OrderError;
use crate::kernel::language::{Lang, Said, Value, text};
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
            Self::Closed => text!("Complete"),
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

/// How far the goods of an order are, for its pill: made of its shipments' states, and of nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    picking: bool,
    packed: bool,
    out: bool,
    delivered: bool,
    came_back: bool,
}

impl Progress {
    /// By the states of its shipments.
    pub fn of<'s>(shipments: impl IntoIterator<Item = &'s str>) -> Self {
        let mut progress = Self::default();
        for status in shipments {
            progress.note(status);
        }
        progress
    }

    /// Counts one more shipment. One that was given up says nothing.
    pub fn note(&mut self, status: &str) {
        match status {
            "picking" => self.picking = true,
            "packed" => self.packed = true,
            "out" => self.out = true,
            "delivered" => self.delivered = true,
            "returned" => self.came_back = true,
            _ => {}
        }
    }

    /// Whether all that ever left came back: nothing of it was delivered or is on the road.
    pub fn only_came_back(self) -> bool {
        self.came_back && !self.delivered && !self.out
    }
}

/// The pill of one shipment of an order.
pub fn parcel_pill(lang: Lang, status: &str) -> Pill {
    let (label, tone, shape) = match status {
        "picking" => (text!("Picking"), "info", ""),
        "packed" => (text!("Packed"), "info", "half"),
        "out" => (text!("Out for delivery"), "info", "half"),
        "delivered" => (text!("Delivered"), "ok", "full"),
        "returned" => (text!("Came back"), "", "plain"),
        _ => (text!("Cancelled"), "", "plain"),
    };
    Pill::new(lang.t(label), tone, shape)
}

/// The one pill that people see for an order: derived from its status, its hold and its shipments.
pub fn pill(lang: Lang, status: OrderStatus, is_held: bool, progress: Progress) -> Pill {
    let (label, tone, shape) = match status {
        OrderStatus::Draft => (text!("Draft"), "", ""),
        OrderStatus::ToApprove if is_held => (text!("On hold"), "bad", ""),
        OrderStatus::ToApprove => (text!("To confirm"), "warn", ""),
        OrderStatus::Confirmed | OrderStatus::Closed if progress.out => {
            (text!("Out for delivery"), "info", "half")
        }
        OrderStatus::Confirmed if progress.packed => (text!("Packed"), "info", "half"),
        OrderStatus::Confirmed if progress.picking => (text!("Picking"), "info", "half"),
        OrderStatus::Confirmed if progress.delivered => (text!("Part shipped"), "info", "half"),
        OrderStatus::Confirmed => (text!("Confirmed"), "info", ""),
        OrderStatus::Closed if progress.only_came_back() => (text!("Came back"), "", "plain"),
        OrderStatus::Closed => (text!("Delivered"), "ok", "full"),
        OrderStatus::Cancelled => (text!("Cancelled"), "", "plain"),
    };
    Pill::new(lang.t(label), tone, shape)
}

/// The pill that the retailer sees: that an order is to be confirmed is a task for its supplier alone.
pub fn retailer_pill(lang: Lang, status: OrderStatus, is_held: bool, progress: Progress) -> Pill {
    if status == OrderStatus::ToApprove && !is_held {
        return Pill::new(lang.t(text!("Waits for the supplier")), "warn", "");
    }
    pill(lang, status, is_held, progress)
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

/// What is said of units of a line that won't come, `24 pc`; also what the retailer reads.
pub fn not_coming(quantity: impl Into<Value>, name: &str, reason: &str) -> Said {
    Said::new("{quantity} of {name} won't come: {reason}")
        .with("quantity", quantity)
        .with("name", name)
        .with("reason", reason)
}

/// The same sentence with another name of the product, if it is that sentence.
pub fn not_coming_as(said: &Said, name: &str) -> Option<Said> {
    if said.key() != not_coming("", "", "").key() {
        return None;
    }
    let (quantity, reason) = (said.value("quantity")?, said.text_of("reason")?);
    Some(not_coming(quantity, name, reason))
}

/// What of a line is still to be billed, in rupees: its total less the share that is billed or has left. `billable` is ordered less
/// cancelled, `open` what is neither billed nor has left.
pub fn open_share(total: Money, billable: Decimal, open: Decimal) -> Money {
    if open.is_zero() || billable.is_zero() {
        return Money::ZERO;
    }
    total - Money::rounded(total.as_decimal() * (billable - open) / billable)
}

/// What of an order is still to be billed: the sum over its lines of `(total, ordered less cancelled, open)`.
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

/// What staff hold an order for; also what the retailer reads.
pub fn staff_hold(reason: &str) -> Said {
    Said::new("The supplier holds this order: {reason}").with("reason", reason)
}

/// Whether a hold is for credit, so that paying or cancelling something can end it.
pub fn is_credit_hold(reason: &Said) -> bool {
    reason.key() == credit_hold(Money::ZERO, Money::ZERO).key()
}

/// What has to be paid to free an order that is held for this reason, if paying does.
pub fn frees(reason: &Said) -> Option<Money> {
    if !is_credit_hold(reason) {
        return None;
    }
    reason.text_of("over")?.parse().ok()
}

/// By how much each of the orders that wait for credit goes over the limit; `None` fits. The first comes first: the later ones count on top of
/// it, so none of them fits before it does. `exposure` holds them all; `waiting` is what each has open.
pub fn over_each(limit: Option<Money>, exposure: Money, waiting: &[Money]) -> Vec<Option<Money>> {
    let mut counted = exposure - waiting.iter().copied().sum::<Money>();
    waiting
        .iter()
        .map(|open| {
            counted += *open;
            over_credit(limit, counted)
        })
        .collect()
}

/// Whether an order may be confirmed.
///
/// # Errors
/// The refusal in words; of a held one, with who may release it.
pub fn may_confirm(number: &str, status: OrderStatus, held: Option<&Said>) -> Result<(), Said> {
    if let (OrderStatus::ToApprove, Some(reason)) = (status, held) {
        return Err(Said::new(
            "Order {number} is on hold. {reason} An owner, a manager or accounts can release it.",
        )
        .with("number", number)
        .with("reason", reason));
    }
    step(number, status, OrderStatus::Confirmed)
}

/// Whether the retailer may still take its own order back.
///
/// # Errors
/// The refusal in words.
pub fn may_withdraw(number: &str, status: OrderStatus) -> Result<(), Said> {
    if status == OrderStatus::Confirmed {
        return Err(
            Said::new("Order {number} is confirmed. Ask the supplier to cancel it.")
                .with("number", number),
        );
    }
    step(number, status, OrderStatus::Cancelled)
}

/// Whether a whole order may be cancelled: not once its goods are being picked or have left.
///
/// # Errors
/// The refusal in words.
pub fn may_cancel_whole(number: &str, has_begun: bool) -> Result<(), Said> {
    if has_begun {
        return Err(Said::new(
            "Goods of order {number} are being picked or have left. Cancel what is open instead.",
        )
        .with("number", number));
    }
    Ok(())
}

/// Whether what is open of an order may be cancelled; `open` is how many lines have something to cancel.
///
/// # Errors
/// The refusal in words.
pub fn may_cancel_open(number: &str, has_begun: bool, open: usize) -> Result<(), Said> {
    if !has_begun {
        return Err(Said::new(
            "Nothing of order {number} was picked yet. Cancel the order instead.",
        )
        .with("number", number));
    }
    if open == 0 {
        return Err(
            Said::new("Nothing of order {number} is open that is not being picked.")
                .with("number", number),
        );
    }
    Ok(())
}

/// Whether what is open of a line may be cancelled.
///
/// # Errors
/// The refusal in words.
pub fn may_cancel_line(name: &str, open: Decimal, picking: Decimal) -> Result<(), Said> {
    if open.is_zero() {
        return Err(Said::new("Nothing of {name} is open.").with("name", name));
    }
    if open <= picking {
        return Err(Said::new("All that is open of {name} is being picked.").with("name", name));
    }
    Ok(())
}

/// Whether an order may be held: one that waits to be confirmed.
///
/// # Errors
/// The refusal in words.
pub fn may_hold(number: &str, status: OrderStatus, is_held: bool) -> Result<(), Said> {
    if is_held {
        return Err(Said::new("Order {number} is on hold already.").with("number", number));
    }
    if status != OrderStatus::ToApprove {
        return Err(Said::new(
            "Order {number} is {state}. Only an order that waits to be confirmed can be held.",
        )
        .with("number", number)
        .naming("state", status.label()));
    }
    Ok(())
}

/// Whether a hold may be ended.
///
/// # Errors
/// The refusal in words.
pub fn may_release(number: &str, is_held: bool) -> Result<(), Said> {
    if is_held {
        return Ok(());
    }
    Err(Said::new("Order {number} is not on hold.").with("number", number))
}

fn step(number: &str, from: OrderStatus, to: OrderStatus) -> Result<(), Said> {
    may_become(number, from, to).map_err(|error| {
        error
            .said()
            .unwrap_or_else(|| Said::new("This can't be done."))
    })
}
