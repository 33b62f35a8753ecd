//! What a retailer chose to pay.

use super::payment::{Parts, money};
use crate::accounting::actions::gateway::{Unfit, Wanted};
use crate::accounting::rules::gateway::payable;
use crate::error::AppError;
use crate::kernel::ids::EntryId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::web::Remarks;

/// Ticks beside bills, and how much of each; or an amount.
#[derive(Clone, Debug, Default)]
pub struct PayForm {
    pub bills: Vec<String>,
    pub parts: Parts,
    /// Bills whose amount was emptied.
    emptied: Vec<String>,
    /// Whether all that is open is asked for, and not the instalment.
    pub is_whole: bool,
    pub amount: String,
    pub remarks: Remarks,
}

impl PayForm {
    /// What an address asks for: a bill, all that is open of it or the instalment; an amount.
    pub fn asked(bill: Option<&str>, of: Option<&str>, amount: Option<&str>) -> Self {
        Self {
            bills: bill.map(str::to_owned).into_iter().collect(),
            is_whole: of == Some("whole"),
            amount: amount.unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }

    /// Reads the fields of the form.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            if form.parts.take(&name, &value) {
                let bill = name.strip_prefix("a-").filter(|_| value.trim().is_empty());
                form.emptied.extend(bill.map(str::to_owned));
                continue;
            }
            match name.as_str() {
                "bill" => form.bills.push(value),
                "amount" => form.amount = value,
                _ => {}
            }
        }
        form
    }

    /// Whether a bill is ticked.
    pub fn has(&self, bill: EntryId) -> bool {
        let bill = bill.to_string();
        self.bills.contains(&bill)
    }

    /// What was typed beside a bill, if anything was, or emptied.
    pub fn typed(&self, bill: EntryId) -> Option<&str> {
        let typed = self.parts.of(bill);
        (!typed.is_empty() || self.emptied.contains(&bill.to_string())).then_some(typed)
    }

    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.remarks.is_empty() && self.parts.is_sound()
    }

    /// The amount that is written, where it can be paid.
    pub fn payable(&self) -> Option<Money> {
        self.amount.trim().parse().and_then(payable).ok()
    }

    /// What is to be paid; or the form again, with what is wrong.
    ///
    /// # Errors
    /// `NotFound` for what can be no bill.
    pub fn parse(mut self) -> Result<Result<Wanted, Box<Self>>, AppError> {
        let ids: Result<Vec<EntryId>, _> = self.bills.iter().map(|id| id.parse()).collect();
        let ids = ids.map_err(|_| AppError::NotFound)?;
        let amount = self.amount.trim();
        let said = match (ids.is_empty(), amount.is_empty()) {
            (false, true) => return Ok(self.ticked(&ids)),
            (true, false) => match amount.parse::<Money>().and_then(payable) {
                Ok(amount) => return Ok(Ok(Wanted::Amount(amount))),
                Err(said) => said,
            },
            (true, true) => Said::new("Tick what you pay, or write an amount."),
            (false, false) => Said::new("Tick bills or write an amount, not both."),
        };
        self.remarks.add("amount", said);
        Ok(Err(Box::new(self)))
    }

    /// How much of each ticked bill; all that is open where no amount stands beside it.
    fn ticked(mut self, ids: &[EntryId]) -> Result<Wanted, Box<Self>> {
        let mut wanted = Vec::new();
        for id in ids {
            match self.typed(*id).map(money).transpose() {
                Ok(amount) => wanted.push((*id, amount)),
                Err(said) => self.parts.refuse(*id, said),
            }
        }
        if self.parts.is_sound() {
            Ok(Wanted::Bills(wanted))
        } else {
            Err(Box::new(self))
        }
    }

    /// Notes what did not fit what is open.
    pub fn note(&mut self, unfit: Unfit) {
        let said = match unfit {
            Unfit::Bills(over) => self.parts.note(over),
            Unfit::Amount(said) => Some(said),
        };
        if let Some(said) = said {
            self.remarks.add("amount", said);
        }
    }
}
