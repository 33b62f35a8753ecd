//! Decisions about stock and warehouses, as pure functions.

use crate::kernel::language::Said;
use crate::kernel::number;
use rust_decimal::Decimal;

/// Units that a level stays below.
const MOST: i64 = 10_000_000_000;

/// Only a warehouse in use serves customers.
///
/// # Errors
/// The refusal in words.
pub fn may_serve(name: &str, is_active: bool) -> Result<(), Said> {
    if is_active {
        return Ok(());
    }
    Err(Said::new("{name} is not in use. Use it again first.").with("name", name))
}

/// A warehouse goes out of use empty, and when nobody is served from it.
///
/// # Errors
/// The refusal in words.
pub fn may_close(name: &str, is_default: bool, has_stock: bool, serves: bool) -> Result<(), Said> {
    let said = if is_default {
        Said::new("{name} is the usual warehouse. Make another one the usual one first.")
    } else if has_stock {
        Said::new("Stock lies in {name}. Adjust it to zero first.")
    } else if serves {
        Said::new("Customers are served from {name}. Choose another warehouse for them first.")
    } else {
        return Ok(());
    };
    Err(said.with("name", name))
}

/// How low stock is: out, low, or enough.
pub fn state(free: Decimal, reorder: Option<Decimal>) -> &'static str {
    if free <= Decimal::ZERO {
        "out"
    } else if reorder.is_some_and(|level| free <= level) {
        "low"
    } else {
        "enough"
    }
}

/// What an adjustment leaves is neither less than nothing nor less than what orders hold. `held_by` are numbers of orders.
///
/// # Errors
/// The refusal in words.
pub fn may_leave(left: Decimal, reserved: Decimal, held_by: &[String]) -> Result<(), Said> {
    if left < Decimal::ZERO {
        return Err(
            Said::new("That is more than lies there: {left} would be left.")
                .with("left", number::indian(left)),
        );
    }
    if left >= Decimal::from(MOST) {
        return Err(Said::new(
            "That is more than stock is kept of: 1,000 crore units are the most.",
        ));
    }
    if left < reserved {
        return Err(
            Said::new("Only {left} would be left, but orders hold {reserved}: {orders}. Cancel or change them first.")
                .with("left", number::indian(left))
                .with("reserved", number::indian(reserved))
                .with("orders", held_by.join(", ")),
        );
    }
    Ok(())
}
