//! Decisions about payments that people write down, as pure functions.

use super::payment::{Direction, Method, Status};
use crate::kernel::dates::GST_BEGAN;
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use chrono::NaiveDate;

/// Ways to pay that a clerk writes down; what comes over a gateway, the gateway tells.
pub const BY_HAND: [Method; 4] = [Method::Cash, Method::Upi, Method::Neft, Method::Cheque];

impl Method {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cash => text!("Cash"),
            Self::Cheque => text!("Cheque"),
            Self::Upi => text!("UPI"),
            Self::Neft => text!("Bank transfer"),
            Self::Gateway => text!("Paid online"),
            Self::Tds => text!("Tax deducted at source"),
        }
    }
}

impl Status {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pending => text!("Waiting for the gateway"),
            Self::Received => text!("Received"),
            Self::Failed => text!("Failed"),
            Self::Bounced => text!("Returned by the bank"),
            Self::Refunded => text!("Refunded"),
        }
    }

    /// Tone and shape of its pill.
    pub const fn pill(self) -> (&'static str, &'static str) {
        match self {
            Self::Pending => ("info", "half"),
            Self::Received => ("ok", "full"),
            Self::Failed | Self::Bounced => ("bad", "plain"),
            Self::Refunded => ("", "plain"),
        }
    }
}

/// The day on which money counts.
///
/// # Errors
/// Why it can't be.
pub fn counts_on(day: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Said> {
    if day > today {
        return Err(Said::new("The day must be today or earlier."));
    }
    if Some(day) < GST_BEGAN {
        return Err(Said::new("The day must be 1 July 2017 or later."));
    }
    Ok(day)
}

/// An amount of money that changes hands.
///
/// # Errors
/// Why it can't be.
pub fn some_money(amount: Money) -> Result<Money, Said> {
    if amount > Money::ZERO {
        Ok(amount)
    } else {
        Err(Said::new("The amount must be more than zero."))
    }
}

/// A payment as far as its end is decided on it.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Its number.
    pub number: &'a str,
    /// Which way it went.
    pub direction: Direction,
    /// How.
    pub method: Method,
    /// How far it is.
    pub status: Status,
    /// The day on which it counts.
    pub paid_on: NaiveDate,
}

impl Facts<'_> {
    fn must_stand(&self) -> Result<(), Said> {
        let said = match self.status {
            Status::Received => return Ok(()),
            Status::Bounced => Said::new("The bank returned the cheque of {number}."),
            Status::Refunded => Said::new("All of {number} was given back."),
            Status::Pending | Status::Failed => Said::new("{number} was not paid."),
        };
        Err(said.with("number", self.number))
    }
}

/// Whether the bank may have returned a payment on a day.
///
/// # Errors
/// Why not.
pub fn may_bounce(payment: &Facts<'_>) -> Result<(), Said> {
    payment.must_stand()?;
    if payment.method != Method::Cheque || payment.direction != Direction::In {
        return Err(Said::new("{number} is no cheque that somebody gave us.")
            .with("number", payment.number));
    }
    Ok(())
}

/// The day on which the bank returned a cheque.
///
/// # Errors
/// Why it can't be.
pub fn bounces_on(day: NaiveDate, paid_on: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Said> {
    if day < paid_on {
        return Err(Said::new(
            "The bank can't return a cheque before it was given to us.",
        ));
    }
    counts_on(day, today)
}

/// Whether so much of a payment may be given back, of which `open` is left.
///
/// # Errors
/// Why not.
pub fn may_refund(payment: &Facts<'_>, open: Money, amount: Money) -> Result<(), Said> {
    may_give_back(payment)?;
    if open.is_zero() {
        return Err(
            Said::new("All of {number} is set against bills. Take some of it off first.")
                .with("number", payment.number),
        );
    }
    if amount > open {
        return Err(
            Said::new("Only {open} of {number} are left; the rest is set against bills.")
                .with("open", open)
                .with("number", payment.number),
        );
    }
    Ok(())
}

/// Whether anything of a payment may be given back by hand.
///
/// # Errors
/// Why not.
pub fn may_give_back(payment: &Facts<'_>) -> Result<(), Said> {
    if payment.direction == Direction::Out {
        return Err(Said::new("{number} is a refund itself.").with("number", payment.number));
    }
    payment.must_stand()
}
