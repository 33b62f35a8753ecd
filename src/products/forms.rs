//! What was typed about products and categories.

use super::actions::{Facts, NewCategory, StandardPrice};
use super::model::Product;
use super::rules::{self, Status, UNITS};
use crate::kernel::dates::parse_version;
use crate::kernel::ids::CategoryId;
use crate::kernel::language::{Said, text};
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::number;
use crate::kernel::quantity::Quantity;
use crate::kernel::text::{one_line, optional_line, optional_lines};
use crate::web::Remarks;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The button that looks a code up.
pub const LOOK: &str = "look";
/// What stands in the field of rates while none is chosen: the usual rate of a code has the empty word.
pub const UNCHOSEN: &str = "?";

/// A product.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProductForm {
    pub name: String,
    pub name_hi: String,
    pub sku: String,
    pub brand: String,
    pub category: String,
    pub description: String,
    pub hsn: String,
    /// Only there when the page offered a choice.
    pub tax_condition: Option<String>,
    pub unit: String,
    pub pack_size: String,
    pub pack_name: String,
    pub mrp: String,
    pub price: String,
    /// The standard price that stood there when the form was shown.
    pub was_price: String,
    pub barcode: String,
    pub weight_g: String,
    pub status: String,
    pub version: String,
    /// Which button: nothing to save, `look` to look the HSN code up.
    pub op: String,
    /// The code that was chosen of those that words found.
    pub pick: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// A product as it was typed.
pub struct Typed {
    pub facts: Facts,
    pub price: StandardPrice,
    pub has_condition: bool,
    pub version: DateTime<Utc>,
}

fn weight(typed: &str) -> Result<i32, Said> {
    let grams = number::parse(typed)?;
    i32::try_from(grams)
        .ok()
        .filter(|whole| *whole >= 0 && rust_decimal::Decimal::from(*whole) == grams)
        .ok_or_else(|| Said::new("Enter whole grammes, from 0 on."))
}

fn category(typed: &str) -> Result<CategoryId, Said> {
    typed
        .trim()
        .parse()
        .map_err(|_| Said::new("This category is not there any more. Choose another one."))
}

fn mrp(typed: &str) -> Result<Money, Said> {
    let mrp: Money = typed.parse()?;
    if mrp.is_negative() {
        return Err(Said::new("An MRP must be zero or more."));
    }
    Ok(mrp)
}

impl ProductForm {
    /// The form of a product as it stands.
    pub fn of(product: &Product, price: Option<UnitPrice>) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let typed_price = price
            .map(|price| price.to_string().replace('₹', ""))
            .unwrap_or_default();
        Self {
            name: product.name.clone(),
            name_hi: text(&product.name_hi),
            sku: product.sku.clone(),
            brand: text(&product.brand),
            category: product
                .category_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            description: text(&product.description),
            hsn: product.hsn.clone(),
            tax_condition: Some(product.tax_condition.clone()),
            unit: product.unit.clone(),
            pack_size: product.pack_size.to_string(),
            pack_name: text(&product.pack_name),
            mrp: product.mrp.map(Money::plain).unwrap_or_default(),
            price: typed_price.clone(),
            was_price: typed_price,
            barcode: text(&product.barcode),
            weight_g: product
                .weight_g
                .map(|grams| grams.to_string())
                .unwrap_or_default(),
            status: product.status.clone(),
            version: product.updated_at.to_rfc3339(),
            ..Self::default()
        }
    }

    /// Whether the code is to be looked up and nothing saved; one that was chosen of those found stands in the form from then on.
    pub fn looks_up(&mut self) -> bool {
        if !self.pick.is_empty() {
            self.hsn = std::mem::take(&mut self.pick);
            self.tax_condition = None;
            LOOK.clone_into(&mut self.op);
        }
        self.op == LOOK
    }

    /// Whether nobody typed another price than the one that the form was shown with.
    fn keeps_price(&self) -> bool {
        let (typed, was) = (self.price.trim(), self.was_price.trim());
        let price = |text: &str| text.parse::<UnitPrice>().ok();
        typed == was || (price(typed).is_some() && price(typed) == price(was))
    }

    /// Shows the price that stands now, unless another one was typed: that one would not be saved, so it is not shown either.
    pub fn follow_price(&mut self, now: &Self) {
        if self.keeps_price() {
            self.price = now.price.clone();
            self.was_price = now.price.clone();
        }
    }

    /// Takes note of what somebody else saved, so that saving again keeps what was typed. Gives back what is shown beside it: all of what
    /// stands now, or the price alone where the product itself is as it was.
    pub fn beside(&mut self, now: Self) -> Self {
        let is_same_product = parse_version(&self.version) == parse_version(&now.version);
        self.version = now.version.clone();
        self.was_price = now.was_price.clone();
        if is_same_product {
            Self {
                price: now.price,
                ..self.clone()
            }
        } else {
            now
        }
    }

    /// What was typed as values, or remarks on the form. `may_price`: whether the sender may set prices; else the price stays, as it does
    /// where the form has the price that it was shown with.
    pub fn parse(&mut self, may_price: bool) -> Option<Typed> {
        let remarks = &mut self.remarks;
        let name = remarks.take("name", one_line(text!("Name"), &self.name, 200));
        let name_hi = remarks.take(
            "name_hi",
            optional_line(text!("Name in Hindi"), &self.name_hi, 200),
        );
        let sku = remarks.take_optional("sku", &self.sku, rules::sku);
        let brand = remarks.take("brand", optional_line(text!("Brand"), &self.brand, 80));
        let category_id = remarks.take_optional("category", &self.category, category);
        let description = remarks.take(
            "description",
            optional_lines(text!("Description"), &self.description, 4000),
        );
        let hsn = remarks.take("hsn", rules::hsn(&self.hsn));
        let chosen = self.tax_condition.clone();
        let chosen = chosen.filter(|condition| condition != UNCHOSEN);
        let has_condition = chosen.is_some();
        let condition = chosen.unwrap_or_default();
        if condition.chars().count() > 40 {
            remarks.add("tax_condition", Said::new("Choose one of the rates."));
        }
        let unit = UNITS.iter().find(|unit| unit.0 == self.unit);
        if unit.is_none() {
            remarks.add("unit", Said::new("Choose a unit."));
        }
        let pack_size = if self.pack_size.trim().is_empty() {
            Quantity::new(rust_decimal::Decimal::ONE)
        } else {
            remarks.take("pack_size", self.pack_size.parse::<Quantity>())
        };
        let pack_name = remarks.take(
            "pack_name",
            optional_line(text!("Pack name"), &self.pack_name, 20),
        );
        let mrp = remarks.take_optional("mrp", &self.mrp, mrp);
        let price = remarks.take_optional("price", &self.price, str::parse::<UnitPrice>);
        let barcode = remarks.take_optional("barcode", &self.barcode, rules::barcode);
        let weight_g = remarks.take_optional("weight_g", &self.weight_g, weight);
        let status = Status::from_code(&self.status);
        if status.is_none() {
            remarks.add("status", Said::new("Choose a status."));
        }
        if !self.remarks.is_empty() {
            return None;
        }
        let was = self.was_price.parse::<UnitPrice>().ok();
        let facts = Facts {
            sku,
            name: name?,
            name_hi: name_hi?,
            brand: brand?,
            category_id,
            description: description?,
            hsn: hsn?,
            tax_condition: condition,
            unit: unit?.0.to_owned(),
            pack_size: pack_size?,
            pack_name: pack_name?,
            mrp,
            barcode,
            weight_g,
            status: status?,
        };
        Some(Typed {
            facts,
            price: match price {
                Some(price) if may_price && was != Some(price) => StandardPrice::Now { price, was },
                _ => StandardPrice::Same,
            },
            has_condition,
            version: parse_version(&self.version),
        })
    }
}

/// A category.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CategoryForm {
    pub name: String,
    pub parent: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl CategoryForm {
    pub fn parse(mut self) -> Result<(NewCategory, DateTime<Utc>, Self), Box<Self>> {
        let name = one_line(text!("Name"), &self.name, 80).and_then(|name| {
            if name.contains('>') {
                Err(Said::new(
                    "A name can't hold >, which divides the names of a path.",
                ))
            } else {
                Ok(name)
            }
        });
        let name = self.remarks.take("name", name);
        let parent_id = self.remarks.take_optional("parent", &self.parent, category);
        let version = parse_version(&self.version);
        match (name, self.remarks.is_empty()) {
            (Some(name), true) => Ok((NewCategory { name, parent_id }, version, self)),
            _ => Err(Box::new(self)),
        }
    }
}

/// A picture to be added: the file says it all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PictureForm {
    #[serde(skip)]
    pub remarks: Remarks,
}
