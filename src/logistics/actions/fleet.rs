//! Vehicles and drivers.

use crate::error::AppError;
use crate::kernel::ids::{DriverId, VehicleId};
use crate::kernel::phone::Phone;
use crate::platform::db::Scope;
use crate::platform::db::schema::{drivers, vehicles};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A vehicle as its form says it.
#[derive(Clone, Debug)]
pub struct NewVehicle {
    /// Number plate without spaces.
    pub registration_no: String,
    /// What people call it.
    pub name: String,
    /// In kilograms.
    pub capacity_kg: Option<i32>,
    /// Whether it can be chosen.
    pub is_active: bool,
}

/// A driver as the form says it.
#[derive(Clone, Debug)]
pub struct NewDriver {
    /// Name.
    pub name: String,
    /// Mobile number.
    pub phone: Option<Phone>,
    /// Number of the driving licence.
    pub licence_no: Option<String>,
    /// Whether he can be chosen.
    pub is_active: bool,
}

/// Adds a vehicle, or changes the one that was last saved at that moment; says whether it did.
///
/// # Errors
/// The unique constraint, for a number plate that is in the list already.
pub fn save_vehicle(
    scope: &mut Scope,
    saved: Option<(VehicleId, DateTime<Utc>)>,
    new: &NewVehicle,
) -> Result<bool, AppError> {
    let now = scope.now();
    let Some((id, version)) = saved else {
        scope.execute(diesel::insert_into(vehicles::table).values((
            vehicles::id.eq(VehicleId::new()),
            vehicles::registration_no.eq(&new.registration_no),
            vehicles::name.eq(&new.name),
            vehicles::capacity_kg.eq(new.capacity_kg),
            vehicles::is_active.eq(new.is_active),
            vehicles::created_at.eq(now),
            vehicles::updated_at.eq(now),
        )))?;
        return Ok(true);
    };
    let row = vehicles::table.filter(
        vehicles::tenant_id
            .eq(scope.tenant())
            .and(vehicles::id.eq(id))
            .and(vehicles::updated_at.eq(version)),
    );
    Ok(scope.execute(diesel::update(row).set((
        vehicles::registration_no.eq(&new.registration_no),
        vehicles::name.eq(&new.name),
        vehicles::capacity_kg.eq(new.capacity_kg),
        vehicles::is_active.eq(new.is_active),
        vehicles::updated_at.eq(now),
    )))? == 1)
}

/// Adds a driver, or changes the one that was last saved at that moment; says whether it did.
///
/// # Errors
/// When the database refuses.
pub fn save_driver(
    scope: &mut Scope,
    saved: Option<(DriverId, DateTime<Utc>)>,
    new: &NewDriver,
) -> Result<bool, AppError> {
    let now = scope.now();
    let phone = new.phone.as_ref().map(Phone::as_str);
    let Some((id, version)) = saved else {
        scope.execute(diesel::insert_into(drivers::table).values((
            drivers::id.eq(DriverId::new()),
            drivers::name.eq(&new.name),
            drivers::phone.eq(phone),
            drivers::licence_no.eq(&new.licence_no),
            drivers::is_active.eq(new.is_active),
            drivers::created_at.eq(now),
            drivers::updated_at.eq(now),
        )))?;
        return Ok(true);
    };
    let row = drivers::table.filter(
        drivers::tenant_id
            .eq(scope.tenant())
            .and(drivers::id.eq(id))
            .and(drivers::updated_at.eq(version)),
    );
    Ok(scope.execute(diesel::update(row).set((
        drivers::name.eq(&new.name),
        drivers::phone.eq(phone),
        drivers::licence_no.eq(&new.licence_no),
        drivers::is_active.eq(new.is_active),
        drivers::updated_at.eq(now),
    )))? == 1)
}
