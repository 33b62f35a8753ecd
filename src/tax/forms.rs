//! What was typed about a company's own rates.

use super::actions::NewRate;
use super::rules::Treatment;
use crate::kernel::dates::{GST_BEGAN, parse_day};
use crate::kernel::language::{Said, text};
use crate::kernel::number;
use crate::kernel::percent::Percent;
use crate::kernel::text::one_line;
use crate::web::Remarks;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

/// A rate of the company's own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RateForm {
    pub hsn_prefix: String,
    pub rate: String,
    pub cess_rate: String,
    pub cess_per_unit: String,
    pub treatment: String,
    pub valid_from: String,
    pub reason: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

fn prefix(typed: &str) -> Result<String, Said> {
    let digits: String = typed.split_whitespace().collect();
    let fits = (2..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if fits {
        Ok(digits)
    } else {
        Err(Said::new(
            "Enter 2 to 8 digits: all codes that begin so take this rate.",
        ))
    }
}

fn cess(typed: &str) -> Result<Decimal, Said> {
    let rate = number::parse(typed.trim().trim_end_matches('%'))?;
    if rate < Decimal::ZERO || rate > Decimal::from(500) || rate.scale() > 3 {
        return Err(Said::new(
            "A cess is from 0 to 500 per cent, with 3 decimals at most.",
        ));
    }
    Ok(rate)
}

fn cess_per_unit(typed: &str) -> Result<Decimal, Said> {
    let rupees = number::parse(typed.trim().trim_start_matches('₹'))?;
    if rupees < Decimal::ZERO || rupees > Decimal::from(1_000_000) || rupees.scale() > 3 {
        return Err(Said::new(
            "A cess on a unit is from 0 to ₹10,00,000, with 3 decimals at most.",
        ));
    }
    Ok(rupees)
}

/// A day from the first one of GST on.
pub(super) fn day(typed: &str) -> Result<NaiveDate, Said> {
    parse_day(typed.trim())
        .filter(|day| GST_BEGAN <= Some(*day))
        .ok_or_else(|| Said::new("Enter a date from 1 July 2017 on."))
}

impl RateForm {
    /// The rate, or the form with remarks. With `prefix` the code is that of the rate that it follows.
    pub fn parse(mut self, known: Option<String>) -> Result<(NewRate, Self), Box<Self>> {
        let remarks = &mut self.remarks;
        let hsn_prefix = match known {
            Some(known) => Some(known),
            None => remarks.take("hsn_prefix", prefix(&self.hsn_prefix)),
        };
        let rate = remarks.take("rate", self.rate.parse::<Percent>());
        let cess_rate = remarks.take_optional("cess_rate", &self.cess_rate, cess);
        let cess_per_unit =
            remarks.take_optional("cess_per_unit", &self.cess_per_unit, cess_per_unit);
        let treatment = remarks.take_optional("treatment", &self.treatment, |typed| {
            typed
                .parse::<Treatment>()
                .map_err(|_| Said::new("Choose one of the list."))
        });
        let treatment = treatment.unwrap_or(Treatment::Taxable);
        let bears = [
            rate.as_ref().map(|rate| rate.as_decimal()),
            cess_rate,
            cess_per_unit,
        ];
        if treatment != Treatment::Taxable && bears.iter().flatten().any(|tax| !tax.is_zero()) {
            remarks.add(
                "treatment",
                Said::new("Goods that are not taxable bear neither GST nor cess: write 0."),
            );
        }
        let valid_from = remarks.take("valid_from", day(&self.valid_from));
        let reason = remarks.take("reason", one_line(text!("Reason"), &self.reason, 300));
        match (
            hsn_prefix,
            rate,
            valid_from,
            reason,
            self.remarks.is_empty(),
        ) {
            (Some(hsn_prefix), Some(rate), Some(valid_from), Some(reason), true) => Ok((
                NewRate {
                    hsn_prefix,
                    rate: rate.as_decimal(),
                    cess_rate: cess_rate.unwrap_or_default(),
                    cess_per_unit: cess_per_unit.unwrap_or_default(),
                    treatment,
                    valid_from,
                    reason,
                },
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}

/// The last day of a rate.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EndForm {
    pub valid_to: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl EndForm {
    pub fn parse(mut self) -> Result<(NaiveDate, Self), Box<Self>> {
        match self.remarks.take("valid_to", day(&self.valid_to)) {
            Some(day) => Ok((day, self)),
            None => Err(Box::new(self)),
        }
    }
}
