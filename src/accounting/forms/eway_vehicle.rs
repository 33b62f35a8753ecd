//! What was typed about another vehicle of an e-way bill.

use super::eway_bill::chosen_plate;
use crate::accounting::actions::einvoices::NewVehicle;
use crate::accounting::rules::eway_vehicle::REASONS;
use crate::kernel::language::{Said, text};
use crate::kernel::state::State;
use crate::kernel::text::one_line;
use crate::web::Remarks;
use serde::Deserialize;

/// The vehicle that takes the goods over.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct VehicleForm {
    pub vehicle: String,
    pub plate: String,
    pub place: String,
    pub state: String,
    pub reason: String,
    pub remark: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl VehicleForm {
    /// The new vehicle, or what is wrong beside the field. `named` is the one that the bill names now.
    ///
    /// # Errors
    /// The form again, with what is wrong.
    pub fn parse(mut self, named: Option<&str>) -> Result<NewVehicle, Box<Self>> {
        let plate = chosen_plate(&mut self.remarks, (&self.vehicle, &self.plate));
        if plate.is_some() && plate.as_deref() == named {
            let field = if self.vehicle.is_empty() {
                "plate"
            } else {
                "vehicle"
            };
            let said = Said::new("That is the vehicle that the e-way bill names already.");
            self.remarks.add(field, said);
        }
        let place = one_line(text!("Place"), &self.place, 50);
        let place = self.remarks.take("place", place);
        let state = State::current()
            .find(|state| state.code() == self.state)
            .ok_or_else(|| Said::new("Choose the State that the place is in."));
        let state = self.remarks.take("state", state);
        let reason = REASONS
            .iter()
            .find(|(code, _)| *code == self.reason)
            .and_then(|(code, _)| code.parse().ok())
            .ok_or_else(|| Said::new("Choose why another vehicle takes the goods."));
        let reason = self.remarks.take("reason", reason);
        let remark = one_line(text!("Reason in your words"), &self.remark, 50);
        let remark = self.remarks.take("remark", remark);
        match (plate, place, state, reason, remark) {
            (Some(vehicle_no), Some(place), Some(state), Some(reason), Some(remark))
                if self.remarks.is_empty() =>
            {
                Ok(NewVehicle {
                    vehicle_no,
                    place,
                    state,
                    reason,
                    remark,
                })
            }
            _ => Err(Box::new(self)),
        }
    }
}
