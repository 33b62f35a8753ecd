//! Decisions about orders, as pure functions.

use super::OrderError;
use crate::kernel::ids::ProductId;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::number;
use crate::kernel::quantity::Quantity;
use crate::orders::model::OrderLine;
use crate::web::components::Pill;
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

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

/// A quantity as people type it: units (`29`), packs (`2cs`, `2 case`), or both (`2 cs 5 pc`).
///
/// # Errors
/// The remark in words.
pub fn typed_quantity(
    typed: &str,
    pack_size: Decimal,
    pack_name: Option<&str>,
) -> Result<Quantity, Said> {
    let lower = typed.trim().to_lowercase();
    if !lower.contains(char::is_alphabetic) {
        return lower.parse();
    }
    let unclear = || unclear(pack_size, pack_name);
    let is_pack = |word: &str| {
        let named = pack_name.map(str::to_lowercase).unwrap_or_default();
        let is_named =
            !named.is_empty() && word.trim_end_matches('s') == named.trim_end_matches('s');
        is_named || ["cs", "case", "cases", "pk", "pack", "packs"].contains(&word)
    };
    let (mut sum, mut rest) = (Decimal::ZERO, lower.as_str());
    while !rest.is_empty() {
        let end = rest.find(char::is_alphabetic).ok_or_else(unclear)?;
        let (figure, tail) = rest.split_at(end);
        let stop = tail
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(tail.len());
        let (word, tail) = tail.split_at(stop);
        let figure: Quantity = figure.trim().parse().map_err(|_| unclear())?;
        sum += match word {
            word if is_pack(word) => figure
                .as_decimal()
                .checked_mul(pack_size)
                .ok_or_else(unclear)?,
            "pc" | "pcs" | "piece" | "pieces" | "unit" | "units" | "kg" | "kgs" => {
                figure.as_decimal()
            }
            _ => return Err(unclear()),
        };
        rest = tail.trim_start_matches(['.', ' ', ',', '+']);
    }
    Quantity::new(sum).ok_or_else(|| Said::new("A quantity has 3 decimals at most."))
}

/// What is said of a quantity that can't be read: how this very product is counted.
fn unclear(pack_size: Decimal, pack_name: Option<&str>) -> Said {
    if pack_size <= Decimal::ONE && pack_name.is_none() {
        return Said::new("This is sold singly. Write how many in figures, like 29.");
    }
    Said::new(
        "This comes in a {pack} of {size}. Write how many, like {size}, 2 {pack} or 2 {pack} 5 pc.",
    )
    .with("pack", pack_name.unwrap_or("case").to_lowercase())
    .with("size", number::indian(pack_size))
}

/// A line of a draft as somebody has it before them.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftLine {
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Units.
    pub quantity: Decimal,
    /// Rupees for a unit.
    pub price: Option<UnitPrice>,
}

/// What another person's saved draft has otherwise, in words; nothing when the two are the same.
pub fn draft_differences(stored: &[OrderLine], mine: &[DraftLine]) -> Vec<Said> {
    let own: HashMap<ProductId, &DraftLine> =
        mine.iter().map(|line| (line.product, line)).collect();
    let known: HashSet<ProductId> = stored.iter().map(|line| line.product_id).collect();
    let figure = |quantity: Decimal| quantity.normalize().to_string();
    let mut differences: Vec<Said> = stored
        .iter()
        .filter_map(|line| {
            let saved = Said::new("Saved meanwhile: {quantity} of {name} at {price}.")
                .with("quantity", figure(line.quantity))
                .with("name", &line.name)
                .with("price", line.price);
            match own.get(&line.product_id) {
                Some(own) if own.quantity == line.quantity && own.price == Some(line.price) => None,
                _ => Some(saved),
            }
        })
        .collect();
    let missing = mine.iter().filter(|line| !known.contains(&line.product));
    differences.extend(missing.map(|line| {
        Said::new("Not in what was saved meanwhile: {name}.").with("name", &line.name)
    }));
    differences
}
