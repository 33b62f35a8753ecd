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
    /// None where none of the list was chosen, which a remark says.
    pub reason: Option<Reason>,
    pub words: Option<String>,
    /// Number of the row, code or barcode in capitals, and how much; nothing where that is wrong, which a problem says.
    pub rows: Vec<(usize, String, Option<Amount>)>,
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

fn change(typed: &str) -> Result<Amount, Said> {
    let quantity = quantity(typed.trim_start().trim_start_matches('+'))?;
    if quantity.is_zero() {
        return Err(Said::new("A change is more or less than zero."));
    }
    Ok(Amount::Change(quantity))
}

fn counted(typed: &str) -> Result<Amount, Said> {
    let quantity = quantity(typed)?;
    if quantity < Decimal::ZERO {
        return Err(Said::new("What you counted is zero or more."));
    }
    Ok(Amount::Counted(quantity))
}

/// How much a row says, or which field is wrong and why.
fn amount(typed: (&str, &str)) -> Result<Amount, (&'static str, Said)> {
    match (typed.0.trim().is_empty(), typed.1.trim().is_empty()) {
        (true, true) => Err((
            "change",
            Said::new("Say how many come or go, or how many you counted."),
        )),
        (false, false) => Err((
            "counted",
            Said::new("Say either how many come or go, or how many you counted, not both."),
        )),
        (false, true) => change(typed.0).map_err(|said| ("change", said)),
        (true, false) => counted(typed.1).map_err(|said| ("counted", said)),
    }
}

impl AdjustForm {
    /// What stands in a field of a row.
    pub fn at(&self, field: &str, row: usize) -> &str {
        self.rows
            .get(&format!("{field}-{row}"))
            .map_or("", String::as_str)
    }

    /// What is wrong with a field of a row.
    pub fn problem(&self, field: &str, row: usize) -> Option<&Said> {
        self.problems
            .iter()
            .find(|(number, wrong, _)| (*number, *wrong) == (row, field))
            .map(|(.., said)| said)
    }

    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.remarks.is_empty() && self.problems.is_empty()
    }

    /// What was typed, as far as it can be read, with what is wrong beside its fields: the rows that can be read are looked at all the same,
    /// so that everything is said at once.
    pub fn parse(mut self) -> (Typed, Self) {
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
        let mut rows: Vec<(usize, String, Option<Amount>)> = Vec::new();
        for row in 1..=ROWS {
            let (sku, change, counted) = (
                self.at("sku", row).trim().to_uppercase(),
                self.at("change", row),
                self.at("counted", row),
            );
            if sku.is_empty() && change.trim().is_empty() && counted.trim().is_empty() {
                continue;
            }
            let amount = amount((change, counted));
            let is_code = if sku.is_empty() {
                let said = Said::new("Enter the code or barcode of a product.");
                self.problems.push((row, "sku", said));
                false
            } else if sku.len() > 100 || sku.contains('\0') {
                let said = Said::new("No product has the code {code}.")
                    .with("code", sku.replace('\0', ""));
                self.problems.push((row, "sku", said));
                false
            } else {
                true
            };
            let amount = match amount {
                Ok(amount) => Some(amount),
                Err((field, said)) => {
                    self.problems.push((row, field, said));
                    None
                }
            };
            if is_code {
                rows.push((row, sku, amount));
            }
        }
        if rows.is_empty() && self.problems.is_empty() {
            let said = Said::new("Enter the code or barcode of a product.");
            self.problems.push((1, "sku", said));
        }
        let typed = Typed {
            reason,
            words,
            rows,
        };
        (typed, self)
    }
}
