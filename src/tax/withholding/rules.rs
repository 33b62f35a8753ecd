//! Decisions about tax at source, as pure functions.

use super::model::OwnRule;
use crate::kernel::language::{Said, text};
use chrono::NaiveDate;

states! {
    /// Whether the buyer deducts or the seller collects.
    Kind:
    /// Deducted by the buyer from what it pays.
    Tds "tds"
    /// Collected by the seller with the bill.
    Tcs "tcs"
}

states! {
    /// To which tax it is credited.
    Tax:
    /// Income tax.
    IncomeTax "income_tax"
    /// GST.
    Gst "gst"
}

states! {
    /// What the rate is taken of.
    Base:
    /// The value without GST.
    Taxable "taxable"
    /// The value with GST.
    Total "total"
}

states! {
    /// What a limit is a limit of.
    ThresholdOf:
    /// What one buys from the other in a financial year; only what is above counts.
    Year "year"
    /// A contract; above the limit all of it counts.
    Contract "contract"
}

impl Kind {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Tds => text!("Deducted by the buyer (TDS)"),
            Self::Tcs => text!("Collected by the seller (TCS)"),
        }
    }
}

impl Tax {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::IncomeTax => text!("Income tax"),
            Self::Gst => text!("GST"),
        }
    }

    /// The paper by which the customer proves that it paid the tax in; a key of the message catalogue.
    pub const fn certificate(self) -> &'static str {
        match self {
            Self::IncomeTax => text!("Form 16A"),
            Self::Gst => text!("Form GSTR-7A"),
        }
    }
}

/// Most characters of a section.
const MOST_OF_A_SECTION: usize = 20;

/// A section as papers name it: `194Q`, `393/194Q`, `206C(1)`.
///
/// # Errors
/// What it may be made of.
pub fn section(typed: &str) -> Result<String, Said> {
    let section: String = typed.split_whitespace().collect::<String>().to_uppercase();
    let is_known = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() || b"()/".contains(&b);
    let fits = (1..=MOST_OF_A_SECTION).contains(&section.len());
    if fits && section.bytes().all(is_known) {
        Ok(section)
    } else {
        Err(Said::new(
            "Enter the section as papers name it, e.g. 194Q or 206C(1): letters, digits, brackets and strokes, 20 at most.",
        ))
    }
}

/// The own rate of the same section and customer in whose way one from a day on is.
pub fn overlapped(periods: &[OwnRule], from: NaiveDate) -> Option<&OwnRule> {
    periods
        .iter()
        .find(|period| period.valid_to.is_none_or(|last| last >= from))
}

/// Whether an own rate may end on a day.
///
/// # Errors
/// Why not.
pub fn may_end(rule: &OwnRule, last: NaiveDate) -> Result<(), Said> {
    is_open(rule)?;
    if last < rule.valid_from {
        return Err(
            Said::new("The last day can't be before {from}, the first day of the rate.")
                .with("from", rule.valid_from.to_string()),
        );
    }
    Ok(())
}

/// Whether an own rate has no end yet.
///
/// # Errors
/// When it ends.
pub fn is_open(rule: &OwnRule) -> Result<(), Said> {
    match rule.valid_to {
        None => Ok(()),
        Some(last) => Err(Said::new(
            "The own rate under section {section} ends on {to} already. Add a new one instead.",
        )
        .with("section", &rule.section)
        .with("to", last.to_string())),
    }
}
