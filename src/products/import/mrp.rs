//! Whether what a file says is sold above its MRP: a price without GST may be under it and yet come above it on the bill.
//!
//! Such rows come in, and are told apart. Price lists of shops have selling prices that hold GST, at the MRP or just under it: refused, most of
//! a catalogue would stay outside for what one setting mends.

use super::model::StandardPrices;
use super::rules::rupees;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::quantity::Quantity;
use crate::platform::db::Scope;
use crate::tax::model::Rates;
use crate::tax::rules::{Rate, line};
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

/// A product as it will be, and the row that says so.
pub struct Asked<'g> {
    pub line: u32,
    pub hsn: &'g str,
    pub condition: &'g str,
    pub price: Decimal,
    pub mrp: Decimal,
}

/// What is to be said of rows, by number, whose product comes above its MRP with GST. The rates of all of them in one statement; none where
/// the list holds GST, because then the price itself was compared.
///
/// # Errors
/// When the database refuses.
pub fn above(
    scope: &mut Scope,
    standard: &StandardPrices,
    asked: Vec<Asked<'_>>,
) -> Result<HashMap<u32, Said>, AppError> {
    if standard.includes_tax || asked.is_empty() {
        return Ok(HashMap::new());
    }
    let codes: BTreeSet<(&str, &str)> = asked.iter().map(|one| (one.hsn, one.condition)).collect();
    let codes: Vec<(&str, &str)> = codes.into_iter().collect();
    let today = dates::today(scope.now());
    let rates = Rates::on(scope, &codes, today)?;
    Ok(asked
        .iter()
        .filter_map(|one| {
            let rate = rates.of(one.hsn, one.condition)?;
            Some((one.line, one.said(rate)?))
        })
        .collect())
}

impl Asked<'_> {
    fn said(&self, rate: Rate) -> Option<Said> {
        let price: UnitPrice = self.price.to_string().parse().ok()?;
        let one = Quantity::new(Decimal::ONE)?;
        let with_tax = line(price, false, one, rate, true).total;
        if with_tax <= Money::rounded(self.mrp) {
            return None;
        }
        let has_cess = !rate.cess.is_zero() || !rate.cess_per_unit.is_zero();
        let said = if has_cess {
            Said::new(
                "The price {price} is {with_tax} with GST of {rate}% and cess, above the MRP {mrp}.",
            )
        } else {
            Said::new("The price {price} is {with_tax} with GST of {rate}%, above the MRP {mrp}.")
        };
        Some(
            said.with("price", rupees(self.price))
                .with("with_tax", with_tax)
                .with("rate", rate.gst.normalize().to_string())
                .with("mrp", rupees(self.mrp)),
        )
    }
}
