//! What was typed about money that goes back.

use super::payment::{day, method, money};
use crate::accounting::actions::payments::Refund;
use crate::accounting::rules::payment::Method;
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use crate::kernel::text::{optional_line, optional_lines};
use crate::web::Remarks;
use chrono::NaiveDate;
use serde::Deserialize;

/// How money goes back.
#[derive(Clone, Debug)]
pub enum Back {
    /// Somebody gave it back and writes it down.
    ByHand(Refund),
    /// Its gateway is to give back so much; why.
    OverGateway(Money, Option<String>),
}

/// Money that goes back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RefundForm {
    pub amount: String,
    pub method: String,
    pub paid_on: String,
    pub reference: String,
    pub note: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl RefundForm {
    /// How much, how and when. `open` is what is left of the payment, `own` how it came, `came` the day on which it did.
    pub fn parse(
        mut self,
        (open, own): (Money, Method),
        (came, today): (NaiveDate, NaiveDate),
    ) -> Result<Back, Box<Self>> {
        let amount = money(&self.amount).and_then(|amount| {
            if amount > open {
                Err(Said::new("Only {open} of it are left.").with("open", open))
            } else {
                Ok(amount)
            }
        });
        let amount = self.remarks.take("amount", amount);
        if own == Method::Gateway && self.method == own.as_str() {
            return self.over_gateway(amount);
        }
        let method = if own == Method::Tds {
            Ok(own)
        } else {
            method(&self.method).and_then(|method| match method {
                Method::Cheque | Method::Gateway => Err(Said::new("Choose how it goes back.")),
                known => Ok(known),
            })
        };
        let method = self.remarks.take("method", method);
        let paid_on = day(&self.paid_on, today).and_then(|day| {
            if day < came {
                Err(Said::new("Money can't go back before it came."))
            } else {
                Ok(day)
            }
        });
        let paid_on = self.remarks.take("paid_on", paid_on);
        let reference = optional_line(text!("Reference"), &self.reference, 60);
        let reference = self.remarks.take("reference", reference);
        let note = optional_lines(text!("Note"), &self.note, 500);
        let note = self.remarks.take("note", note);
        match (amount, method, paid_on, reference, note) {
            (Some(amount), Some(method), Some(paid_on), Some(reference), Some(note)) => {
                Ok(Back::ByHand(Refund {
                    amount,
                    method,
                    paid_on,
                    reference,
                    note,
                }))
            }
            _ => Err(Box::new(self)),
        }
    }

    /// Back the way it came: the gateway says when, and gives it a reference.
    fn over_gateway(mut self, amount: Option<Money>) -> Result<Back, Box<Self>> {
        let note = optional_lines(text!("Note"), &self.note, 500);
        let note = self.remarks.take("note", note);
        match (amount, note) {
            (Some(amount), Some(note)) => Ok(Back::OverGateway(amount, note)),
            _ => Err(Box::new(self)),
        }
    }
}
