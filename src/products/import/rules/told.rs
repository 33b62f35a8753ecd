//! What the rows of a file say about one product. Rows that agree, and rows that add what no earlier one says, are one product; a row that says
//! otherwise is refused, because nobody can tell which of the two is meant.

use super::{Goods, fits};
use crate::kernel::language::{Said, Value, text};
use rust_decimal::Decimal;
use std::hash::{DefaultHasher, Hash, Hasher};

pub const PRICE: &str = text!("price");
pub const MRP: &str = text!("MRP");
pub const NAME: &str = text!("name");
pub const NAME_HI: &str = text!("Hindi name");
pub const BRAND: &str = text!("brand");
pub const CATEGORY: &str = text!("category");
pub const DESCRIPTION: &str = text!("description");
pub const HSN: &str = text!("HSN code");
pub const TAX_CONDITION: &str = text!("GST condition");
pub const UNIT: &str = text!("unit");
pub const PACK_SIZE: &str = text!("number of units in a pack");
pub const PACK_NAME: &str = text!("name of the pack");
pub const BARCODE: &str = text!("barcode");
pub const WEIGHT: &str = text!("weight");
pub const STATUS: &str = text!("status");
const STOCK: &str = text!("opening stock");
const REORDER_LEVEL: &str = text!("reorder level");

/// Known again without being kept.
#[derive(Clone, Copy, Debug)]
struct Mark {
    value: u64,
    /// Whether the row itself says so: what it has from the row above contradicts nothing.
    is_own: bool,
}

/// What one row says, field by field. Only marks of the values are kept: a file may have many long descriptions.
#[derive(Clone, Debug)]
pub struct Words {
    line: u32,
    /// What people call it in a remark.
    product: Value,
    marks: Vec<(&'static str, Mark)>,
    price: Option<Decimal>,
    mrp: Option<Decimal>,
}

impl Words {
    pub fn of(goods: &Goods) -> Self {
        let mut marks = Vec::new();
        let mut say = |(field, name): (&'static str, &'static str), value: Option<String>| {
            if let Some(value) = value {
                let mut hasher = DefaultHasher::new();
                value.to_lowercase().hash(&mut hasher);
                let mark = Mark {
                    value: hasher.finish(),
                    is_own: !goods.filled.contains(name) || (field == NAME && goods.is_variant),
                };
                marks.push((field, mark));
            }
        };
        let figure = |value: Option<Decimal>| value.map(|value| value.normalize().to_string());
        let path = goods.category.join(" > ");
        say((PRICE, "price"), figure(goods.price));
        say((MRP, "mrp"), figure(goods.mrp));
        say((NAME, "name"), goods.name.clone());
        say((NAME_HI, "name_hi"), goods.name_hi.clone());
        say((BRAND, "brand"), goods.brand.clone());
        say(
            (CATEGORY, "category"),
            Some(path).filter(|path| !path.is_empty()),
        );
        say((DESCRIPTION, "description"), goods.description.clone());
        say((HSN, "hsn"), goods.hsn.clone());
        say(
            (TAX_CONDITION, "tax_condition"),
            goods.tax_condition.clone(),
        );
        say((UNIT, "unit"), goods.unit.clone());
        say((PACK_SIZE, "pack_size"), figure(goods.pack_size));
        say((PACK_NAME, "pack_name"), goods.pack_name.clone());
        say((BARCODE, "barcode"), goods.barcode.clone());
        say(
            (WEIGHT, "weight_g"),
            goods.weight_g.map(|grammes| grammes.to_string()),
        );
        say((STATUS, "status"), goods.status.clone());
        say((STOCK, "stock"), figure(goods.stock));
        say(
            (REORDER_LEVEL, "reorder_level"),
            figure(goods.reorder_level),
        );
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
    /// Field, the row that said it, and the mark of its value.
    said: Vec<(&'static str, u32, Mark)>,
    price: Option<Decimal>,
    mrp: Option<Decimal>,
}

impl Told {
    /// The first row above this one. A batch that has to be written again finds its own rows here: they are not above.
    pub fn first_above(&self, line: u32) -> Option<u32> {
        let above = self.said.iter().map(|(_, row, _)| *row);
        above.filter(|row| *row < line).min()
    }

    /// Whether a row above this one has itself said something of a field.
    pub fn has_above(&self, line: u32, field: &str) -> bool {
        self.above(line, field).is_some()
    }

    fn above(&self, line: u32, field: &str) -> Option<(u32, u64)> {
        self.said
            .iter()
            .find(|(known, row, mark)| *known == field && *row < line && mark.is_own)
            .map(|(_, row, mark)| (*row, mark.value))
    }

    /// Why a row can't be of the same product as those above it.
    pub fn refusal(&self, words: &Words) -> Option<Said> {
        let first = self.first_above(words.line)?;
        let own = words.marks.iter().filter(|(_, mark)| mark.is_own);
        let mut others = own.filter_map(|(field, mark)| {
            let (row, known) = self.above(words.line, field)?;
            (known != mark.value).then_some((*field, row))
        });
        if let Some((field, row)) = others.next() {
            let all = others.filter(|(_, other)| *other == row);
            let what = all.fold(Said::new(field), |list, (field, _)| {
                Said::new("{list}, {next}")
                    .with("list", list)
                    .naming("next", field)
            });
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
            .map(|(field, _)| *field)
            .filter(|field| [STOCK, REORDER_LEVEL].contains(field))
            .find(|field| !self.has_above(words.line, field));
        if let Some(field) = late {
            return Some(
                Said::new("{product} stands in row {line} already: write its {what} there.")
                    .with("product", words.product.clone())
                    .with("line", first.to_string())
                    .naming("what", field),
            );
        }
        fits(words.price.or(self.price), words.mrp.or(self.mrp)).err()
    }

    /// Takes in what a row says that no row above has said.
    pub fn add(&mut self, words: Words) {
        for (field, mark) in words.marks {
            let known = self.said.iter().position(|(known, ..)| *known == field);
            match known.and_then(|place| self.said.get_mut(place)) {
                None => self.said.push((field, words.line, mark)),
                Some(said) if mark.is_own && !said.2.is_own => *said = (field, words.line, mark),
                Some(_) => {}
            }
        }
        self.price = self.price.or(words.price);
        self.mrp = self.mrp.or(words.mrp);
    }
}
