//! What comes of what a gateway tells.

use super::payment::Status;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

states! {
    /// What came of an event.
    Outcome:
    /// It made the receipt, or said why nothing was paid.
    Applied "applied"
    /// It was said before.
    Known "known"
    /// About a payment that nobody here asked for.
    UnknownPayment "unknown_payment"
    /// About another amount than was asked for, or a second payment of the same: kept for a person.
    OtherAmount "other_amount"
    /// About somebody else's payment.
    NotOurs "not_ours"
    /// About something that changes nothing here.
    Ignored "ignored"
}

impl Outcome {
    /// What a list says; a key of the message catalogue, with tone and shape of its pill.
    pub fn label(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Applied => (crate::text!("Applied"), "ok", ""),
            Self::Known => (crate::text!("Known before"), "", "plain"),
            Self::UnknownPayment => (crate::text!("Unknown payment"), "warn", ""),
            Self::OtherAmount => (crate::text!("Other amount"), "bad", ""),
            Self::NotOurs => (crate::text!("Not ours"), "warn", ""),
            Self::Ignored => (crate::text!("Nothing to do"), "", "plain"),
        }
    }
}

/// How long a payment that was begun can be paid.
pub const OPEN_FOR: TimeDelta = TimeDelta::hours(24);

/// Why a payment was given up that nobody made; a key of the message catalogue.
pub const NOBODY: &str = crate::text!("Nobody paid within a day.");

/// Why a payment was given up that was paid otherwise than it was asked for; a key of the message catalogue.
pub const OTHER_AMOUNT: &str = crate::text!(
    "Another amount was paid than was asked for. Your supplier sees it and settles it with you."
);

/// Why a payment was given up of which the gateway does not speak; a key of the message catalogue.
pub const SILENT: &str = crate::text!(
    "The payment page does not say whether it was paid. If you paid, ask your supplier before you pay again."
);

/// The most that is paid at once: gateways refuse more.
pub const MOST_RUPEES: i64 = 10_000_000;

/// An amount that may be paid online.
///
/// # Errors
/// Why it can't be.
pub fn payable(amount: Money) -> Result<Money, Said> {
    let most = Money::from_rupees(MOST_RUPEES);
    if amount < Money::from_rupees(1) {
        return Err(Said::new("Pay ₹1 or more."));
    }
    if amount > most {
        return Err(Said::new("At most {most} can be paid at once.").with("most", most));
    }
    Ok(amount)
}

/// What is left to pay of ticked bills that come to so much, by a customer who has money with the company that nothing was paid with yet: that
/// money counts first.
///
/// # Errors
/// That it covers them.
pub fn left_to_pay(bills: Money, unused: Money) -> Result<Money, Said> {
    if unused >= bills && unused > Money::ZERO {
        return Err(Said::new(
            "The ticked bills come to {bills}, and {unused} of your money isn't set against a bill yet: nothing is left to pay of them. To pay all the same, write an amount instead.",
        )
        .with("bills", bills)
        .with("unused", unused));
    }
    Ok(bills - unused)
}

/// The day on which money counts that a gateway took at a moment: that day in India, and never one that has not come.
pub fn counts_on(taken: DateTime<Utc>, now: DateTime<Utc>) -> NaiveDate {
    crate::kernel::dates::today(taken.min(now))
}

/// Whether a payment that was begun may be gone on with.
///
/// # Errors
/// Why not.
pub fn may_go_on(
    status: Status,
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), Said> {
    match status {
        Status::Pending | Status::Failed if expires_at.is_some_and(|end| end <= now) => Err(
            Said::new("This payment was begun more than a day ago. Begin a new one."),
        ),
        Status::Pending | Status::Failed => Ok(()),
        Status::Received | Status::Bounced | Status::Refunded => {
            Err(Said::new("This payment is paid already."))
        }
    }
}
