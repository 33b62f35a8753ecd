//! Amounts in rupees and prices of one unit.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use diesel::sql_types::Numeric;
use diesel::{AsExpression, FromSqlRow};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::language::Said;
use super::number;
use super::quantity::Quantity;

/// An amount in rupees, already rounded to the paisa: `numeric(14,2)`. Amounts add up; they are never multiplied with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Numeric)]
pub struct Money(Decimal);

decimal_column!(Money);

impl Money {
    /// With its paise, as every amount is written: `₹0.00`.
    pub const ZERO: Money = Money(Decimal::from_parts(0, 0, 0, false, 2));

    /// The most that a column holds: ₹99,999.99 crore and a bit, either side of zero.
    pub const MOST: Money = Money(Decimal::from_parts(0x107A_3FFF, 0x5AF3, 0, false, 2));

    /// Rounds to the paisa, half away from zero: how every computed amount becomes money.
    pub fn rounded(amount: Decimal) -> Money {
        let mut paise = number::rounded(amount, 2);
        paise.rescale(2);
        Money(paise)
    }

    pub fn from_rupees(rupees: i64) -> Money {
        Money::rounded(Decimal::from(rupees))
    }

    pub fn from_paise(paise: i64) -> Money {
        Money(Decimal::new(paise, 2))
    }

    fn from_stored(amount: Decimal) -> Option<Money> {
        let money = Money::rounded(amount);
        (money.0 == amount).then_some(money)
    }

    pub const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// The amount rounded to the whole rupee, half away from zero, for the "Round off" line of an invoice.
    pub fn to_rupee(self) -> Money {
        Money::rounded(number::rounded(self.0, 0))
    }

    pub fn abs(self) -> Money {
        Money(self.0.abs())
    }

    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    pub fn is_negative(self) -> bool {
        self.0 < Decimal::ZERO
    }

    /// Without ₹, for columns whose heading says it: `1,42,750.00`.
    pub fn plain(self) -> String {
        format!("{}{}", self.minus(), number::unsigned_indian(self.0))
    }

    /// For dashboards: `₹48.62 lakh`, `₹1.28 crore`, and in full below a lakh.
    pub fn dense(self) -> String {
        self.in_units(" lakh", " crore")
    }

    /// For charts and bars, where a word does not fit: `₹48.62 L`, `₹1.28 Cr`.
    pub fn dense_short(self) -> String {
        self.in_units(" L", " Cr")
    }

    fn in_units(self, lakh: &str, crore: &str) -> String {
        let lakhs = number::rounded(self.0.abs() / Decimal::from(100_000), 2);
        let crores = number::rounded(self.0.abs() / Decimal::from(10_000_000), 2);
        // 99,99,999.99 is not 100.00 lakh but 1.00 crore.
        let (figure, unit) = match self.0.abs() {
            small if small < Decimal::from(100_000) => return self.to_string(),
            _ if lakhs < Decimal::from(100) => (lakhs, lakh),
            _ => (crores, crore),
        };
        let mut figure = figure;
        figure.rescale(2);
        format!("{}₹{}{unit}", self.minus(), number::unsigned_indian(figure))
    }

    fn minus(self) -> &'static str {
        if self.is_negative() { "\u{2212}" } else { "" }
    }

    /// The amount in paise, for gateways that count in them.
    pub fn to_paise(self) -> Option<i64> {
        (self.0 * Decimal::ONE_HUNDRED).to_i64()
    }
}

impl Default for Money {
    fn default() -> Money {
        Money::ZERO
    }
}

/// `₹1,42,750.00`, `−₹473.33`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}₹{}", self.minus(), number::unsigned_indian(self.0))
    }
}

/// Reads a typed amount; see [`number::parse`]. More than two decimals are refused, not rounded.
impl FromStr for Money {
    type Err = Said;

    fn from_str(typed: &str) -> Result<Money, Said> {
        let amount = number::parse(typed)?;
        let money = Money::from_stored(amount)
            .ok_or_else(|| Said::new("An amount has 2 decimals at most."))?;
        if money.abs() > Money::MOST {
            return Err(Said::new("An amount must be {most} or less.").with("most", Money::MOST));
        }
        Ok(money)
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        if self.is_zero() { self } else { Money(-self.0) }
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        *self = *self - other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

/// The price of one unit: zero or more, four decimals, `numeric(14,4)`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow,
)]
#[diesel(sql_type = Numeric)]
pub struct UnitPrice(Decimal);

decimal_column!(UnitPrice);

impl UnitPrice {
    const PLACES: u32 = 4;

    fn from_stored(price: Decimal) -> Option<UnitPrice> {
        let price = price.normalize();
        let fits = price >= Decimal::ZERO
            && price.scale() <= UnitPrice::PLACES
            && price < Decimal::from(10_000_000_000_u64);
        fits.then_some(UnitPrice(price))
    }

    pub const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// The amount of a line: the one place where price and quantity meet, rounded to the paisa.
    pub fn times(self, quantity: Quantity) -> Money {
        Money::rounded(self.0 * quantity.as_decimal())
    }
}

/// Two decimals, more where the price has more: `₹1,250.00`, `₹0.3375`.
impl fmt::Display for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut price = self.0;
        if price.scale() < 2 {
            price.rescale(2);
        }
        write!(f, "₹{}", number::unsigned_indian(price))
    }
}

impl FromStr for UnitPrice {
    type Err = Said;

    fn from_str(typed: &str) -> Result<UnitPrice, Said> {
        let price = number::parse(typed)?;
        if price < Decimal::ZERO {
            return Err(Said::new("A price must be zero or more."));
        }
        if price.scale() > UnitPrice::PLACES {
            return Err(Said::new("A price has 4 decimals at most."));
        }
        UnitPrice::from_stored(price)
            .ok_or_else(|| Said::new("A price must be below ₹1,000 crore."))
    }
}
