//! What was typed about shipments, vehicles and drivers.

mod send;

pub use send::SendForm;

use crate::kernel::dates::parse_version;
use crate::kernel::ids::{ShipmentId, ShipmentLineId};
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::number;
use crate::kernel::phone::Phone;
use crate::kernel::text::{one_line, optional_line, optional_lines};
use crate::logistics::actions::{NewDriver, NewVehicle, Packing};
use crate::logistics::model::Line;
use crate::logistics::rules;
use crate::web::Remarks;
use crate::web::components::Summary;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

/// What was packed, line by line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PackForm {
    pub line: Vec<String>,
    pub packed: Vec<String>,
    pub packages: String,
    pub weight: String,
    #[serde(skip)]
    pub remarks: Remarks,
    /// What is wrong with a line, by its id.
    #[serde(skip)]
    pub wrong: Vec<(ShipmentLineId, Said)>,
}

/// A quantity that may be nothing.
fn quantity(typed: &str) -> Result<Decimal, Said> {
    let quantity = number::parse(typed)?;
    if quantity < Decimal::ZERO {
        return Err(Said::new("A quantity can't be less than zero."));
    }
    if quantity.scale() > 3 {
        return Err(Said::new("A quantity has 3 decimals at most."));
    }
    Ok(quantity)
}

/// Kilograms as grammes.
fn grammes(typed: &str) -> Result<i64, Said> {
    let kilograms = number::parse(typed)?;
    let grammes = (kilograms * Decimal::ONE_THOUSAND).normalize();
    if kilograms < Decimal::ZERO || kilograms > Decimal::from(100_000) || grammes.scale() > 0 {
        return Err(Said::new(
            "A weight is between 0 and 1,00,000 kg, with 3 decimals at most.",
        ));
    }
    grammes
        .to_i64()
        .ok_or_else(|| Said::new("Enter the weight in kilograms."))
}

impl PackForm {
    /// What is typed already: everything packed, in no box yet.
    pub fn of(lines: &[Line]) -> Self {
        let its = lines.iter().filter(|line| line.shipment_line.is_some());
        Self {
            line: its
                .clone()
                .filter_map(|line| Some(line.shipment_line?.to_string()))
                .collect(),
            packed: its
                .map(|line| line.held().normalize().to_string())
                .collect(),
            ..Self::default()
        }
    }

    /// What was typed for a line.
    pub fn typed(&self, line: ShipmentLineId) -> &str {
        let id = line.to_string();
        let place = self.line.iter().position(|known| *known == id);
        place
            .and_then(|place| self.packed.get(place))
            .map_or("", String::as_str)
    }

    pub fn parse(mut self, lines: &[Line]) -> Result<Packing, Box<Self>> {
        let mut packed = std::collections::HashMap::new();
        for line in lines {
            let Some(id) = line.shipment_line else {
                continue;
            };
            let most = line.to_pick.unwrap_or_default();
            match quantity(self.typed(id)) {
                Ok(quantity) if quantity > most => {
                    let said =
                        Said::new("{name}: there are {most} to pick, so no more can be packed.")
                            .with("name", &line.name)
                            .with("most", most.normalize().to_string());
                    self.wrong.push((id, said));
                }
                Ok(quantity) => {
                    packed.insert(id, quantity);
                }
                Err(said) => self.wrong.push((id, said)),
            }
        }
        let packages = number::parse(&self.packages)
            .ok()
            .filter(|number| number.scale() == 0)
            .and_then(|number| number.to_i32())
            .filter(|number| (1..=9_999).contains(number))
            .ok_or_else(|| Said::new("Enter how many boxes and bags there are: 1 or more."));
        let packages = self.remarks.take("packages", packages);
        let weight_g = self.remarks.take_optional("weight", &self.weight, grammes);
        if self.wrong.is_empty() && packed.values().all(Decimal::is_zero) {
            self.remarks.add(
                "packages",
                Said::new("Nothing is packed. If nothing is there, cancel the shipment instead."),
            );
        }
        let worked_out = || {
            let packed = lines.iter().filter_map(|line| {
                let quantity = packed.get(&line.shipment_line?)?;
                Some((*quantity, line.weight_g))
            });
            rules::weight(packed)
        };
        let weight_g = weight_g.or_else(worked_out);
        match packages {
            Some(packages) if self.remarks.is_empty() && self.wrong.is_empty() => Ok(Packing {
                packed,
                packages,
                weight_g,
            }),
            _ => Err(Box::new(self)),
        }
    }

    /// All that is wrong, lines first.
    pub fn summary(&self, lang: Lang) -> Option<Summary> {
        let mut problems: Vec<(String, String)> = self
            .wrong
            .iter()
            .map(|(line, said)| (format!("packed-{line}"), lang.say(said)))
            .collect();
        problems.extend(
            self.remarks
                .summary(lang)
                .into_iter()
                .flat_map(|summary| summary.problems),
        );
        (!problems.is_empty()).then_some(Summary { problems })
    }
}

/// What was said at the door.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DeliverForm {
    pub received_by: String,
    pub note: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl DeliverForm {
    /// Who took the goods, and a note.
    pub fn parse(&mut self) -> Option<(String, Option<String>)> {
        let received_by = self.remarks.take(
            "received_by",
            one_line(text!("Received by"), &self.received_by, 120),
        );
        let note = self
            .remarks
            .take("note", optional_lines(text!("Note"), &self.note, 1_000));
        received_by.zip(note)
    }
}

/// A vehicle.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct VehicleForm {
    pub registration_no: String,
    pub name: String,
    pub capacity_kg: String,
    pub active: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

fn plate(typed: &str) -> Result<String, Said> {
    let plate: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_uppercase)
        .collect();
    let is_sound =
        (7..=12).contains(&plate.len()) && plate.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_sound {
        Ok(plate)
    } else {
        Err(Said::new(
            "A registration number has 7 to 12 letters and digits, e.g. TN 09 AB 1234.",
        ))
    }
}

fn capacity(typed: &str) -> Result<i32, Said> {
    number::parse(typed)
        .ok()
        .filter(|number| number.scale() == 0)
        .and_then(|number| number.to_i32())
        .filter(|number| (1..=100_000).contains(number))
        .ok_or_else(|| Said::new("Enter whole kilograms between 1 and 1,00,000."))
}

impl VehicleForm {
    pub fn parse(mut self) -> Result<(NewVehicle, DateTime<Utc>, Self), Box<Self>> {
        let version = parse_version(&self.version);
        let registration_no = self
            .remarks
            .take("registration_no", plate(&self.registration_no));
        let name = self
            .remarks
            .take("name", one_line(text!("Name"), &self.name, 60));
        let capacity_kg = self
            .remarks
            .take_optional("capacity_kg", &self.capacity_kg, capacity);
        match (registration_no, name) {
            (Some(registration_no), Some(name)) if self.remarks.is_empty() => Ok((
                NewVehicle {
                    registration_no,
                    name,
                    capacity_kg,
                    is_active: self.active == "on",
                },
                version,
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}

/// A driver.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DriverForm {
    pub name: String,
    pub phone: String,
    pub licence_no: String,
    pub active: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

fn licence(typed: &str) -> Result<String, Said> {
    let line = optional_line(text!("Driving licence"), typed, 30)?.unwrap_or_default();
    if line.chars().count() < 4 {
        return Err(Said::new(
            "A driving licence number has 4 characters or more.",
        ));
    }
    Ok(line)
}

impl DriverForm {
    pub fn parse(mut self) -> Result<(NewDriver, DateTime<Utc>, Self), Box<Self>> {
        let version = parse_version(&self.version);
        let name = self
            .remarks
            .take("name", one_line(text!("Name"), &self.name, 120));
        let phone = self
            .remarks
            .take_optional("phone", &self.phone, str::parse::<Phone>);
        let licence_no = self
            .remarks
            .take_optional("licence_no", &self.licence_no, licence);
        match name {
            Some(name) if self.remarks.is_empty() => Ok((
                NewDriver {
                    name,
                    phone,
                    licence_no,
                    is_active: self.active == "on",
                },
                version,
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}

/// The shipments of a pick run, as the address names them.
pub fn run_ids(query: &str) -> Vec<ShipmentId> {
    url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == "id")
        .filter_map(|(_, id)| id.parse().ok())
        .take(50)
        .collect()
}
