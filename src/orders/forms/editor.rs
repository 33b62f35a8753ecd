//! The line editor of a draft: what was typed, line by line.

use crate::error::AppError;
use crate::kernel::dates::parse_day;
use crate::kernel::language::{Said, text};
use crate::kernel::text::{optional_line, optional_lines};
use crate::orders::actions::Header;
use crate::orders::model::{Order, OrderLine};
use crate::orders::rules;
use crate::web::Remarks;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Most lines of an order.
pub const MOST_LINES: usize = 1_000;

/// A line as it was typed. The key names its fields and is never used again for another line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypedLine {
    pub key: u32,
    pub sku: String,
    pub quantity: String,
    pub price: String,
    /// The code of the product that the draft has for this line, if it is saved.
    pub was: String,
    /// Whether the page says that something is wrong with it.
    pub is_marked: bool,
}

impl TypedLine {
    /// A line as it is stored.
    fn of(key: u32, line: &OrderLine) -> Self {
        let is_typed = line.price_list_id.is_none();
        let price = is_typed.then(|| line.price.as_decimal().normalize().to_string());
        Self {
            key,
            sku: line.sku.clone(),
            quantity: line.quantity.normalize().to_string(),
            price: price.unwrap_or_default(),
            was: line.sku.clone(),
            is_marked: false,
        }
    }

    /// Whether it was typed as it is stored.
    pub fn is_as_stored(&self, line: &OrderLine) -> bool {
        let stored = Self::of(self.key, line);
        [
            (&self.sku, &stored.sku),
            (&self.quantity, &stored.quantity),
            (&self.price, &stored.price),
        ]
        .iter()
        .all(|(typed, stored)| typed.trim() == stored.as_str())
    }

    /// Whether nothing is typed into it.
    pub fn is_blank(&self) -> bool {
        [&self.sku, &self.quantity, &self.price]
            .iter()
            .all(|typed| typed.trim().is_empty())
    }
}

/// Which button was pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Op {
    #[default]
    Save,
    AddLine,
    RemoveLine(u32),
    Paste,
    Place,
    PlaceAndConfirm,
}

impl Op {
    fn from_code(code: &str) -> Self {
        match code {
            "add-line" => Self::AddLine,
            "paste" => Self::Paste,
            "place" => Self::Place,
            "place-and-confirm" => Self::PlaceAndConfirm,
            other => other
                .strip_prefix("remove-line:l")
                .and_then(|key| key.parse().ok())
                .map_or(Self::Save, Self::RemoveLine),
        }
    }
}

/// A draft as it was typed.
#[derive(Clone, Debug, Default)]
pub struct EditorForm {
    pub op: Op,
    pub version: String,
    /// What the page showed of prices and rates.
    pub shown: String,
    pub ship_to: String,
    pub po_number: String,
    pub wanted_on: String,
    pub note: String,
    pub paste: String,
    pub lines: Vec<TypedLine>,
    pub remarks: Remarks,
    /// The highest key that the page had: a line that is gone leaves its key to nobody, or the browser would put what was typed into it
    /// into the next one.
    last_key: u32,
}

impl EditorForm {
    /// Reads the fields of the form, the lines in the order of the page.
    ///
    /// # Errors
    /// `Refused` when there are more lines than an order takes.
    pub fn read(pairs: Vec<(String, String)>) -> Result<Self, AppError> {
        let mut form = Self::default();
        let mut places: HashMap<u32, usize> = HashMap::new();
        for (name, value) in pairs {
            if let Some((key, field)) = line_field(&name) {
                form.last_key = form.last_key.max(key);
                let place = *places.entry(key).or_insert_with(|| {
                    form.lines.push(TypedLine {
                        key,
                        ..TypedLine::default()
                    });
                    form.lines.len() - 1
                });
                if let Some(line) = form.lines.get_mut(place) {
                    match field {
                        "sku" => line.sku = value,
                        "qty" => line.quantity = value,
                        "price" => line.price = value,
                        "was" => line.was = value,
                        _ => line.is_marked = true,
                    }
                }
                continue;
            }
            match name.as_str() {
                "op" => form.op = Op::from_code(&value),
                "version" => form.version = value,
                "shown" => form.shown = value,
                "ship_to" => form.ship_to = value,
                "po_number" => form.po_number = value,
                "wanted_on" => form.wanted_on = value,
                "note" => form.note = value,
                "paste" => form.paste = value,
                _ => {}
            }
        }
        form.turn();
        if form.lines.len() > MOST_LINES {
            return Err(AppError::refused(
                Said::new("An order takes {most} lines at most. Make a second one for the rest.")
                    .with("most", MOST_LINES),
            ));
        }
        Ok(form)
    }

    /// A draft as it is stored.
    pub fn of(order: &Order, lines: &[OrderLine]) -> Self {
        Self {
            version: order.updated_at.to_rfc3339(),
            ship_to: order
                .ship_to_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            po_number: order.po_number.clone().unwrap_or_default(),
            wanted_on: order
                .wanted_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            note: order.note.clone().unwrap_or_default(),
            lines: (1..)
                .zip(lines)
                .map(|(key, line)| TypedLine::of(key, line))
                .collect(),
            last_key: u32::try_from(lines.len()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The key of a line that nobody has typed into yet.
    pub fn blank_key(&self) -> u32 {
        self.last_key.saturating_add(1)
    }

    fn next_key(&mut self) -> u32 {
        self.last_key = self.blank_key();
        self.last_key
    }

    /// Does to the lines what the button says.
    fn turn(&mut self) {
        match self.op {
            Op::RemoveLine(key) => self.lines.retain(|line| line.key != key),
            Op::AddLine => {
                let key = self.next_key();
                self.lines.push(TypedLine {
                    key,
                    ..TypedLine::default()
                });
                return;
            }
            _ => {}
        }
        self.lines.retain(|line| !line.is_blank());
        match self.op {
            // The list is read once, by its own button; the page that answers has an empty box.
            Op::Paste => {
                let pasted = std::mem::take(&mut self.paste);
                for row in pasted.lines() {
                    self.paste_row(row);
                }
            }
            // A list that is forgotten in the box is neither ordered unseen nor dropped.
            Op::Place | Op::PlaceAndConfirm if !self.paste.trim().is_empty() => self.remarks.add(
                "paste",
                Said::new(
                    "This list is not in the order yet. Press “Add these”, or empty the box.",
                ),
            ),
            _ => {}
        }
    }

    /// A pasted row: a code, then a quantity. A code that stands in the list already gets more, if both are plain figures.
    fn paste_row(&mut self, row: &str) {
        let row = row.trim();
        let Some((code, quantity)) = row
            .split_once([' ', '\t', ',', ';'])
            .or(Some((row, "")))
            .filter(|(code, _)| !code.is_empty())
        else {
            return;
        };
        let quantity = quantity.trim_matches([' ', '\t', ',', ';']);
        let known = self
            .lines
            .iter_mut()
            .find(|line| line.sku.trim().eq_ignore_ascii_case(code));
        if let Some(line) = known {
            let both = line.quantity.trim().parse::<Decimal>().ok();
            if let (Some(had), Ok(more)) = (both, quantity.parse::<Decimal>())
                && let Some(sum) = had.checked_add(more)
            {
                line.quantity = sum.to_string();
                return;
            }
        }
        let key = self.next_key();
        self.lines.push(TypedLine {
            key,
            sku: code.to_owned(),
            quantity: quantity.to_owned(),
            ..TypedLine::default()
        });
    }

    /// What the draft says besides its lines; remarks on what can't be.
    pub fn header(&mut self) -> Header {
        let (po, note, day) = (
            self.po_number.clone(),
            self.note.clone(),
            self.wanted_on.clone(),
        );
        Header {
            ship_to: self.ship_to.parse().ok(),
            po_number: self
                .remarks
                .take("po_number", optional_line(text!("Purchase order"), &po, 40))
                .flatten(),
            note: self
                .remarks
                .take("note", optional_lines(text!("Note"), &note, 1000))
                .flatten(),
            wanted_on: self.remarks.take_optional("wanted_on", &day, |typed| {
                parse_day(typed).ok_or_else(|| Said::new("Enter the day as a date."))
            }),
        }
    }

    /// Remarks on a day for which no order can be placed any more; a draft may keep it.
    pub fn check_day(&mut self, today: NaiveDate) {
        // What is no day at all has its remark already.
        let day = parse_day(&self.wanted_on);
        if let Err(said) = rules::wanted_day(day, today)
            && day.is_some()
        {
            self.remarks.add("wanted_on", said);
        }
    }
}

/// `l3.qty` as the line's key and the field.
fn line_field(name: &str) -> Option<(u32, &str)> {
    let (key, field) = name.strip_prefix('l')?.split_once('.')?;
    ["sku", "qty", "price", "was", "marked"]
        .contains(&field)
        .then_some((key.parse().ok()?, field))
}
