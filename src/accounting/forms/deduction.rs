//! What was typed about tax that customers deducted.

use super::payment::{PaymentForm, Typed, money};
use crate::accounting::actions::payments::{How, Receipt, Withheld};
use crate::accounting::rules::payment::Method;
use crate::accounting::rules::receipt::counts_on;
use crate::error::AppError;
use crate::kernel::dates::parse_day;
use crate::kernel::ids::CustomerId;
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use crate::kernel::text::one_line;
use crate::web::Remarks;
use chrono::NaiveDate;
use serde::Deserialize;

/// What the tax is worked out from: the day, the rule, what came, and what it pays.
#[derive(Clone, Debug)]
pub struct Reckoning {
    pub paid_on: NaiveDate,
    pub rule: String,
    pub net: Option<Money>,
    pub how: How,
}

impl PaymentForm {
    /// Whether the tax is only to be worked out.
    pub fn is_reckoning(&self) -> bool {
        self.op == "reckon"
    }

    /// Whether anything is said of tax.
    pub fn speaks_of_tax(&self) -> bool {
        !(self.deducted.trim().is_empty() && self.section.is_empty())
    }

    /// Whether tax was deducted and no money came with it: that came before.
    pub(super) fn is_tax_alone(&self) -> bool {
        self.amount.trim().is_empty() && !self.deducted.trim().is_empty()
    }

    /// The tax that was deducted, with remarks where a part of it is missing.
    pub(super) fn withheld(&mut self, deducted: Option<Money>) -> Option<Withheld> {
        let has_amount = !self.deducted.trim().is_empty();
        if has_amount && self.section.is_empty() {
            let said = Said::new("Choose the section under which the customer deducted it.");
            self.remarks.add("section", said);
        } else if !has_amount && self.speaks_of_tax() {
            let said = Said::new("Enter what the customer deducted, or choose no section.");
            self.remarks.add("deducted", said);
        }
        Some(Withheld {
            amount: deducted?,
            rule: self.section.clone(),
        })
    }

    /// What the tax is to be worked out from; or the form again, with what is missing.
    ///
    /// # Errors
    /// `NotFound` for a field that no page of ours offers.
    pub fn reckoning(
        mut self,
        today: NaiveDate,
    ) -> Result<Result<(Reckoning, Self), Box<Self>>, AppError> {
        let typed = self.amount.clone();
        let net = self.remarks.take_optional("amount", &typed, money);
        let paid_on = super::payment::day(&self.paid_on, today);
        let paid_on = self.remarks.take("paid_on", paid_on);
        if self.section.is_empty() {
            let said = Said::new("Choose the section under which the customer deducted it.");
            self.remarks.add("section", said);
        }
        let how = self.how(None)?;
        if net.is_none() && typed.trim().is_empty() && !matches!(how, Some(How::ByHand(_))) {
            let said = Said::new(
                "Enter what came, or say beside the bills what is paid of each: the tax is worked out from that.",
            );
            self.remarks.add("amount", said);
        }
        match (paid_on, how) {
            (Some(paid_on), Some(how)) if self.remarks.is_empty() && self.parts.is_sound() => {
                let rule = self.section.clone();
                let reckoning = Reckoning {
                    paid_on,
                    rule,
                    net,
                    how,
                };
                Ok(Ok((reckoning, self)))
            }
            _ => Ok(Err(Box::new(self))),
        }
    }

    /// The day that it says, where it says one that can be; else today.
    pub fn day_or(&self, today: NaiveDate) -> NaiveDate {
        parse_day(self.paid_on.trim())
            .and_then(|day| counts_on(day, today).ok())
            .unwrap_or(today)
    }
}

impl Typed {
    /// The receipt of a customer that it says, and the tax deducted from it.
    pub fn receipt(self, customer: CustomerId) -> (Receipt, Option<Withheld>) {
        let receipt = Receipt {
            customer,
            method: self.method,
            amount: self.amount,
            paid_on: self.paid_on,
            reference: self.reference.filter(|_| self.method != Method::Tds),
            bank: self.bank,
            cheque_date: self.cheque_date,
            note: self.note,
            how: self.how,
        };
        (receipt, self.withheld)
    }
}

/// The customer's certificate of a deduction.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CertificateForm {
    pub certificate: String,
    pub certificate_on: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// Number and day of a certificate; none where there is none yet.
pub type Certificate = Option<(String, NaiveDate)>;

impl CertificateForm {
    /// Number and day; both empty takes them away again.
    pub fn parse(
        mut self,
        (deducted_on, today): (NaiveDate, NaiveDate),
    ) -> Result<(Certificate, Self), Box<Self>> {
        let is_empty = self.certificate.trim().is_empty() && self.certificate_on.trim().is_empty();
        if is_empty {
            return Ok((None, self));
        }
        let number = one_line(text!("Number of the certificate"), &self.certificate, 60);
        let number = self.remarks.take("certificate", number);
        let day = parse_day(self.certificate_on.trim())
            .ok_or_else(|| Said::new("Enter a date."))
            .and_then(|day| {
                if day < deducted_on {
                    Err(Said::new(
                        "A certificate is not older than the deduction that it proves.",
                    ))
                } else if day > today {
                    Err(Said::new("The day must be today or earlier."))
                } else {
                    Ok(day)
                }
            });
        let day = self.remarks.take("certificate_on", day);
        match (number, day) {
            (Some(number), Some(day)) => Ok((Some((number, day)), self)),
            _ => Err(Box::new(self)),
        }
    }
}
