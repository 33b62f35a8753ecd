//! What a buyer was shown, to be told apart from what is true by now.

use super::place::Quote;
use crate::kernel::money::Money;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The total that was shown, and a mark of every line's quantity, price and rate: two changes that make up for each other are changes too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The total.
    pub total: Money,
    lines: String,
}

impl Shown {
    /// What a page shows of a quote.
    pub fn of(quote: &Quote) -> Self {
        let mut lines: Vec<String> = quote
            .lines
            .iter()
            .map(|one| {
                let line = &one.line;
                let price = line.price.map(|price| price.as_decimal().normalize());
                let (rate, cess) = (line.rate, line.cess_rate);
                let by_unit = line.cess_per_unit;
                format!(
                    "{} {} {price:?} {:?} {:?} {:?} {:?}",
                    line.product_id,
                    line.quantity.normalize(),
                    line.includes_tax,
                    rate.map(|rate| rate.normalize()),
                    cess.map(|cess| cess.normalize()),
                    by_unit.map(|cess| cess.normalize()),
                )
            })
            .collect();
        lines.sort_unstable();
        let digest = Sha256::digest(lines.join("\n"));
        Self {
            total: quote.totals.total,
            lines: digest[..8]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.total.plain(), self.lines)
    }
}

impl FromStr for Shown {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (total, lines) = text.split_once(' ').ok_or(())?;
        Ok(Self {
            total: total.parse().map_err(|_| ())?,
            lines: lines.to_owned(),
        })
    }
}
