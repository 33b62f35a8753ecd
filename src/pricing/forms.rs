//! What was typed about price lists and prices.

use super::actions::{ListFacts, NewPrice};
use super::model::PriceList;
use crate::kernel::dates::{GST_BEGAN, parse_day, parse_version};
use crate::kernel::ids::{CategoryId, GroupId};
use crate::kernel::language::{Said, text};
use crate::kernel::money::UnitPrice;
use crate::kernel::number;
use crate::kernel::quantity::Quantity;
use crate::kernel::text::one_line;
use crate::web::Remarks;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use uuid::Uuid;

/// A day from the first one of GST on.
fn day(typed: &str) -> Result<NaiveDate, Said> {
    parse_day(typed.trim())
        .filter(|day| GST_BEGAN <= Some(*day))
        .ok_or_else(|| Said::new("Enter a date from 1 July 2017 on."))
}

/// A price list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListForm {
    pub name: String,
    pub includes_tax: String,
    pub valid_from: String,
    pub valid_to: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl ListForm {
    /// The form of a list as it stands.
    pub fn of(list: &PriceList) -> Self {
        Self {
            name: list.name.clone(),
            includes_tax: if list.includes_tax { "on" } else { "" }.to_owned(),
            valid_from: list.valid_from.to_string(),
            valid_to: list.valid_to.map(|day| day.to_string()).unwrap_or_default(),
            version: list.updated_at.to_rfc3339(),
            ..Self::default()
        }
    }

    pub fn parse(mut self) -> Result<(ListFacts, DateTime<Utc>, Self), Box<Self>> {
        let name = self
            .remarks
            .take("name", one_line(text!("Name"), &self.name, 80));
        let valid_from = self.remarks.take("valid_from", day(&self.valid_from));
        let valid_to = self.remarks.take_optional("valid_to", &self.valid_to, day);
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to < from
        {
            self.remarks.add(
                "valid_to",
                Said::new("The last day can't be before the first."),
            );
        }
        let version = parse_version(&self.version);
        match (name, valid_from, self.remarks.is_empty()) {
            (Some(name), Some(valid_from), true) => Ok((
                ListFacts {
                    name,
                    includes_tax: self.includes_tax == "on",
                    valid_from,
                    valid_to,
                },
                version,
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}

/// Whom a list is for: one more, or one less.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TargetForm {
    pub group: String,
    pub customer: String,
    pub remove: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// What a target form asks for.
pub enum Targeting {
    Group(GroupId),
    Customer(String),
    Remove(Uuid),
}

impl TargetForm {
    pub fn parse(mut self) -> Result<(Targeting, Self), Box<Self>> {
        let id = |typed: &str| Uuid::parse_str(typed.trim()).ok();
        if !self.remove.is_empty() {
            if let Some(target) = id(&self.remove) {
                return Ok((Targeting::Remove(target), self));
            }
            self.remarks
                .add("group", Said::new("This one is not there any more."));
        } else if !self.customer.trim().is_empty() {
            match one_line(text!("Customer"), &self.customer, 200) {
                Ok(typed) => return Ok((Targeting::Customer(typed), self)),
                Err(said) => self.remarks.add("customer", said),
            }
        } else if let Some(group) = id(&self.group) {
            return Ok((Targeting::Group(group.into()), self));
        } else {
            self.remarks
                .add("group", Said::new("Choose a group, or name a customer."));
        }
        Err(Box::new(self))
    }
}

/// A price of a product in a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PriceForm {
    pub min_qty: String,
    pub valid_from: String,
    pub price: String,
    /// What stood there when the form was shown.
    pub was: String,
    /// The price to be removed, on the other form.
    pub item: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// From so many units on: nothing and zero are from the first.
fn from_quantity(typed: &str) -> Result<Decimal, Said> {
    let typed = typed.trim();
    if typed.is_empty() || number::parse(typed).is_ok_and(|number| number.is_zero()) {
        return Ok(Decimal::ZERO);
    }
    typed.parse::<Quantity>().map(Quantity::as_decimal)
}

impl PriceForm {
    pub fn parse(mut self) -> Result<(NewPrice, Self), Box<Self>> {
        let min_qty = self.remarks.take("min_qty", from_quantity(&self.min_qty));
        let valid_from = self.remarks.take("valid_from", day(&self.valid_from));
        let price = self.remarks.take("price", self.price.parse::<UnitPrice>());
        match (min_qty, valid_from, price) {
            (Some(min_qty), Some(valid_from), Some(price)) => Ok((
                NewPrice {
                    min_qty,
                    valid_from,
                    price,
                    was: self.was.parse().ok(),
                },
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}

/// A change of many prices.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PercentForm {
    pub source: String,
    pub percent: String,
    pub places: String,
    pub valid_from: String,
    pub category: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// A change of many prices as it was typed; the list and what is below the category are the handler's to add.
#[derive(Clone, Debug)]
pub struct TypedChange {
    /// Whether prices are taken from the list of everybody.
    pub is_from_standard: bool,
    pub percent: Decimal,
    pub places: i32,
    pub day: NaiveDate,
    pub category: Option<CategoryId>,
    pub version: DateTime<Utc>,
}

fn percent(typed: &str, may_be_none: bool) -> Result<Decimal, Said> {
    let bare = typed.trim().trim_end_matches('%').trim();
    let percent = number::parse(bare.strip_prefix('+').unwrap_or(bare))?;
    if (percent.is_zero() && !may_be_none) || percent.scale() > 3 {
        return Err(Said::new("Enter how many per cent, like 5 or -2.5."));
    }
    if percent < Decimal::from(-90) || percent > Decimal::from(900) {
        return Err(Said::new("A change is from -90 to 900 per cent."));
    }
    Ok(percent)
}

impl PercentForm {
    pub fn parse(mut self) -> Result<(TypedChange, Self), Box<Self>> {
        let is_from_standard = self.source == "standard";
        let percent = percent(&self.percent, is_from_standard);
        let percent = self.remarks.take("percent", percent);
        let day = self.remarks.take("valid_from", day(&self.valid_from));
        let category = self
            .remarks
            .take_optional("category", &self.category, |typed| {
                typed.trim().parse().map_err(|_| {
                    Said::new("This category is not there any more. Choose another one.")
                })
            });
        match (percent, day, self.remarks.is_empty()) {
            (Some(percent), Some(day), true) => Ok((
                TypedChange {
                    is_from_standard,
                    percent,
                    places: if self.places == "0" { 0 } else { 2 },
                    day,
                    category,
                    version: parse_version(&self.version),
                },
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}

/// Who asks what a product costs.
#[derive(Clone, Debug, Default)]
pub struct CheckForm {
    pub customer: String,
    pub product: String,
    pub quantity: String,
    pub day: String,
    pub remarks: Remarks,
}

impl CheckForm {
    /// Whether anything was asked.
    pub fn is_asked(&self) -> bool {
        !(self.customer.is_empty() && self.product.is_empty())
    }

    /// Quantity and day, with remarks for what is wrong. One unit and today unless told otherwise.
    pub fn parse(&mut self, today: NaiveDate) -> Option<(Quantity, NaiveDate)> {
        let quantity = if self.quantity.is_empty() {
            Quantity::new(Decimal::ONE)
        } else {
            self.remarks.take("quantity", self.quantity.parse())
        };
        let day = if self.day.is_empty() {
            Some(today)
        } else {
            self.remarks.take("day", day(&self.day))
        };
        if self.product.is_empty() {
            self.remarks.add(
                "product",
                Said::new("Enter a product: its code, barcode or name."),
            );
        }
        quantity.zip(day).filter(|_| self.remarks.is_empty())
    }
}
