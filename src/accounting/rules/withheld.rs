//! Decisions about tax that customers deduct from what they pay, as pure functions.

use crate::kernel::dates::FinancialYear;
use crate::kernel::money::Money;
use crate::kernel::percent::Percent;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

/// What of a bill is to be paid, and how much of that is its value without GST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Valued {
    /// What is to be paid.
    pub open: Money,
    /// That without GST.
    pub taxable: Money,
}

/// How much of an amount is value without GST, by what the whole bill says. Of a bill of nothing it is the amount itself.
pub fn without_gst(amount: Money, (total, taxable): (Money, Money)) -> Money {
    if total.is_zero() {
        return amount;
    }
    let share = amount.as_decimal() * taxable.as_decimal() / total.as_decimal();
    Money::rounded(share)
}

/// The value without GST of what was paid, where the customer paid so much after it had deducted: bills in the order in which they are paid, each
/// less its own tax, and then an advance, of which the value is not known and which therefore counts whole.
pub fn value_of_net(rate: Percent, bills: &[Valued], net: Money) -> Money {
    let rate = rate.as_decimal() / Decimal::ONE_HUNDRED;
    let mut left = net.as_decimal();
    let mut value = Decimal::ZERO;
    for bill in bills {
        let taxable = bill.taxable.as_decimal();
        let pays = bill.open.as_decimal() - taxable * rate;
        if left < pays {
            return Money::rounded(value + taxable * left / pays);
        }
        value += taxable;
        left -= pays;
    }
    if rate < Decimal::ONE {
        value += left / (Decimal::ONE - rate);
    }
    Money::rounded(value)
}

/// Whether somebody should look at a deduction again: it is more than the rate says, by more than the rupee to which it may be rounded.
pub fn is_doubtful(rate: Percent, taxable: Money, amount: Money) -> bool {
    amount > rate.of(taxable) + Money::from_rupees(1)
}

/// The quarter of the financial year in which a day lies, from 1 (April to June) to 4.
pub fn quarter(day: NaiveDate) -> u32 {
    (day.month() + 8) % 12 / 3 + 1
}

/// Financial year and quarter of a day: `2026-27 Q3`.
pub fn year_and_quarter(day: NaiveDate) -> String {
    format!("{} Q{}", FinancialYear::of(day).code(), quarter(day))
}
