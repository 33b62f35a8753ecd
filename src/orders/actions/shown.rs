//! What a buyer was shown, to be told apart from what is true by now.

use super::place::Quote;
use crate::kernel::money::Money;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The total that was shown, under which heads its tax stood, and a mark of every line's quantity, price and rate: two changes that make up for
/// each other are changes too, and so is IGST where CGST and SGST were.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The total.
    pub total: Money,
    lines: String,
    /// Whether the tax was IGST; `None` in a form that doesn't say.
    is_inter_state: Option<bool>,
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
            is_inter_state: Some(quote.terms.is_inter_state()),
        }
    }

    /// Whether the tax is IGST now, if nothing changed but the heads of the tax.
    pub fn turned(&self, now: &Self) -> Option<bool> {
        let is_other = self.is_inter_state.is_some() && self.is_inter_state != now.is_inter_state;
        now.is_inter_state
            .filter(|_| is_other && self.lines == now.lines)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.total.plain(), self.lines)?;
        match self.is_inter_state {
            Some(true) => f.write_str(" igst"),
            Some(false) => f.write_str(" cgst"),
            None => Ok(()),
        }
    }
}

impl FromStr for Shown {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (total, rest) = text.split_once(' ').ok_or(())?;
        let (lines, heads) = rest.split_once(' ').unwrap_or((rest, ""));
        Ok(Self {
            total: total.parse().map_err(|_| ())?,
            lines: lines.to_owned(),
            is_inter_state: match heads {
                "igst" => Some(true),
                "cgst" => Some(false),
                _ => None,
            },
        })
    }
}
