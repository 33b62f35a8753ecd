//! What was typed about an adjustment: one warehouse, one reason, several products.

use crate::inventory::actions::{Amount, Problem, Reason};
use crate::kernel::language::{Said, text};
use crate::kernel::number;
use crate::kernel::text::optional_line;
use crate::web::Remarks;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Rows that the form has.
pub const ROWS: usize = 8;

/// An adjustment. The rows are `sku-1`, `change-1`, `counted-1` and so on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AdjustForm {
    pub warehouse: String,
    pub reason: String,
    pub words: String,
    #[serde(flatten)]
    pub rows: BTreeMap<String, String>,
    #[serde(skip)]
    pub remarks: Remarks,
    /// What is wrong with which row.
    #[serde(skip)]
    pub problems: Vec<Problem>,
}

/// An adjustment whose products are still to be found.
pub struct Typed {
    pub reason: Reason,
    pub words: Option<String>,
    /// Number of the row, code or barcode in capitals, and how much.
    pub rows: Vec<(usize, String, Amount)>,
}

/// A quantity with three decimals at most, of a size that is kept.
fn quantity(typed: &str) -> Result<Decimal, Said> {
    let quantity = number::parse(typed)?;
    if quantity.scale() > 3 {
        return Err(Said::new("A quantity has 3 decimals at most."));
    }
    if quantity.abs() >= Decimal::from(100_000_000) {
        return Err(Said::new("A quantity in one row must be below 10 crore."));
    }
    Ok(quantity)
}

fn amount(change: &str, counted: &str) -> Result<Amount, Said> {
    match (change.trim().is_empty(), counted.trim().is_empty()) {
        (true, true) => Err(Said::new(
            "Say how many come or go, or how many you counted.",
        )),
        (false, false) => Err(Said::new(
            "Say either how many come or go, or how many you counted, not both.",
        )),
        (false, true) => {
            let quantity = quantity(change.trim_start().trim_start_matches('+'))?;
            if quantity.is_zero() {
                return Err(Said::new("A change is more or less than zero."));
            }
            Ok(Amount::Change(quantity))
        }
        (true, false) => {
            let quantity = quantity(counted)?;
            if quantity < Decimal::ZERO {
                return Err(Said::new("What you counted is zero or more."));
            }
            Ok(Amount::Counted(quantity))
        }
    }
}

impl AdjustForm {
    /// What stands in a field of a row.
    pub fn at(&self, field: &str, row: usize) -> &str {
        self.rows
            .get(&format!("{field}-{row}"))
            .map_or("", String::as_str)
    }

    /// What is wrong with a row.
    pub fn problem(&self, row: usize) -> Option<&Said> {
        self.problems
            .iter()
            .find(|(number, _)| *number == row)
            .map(|(_, said)| said)
    }

    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.remarks.is_empty() && self.problems.is_empty()
    }

    pub fn parse(mut self) -> Result<(Typed, Self), Box<Self>> {
        let reason = Reason::ALL
            .into_iter()
            .find(|reason| reason.code() == self.reason)
            .ok_or_else(|| Said::new("Choose a reason from the list."));
        let reason = self.remarks.take("reason", reason);
        let words = optional_line(text!("Words"), &self.words, 180);
        let words = self.remarks.take("words", words).flatten();
        if reason == Some(Reason::Other) && words.is_none() {
            self.remarks.add("words", Said::new("Say why, in words."));
        }
        let mut rows: Vec<(usize, String, Amount)> = Vec::new();
        for row in 1..=ROWS {
            let (sku, change, counted) = (
                self.at("sku", row).trim().to_uppercase(),
                self.at("change", row),
                self.at("counted", row),
            );
            if sku.is_empty() && change.trim().is_empty() && counted.trim().is_empty() {
                continue;
            }
            let amount = amount(change, counted);
            if sku.is_empty() {
                let said = Said::new("Enter the code or barcode of a product.");
                self.problems.push((row, said));
            } else if sku.len() > 100 || sku.contains('\0') {
                let said = Said::new("No product has the code {code}.")
                    .with("code", sku.replace('\0', ""));
                self.problems.push((row, said));
            } else {
                match amount {
                    Ok(amount) => rows.push((row, sku, amount)),
                    Err(said) => self.problems.push((row, said)),
                }
            }
        }
        if rows.is_empty() && self.problems.is_empty() {
            let said = Said::new("Enter the code or barcode of a product.");
            self.problems.push((1, said));
        }
        match reason {
            Some(reason) if self.is_sound() => Ok((
                Typed {
                    reason,
                    words,
                    rows,
                },
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}
