//! What was typed about how a shipment leaves.

use crate::kernel::dates;
use crate::kernel::ids::{DriverId, VehicleId};
use crate::kernel::language::{Said, text};
use crate::kernel::text::optional_line;
use crate::logistics::actions::Sending;
use crate::logistics::rules::{ChallanReason, Why};
use crate::web::Remarks;
use chrono::{Days, NaiveDate};
use serde::Deserialize;

/// How a shipment leaves.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SendForm {
    pub vehicle: String,
    pub driver: String,
    pub expected_on: String,
    pub challan_reason: String,
    pub challan_words: String,
    pub unregistered_reason: String,
    pub eway_known: String,
    pub overload: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl SendForm {
    /// What is chosen already: a vehicle and a driver of which there is only one, and tomorrow.
    pub fn of(vehicle: Option<VehicleId>, driver: Option<DriverId>, today: NaiveDate) -> Self {
        Self {
            vehicle: vehicle.map(|id| id.to_string()).unwrap_or_default(),
            driver: driver.map(|id| id.to_string()).unwrap_or_default(),
            expected_on: (today + Days::new(1)).to_string(),
            ..Self::default()
        }
    }

    pub fn parse(mut self, today: NaiveDate) -> Result<(Sending, Self), Box<Self>> {
        let vehicle = self.vehicle.trim().parse::<VehicleId>();
        let vehicle = vehicle.map_err(|_| Said::new("Choose a vehicle."));
        let vehicle = self.remarks.take("vehicle", vehicle);
        let driver = self.driver.trim().parse::<DriverId>();
        let driver = driver.map_err(|_| Said::new("Choose a driver."));
        let driver = self.remarks.take("driver", driver);
        let last = today + Days::new(60);
        let day = dates::parse_day(self.expected_on.trim())
            .filter(|day| (today..=last).contains(day))
            .ok_or_else(|| Said::new("The day must be today or one of the next 60 days."));
        let day = self.remarks.take("expected_on", day);
        let why = self.why();
        let unregistered = self.remarks.take(
            "unregistered_reason",
            optional_line(
                text!("Why it leaves without its IRN"),
                &self.unregistered_reason,
                200,
            ),
        );
        if !self.remarks.is_empty() {
            return Err(Box::new(self));
        }
        match (vehicle, driver, day) {
            (Some(vehicle), Some(driver), Some(expected_on)) => Ok((
                Sending {
                    vehicle,
                    driver,
                    expected_on,
                    is_overload_known: self.overload == "on",
                    is_eway_known: self.eway_known == "on",
                    challan: why,
                    unregistered_reason: unregistered.flatten(),
                },
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }

    /// Why it leaves with a challan: of the reasons of the law, or another one in words, because the challan prints it.
    fn why(&mut self) -> Option<Why> {
        let reason =
            self.remarks
                .take_optional("challan_reason", &self.challan_reason, |code| {
                    code.parse::<ChallanReason>()
                        .ok()
                        .filter(|reason| ChallanReason::CHOICES.contains(reason))
                        .ok_or_else(|| Said::new("Choose a reason from the list."))
                })?;
        let label = text!("The reason in words");
        let words = optional_line(label, &self.challan_words, 200);
        let words = self.remarks.take("challan_words", words)?;
        if reason == ChallanReason::Other && words.is_none() {
            self.remarks.add(
                "challan_words",
                Said::new("Write why it leaves without its invoice: the challan prints it."),
            );
        }
        Some(Why { reason, words })
    }
}
