//! Decisions about orders that staff write: what another person has otherwise, what changed under them, what can't be.

use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::number;
use crate::orders::model::{OrderLine, QuoteLine};
use crate::tax::rules::{LineTax, pays_its_cess, rupees, within_mrp};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

/// Days ahead for which goods can be wanted.
const DAYS_AHEAD: u64 = 90;

/// The day on which goods are wanted by an order that is placed today, whoever places it.
///
/// # Errors
/// In words, for another day and for what is none.
pub fn wanted_day(day: Option<NaiveDate>, today: NaiveDate) -> Result<NaiveDate, Said> {
    let last = today
        .checked_add_days(Days::new(DAYS_AHEAD))
        .unwrap_or(today);
    day.filter(|day| (today..=last).contains(day))
        .ok_or_else(|| {
            Said::new("Choose a day from today on, at most {count} days ahead.")
                .with("count", DAYS_AHEAD)
        })
}

/// What is said where the orders of a customer grow beyond what books hold.
pub fn beyond_books() -> Said {
    Said::new("Orders of a customer can't come to more than {most} together. Write less, or a lower price.")
        .with("most", Money::MOST)
}

/// A line of a draft as somebody has it before them.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftLine {
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Units.
    pub quantity: Decimal,
    /// Rupees for a unit.
    pub price: Option<UnitPrice>,
}

/// What another person's saved draft has otherwise, in words; nothing when the two are the same.
pub fn draft_differences(stored: &[OrderLine], mine: &[DraftLine]) -> Vec<Said> {
    let own: HashMap<ProductId, &DraftLine> =
        mine.iter().map(|line| (line.product, line)).collect();
    let known: HashSet<ProductId> = stored.iter().map(|line| line.product_id).collect();
    let mut differences: Vec<Said> = stored
        .iter()
        .filter_map(|line| {
            let saved = Said::new("Saved meanwhile: {quantity} of {name} at {price}.")
                .with("quantity", number::indian(line.quantity))
                .with("name", &line.name)
                .with("price", line.price);
            match own.get(&line.product_id) {
                Some(own) if own.quantity == line.quantity && own.price == Some(line.price) => None,
                _ => Some(saved),
            }
        })
        .collect();
    let missing = mine.iter().filter(|line| !known.contains(&line.product));
    differences.extend(missing.map(|line| {
        Said::new("Not in what was saved meanwhile: {name}.").with("name", &line.name)
    }));
    differences
}

/// A field of a draft beside its lines: its label, what is saved in it, and what somebody has in it.
pub type DraftField = (&'static str, Option<String>, Option<String>);

/// What another person's saved draft says otherwise beside its lines, in words with both values.
pub fn field_differences(fields: Vec<DraftField>) -> impl Iterator<Item = Said> {
    let words = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    fields
        .into_iter()
        .filter(|(_, saved, typed)| saved != typed)
        .map(move |(label, saved, typed)| {
            Said::new("{field}: saved meanwhile “{saved}”, here “{typed}”.")
                .naming("field", label)
                .with("saved", words(saved))
                .with("typed", words(typed))
        })
}

/// What became of lines that were left as they were since the draft was saved: another price of a list, another rate. One remark a line.
pub fn repriced<'q>(
    stored: &[OrderLine],
    now: impl IntoIterator<Item = &'q QuoteLine>,
) -> Vec<(ProductId, Said)> {
    let stored: HashMap<ProductId, &OrderLine> =
        stored.iter().map(|line| (line.product_id, line)).collect();
    let remark = |row: &QuoteLine| {
        let line = stored.get(&row.product_id)?;
        if line.quantity != row.quantity {
            return None;
        }
        let (price, rate) = (row.price?, row.tax()?);
        let is_listed = line.price_list_id.is_some() && row.price_list_id.is_some();
        let said = if is_listed && line.price != price {
            Said::new("The price is {now} now, not {was}.")
                .with("now", price)
                .with("was", line.price)
        } else if line.cess_per_unit != rate.cess_per_unit {
            Said::new("The cess on it is {now} a unit now, not {was}. Look at the amount.")
                .with("now", rupees(rate.cess_per_unit))
                .with("was", rupees(line.cess_per_unit))
        } else if line.rate() != rate || (is_listed && Some(line.includes_tax) != row.includes_tax)
        {
            Said::new("The GST on it changed. Look at the amount.")
        } else {
            return None;
        };
        Some((row.product_id, said))
    };
    now.into_iter().filter_map(remark).collect()
}

/// Why a line can't be ordered as it was typed, if it can't: its price is above the MRP or holds less than its cess, or amounts grow beyond what
/// books hold. `before`: what the customer has open and the lines before it come to.
pub fn unfit(row: &QuoteLine, amounts: LineTax, before: Money) -> Option<Said> {
    if before + amounts.total > Money::MOST {
        return Some(beyond_books());
    }
    let (price, rate) = (row.price?, row.tax()?);
    let includes_tax = row.includes_tax.unwrap_or_default();
    if let Err(said) = pays_its_cess(price, includes_tax, rate) {
        return Some(said);
    }
    // A list looks after its own prices.
    let is_typed = row.price_list_id.is_none();
    if is_typed {
        within_mrp(price, includes_tax, rate, row.mrp).err()
    } else {
        None
    }
}
