//! Instalments of a bill, as they are typed: worked out in equal parts, or part by part.

use super::payment::money;
use crate::kernel::dates::parse_day;
use crate::kernel::ids::InstalmentPlanId;
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use crate::kernel::text::optional_line;
use crate::ledger::rules::{Every, INSTALMENTS, equal_parts, may_be_due};
use crate::web::Remarks;
use chrono::NaiveDate;
use serde::Deserialize;

/// A part, as it is typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct PartField {
    pub day: String,
    pub amount: String,
    pub wrong: Option<Said>,
}

impl PartField {
    fn is_empty(&self) -> bool {
        self.day.trim().is_empty() && self.amount.trim().is_empty()
    }
}

/// What the buttons of the form ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Equal parts, to be looked at.
    WorkOut,
    /// The parts as they stand.
    Agree,
}

/// Fields of the form.
#[derive(Clone, Debug, Default)]
pub struct InstalmentsForm {
    pub number: String,
    pub first: String,
    pub every: String,
    pub parts: Vec<PartField>,
    pub reason: String,
    pub plan: String,
    pub op: String,
    pub remarks: Remarks,
}

/// Parts that are agreed on, and why.
pub type Typed = (Vec<(NaiveDate, Money)>, Option<String>);

/// The agreement that stood when the form was opened; none for none.
fn known(plan: &str) -> Result<Option<InstalmentPlanId>, Said> {
    if plan.is_empty() {
        return Ok(None);
    }
    let unknown = || Said::new("Open the page of the instalments again.");
    let plan = plan.parse::<InstalmentPlanId>();
    plan.map(Some).map_err(|_| unknown())
}

impl InstalmentsForm {
    /// Before anything is typed: the parts that stand, or a month between each.
    pub fn blank(plan: Option<InstalmentPlanId>, parts: &[(NaiveDate, Money)]) -> Self {
        let mut form = Self {
            every: Every::Month.as_str().to_owned(),
            plan: plan.map(|plan| plan.to_string()).unwrap_or_default(),
            ..Self::default()
        };
        form.fill(parts);
        form
    }

    /// Reads the fields of the form.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        form.parts.resize(*INSTALMENTS.end(), PartField::default());
        for (name, value) in pairs {
            if let Some((field, place)) = name.split_once('-') {
                let place = place.parse::<usize>().ok();
                let place = place.and_then(|place| place.checked_sub(1));
                let part = place.and_then(|place| form.parts.get_mut(place));
                match (field, part) {
                    ("day", Some(part)) => part.day = value,
                    ("amount", Some(part)) => part.amount = value,
                    _ => {}
                }
                continue;
            }
            match name.as_str() {
                "number" => form.number = value,
                "first" => form.first = value,
                "every" => form.every = value,
                "reason" => form.reason = value,
                "plan" => form.plan = value,
                "op" => form.op = value,
                _ => {}
            }
        }
        form
    }

    /// Which button was pressed.
    pub fn wish(&self) -> Wish {
        if self.op == "work" {
            Wish::WorkOut
        } else {
            Wish::Agree
        }
    }

    fn fill(&mut self, parts: &[(NaiveDate, Money)]) {
        self.parts = vec![PartField::default(); *INSTALMENTS.end()];
        for (field, (day, amount)) in self.parts.iter_mut().zip(parts) {
            field.day = day.to_string();
            field.amount = amount.as_decimal().to_string();
        }
    }

    /// Fills the parts with equal ones of what is open; or notes what is wrong.
    pub fn work_out(&mut self, open: Money, today: NaiveDate) {
        let number = self.number.trim().parse::<u8>().ok();
        let number = number
            .filter(|number| INSTALMENTS.contains(&usize::from(*number)))
            .ok_or_else(|| Said::new("Type a number from 2 to 12."));
        let number = self.remarks.take("number", number);
        let first = self.remarks.take("first", day(&self.first, today));
        let every = self
            .every
            .parse::<Every>()
            .map_err(|_| Said::new("Choose how far the instalments lie apart."));
        let every = self.remarks.take("every", every);
        let (Some(number), Some(first), Some(every)) = (number, first, every) else {
            return;
        };
        match equal_parts(open, number, (first, every)) {
            Ok(parts) => self.fill(&parts),
            Err(said) => self.remarks.add("number", said),
        }
    }

    /// The parts and the reason, and which agreement they replace; or the form again, with what is wrong.
    pub fn parse(
        mut self,
        today: NaiveDate,
    ) -> Result<(Typed, Option<InstalmentPlanId>, Self), Box<Self>> {
        let mut parts = Vec::new();
        for field in self.parts.iter_mut().filter(|field| !field.is_empty()) {
            let one = day(&field.day, today).and_then(|day| Ok((day, money(&field.amount)?)));
            match one {
                Ok(part) => parts.push(part),
                Err(said) => field.wrong = Some(said),
            }
        }
        let is_sound = self.parts.iter().all(|field| field.wrong.is_none());
        if is_sound && !INSTALMENTS.contains(&parts.len()) {
            let said = Said::new("Agree on 2 to 12 instalments.");
            self.remarks.add("parts", said);
        }
        let reason = optional_line(text!("Reason"), &self.reason, 300);
        let reason = self.remarks.take("reason", reason);
        let plan = self.remarks.take("parts", known(&self.plan));
        match (reason, plan) {
            (Some(reason), Some(plan)) if is_sound && self.remarks.is_empty() => {
                Ok(((parts, reason), plan, self))
            }
            _ => Err(Box::new(self)),
        }
    }
}

fn day(typed: &str, today: NaiveDate) -> Result<NaiveDate, Said> {
    let day = parse_day(typed.trim()).ok_or_else(|| Said::new("Enter a date."))?;
    may_be_due(day, today)
}

/// Instalments that are ended.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EndForm {
    pub plan: String,
}

impl EndForm {
    /// The agreement that stood when the page was opened.
    ///
    /// # Errors
    /// For what can be none.
    pub fn known(&self) -> Result<Option<InstalmentPlanId>, Said> {
        known(&self.plan)
    }
}
