//! What was typed about a company's own rates of tax at source.

use super::actions::NewRule;
use super::rules::{self, Tax};
use crate::kernel::language::{Said, text};
use crate::kernel::percent::Percent;
use crate::kernel::text::one_line;
use crate::tax::forms::day;
use crate::web::Remarks;
use serde::Deserialize;

/// A rate of the company's own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    pub tax: String,
    pub section: String,
    pub customer: String,
    pub rate: String,
    pub valid_from: String,
    pub valid_to: String,
    pub reason: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

fn rate(typed: &str) -> Result<Percent, Said> {
    let rate: Percent = typed.parse()?;
    if rate.as_decimal().is_zero() {
        return Err(Said::new(
            "The rate must be above zero: who deducts nothing needs no row.",
        ));
    }
    Ok(rate)
}

impl RuleForm {
    /// The rate, or the form with remarks.
    pub fn parse(mut self) -> Result<(NewRule, Self), Box<Self>> {
        let remarks = &mut self.remarks;
        let tax = self.tax.parse::<Tax>();
        let tax = remarks.take("tax", tax.map_err(|_| Said::new("Choose one of the list.")));
        let section = remarks.take("section", rules::section(&self.section));
        let code = self.customer.trim();
        // What can be no code would upset the database.
        let customer: String = code.chars().filter(|c| !c.is_control()).take(60).collect();
        let rate = remarks.take("rate", rate(&self.rate));
        let valid_from = remarks.take("valid_from", day(&self.valid_from));
        let valid_to = remarks.take_optional("valid_to", &self.valid_to, day);
        if valid_from.is_some_and(|from| valid_to.is_some_and(|last| last < from)) {
            let said = Said::new("The last day can't be before the first.");
            remarks.add("valid_to", said);
        }
        let reason = remarks.take("reason", one_line(text!("Reason"), &self.reason, 300));
        let whole = (|| {
            Some(NewRule {
                customer: (!customer.is_empty()).then(|| customer.to_uppercase()),
                tax: tax?,
                section: section?,
                rate: rate?,
                valid_from: valid_from?,
                valid_to,
                reason: reason?,
            })
        })();
        match whole {
            Some(new) if self.remarks.is_empty() => Ok((new, self)),
            _ => Err(Box::new(self)),
        }
    }
}
