//! Amounts as people type them on a document.

use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::tax::bill::Discount;
use rust_decimal::Decimal;

/// A discount: rupees, or per cent with the sign. Nothing is none.
///
/// # Errors
/// The remark in words.
pub fn discount(typed: &str) -> Result<Discount, Said> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Discount::None);
    }
    let Some(rate) = typed.strip_suffix('%') else {
        return rupees(typed).map(Discount::Amount);
    };
    let rate = number::parse(rate.trim())?;
    if rate < Decimal::ZERO || rate > Decimal::ONE_HUNDRED || rate.normalize().scale() > 3 {
        return Err(Said::new(
            "A discount is between 0 and 100 %, with 3 decimals at most.",
        ));
    }
    Ok(Discount::Percent(rate))
}

/// An amount that may be left out, never below zero.
///
/// # Errors
/// The remark in words.
pub fn rupees(typed: &str) -> Result<Money, Said> {
    if typed.trim().is_empty() {
        return Ok(Money::ZERO);
    }
    let amount: Money = typed.parse()?;
    if amount.is_negative() {
        return Err(Said::new("An amount here can't be less than zero."));
    }
    Ok(amount)
}
