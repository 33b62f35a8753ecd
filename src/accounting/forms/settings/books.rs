//! What was typed about bank, terms, turnovers and letters of undertaking.

use crate::accounting::actions::settings::{NewUndertaking, Printed};
use crate::accounting::rules::settings as rules;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::kernel::text::{one_line, optional_line, optional_lines};
use crate::tax::bill::RoundOff;
use crate::web::Remarks;
use serde::Deserialize;

/// What documents print, and how they and their debts are rounded and aged.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PrintedForm {
    pub bank_name: String,
    pub bank_account: String,
    pub bank_ifsc: String,
    pub upi_id: String,
    pub terms: String,
    pub round_off: String,
    pub age_buckets: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl PrintedForm {
    /// What is to be printed from now on.
    pub fn parse(mut self) -> Result<(Printed, Self), Box<Self>> {
        let typed = self.clone();
        let remarks = &mut self.remarks;
        let bank_name = optional_line(text!("Bank and branch"), &typed.bank_name, 100);
        let bank_name = remarks.take("bank_name", bank_name).flatten();
        let account =
            remarks.take_optional("bank_account", &typed.bank_account, rules::bank_account);
        let ifsc = remarks.take_optional("bank_ifsc", &typed.bank_ifsc, rules::ifsc);
        let has = |typed: &str| !typed.trim().is_empty();
        match (has(&typed.bank_account), has(&typed.bank_ifsc)) {
            (true, false) => {
                remarks.add("bank_ifsc", Said::new("Enter the IFSC of the branch too."))
            }
            (false, true) => {
                remarks.add("bank_account", Said::new("Enter the account number too."));
            }
            (false, false) if bank_name.is_some() => {
                remarks.add("bank_account", Said::new("Enter the account number too."));
            }
            _ => {}
        }
        let upi_id = remarks.take_optional("upi_id", &typed.upi_id, rules::upi_id);
        let terms = optional_lines(text!("Terms"), &typed.terms, 1_000);
        let terms = remarks.take("terms", terms).flatten();
        let round_off = typed
            .round_off
            .parse::<RoundOff>()
            .map_err(|_| Said::new("Choose what becomes of the paise."));
        let round_off = remarks.take("round_off", round_off);
        let buckets = remarks.take("age_buckets", rules::age_buckets(&typed.age_buckets));
        match (round_off, buckets, self.remarks.is_empty()) {
            (Some(round_off), Some(age_buckets), true) => {
                let printed = Printed {
                    round_off,
                    bank_name,
                    bank_account: account,
                    bank_ifsc: ifsc,
                    upi_id,
                    terms,
                    age_buckets,
                };
                Ok((printed, self))
            }
            _ => Err(Box::new(self)),
        }
    }
}

/// The turnover of a year.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TurnoverForm {
    pub amount: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl TurnoverForm {
    /// The amount; none where it is not known.
    pub fn parse(mut self) -> Result<(Option<Money>, Self), Box<Self>> {
        let typed = self.amount.clone();
        let amount = self.remarks.take_optional("amount", &typed, |typed| {
            let amount: Money = typed.parse()?;
            if amount.is_negative() {
                return Err(Said::new("An amount here can't be less than zero."));
            }
            Ok(amount)
        });
        if self.remarks.is_empty() {
            Ok((amount, self))
        } else {
            Err(Box::new(self))
        }
    }
}

/// A letter of undertaking.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct UndertakingForm {
    pub registration: String,
    pub number: String,
    pub valid_from: String,
    pub valid_to: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl UndertakingForm {
    /// The undertaking; `gstins` are the registrations that can have one.
    pub fn parse(
        mut self,
        gstins: &[String],
        lang: Lang,
    ) -> Result<(NewUndertaking, Self), Box<Self>> {
        let gstin = gstins
            .iter()
            .find(|gstin| **gstin == self.registration)
            .ok_or_else(|| Said::new("Choose the registration."));
        let gstin = self.remarks.take("registration", gstin).cloned();
        let number = one_line(text!("Number"), &self.number, 40);
        let number = self.remarks.take("number", number);
        let from = self
            .remarks
            .take("valid_from", rules::day(&self.valid_from));
        let to = self.remarks.take("valid_to", rules::day(&self.valid_to));
        if let (Some(from), Some(to)) = (from, to) {
            self.remarks
                .take("valid_to", rules::undertaking(from, to, lang));
        }
        match (gstin, number, from, to, self.remarks.is_empty()) {
            (Some(gstin), Some(number), Some(valid_from), Some(valid_to), true) => {
                let new = NewUndertaking {
                    gstin,
                    number,
                    valid_from,
                    valid_to,
                };
                Ok((new, self))
            }
            _ => Err(Box::new(self)),
        }
    }
}
