//! What was typed about a warehouse, and about a level.

use crate::companies::model::Registration;
use crate::inventory::actions::NewWarehouse;
use crate::kernel::dates::parse_version;
use crate::kernel::language::{Said, text};
use crate::kernel::number::indian;
use crate::kernel::pin::Pin;
use crate::kernel::quantity::Quantity;
use crate::kernel::state::State;
use crate::kernel::text::{one_line, optional_line};
use crate::web::Remarks;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;

/// A warehouse.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WarehouseForm {
    pub code: String,
    pub name: String,
    pub registration: String,
    pub street: String,
    pub city: String,
    pub pincode: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

fn code(typed: &str) -> Result<String, Said> {
    let code = typed.trim().to_uppercase();
    let has_shape = (1..=10).contains(&code.len())
        && !code.starts_with('-')
        && code
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    // The list's own pages have their words in lower case, so a code can't be one of them.
    if has_shape {
        return Ok(code);
    }
    Err(Said::new(
        "A code has 1 to 10 letters, digits and hyphens, like MAIN.",
    ))
}

impl WarehouseForm {
    /// `known`: the company's registrations; only one in force takes a warehouse.
    pub fn parse(
        mut self,
        known: &[Registration],
    ) -> Result<(NewWarehouse, DateTime<Utc>, Self), Box<Self>> {
        let code = self.remarks.take("code", code(&self.code));
        let name = self
            .remarks
            .take("name", one_line(text!("Name"), &self.name, 80));
        let chosen = known
            .iter()
            .find(|row| row.gstin == self.registration && row.ended_on.is_none());
        let state = chosen.and_then(|row| State::by_code(&row.state_code));
        let registration = chosen
            .map(|row| row.id)
            .ok_or_else(|| Said::new("Choose a GST registration that is in force."));
        let registration = self.remarks.take("registration", registration);
        let street = self.remarks.take(
            "street",
            optional_line(text!("Street and area"), &self.street, 300),
        );
        let city = self
            .remarks
            .take("city", optional_line(text!("City"), &self.city, 100));
        let pincode = self
            .remarks
            .take_optional("pincode", &self.pincode, |typed| {
                let pin = typed.parse::<Pin>()?;
                state.map_or(Ok(pin.clone()), |state| pin.within(state))
            })
            .map(|pin| pin.as_str().to_owned());
        let version = parse_version(&self.version);
        match (code, name, registration, street, city) {
            (Some(code), Some(name), Some(registration), Some(street), Some(city))
                if self.remarks.is_empty() =>
            {
                let new = NewWarehouse {
                    code,
                    name,
                    registration,
                    street,
                    city,
                    pincode,
                };
                Ok((new, version, self))
            }
            _ => Err(Box::new(self)),
        }
    }
}

/// Below how many free units a product is low in a warehouse.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReorderForm {
    pub warehouse: String,
    pub reorder_level: String,
    /// The level that stood there when the form was shown.
    pub was: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// A reorder level as it was typed.
#[derive(Clone, Copy, Debug)]
pub struct TypedLevel {
    /// The level; `None` is never low.
    pub level: Option<Decimal>,
    /// What stood there when the form was shown.
    pub was: Option<Decimal>,
}

fn level(typed: &str) -> Result<Decimal, Said> {
    if typed.trim() == "0" {
        return Ok(Decimal::ZERO);
    }
    typed.parse::<Quantity>().map(Quantity::as_decimal)
}

impl ReorderForm {
    /// The level, or remarks on the form.
    pub fn parse(mut self) -> Result<(TypedLevel, Self), Box<Self>> {
        let typed = TypedLevel {
            level: self
                .remarks
                .take_optional("reorder_level", &self.reorder_level, level),
            was: level(&self.was).ok(),
        };
        if self.remarks.is_empty() {
            Ok((typed, self))
        } else {
            Err(Box::new(self))
        }
    }

    /// Tells which level somebody else set meanwhile. Saving again replaces it.
    pub fn set_meanwhile(&mut self, there: Option<Decimal>) {
        self.was = there.map_or_else(String::new, |level| level.normalize().to_string());
        self.remarks.add(
            "reorder_level",
            match there {
                Some(level) => {
                    Said::new("Somebody set {level} here meanwhile. Saving again replaces it.")
                        .with("level", indian(level))
                }
                None => Said::new(
                    "Somebody took the level away here meanwhile. Saving again sets yours.",
                ),
            },
        );
    }
}
