//! What was typed for the e-way bills of a whole truck.

use super::eway_bill::{chosen_plate, kilometres};
use crate::accounting::actions::einvoices::MOST_OF_A_TRUCK;
use crate::error::AppError;
use crate::kernel::ids::DocumentId;
use crate::kernel::language::Said;
use crate::logistics::model::Vehicle;
use crate::web::Remarks;
use std::collections::HashMap;

/// A vehicle, and the loads that are ticked.
#[derive(Clone, Debug, Default)]
pub struct TruckForm {
    pub vehicle: String,
    pub plate: String,
    /// None while nobody has sent it: all are ticked.
    ticked: Option<Vec<String>>,
    km: HashMap<String, String>,
    /// What is wrong with kilometres.
    pub wrong_km: HashMap<DocumentId, Said>,
    pub remarks: Remarks,
}

/// The vehicle of the bills, and how far each goes.
#[derive(Debug)]
pub struct Truckload {
    pub plate: String,
    pub km: HashMap<DocumentId, i32>,
}

impl TruckForm {
    /// As the page is opened: everything is ticked, and a vehicle of which there is only one is chosen.
    pub fn open(vehicles: &[Vehicle]) -> Self {
        let vehicle = match vehicles {
            [only] => only.registration_no.clone(),
            _ => String::new(),
        };
        Self {
            vehicle,
            ..Self::default()
        }
    }

    /// Reads the fields of the form.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        let mut ticked = Vec::new();
        for (name, value) in pairs {
            match name.as_str() {
                "vehicle" => form.vehicle = value,
                "plate" => form.plate = value,
                "id" => ticked.push(value),
                _ => {
                    if let Some(id) = name.strip_prefix("km-") {
                        form.km.insert(id.to_owned(), value);
                    }
                }
            }
        }
        form.ticked = Some(ticked);
        form
    }

    /// Whether a load is ticked.
    pub fn has(&self, document: DocumentId) -> bool {
        let id = document.to_string();
        self.ticked
            .as_ref()
            .is_none_or(|ticked| ticked.contains(&id))
    }

    /// The kilometres that are typed beside a load.
    pub fn km_of(&self, document: DocumentId) -> &str {
        self.km
            .get(&document.to_string())
            .map_or("", String::as_str)
    }

    /// What is ticked, each once, in the order of the ids: siblings are locked like that, whoever ticks them.
    ///
    /// # Errors
    /// `NotFound` for what is no id; `Refused` when they are more than a page shows.
    pub fn ids(&self) -> Result<Vec<DocumentId>, AppError> {
        let mut ids = self
            .ticked
            .iter()
            .flatten()
            .map(|id| id.parse().map_err(|_| AppError::NotFound))
            .collect::<Result<Vec<DocumentId>, _>>()?;
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > MOST_OF_A_TRUCK {
            return Err(AppError::refused(
                Said::new("At most {most} e-way bills are asked for at once.")
                    .with("most", MOST_OF_A_TRUCK),
            ));
        }
        Ok(ids)
    }

    /// What is asked for, or what is wrong beside the field. `loads` are those that are ticked, and whether each stays within one PIN code.
    ///
    /// # Errors
    /// The form again, with what is wrong.
    pub fn parse(mut self, loads: &[(DocumentId, bool)]) -> Result<Truckload, Box<Self>> {
        let plate = chosen_plate(&mut self.remarks, (&self.vehicle, &self.plate));
        if loads.is_empty() {
            let said = Said::new("Tick the goods that the truck takes.");
            self.remarks.add("loads", said);
        }
        let mut km = HashMap::new();
        for (document, is_within) in loads {
            match kilometres(self.km_of(*document), *is_within) {
                Ok(distance) => {
                    km.insert(*document, distance);
                }
                Err(said) => {
                    self.wrong_km.insert(*document, said);
                }
            }
        }
        if !self.wrong_km.is_empty() {
            let said = Said::new("The kilometres of {count} loads are wrong.")
                .with("count", self.wrong_km.len());
            self.remarks.add("loads", said);
        }
        match plate {
            Some(plate) if self.remarks.is_empty() => Ok(Truckload { plate, km }),
            _ => Err(Box::new(self)),
        }
    }
}
