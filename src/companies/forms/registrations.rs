//! What was typed about GST registrations.

use crate::companies::actions::NewRegistration;
use crate::kernel::dates::{GST_BEGAN, parse_version};
use crate::kernel::gstin::Gstin;
use crate::kernel::language::{Said, text};
use crate::kernel::text::one_line;
use crate::web::Remarks;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

/// A GST registration to be added.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RegistrationForm {
    pub gstin: String,
    pub trade_name: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl RegistrationForm {
    pub fn parse(mut self) -> Result<(NewRegistration, Self), Box<Self>> {
        let gstin = self.remarks.take("gstin", self.gstin.parse::<Gstin>());
        let trade_name = self.remarks.take(
            "trade_name",
            one_line(text!("Trade name"), &self.trade_name, 200),
        );
        match (gstin, trade_name) {
            (Some(gstin), Some(trade_name)) => Ok((NewRegistration { gstin, trade_name }, self)),
            _ => Err(Box::new(self)),
        }
    }
}

/// The trade name of a registration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TradeNameForm {
    pub trade_name: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl TradeNameForm {
    pub fn parse(mut self) -> Result<(String, DateTime<Utc>, Self), Box<Self>> {
        let version = parse_version(&self.version);
        match self.remarks.take(
            "trade_name",
            one_line(text!("Trade name"), &self.trade_name, 200),
        ) {
            Some(trade_name) => Ok((trade_name, version, self)),
            None => Err(Box::new(self)),
        }
    }
}

/// The last day of a registration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EndForm {
    pub ended_on: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl EndForm {
    pub fn parse(mut self, today: NaiveDate) -> Result<NaiveDate, Box<Self>> {
        let day = self
            .ended_on
            .trim()
            .parse::<NaiveDate>()
            .ok()
            .filter(|day| GST_BEGAN <= Some(*day));
        let said = match day {
            None => Said::new("Enter the last day as a date from 1 July 2017 on."),
            Some(day) if day > today => {
                Said::new("The last day must be today or earlier. Come back when it is over.")
            }
            Some(day) => return Ok(day),
        };
        self.remarks.add("ended_on", said);
        Err(Box::new(self))
    }
}
