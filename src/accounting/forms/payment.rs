//! What was typed about payments.

use crate::accounting::actions::payments::{How, Withheld};
use crate::accounting::rules::payment::Method;
use crate::accounting::rules::receipt::{self, BY_HAND};
use crate::error::AppError;
use crate::kernel::dates::parse_day;
use crate::kernel::ids::EntryId;
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use crate::kernel::text::{one_line, optional_line, optional_lines};
use crate::ledger::actions::Over;
use crate::web::Remarks;
use chrono::NaiveDate;
use serde::Deserialize;

/// Money, as it is typed.
pub(super) fn money(typed: &str) -> Result<Money, Said> {
    receipt::some_money(typed.parse()?)
}

/// A day on which money counted.
pub(super) fn day(typed: &str, today: NaiveDate) -> Result<NaiveDate, Said> {
    let day = parse_day(typed.trim()).ok_or_else(|| Said::new("Enter a date."))?;
    receipt::counts_on(day, today)
}

pub(super) fn method(typed: &str) -> Result<Method, Said> {
    let known = BY_HAND.iter().find(|method| method.as_str() == typed);
    known
        .copied()
        .ok_or_else(|| Said::new("Choose how it was paid."))
}

/// How much of which bill: a field for each, named by its entry.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    typed: Vec<(String, String)>,
    wrong: Vec<(String, Said)>,
}

impl Parts {
    /// What was typed for a bill.
    pub fn of(&self, bill: EntryId) -> &str {
        let bill = bill.to_string();
        let typed = self.typed.iter().find(|(id, _)| *id == bill);
        typed.map_or("", |(_, typed)| typed.as_str())
    }

    /// What is wrong with it.
    pub fn wrong(&self, bill: EntryId) -> Option<&Said> {
        let bill = bill.to_string();
        let wrong = self.wrong.iter().find(|(id, _)| *id == bill);
        wrong.map(|(_, said)| said)
    }

    /// Whether nothing is wrong with any.
    pub fn is_sound(&self) -> bool {
        self.wrong.is_empty()
    }

    /// Takes a field of a form, if it is one of a bill.
    pub(super) fn take(&mut self, name: &str, value: &str) -> bool {
        let Some(bill) = name.strip_prefix("a-") else {
            return false;
        };
        if !value.trim().is_empty() {
            self.typed.push((bill.to_owned(), value.to_owned()));
        }
        true
    }

    /// The bills and how much of each.
    ///
    /// # Errors
    /// `NotFound` for what can be no bill.
    fn parse(&mut self) -> Result<Vec<(EntryId, Money)>, AppError> {
        let mut parts: Vec<(EntryId, Money)> = Vec::new();
        for (id, typed) in &self.typed {
            let bill: EntryId = id.parse().map_err(|_| AppError::NotFound)?;
            match money(typed) {
                Ok(amount) if parts.iter().all(|(known, _)| *known != bill) => {
                    parts.push((bill, amount));
                }
                Ok(_) => return Err(AppError::NotFound),
                Err(said) => self.wrong.push((id.clone(), said)),
            }
        }
        Ok(parts)
    }

    /// Notes what is wrong with what was typed for a bill.
    pub(super) fn refuse(&mut self, bill: EntryId, said: Said) {
        self.wrong.push((bill.to_string(), said));
    }

    /// Notes what did not fit; what fits no row is given back.
    pub fn note(&mut self, over: Vec<Over>) -> Option<Said> {
        let mut rest = None;
        for (bill, said) in over {
            let bill = bill.to_string();
            if self.typed.iter().any(|(id, _)| *id == bill) {
                self.wrong.push((bill, said));
            } else {
                rest = Some(said);
            }
        }
        rest
    }
}

/// Money that came.
#[derive(Clone, Debug, Default)]
pub struct PaymentForm {
    pub customer: String,
    pub method: String,
    pub amount: String,
    pub paid_on: String,
    pub reference: String,
    pub bank: String,
    pub cheque_date: String,
    pub note: String,
    pub how: String,
    pub deducted: String,
    pub section: String,
    pub op: String,
    pub parts: Parts,
    pub remarks: Remarks,
    /// How the tax was worked out, where it was.
    pub worked: Option<Said>,
}

/// What it says, once it is sound.
#[derive(Clone, Debug)]
pub struct Typed {
    pub method: Method,
    pub amount: Money,
    pub paid_on: NaiveDate,
    pub reference: Option<String>,
    pub bank: Option<String>,
    pub cheque_date: Option<NaiveDate>,
    pub note: Option<String>,
    pub how: How,
    pub withheld: Option<Withheld>,
}

impl PaymentForm {
    /// Reads the fields of the form.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            if form.parts.take(&name, &value) {
                continue;
            }
            match name.as_str() {
                // What can be no code would upset the database.
                "customer" => form.customer = value.chars().filter(|c| !c.is_control()).collect(),
                "method" => form.method = value,
                "amount" => form.amount = value,
                "paid_on" => form.paid_on = value,
                "reference" => form.reference = value,
                "bank" => form.bank = value,
                "cheque_date" => form.cheque_date = value,
                "note" => form.note = value,
                "how" => form.how = value,
                "deducted" => form.deducted = value,
                "section" => form.section = value,
                "op" => form.op = value,
                _ => {}
            }
        }
        form
    }

    /// What it says, and the form as it was; or the form again, with what is wrong.
    ///
    /// # Errors
    /// `NotFound` for a field that no page of ours offers.
    pub fn parse(mut self, today: NaiveDate) -> Result<Result<(Typed, Self), Box<Self>>, AppError> {
        let typed = self.deducted.clone();
        let deducted = self.remarks.take_optional("deducted", &typed, money);
        let (method, amount) = if self.is_tax_alone() {
            (Some(Method::Tds), deducted)
        } else {
            let method = self.remarks.take("method", method(&self.method));
            (method, self.remarks.take("amount", money(&self.amount)))
        };
        let paid_on = self.remarks.take("paid_on", day(&self.paid_on, today));
        let reference = match method {
            Some(Method::Cheque) => {
                one_line(text!("Number of the cheque"), &self.reference, 60).map(Some)
            }
            _ => optional_line(text!("Reference"), &self.reference, 60),
        };
        let reference = self.remarks.take("reference", reference);
        let bank = optional_line(text!("Bank of the cheque"), &self.bank, 100);
        let bank = self.remarks.take("bank", bank);
        let cheque_date = self
            .remarks
            .take("cheque_date", cheque_date(method, &self.cheque_date));
        let note = optional_lines(text!("Note"), &self.note, 500);
        let note = self.remarks.take("note", note);
        let withheld = self.withheld(deducted);
        let with_tax = deducted.filter(|_| method != Some(Method::Tds));
        let how = self.how(amount.map(|amount| amount + with_tax.unwrap_or_default()))?;
        let whole = (|| {
            Some(Typed {
                method: method?,
                amount: amount?,
                paid_on: paid_on?,
                reference: reference?,
                bank: bank?.filter(|_| method == Some(Method::Cheque)),
                cheque_date: cheque_date?,
                note: note?,
                how: how?,
                withheld,
            })
        })();
        match whole {
            Some(typed) if self.remarks.is_empty() && self.parts.is_sound() => {
                Ok(Ok((typed, self)))
            }
            _ => Ok(Err(Box::new(self))),
        }
    }

    pub(super) fn how(&mut self, amount: Option<Money>) -> Result<Option<How>, AppError> {
        match self.how.as_str() {
            "oldest" => return Ok(Some(How::OldestFirst)),
            "account" => return Ok(Some(How::OnAccount)),
            "hand" => {}
            _ => {
                let said = Said::new("Choose what it pays.");
                self.remarks.add("how", said);
                return Ok(None);
            }
        }
        let parts = self.parts.parse()?;
        let sum: Money = parts.iter().map(|(_, amount)| *amount).sum();
        if parts.is_empty() && self.parts.is_sound() {
            let said = Said::new("Say how much of which bill it pays, or choose another way.");
            self.remarks.add("how", said);
        } else if amount.is_some_and(|amount| sum > amount) {
            let said = if self.speaks_of_tax() {
                Said::new(
                    "The bills get {sum} together, which is more than the amount and the tax.",
                )
            } else {
                Said::new("The bills get {sum} together, which is more than the amount.")
            };
            self.remarks.add("how", said.with("sum", sum));
        }
        Ok(Some(How::ByHand(parts)))
    }
}

/// The date on a cheque; what is paid in another way has none.
fn cheque_date(method: Option<Method>, typed: &str) -> Result<Option<NaiveDate>, Said> {
    if method != Some(Method::Cheque) {
        return Ok(None);
    }
    let day = parse_day(typed.trim());
    day.map(Some)
        .ok_or_else(|| Said::new("Enter the date on the cheque."))
}

/// What is left of a payment is set against bills.
#[derive(Clone, Debug, Default)]
pub struct SetForm {
    pub op: String,
    pub parts: Parts,
    pub remarks: Remarks,
}

impl SetForm {
    /// Reads the fields of the form.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            if !form.parts.take(&name, &value) && name == "op" {
                form.op = value;
            }
        }
        form
    }

    /// What it is set against; or the form again, with what is wrong.
    ///
    /// # Errors
    /// `NotFound` for a field that no page of ours offers.
    pub fn parse(mut self) -> Result<Result<(How, Self), Box<Self>>, AppError> {
        if self.op == "oldest" {
            return Ok(Ok((How::OldestFirst, self)));
        }
        let parts = self.parts.parse()?;
        if parts.is_empty() && self.parts.is_sound() {
            let said = Said::new("Say how much of which bill it pays.");
            self.remarks.add("parts", said);
        }
        if self.remarks.is_empty() && self.parts.is_sound() {
            Ok(Ok((How::ByHand(parts), self)))
        } else {
            Ok(Err(Box::new(self)))
        }
    }
}

/// What is taken off: one allocation, or, without one, all of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TakeOffForm {
    pub allocation: String,
}

/// A cheque that the bank returned.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BounceForm {
    pub bounced_on: String,
    pub reason: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl BounceForm {
    /// The day and why.
    pub fn parse(
        mut self,
        paid_on: NaiveDate,
        today: NaiveDate,
    ) -> Result<(NaiveDate, String), Box<Self>> {
        let on = parse_day(self.bounced_on.trim())
            .ok_or_else(|| Said::new("Enter a date."))
            .and_then(|day| receipt::bounces_on(day, paid_on, today));
        let on = self.remarks.take("bounced_on", on);
        let reason = one_line(text!("Reason"), &self.reason, 300);
        let reason = self.remarks.take("reason", reason);
        match (on, reason) {
            (Some(on), Some(reason)) => Ok((on, reason)),
            _ => Err(Box::new(self)),
        }
    }
}

/// Money that nobody will pay.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WriteOffForm {
    pub amount: String,
    pub reason: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl WriteOffForm {
    /// How much of what is open, and why.
    pub fn parse(mut self, open: Money) -> Result<(Money, String), Box<Self>> {
        let amount = money(&self.amount)
            .and_then(|amount| crate::ledger::rules::may_write_off(open, amount).map(|()| amount));
        let amount = self.remarks.take("amount", amount);
        let reason = one_line(text!("Reason"), &self.reason, 300);
        let reason = self.remarks.take("reason", reason);
        match (amount, reason) {
            (Some(amount), Some(reason)) => Ok((amount, reason)),
            _ => Err(Box::new(self)),
        }
    }
}
