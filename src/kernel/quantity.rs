//! How many, how much.

use std::fmt;
use std::str::FromStr;

use diesel::sql_types::Numeric;
use diesel::{AsExpression, FromSqlRow};
use rust_decimal::Decimal;

use super::language::Said;
use super::number;

/// More than zero, three decimals (kilograms and litres have them), `numeric(14,3)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Numeric)]
pub struct Quantity(Decimal);

decimal_column!(Quantity);

impl Quantity {
    const PLACES: u32 = 3;

    /// `None` for zero and less, for a fourth decimal, and for more than eleven digits before the point.
    pub fn new(quantity: Decimal) -> Option<Quantity> {
        let quantity = quantity.normalize();
        let fits = quantity > Decimal::ZERO
            && quantity.scale() <= Quantity::PLACES
            && quantity < Decimal::from(100_000_000_000_u64);
        fits.then_some(Quantity(quantity))
    }

    fn from_stored(quantity: Decimal) -> Option<Quantity> {
        Quantity::new(quantity)
    }

    pub const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// The sum; `None` where it no longer fits.
    pub fn plus(self, other: Quantity) -> Option<Quantity> {
        Quantity::new(self.0 + other.0)
    }

    /// What is left; `None` where nothing is, for a quantity is more than zero.
    pub fn minus(self, other: Quantity) -> Option<Quantity> {
        Quantity::new(self.0 - other.0)
    }

    pub fn is_whole(self) -> bool {
        self.0.fract().is_zero()
    }
}

/// `12`, `1,200`, `0.25`: no zeros at the end. The unit is the product's to add.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&number::unsigned_indian(self.0))
    }
}

impl FromStr for Quantity {
    type Err = Said;

    fn from_str(typed: &str) -> Result<Quantity, Said> {
        let quantity = number::parse(typed)?;
        if quantity <= Decimal::ZERO {
            return Err(Said::new("A quantity must be more than zero."));
        }
        if quantity.scale() > Quantity::PLACES {
            return Err(Said::new("A quantity has 3 decimals at most."));
        }
        Quantity::new(quantity).ok_or_else(|| Said::new("A quantity must be below 10,000 crore."))
    }
}
