//! What a row of a catalogue says: pure functions of its cells.

mod cells;
pub mod told;

pub use cells::{category, hsn, quantity, sku, unit};

use crate::imports::rules::one_line;
use crate::imports::{Line, Settings};
use crate::kernel::language::{Said, text};
use crate::kernel::number;
use cells::{
    DESCRIPTION, amount, barcode, cut, hyphened, line_of, pack_size, some, status, weight,
};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Option: prices are in paise.
pub const PAISE: &str = "paise";
/// Option: prices hold GST.
pub const WITH_GST: &str = "with_gst";

/// A row, read. What the file does not say is not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Goods {
    pub line: u32,
    pub sku: Option<String>,
    pub name: Option<String>,
    pub name_hi: Option<String>,
    pub brand: Option<String>,
    pub category: Vec<String>,
    pub description: Option<String>,
    pub hsn: Option<String>,
    pub tax_condition: Option<String>,
    pub unit: Option<String>,
    pub pack_size: Option<Decimal>,
    pub pack_name: Option<String>,
    pub mrp: Option<Decimal>,
    pub price: Option<Decimal>,
    pub barcode: Option<String>,
    pub weight_g: Option<i32>,
    pub status: Option<String>,
    pub stock: Option<Decimal>,
    pub reorder_level: Option<Decimal>,
    /// The fields that the row has from the row above it.
    pub filled: BTreeSet<&'static str>,
    /// Whether a part of its name tells it from others of one name.
    pub is_variant: bool,
}

/// Reads a row.
///
/// # Errors
/// The reason why it can't be a product.
pub fn parse(line: &Line, settings: &Settings) -> Result<Goods, Said> {
    let cell = |field: &str| line.cell(field);
    let in_paise = settings.has(PAISE);
    let variant = line_of(text!("Variant"), cell("variant"), 100)?;
    let is_variant = variant.is_some();
    let name = match (line_of(text!("Name"), cell("name"), 200)?, variant) {
        (Some(name), Some(variant)) if !name.ends_with(&variant) => {
            let whole = format!("{name} – {}", variant.replace('|', " "));
            line_of(text!("Name"), &whole, 200)?
        }
        (name, _) => name,
    };
    let goods = Goods {
        line: line.number,
        sku: some(cell("sku")).map(sku).transpose()?,
        name,
        name_hi: line_of(text!("Name in Hindi"), cell("name_hi"), 200)?,
        brand: line_of(text!("Brand"), cell("brand"), 80)?,
        category: category(&[cell("category"), cell("category2"), cell("category3")])?,
        description: some(cell("description")).map(|text| cut(text, DESCRIPTION)),
        hsn: some(cell("hsn")).map(hsn).transpose()?,
        tax_condition: line_of(text!("GST condition"), cell("tax_condition"), 40)?,
        unit: some(cell("unit")).map(unit).transpose()?,
        pack_size: some(cell("pack_size")).map(pack_size).transpose()?,
        pack_name: line_of(text!("Name of the pack"), cell("pack_name"), 20)?,
        mrp: some(cell("mrp"))
            .map(|cell| amount(text!("MRP"), cell, in_paise, 2))
            .transpose()?,
        price: some(cell("price"))
            .map(|cell| amount(text!("Price"), cell, in_paise, 4))
            .transpose()?,
        barcode: some(cell("barcode")).map(barcode).transpose()?,
        weight_g: some(cell("weight_g")).map(weight).transpose()?.flatten(),
        status: some(cell("status")).map(status).transpose()?,
        stock: some(cell("stock"))
            .map(|cell| quantity(text!("Opening stock"), cell))
            .transpose()?,
        reorder_level: some(cell("reorder_level"))
            .map(|cell| quantity(text!("Reorder level"), cell))
            .transpose()?,
        filled: filled(line),
        is_variant,
    };
    if goods.name.is_none() && goods.sku.is_none() {
        return Err(Said::new("The row has no name."));
    }
    fits(goods.price, goods.mrp)?;
    Ok(goods)
}

/// The fields of a row that the row above has said. A path of categories is the row's own where a part of it is.
fn filled(line: &Line) -> BTreeSet<&'static str> {
    let mut filled = line.filled.clone();
    let levels = ["category", "category2", "category3"];
    let is_own = |level: &&str| line.cells.contains_key(*level) && !filled.contains(*level);
    if levels.iter().any(is_own) {
        filled.retain(|field| !levels.contains(field));
    } else if levels.iter().any(|level| filled.contains(level)) {
        filled.insert("category");
    }
    filled
}

/// No price is above the MRP.
///
/// # Errors
/// The reason, with both.
pub fn fits(price: Option<Decimal>, mrp: Option<Decimal>) -> Result<(), Said> {
    match (price, mrp) {
        (Some(price), Some(mrp)) if price > mrp => {
            Err(Said::new("The price {price} is above the MRP {mrp}.")
                .with("price", rupees(price))
                .with("mrp", rupees(mrp)))
        }
        _ => Ok(()),
    }
}

/// `₹1,250.00`; more decimals where there are more.
pub(super) fn rupees(amount: Decimal) -> String {
    let mut amount = amount.normalize();
    if amount.scale() < 2 {
        amount.rescale(2);
    }
    format!("₹{}", number::unsigned_indian(amount))
}

impl Goods {
    /// What makes it this product and no other, where no code says so.
    pub fn identity(&self) -> String {
        identity(
            self.name.as_deref().unwrap_or_default(),
            self.brand.as_deref(),
            (self.mrp, self.pack_size, self.weight_g),
        )
    }

    /// The code that finds it: its own, or the one that is made for it.
    pub fn key(&self) -> String {
        self.sku.clone().unwrap_or_else(|| self.made_code())
    }

    /// A code out of the name, the same each time: letters to recognise it by, and ten signs that no other product gets.
    fn made_code(&self) -> String {
        const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let hash = Sha256::digest(self.identity());
        let sign = |byte: u8| char::from(SIGNS[usize::from(byte % 32)]);
        let end: String = hash.iter().take(10).map(|byte| sign(*byte)).collect();
        let start = hyphened(self.name.as_deref().unwrap_or_default(), 20);
        if start.is_empty() {
            format!("ITEM-{end}")
        } else {
            format!("{start}-{end}")
        }
    }

    /// The values as they will be stored, defaults included, for the preview.
    pub fn shown(&self, settings: &Settings) -> Vec<(&'static str, String)> {
        let or = |field: &str, value: &Option<String>| {
            value
                .clone()
                .unwrap_or_else(|| settings.default_of(field).to_owned())
        };
        let figure =
            |value: Option<Decimal>| value.map(|value| value.to_string()).unwrap_or_default();
        let money = |value: Option<Decimal>| value.map(rupees).unwrap_or_default();
        let category = if self.category.is_empty() {
            settings.default_of("category").to_owned()
        } else {
            self.category.join(" > ")
        };
        let plain = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            ("sku", self.key()),
            ("name", plain(&self.name)),
            ("name_hi", plain(&self.name_hi)),
            ("brand", or("brand", &self.brand)),
            ("category", category),
            ("description", plain(&self.description)),
            ("hsn", or("hsn", &self.hsn)),
            ("tax_condition", or("tax_condition", &self.tax_condition)),
            ("unit", or("unit", &self.unit)),
            ("pack_size", figure(self.pack_size)),
            ("pack_name", plain(&self.pack_name)),
            ("mrp", money(self.mrp)),
            ("price", money(self.price)),
            ("barcode", plain(&self.barcode)),
            (
                "weight_g",
                self.weight_g
                    .map(|grammes| grammes.to_string())
                    .unwrap_or_default(),
            ),
            ("status", or("status", &self.status)),
            ("stock", figure(self.stock)),
            ("reorder_level", figure(self.reorder_level)),
        ]
    }

    /// What the row changes in a product that is there: nothing of what the whole file or the row above says, and no stock.
    pub fn changes(&self) -> Vec<(&'static str, String)> {
        let mut shown = self.shown(&Settings::default());
        shown.retain(|(field, _)| {
            !["stock", "reorder_level"].contains(field) && !self.filled.contains(field)
        });
        shown
    }

    /// Without what the row above has said: the row may be about another product, which keeps its name and its HSN code.
    #[must_use]
    pub fn own(mut self) -> Self {
        let has = |field| self.filled.contains(field);
        self.name = self.name.filter(|_| !has("name"));
        self.name_hi = self.name_hi.filter(|_| !has("name_hi"));
        self.brand = self.brand.filter(|_| !has("brand"));
        self.description = self.description.filter(|_| !has("description"));
        self.hsn = self.hsn.filter(|_| !has("hsn"));
        self.tax_condition = self.tax_condition.filter(|_| !has("tax_condition"));
        self.unit = self.unit.filter(|_| !has("unit"));
        if has("category") {
            self.category.clear();
        }
        self
    }

    /// With what the whole file says where this row says nothing: for a product that is new.
    ///
    /// # Errors
    /// The reason why it can't be a product.
    pub fn complete(mut self, settings: &Settings) -> Result<Self, Said> {
        let default = |field: &str| some(settings.default_of(field).trim());
        if self.name.is_none() {
            return Err(Said::new("The row has no name."));
        }
        if self.brand.is_none()
            && let Some(brand) = default("brand")
        {
            self.brand = line_of(text!("Brand"), brand, 80)?;
        }
        if self.category.is_empty()
            && let Some(path) = default("category")
        {
            self.category = category(&[path])?;
        }
        if self.hsn.is_none() {
            let code = default("hsn").ok_or_else(|| {
                Said::new("The row has no HSN code, and none was given for the whole file.")
            })?;
            self.hsn = Some(hsn(code)?);
        }
        if self.tax_condition.is_none()
            && let Some(condition) = default("tax_condition")
        {
            self.tax_condition = line_of(text!("GST condition"), condition, 40)?;
        }
        if self.unit.is_none() {
            self.unit = Some(unit(default("unit").unwrap_or("PCS"))?);
        }
        if self.status.is_none() {
            self.status = Some(status(default("status").unwrap_or("active"))?);
        }
        Ok(self)
    }
}

/// Name, brand, MRP, pack and weight in small letters.
pub fn identity(
    name: &str,
    brand: Option<&str>,
    (mrp, pack_size, weight_g): (Option<Decimal>, Option<Decimal>, Option<i32>),
) -> String {
    let figure = |value: Option<Decimal>| {
        value
            .map(|value| value.normalize().to_string())
            .unwrap_or_default()
    };
    format!(
        "{}\u{1F}{}\u{1F}{}\u{1F}{}\u{1F}{}",
        one_line(name).to_lowercase(),
        brand
            .map(|brand| one_line(brand).to_lowercase())
            .unwrap_or_default(),
        figure(mrp),
        figure(pack_size.filter(|size| *size != Decimal::ONE)),
        weight_g
            .map(|grammes| grammes.to_string())
            .unwrap_or_default(),
    )
}
