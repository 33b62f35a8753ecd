//! What the rows of a file say about one product. Rows that agree, and rows that add what no earlier one says, are one product; a row that says
//! otherwise is refused, because nobody can tell which of the two is meant. Category and description decide nothing: lists of shops show one
//! product in two categories, so what the first row says of them stays.

use super::{Goods, fits};
use crate::kernel::language::{Said, Value, text};
use rust_decimal::Decimal;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a row can say of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Price,
    Mrp,
    Name,
    NameHi,
    Brand,
    Category,
    Description,
    Hsn,
    TaxCondition,
    Unit,
    PackSize,
    PackName,
    Barcode,
    Weight,
    Status,
    Stock,
    ReorderLevel,
}

impl Field {
    /// Whether rows of one product may differ in it.
    fn may_differ(self) -> bool {
        matches!(self, Self::Category | Self::Description)
    }

    /// What it is called in a remark.
    fn label(self) -> &'static str {
        match self {
            Self::Price => text!("price"),
            Self::Mrp => text!("MRP"),
            Self::Name => text!("name"),
            Self::NameHi => text!("Hindi name"),
            Self::Brand => text!("brand"),
            Self::Category => text!("category"),
            Self::Description => text!("description"),
            Self::Hsn => text!("HSN code"),
            Self::TaxCondition => text!("GST condition"),
            Self::Unit => text!("unit"),
            Self::PackSize => text!("number of units in a pack"),
            Self::PackName => text!("name of the pack"),
            Self::Barcode => text!("barcode"),
            Self::Weight => text!("weight"),
            Self::Status => text!("status"),
            Self::Stock => text!("opening stock"),
            Self::ReorderLevel => text!("reorder level"),
        }
    }

    /// The column that it comes from.
    fn column(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Mrp => "mrp",
            Self::Name => "name",
            Self::NameHi => "name_hi",
            Self::Brand => "brand",
            Self::Category => "category",
            Self::Description => "description",
            Self::Hsn => "hsn",
            Self::TaxCondition => "tax_condition",
            Self::Unit => "unit",
            Self::PackSize => "pack_size",
            Self::PackName => "pack_name",
            Self::Barcode => "barcode",
            Self::Weight => "weight_g",
            Self::Status => "status",
            Self::Stock => "stock",
            Self::ReorderLevel => "reorder_level",
        }
    }
}

/// Known again without being kept: a catalogue of 100,000 products makes a million of them.
#[derive(Clone, Copy, Debug)]
struct Mark {
    field: Field,
    value: u32,
    /// Whether the row itself says so: what it has from the row above contradicts nothing.
    is_own: bool,
}

/// What one row says, field by field. Only marks of the values are kept: a file may have many long descriptions.
#[derive(Clone, Debug)]
pub struct Words {
    line: u32,
    /// What people call it in a remark.
    product: Value,
    marks: Vec<Mark>,
    price: Option<Decimal>,
    mrp: Option<Decimal>,
}

impl Words {
    pub fn of(goods: &Goods) -> Self {
        let mut marks = Vec::new();
        let mut say = |field: Field, value: Option<String>| {
            if let Some(value) = value {
                let mut hasher = DefaultHasher::new();
                value.to_lowercase().hash(&mut hasher);
                let is_variant = field == Field::Name && goods.is_variant;
                marks.push(Mark {
                    field,
                    value: u32::try_from(hasher.finish() >> 32).unwrap_or_default(),
                    is_own: is_variant || !goods.filled.contains(field.column()),
                });
            }
        };
        let figure = |value: Option<Decimal>| value.map(|value| value.normalize().to_string());
        let path = goods.category.join(" > ");
        say(Field::Price, figure(goods.price));
        say(Field::Mrp, figure(goods.mrp));
        say(Field::Name, goods.name.clone());
        say(Field::NameHi, goods.name_hi.clone());
        say(Field::Brand, goods.brand.clone());
        say(Field::Category, Some(path).filter(|path| !path.is_empty()));
        say(Field::Description, goods.description.clone());
        say(Field::Hsn, goods.hsn.clone());
        say(Field::TaxCondition, goods.tax_condition.clone());
        say(Field::Unit, goods.unit.clone());
        say(Field::PackSize, figure(goods.pack_size));
        say(Field::PackName, goods.pack_name.clone());
        say(Field::Barcode, goods.barcode.clone());
        say(
            Field::Weight,
            goods.weight_g.map(|grammes| grammes.to_string()),
        );
        say(Field::Status, goods.status.clone());
        say(Field::Stock, figure(goods.stock));
        say(Field::ReorderLevel, figure(goods.reorder_level));
        Self {
            line: goods.line,
            product: match &goods.sku {
                Some(sku) => Said::new("SKU {sku}").with("sku", sku.clone()).into(),
                None => goods.name.clone().unwrap_or_default().into(),
            },
            marks,
            price: goods.price,
            mrp: goods.mrp,
        }
    }
}

/// What the rows so far have said of a product.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The row that said it first, and the mark of its value.
    said: Vec<(u32, Mark)>,
    price: Option<Decimal>,
    mrp: Option<Decimal>,
}

impl Told {
    /// The first row above this one. A batch that has to be written again finds its own rows here: they are not above.
    pub fn first_above(&self, line: u32) -> Option<u32> {
        let above = self.said.iter().map(|(row, _)| *row);
        above.filter(|row| *row < line).min()
    }

    /// Whether a row above this one has itself said something of a field.
    pub fn has_above(&self, line: u32, field: Field) -> bool {
        self.above(line, field).is_some()
    }

    /// Whether a row says what no row above it has said, and what decides whether its product is sold above the MRP.
    pub fn is_priced_by(&self, goods: &Goods) -> bool {
        let says = [
            (Field::Price, goods.price.is_some()),
            (Field::Mrp, goods.mrp.is_some()),
            (Field::Hsn, goods.hsn.is_some()),
            (Field::TaxCondition, goods.tax_condition.is_some()),
        ];
        says.into_iter()
            .any(|(field, is_said)| is_said && !self.has_above(goods.line, field))
    }

    fn above(&self, line: u32, field: Field) -> Option<(u32, u32)> {
        self.said
            .iter()
            .find(|(row, mark)| mark.field == field && *row < line && mark.is_own)
            .map(|(row, mark)| (*row, mark.value))
    }

    /// What a row says otherwise than a row above it: the field, and the row that said it first.
    fn others(&self, words: &Words) -> impl Iterator<Item = (Field, u32)> {
        let own = words.marks.iter().filter(|mark| mark.is_own);
        own.filter_map(move |mark| {
            let (row, known) = self.above(words.line, mark.field)?;
            (known != mark.value).then_some((mark.field, row))
        })
    }

    /// What is said of a row of the same product that is not refused, though its category or its description is another.
    pub fn stays(&self, words: &Words) -> Option<Said> {
        let first = self.first_above(words.line)?;
        let others: Vec<(Field, u32)> = self.others(words).collect();
        let what = listed(others.iter().map(|(field, _)| *field))?;
        let said = if others.iter().all(|(_, row)| *row == first) {
            Said::new("The same product as row {line}, which keeps its {what}.")
        } else {
            Said::new("The same product as row {line}; what the rows above say stays: {what}.")
        };
        Some(said.with("line", first.to_string()).with("what", what))
    }

    /// Why a row can't be of the same product as those above it.
    pub fn refusal(&self, words: &Words) -> Option<Said> {
        let first = self.first_above(words.line)?;
        let decide = self.others(words).filter(|(field, _)| !field.may_differ());
        let others: Vec<(Field, u32)> = decide.collect();
        if let Some((_, row)) = others.first() {
            let there = others.iter().filter(|(_, other)| other == row);
            let what = listed(there.map(|(field, _)| *field))?;
            return Some(
                Said::new("{product} stands in row {line} already, with another {what}.")
                    .with("product", words.product.clone())
                    .with("line", row.to_string())
                    .with("what", what),
            );
        }
        // Stock is opened with the product, which has been made by then.
        let late = words
            .marks
            .iter()
            .map(|mark| mark.field)
            .filter(|field| [Field::Stock, Field::ReorderLevel].contains(field))
            .find(|field| !self.has_above(words.line, *field));
        if let Some(field) = late {
            return Some(
                Said::new("{product} stands in row {line} already: write its {what} there.")
                    .with("product", words.product.clone())
                    .with("line", first.to_string())
                    .naming("what", field.label()),
            );
        }
        fits(words.price.or(self.price), words.mrp.or(self.mrp)).err()
    }

    /// Takes in what a row says that no row above has said.
    pub fn add(&mut self, words: Words) {
        if self.said.is_empty() {
            self.said.reserve_exact(words.marks.len());
        }
        for mark in words.marks {
            let said = (words.line, mark);
            match self
                .said
                .iter_mut()
                .find(|(_, known)| known.field == mark.field)
            {
                None => self.said.push(said),
                Some(known) if mark.is_own && !known.1.is_own => *known = said,
                Some(_) => {}
            }
        }
        self.price = self.price.or(words.price);
        self.mrp = self.mrp.or(words.mrp);
    }
}

/// The names of fields in a row; nothing of none.
fn listed(fields: impl Iterator<Item = Field>) -> Option<Said> {
    fields
        .map(|field| Said::new(field.label()))
        .reduce(|list, next| {
            Said::new("{list}, {next}")
                .with("list", list)
                .with("next", next)
        })
}
