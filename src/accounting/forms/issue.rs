//! An invoice, as it is typed.

use crate::accounting::actions::{DraftLine, Issuing, LineTerms};
use crate::accounting::rules::typed::{discount, rupees};
use crate::error::AppError;
use crate::kernel::ids::ShipmentLineId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::kernel::state::State;
use crate::tax::bill::{Discount, Whole};
use crate::tax::rules::ZeroRated;
use crate::web::Remarks;
use rust_decimal::Decimal;
use serde::Deserialize;

/// A field of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineField {
    /// Units that are free.
    Free,
    /// What is taken off its price.
    Discount,
}

/// Fields of the form. Those of a line stand in the same place in each list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct IssueForm {
    pub shipment: String,
    pub line: Vec<String>,
    pub free: Vec<String>,
    pub discount: Vec<String>,
    pub whole: String,
    pub whole_when: String,
    pub other_charges: String,
    pub zero_rated: String,
    pub reverse_charge: String,
    pub place: String,
    pub place_reason: String,
    pub shown_total: String,
    #[serde(skip)]
    pub remarks: Remarks,
    /// What is wrong with a line, by its place and the field of it.
    #[serde(skip)]
    pub wrong: Vec<(usize, LineField, Said)>,
}

impl IssueForm {
    /// What stands there of a line: free units and discount.
    pub fn typed(&self, line: ShipmentLineId) -> (usize, &str, &str) {
        let id = line.to_string();
        let place = self.line.iter().position(|known| *known == id);
        let free = place.and_then(|place| self.free.get(place));
        let off = place.and_then(|place| self.discount.get(place));
        (
            place.unwrap_or(usize::MAX),
            free.map_or("", String::as_str),
            off.map_or("", String::as_str),
        )
    }

    /// Whether anything is given away, which not everybody may.
    pub fn gives(&self) -> bool {
        let is_typed = |text: &String| !text.trim().is_empty();
        self.discount.iter().any(is_typed)
            || self.free.iter().any(is_typed)
            || is_typed(&self.whole)
    }

    /// Notes of which lines more would be free than can be.
    pub fn check_free(&mut self, lines: &[DraftLine]) {
        for line in lines {
            let (Some(id), Some(packed)) = (line.line.shipment_line, line.line.packed) else {
                continue;
            };
            let (place, free, _) = self.typed(id);
            let Ok(free) = number::parse(free) else {
                continue;
            };
            if free < Decimal::ZERO || free >= packed && free > Decimal::ZERO {
                let said = Said::new("Of {name} at least one unit has to be paid for, and no more can be free than was packed. Give a discount of 100 % for a line that is free as a whole.")
                    .with("name", &line.line.name);
                self.wrong.push((place, LineField::Free, said));
            }
        }
    }

    /// What is to be issued.
    ///
    /// # Errors
    /// `Malformed` for lines that no form of ours sends.
    pub fn parse(mut self) -> Result<Result<(Issuing, Self), Box<Self>>, AppError> {
        let mut lines = Vec::new();
        for (place, id) in self.line.iter().enumerate() {
            let shipment_line = id
                .parse::<ShipmentLineId>()
                .map_err(|error| AppError::Malformed(error.to_string()))?;
            let (_, free, off) = self.typed(shipment_line);
            let free = match free.trim() {
                "" => Ok(Decimal::ZERO),
                typed => number::parse(typed),
            };
            match (free, discount(off)) {
                (Ok(free), Ok(discount)) => lines.push(LineTerms {
                    shipment_line,
                    free,
                    discount,
                    price: None,
                }),
                (free, discount) => {
                    let free = free.err().map(|said| (place, LineField::Free, said));
                    let off = discount
                        .err()
                        .map(|said| (place, LineField::Discount, said));
                    self.wrong.extend(free.into_iter().chain(off));
                }
            }
        }
        let whole = self.remarks.take("whole", discount(&self.whole));
        let other = self
            .remarks
            .take("other_charges", rupees(&self.other_charges));
        let place = match self.place.trim() {
            "" => Some(None),
            typed => self.remarks.take("place", typed.parse::<State>()).map(Some),
        };
        let reason = self.place_reason.trim();
        if matches!(place, Some(Some(_))) && (reason.is_empty() || reason.chars().count() > 300) {
            let said = Said::new("Say in 300 characters or fewer why the place is another.");
            self.remarks.add("place_reason", said);
        }
        let (Some(whole), Some(other_charges), Some(place), true, true) = (
            whole,
            other,
            place,
            self.remarks.is_empty(),
            self.wrong.is_empty(),
        ) else {
            return Ok(Err(Box::new(self)));
        };
        let issuing = Issuing {
            shipment: self.shipment.trim().to_owned(),
            lines,
            whole: match (whole, self.whole_when.as_str()) {
                (Discount::None, _) => Whole::None,
                (off, "after") => Whole::AfterTax(off),
                (off, _) => Whole::BeforeTax(off),
            },
            other_charges,
            zero_rated: match self.zero_rated.as_str() {
                "with" => Some(ZeroRated::With),
                "without" => Some(ZeroRated::Without),
                _ => None,
            },
            is_reverse_charge: self.reverse_charge == "on",
            place: place.map(|place| (place, self.place_reason.trim().to_owned())),
            fx: None,
            series: None,
            shown_total: self.shown_total.parse::<Money>().ok(),
        };
        Ok(Ok((issuing, self)))
    }
}
