//! What was typed about series of numbers.

use crate::accounting::actions::settings::{NewSeries, SeriesStep};
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::numbers::assemble;
use crate::error::AppError;
use crate::kernel::dates::FinancialYear;
use crate::kernel::language::Said;
use crate::web::Remarks;
use serde::Deserialize;

/// A series of numbers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SeriesForm {
    pub registration: String,
    pub kind: String,
    pub prefix: String,
    pub digits: String,
    pub preferred: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl SeriesForm {
    fn template(&mut self, year: FinancialYear) -> Option<String> {
        let digits = match self.digits.parse::<usize>() {
            Ok(digits) if (1..=9).contains(&digits) => Ok(digits),
            _ => Err(Said::new("Choose how many digits.")),
        };
        let digits = self.remarks.take("digits", digits)?;
        let template = assemble(&self.prefix, digits, year);
        self.remarks.take("prefix", template)
    }

    /// How the numbers of a series are to look.
    pub fn parse_change(mut self, year: FinancialYear) -> Result<(String, Self), Box<Self>> {
        match self.template(year) {
            Some(template) => Ok((template, self)),
            None => Err(Box::new(self)),
        }
    }

    /// The series to be begun; `gstins` are those that can have one.
    pub fn parse_new(
        mut self,
        year: FinancialYear,
        gstins: &[String],
    ) -> Result<(NewSeries, Self), Box<Self>> {
        let gstin = gstins
            .iter()
            .find(|gstin| **gstin == self.registration)
            .ok_or_else(|| Said::new("Choose the registration."));
        let gstin = self.remarks.take("registration", gstin).cloned();
        let kind = self
            .kind
            .parse::<Kind>()
            .map_err(|_| Said::new("Choose what it numbers."));
        let kind = self.remarks.take("kind", kind);
        let template = self.template(year);
        match (gstin, kind, template) {
            (Some(gstin), Some(kind), Some(template)) => {
                let new = NewSeries {
                    gstin,
                    kind,
                    template,
                    is_default: self.preferred == "on",
                };
                Ok((new, self))
            }
            _ => Err(Box::new(self)),
        }
    }
}

/// A choice between series.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    pub op: String,
}

impl StepForm {
    /// What is to be done.
    ///
    /// # Errors
    /// `NotFound` for what no page of ours offers.
    pub fn parse(&self) -> Result<SeriesStep, AppError> {
        match self.op.as_str() {
            "prefer" => Ok(SeriesStep::Prefer),
            "stop" => Ok(SeriesStep::Stop),
            "start" => Ok(SeriesStep::Start),
            _ => Err(AppError::NotFound),
        }
    }
}
