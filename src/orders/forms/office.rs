//! What employees type about orders.

use crate::error::AppError;
use crate::kernel::ids::CustomerId;
use crate::kernel::language::{Said, text};
use crate::kernel::number;
use crate::kernel::text::{many_lines, one_line, optional_line};
use crate::orders::actions::Kept;
use crate::orders::model::OrderLine;
use crate::web::Remarks;
use rust_decimal::Decimal;
use serde::Deserialize;

/// Words about an order.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NoteForm {
    pub note: String,
    pub visible: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl NoteForm {
    /// The words, and whether they are for the company alone.
    pub fn parse(mut self) -> Result<(String, bool), Box<Self>> {
        let note = many_lines(text!("Note"), &self.note, 1000);
        match self.remarks.take("note", note) {
            Some(note) => Ok((note, self.visible != "on")),
            None => Err(Box::new(self)),
        }
    }
}

/// For whom an order is begun.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StartForm {
    pub customer: String,
    pub customer_id: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl StartForm {
    /// The customer that was picked from the list, if one was.
    pub fn picked(&self) -> Option<CustomerId> {
        self.customer_id.parse().ok()
    }

    /// What was typed to find one.
    pub fn typed(&mut self) -> Option<String> {
        let typed = one_line(text!("Customer"), &self.customer, 120);
        self.remarks.take("customer", typed)
    }
}

/// How much of each line is confirmed: a field for each line, named by its id.
#[derive(Clone, Debug, Default)]
pub struct ConfirmLinesForm {
    pub reason: String,
    /// The line's id, and what was typed.
    pub quantities: Vec<(String, String)>,
    /// What is wrong with a line, by its id.
    pub wrong: Vec<(String, Said)>,
    pub remarks: Remarks,
}

impl ConfirmLinesForm {
    /// Reads the fields of the form.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            if name == "reason" {
                form.reason = value;
            } else if let Some(line) = name.strip_prefix("q-") {
                form.quantities.push((line.to_owned(), value));
            }
        }
        form
    }

    /// What was typed for a line.
    pub fn of(&self, line: &str) -> Option<&str> {
        self.quantities
            .iter()
            .find(|(id, _)| id == line)
            .map(|(_, typed)| typed.as_str())
    }

    /// How much of each line is confirmed, and why not all of it; remarks on what can't be read.
    ///
    /// # Errors
    /// `NotFound` for what is no line.
    pub fn parse(&mut self) -> Result<(Vec<Kept>, Option<String>), AppError> {
        let mut kept = Vec::new();
        for (id, typed) in self.quantities.clone() {
            let line = id.parse().map_err(|_| AppError::NotFound)?;
            match number::parse(&typed) {
                Ok(quantity) if quantity < Decimal::ZERO || quantity.scale() > 3 => {
                    let said = Said::new("Enter a quantity from 0 on, with 3 decimals at most.");
                    self.wrong.push((id, said));
                }
                Ok(quantity) => kept.push(Kept { line, quantity }),
                Err(said) => self.wrong.push((id, said)),
            }
        }
        let reason = optional_line(text!("Reason"), &self.reason, 300);
        let reason = self.remarks.take("reason", reason).flatten();
        Ok((kept, reason))
    }

    /// Notes what does not fit the order's lines.
    pub fn check(&mut self, kept: &[Kept], reason: Option<&str>, lines: &[OrderLine]) {
        let mut is_cut = false;
        for keep in kept {
            let Some(line) = lines.iter().find(|line| line.id == keep.line) else {
                continue;
            };
            is_cut = is_cut || keep.quantity < line.open_qty;
            if keep.quantity > line.open_qty {
                let said = Said::new("At most {most} can be confirmed.")
                    .with("most", line.open_qty.normalize().to_string());
                self.wrong.push((line.id.to_string(), said));
            }
        }
        if is_cut && reason.is_none() && self.reason.trim().is_empty() {
            let said = Said::new("Say why less is confirmed than was ordered.");
            self.remarks.add("reason", said);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.wrong.is_empty() && self.remarks.is_empty()
    }
}
