//! Rates and discounts.

use std::fmt;
use std::str::FromStr;

use diesel::sql_types::Numeric;
use diesel::{AsExpression, FromSqlRow};
use rust_decimal::Decimal;

use super::language::Said;
use super::money::Money;
use super::number;

/// From 0 to 100 per cent, three decimals (GST knows 0.125), `numeric(6,3)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Numeric)]
pub struct Percent(Decimal);

decimal_column!(Percent);

impl Percent {
    const PLACES: u32 = 3;

    /// `None` outside 0 to 100 and for a fourth decimal.
    pub fn new(percent: Decimal) -> Option<Percent> {
        let percent = percent.normalize();
        let fits = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent)
            && percent.scale() <= Percent::PLACES;
        fits.then_some(Percent(percent))
    }

    fn from_stored(percent: Decimal) -> Option<Percent> {
        Percent::new(percent)
    }

    pub const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// This share of an amount, rounded to the paisa.
    pub fn of(self, amount: Money) -> Money {
        Money::rounded(amount.as_decimal() * self.0 / Decimal::ONE_HUNDRED)
    }

    /// One decimal at most, for shares on a dashboard: `15.6%`. A tax rate is printed with `Display`, which rounds nothing.
    pub fn brief(self) -> String {
        format!("{}%", number::rounded(self.0, 1).normalize())
    }
}

/// `18%`, `0.125%`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

impl FromStr for Percent {
    type Err = Said;

    fn from_str(typed: &str) -> Result<Percent, Said> {
        let typed = typed.trim();
        let percent = number::parse(typed.strip_suffix('%').unwrap_or(typed))?;
        if percent.scale() > Percent::PLACES {
            return Err(Said::new("A percentage has 3 decimals at most."));
        }
        Percent::new(percent).ok_or_else(|| Said::new("A percentage must be from 0 to 100."))
    }
}
