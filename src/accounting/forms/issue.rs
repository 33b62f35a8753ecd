//! An invoice, as it is typed.

use crate::accounting::actions::{Draft, DraftLine, Fx, Issuing, LineTerms};
use crate::accounting::fault::Fault;
use crate::accounting::rules::currency::{self, RUPEES, may_be_of, may_pay};
use crate::accounting::rules::typed::{discount, rupees};
use crate::error::AppError;
use crate::kernel::dates::parse_day;
use crate::kernel::ids::ShipmentLineId;
use crate::kernel::language::{Said, text};
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::number;
use crate::kernel::state::State;
use crate::kernel::text::one_line;
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
    /// What a unit costs in the currency of the document.
    Price,
}

/// Fields of the form. Those of a line stand in the same place in each list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct IssueForm {
    pub shipment: String,
    pub line: Vec<String>,
    pub free: Vec<String>,
    pub discount: Vec<String>,
    pub price: Vec<String>,
    pub whole: String,
    pub whole_when: String,
    pub other_charges: String,
    pub zero_rated: String,
    pub currency: String,
    pub fx_rate: String,
    pub fx_source: String,
    pub fx_on: String,
    pub reverse_charge: String,
    pub place: String,
    pub place_reason: String,
    pub shown_total: String,
    /// The button: `work` shows the sums alone.
    pub op: String,
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

    /// What stands there as the price of a line in another currency.
    pub fn price_of(&self, line: ShipmentLineId) -> &str {
        let (place, ..) = self.typed(line);
        self.price.get(place).map_or("", String::as_str)
    }

    /// Whether only the sums are asked for, and nothing is issued.
    pub fn is_preview(&self) -> bool {
        self.op == "work"
    }

    /// Whether nothing is wrong with what was typed.
    pub fn is_sound(&self) -> bool {
        self.remarks.is_empty() && self.wrong.is_empty()
    }

    /// What was chosen for a zero-rated supply; nothing leaves it to the rules.
    fn chosen_way(&self) -> Option<ZeroRated> {
        match self.zero_rated.as_str() {
            "with" => Some(ZeroRated::With),
            "without" => Some(ZeroRated::Without),
            _ => None,
        }
    }

    /// What of it can be told while something is wrong with its amounts: the shipment, and what was chosen of its tax.
    pub fn chosen(&self) -> Issuing {
        Issuing {
            shipment: self.shipment.trim().to_owned(),
            zero_rated: self.chosen_way(),
            is_reverse_charge: self.reverse_charge == "on",
            ..Issuing::default()
        }
    }

    /// Whether the prices are in another currency, which not everybody may set.
    pub fn has_currency(&self) -> bool {
        !matches!(self.currency.trim(), "" | RUPEES)
    }

    /// Whether anything is given away, which not everybody may.
    pub fn gives(&self) -> bool {
        let is_typed = |text: &String| !text.trim().is_empty();
        self.discount.iter().any(is_typed)
            || self.free.iter().any(is_typed)
            || is_typed(&self.whole)
    }

    /// Notes what does not go with what is billed.
    pub fn check(&mut self, draft: &Draft) {
        self.check_free(&draft.lines);
        let is_of_tax = |fault: &&Fault| fault.field == "zero_rated";
        if let Some(fault) = draft.faults.iter().find(is_of_tax) {
            self.remarks.add("zero_rated", fault.said.clone());
        }
        if !self.has_currency() {
            return;
        }
        let buyer = may_pay(draft.setting.buyer_kind);
        self.remarks.take("currency", buyer);
        if let Some(on) = parse_day(self.fx_on.trim()) {
            self.remarks.take("fx_on", may_be_of(on, draft.day));
        }
    }

    /// Notes of which lines more would be free than can be.
    fn check_free(&mut self, lines: &[DraftLine]) {
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

    /// The currency of the prices; nothing for rupees, and where something is wrong with it.
    fn fx(&mut self) -> Option<Fx> {
        if !self.has_currency() {
            let beside = [&self.fx_rate, &self.fx_source, &self.fx_on];
            let mut typed = beside.into_iter().chain(&self.price);
            if typed.any(|text| !text.trim().is_empty()) {
                let said = Said::new(
                    "Choose the currency of the prices, or clear them with their rate, its source and its day.",
                );
                self.remarks.add("currency", said);
            }
            return None;
        }
        let currency = currency::known(&self.currency);
        let currency = self.remarks.take("currency", currency);
        let rate = self.remarks.take("fx_rate", currency::rate(&self.fx_rate));
        let source = one_line(text!("Source of the rate"), &self.fx_source, 100);
        let source = self.remarks.take("fx_source", source);
        let on = parse_day(self.fx_on.trim()).ok_or_else(|| Said::new("Enter a date."));
        let on = self.remarks.take("fx_on", on);
        Some(Fx {
            currency: currency?.to_owned(),
            rate: rate?,
            source: source?,
            on: on?,
        })
    }

    /// What is said of the lines; those of which something is wrong are noted.
    fn lines(&mut self) -> Result<Vec<LineTerms>, AppError> {
        let mut lines = Vec::new();
        let has_currency = self.has_currency();
        for (place, id) in self.line.iter().enumerate() {
            let shipment_line = id
                .parse::<ShipmentLineId>()
                .map_err(|error| AppError::Malformed(error.to_string()))?;
            let (_, free, off) = self.typed(shipment_line);
            let free = match free.trim() {
                "" => Ok(Decimal::ZERO),
                typed => number::parse(typed),
            };
            let price = if has_currency {
                price(self.price_of(shipment_line)).map(Some)
            } else {
                Ok(None)
            };
            match (free, discount(off), price) {
                (Ok(free), Ok(discount), Ok(price)) => lines.push(LineTerms {
                    shipment_line,
                    free,
                    discount,
                    price,
                }),
                (free, discount, price) => {
                    let faults = [
                        (LineField::Free, free.err()),
                        (LineField::Discount, discount.err()),
                        (LineField::Price, price.err()),
                    ];
                    let wrong = faults.into_iter();
                    self.wrong
                        .extend(wrong.filter_map(|(field, said)| Some((place, field, said?))));
                }
            }
        }
        Ok(lines)
    }

    /// What is to be issued.
    ///
    /// # Errors
    /// `Malformed` for lines that no form of ours sends.
    pub fn parse(mut self) -> Result<Result<(Issuing, Self), Box<Self>>, AppError> {
        let lines = self.lines()?;
        let fx = self.fx();
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
            lines,
            whole: match (whole, self.whole_when.as_str()) {
                (Discount::None, _) => Whole::None,
                (off, "after") => Whole::AfterTax(off),
                (off, _) => Whole::BeforeTax(off),
            },
            other_charges,
            place: place.map(|place| (place, self.place_reason.trim().to_owned())),
            fx,
            shown_total: self.shown_total.parse::<Money>().ok(),
            ..self.chosen()
        };
        Ok(Ok((issuing, self)))
    }
}

/// What a unit costs in another currency.
fn price(typed: &str) -> Result<UnitPrice, Said> {
    if typed.trim().is_empty() {
        return Err(Said::new("Enter the price of a unit in the currency."));
    }
    typed.parse()
}
