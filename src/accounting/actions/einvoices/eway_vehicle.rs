//! Another vehicle for the goods of e-way bills: asked for of all bills that a vehicle has, at once.

use crate::accounting::model::{EWayBill, VehicleChange};
use crate::accounting::rules::eway_vehicle;
use crate::error::AppError;
use crate::kernel::ids::{EWayBillId, EWayVehicleId};
use crate::kernel::language::Said;
use crate::kernel::state::State;
use crate::platform::db::Scope;
use crate::platform::db::schema::eway_vehicles;
use crate::platform::jobs::{self, NewJob};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// Kind of the job that changes the vehicle of an e-way bill.
pub const VEHICLE: &str = "eway_bills.vehicle";

/// What that job needs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct VehicleJob {
    /// The bill.
    pub bill: EWayBillId,
}

/// The vehicle that takes the goods over.
#[derive(Clone, Debug)]
pub struct NewVehicle {
    /// Number plate without spaces.
    pub vehicle_no: String,
    /// Where the goods change over.
    pub place: String,
    /// The State of that place.
    pub state: State,
    /// 1 breakdown, 2 transshipment, 3 others, 4 first time.
    pub reason: i16,
    /// Why, in words.
    pub remark: String,
}

/// Whether the vehicle of a bill can be changed.
///
/// # Errors
/// `Refused` in words.
pub fn may_change_vehicle(
    scope: &Scope,
    bill: &EWayBill,
    supplier_gstin: &str,
    changes: &[VehicleChange],
) -> Result<(), AppError> {
    let is_being_changed = changes.iter().any(VehicleChange::is_open);
    let facts = bill.vehicle_facts(supplier_gstin, is_being_changed);
    eway_vehicle::may_change(&facts, scope.now()).map_err(AppError::refused)
}

/// Asks the portal to name another vehicle in a bill and in all others that name the same one now; how many. It is asked once the transaction
/// has committed. Three statements, however many bills.
///
/// # Errors
/// `Refused` when none of them can be changed.
pub fn change_vehicle(
    scope: &mut Scope,
    who: &str,
    bill: &EWayBill,
    wanted: &NewVehicle,
) -> Result<usize, AppError> {
    let now = scope.now();
    let aboard = bill.aboard(scope)?;
    if aboard.is_empty() {
        return Err(AppError::refused(nothing_aboard()));
    }
    let rows: Vec<_> = aboard
        .iter()
        .map(|one| {
            (
                eway_vehicles::id.eq(EWayVehicleId::new()),
                eway_vehicles::eway_bill_id.eq(one.id),
                eway_vehicles::from_vehicle_no.eq(&bill.vehicle_no),
                eway_vehicles::vehicle_no.eq(&wanted.vehicle_no),
                eway_vehicles::place.eq(&wanted.place),
                eway_vehicles::state_code.eq(wanted.state.code()),
                eway_vehicles::reason_code.eq(wanted.reason),
                eway_vehicles::remark.eq(&wanted.remark),
                eway_vehicles::asked_by_name.eq(who),
                eway_vehicles::asked_at.eq(now),
            )
        })
        .collect();
    // Two who ask at once: the second one's rows come to nothing.
    let insert = diesel::insert_into(eway_vehicles::table)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(eway_vehicles::eway_bill_id);
    let asked: Vec<EWayBillId> = scope.load(insert)?;
    if asked.is_empty() {
        return Err(AppError::refused(nothing_aboard()));
    }
    wake_vehicles(scope, &asked)?;
    Ok(asked.len())
}

/// No bill is left whose vehicle could be changed.
pub fn nothing_aboard() -> Said {
    Said::new(
        "There is no e-way bill of it to change: the goods have arrived, or the portal is asked already.",
    )
}

/// Has the job look at changes of bills. One statement.
///
/// # Errors
/// Whatever the database refuses.
pub fn wake_vehicles(scope: &mut Scope, bills: &[EWayBillId]) -> Result<(), AppError> {
    let wanted = bills
        .iter()
        .map(|bill| {
            let job = VehicleJob { bill: *bill };
            let mut job = NewJob::new(VEHICLE, "Change the vehicle of an e-way bill", &job)?;
            job.unique_key = Some(bill.to_string());
            Ok(job)
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    jobs::enqueue_all(scope, &wanted)
}
