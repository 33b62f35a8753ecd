//! What a retailer chose to pay.

use crate::accounting::actions::gateway::Wanted;
use crate::accounting::rules::gateway::payable;
use crate::error::AppError;
use crate::kernel::ids::EntryId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::web::Remarks;

/// Ticks beside bills, or an amount.
#[derive(Clone, Debug, Default)]
pub struct PayForm {
    pub bills: Vec<String>,
    pub amount: String,
    pub remarks: Remarks,
}

impl PayForm {
    /// Reads the fields of the form.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
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
            (false, true) => return Ok(Ok(Wanted::Bills(ids))),
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
}
