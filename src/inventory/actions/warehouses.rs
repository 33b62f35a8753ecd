//! The verbs of warehouses: add, change, make the usual one, take out of use.

use crate::error::AppError;
use crate::inventory::model::Warehouse;
use crate::inventory::rules;
use crate::kernel::ids::{RegistrationId, WarehouseId};
use crate::platform::db::Scope;
use crate::platform::db::schema::warehouses;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A warehouse as it was typed and found right.
#[derive(Clone, Debug)]
pub struct NewWarehouse {
    pub code: String,
    pub name: String,
    pub registration: RegistrationId,
    pub street: Option<String>,
    pub city: Option<String>,
    pub pincode: Option<String>,
}

/// Adds a warehouse; the first one is the usual one.
///
/// # Errors
/// The constraint `warehouses_tenant_id_code_key` when the code is taken.
pub fn add(scope: &mut Scope, new: &NewWarehouse) -> Result<WarehouseId, AppError> {
    let (id, now) = (WarehouseId::new(), scope.now());
    let is_first = Warehouse::lock_all(scope)?.is_empty();
    scope.execute(diesel::insert_into(warehouses::table).values((
        warehouses::id.eq(id),
        warehouses::code.eq(&new.code),
        warehouses::name.eq(&new.name),
        warehouses::registration_id.eq(new.registration),
        warehouses::street.eq(&new.street),
        warehouses::city.eq(&new.city),
        warehouses::pincode.eq(&new.pincode),
        warehouses::is_default.eq(is_first),
        warehouses::created_at.eq(now),
        warehouses::updated_at.eq(now),
    )))?;
    Ok(id)
}

/// Changes a warehouse, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// The constraint `warehouses_tenant_id_code_key` when the code is taken.
pub fn save(
    scope: &mut Scope,
    id: WarehouseId,
    new: &NewWarehouse,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let now = scope.now();
    let row = warehouses::table.filter(
        warehouses::tenant_id
            .eq(scope.tenant())
            .and(warehouses::id.eq(id))
            .and(warehouses::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        warehouses::code.eq(&new.code),
        warehouses::name.eq(&new.name),
        warehouses::registration_id.eq(new.registration),
        warehouses::street.eq(&new.street),
        warehouses::city.eq(&new.city),
        warehouses::pincode.eq(&new.pincode),
        warehouses::updated_at.eq(now),
    )))?;
    Ok(rows == 1)
}

fn chosen(all: Vec<Warehouse>, code: &str) -> Result<Warehouse, AppError> {
    all.into_iter()
        .find(|row| row.code == code)
        .ok_or(AppError::NotFound)
}

/// Customers are served from this warehouse from now on, unless told otherwise. A second time changes nothing.
///
/// # Errors
/// `NotFound`; `Refused` when it is out of use.
pub fn make_default(scope: &mut Scope, code: &str) -> Result<Warehouse, AppError> {
    let warehouse = chosen(Warehouse::lock_all(scope)?, code)?;
    rules::may_serve(&warehouse.name, warehouse.is_active).map_err(AppError::refused)?;
    if warehouse.is_default {
        return Ok(warehouse);
    }
    let now = scope.now();
    let former = warehouses::table.filter(
        warehouses::tenant_id
            .eq(scope.tenant())
            .and(warehouses::is_default),
    );
    scope.execute(diesel::update(former).set((
        warehouses::is_default.eq(false),
        warehouses::updated_at.eq(now),
    )))?;
    let row = warehouses::table.filter(
        warehouses::tenant_id
            .eq(scope.tenant())
            .and(warehouses::id.eq(warehouse.id)),
    );
    scope.execute(diesel::update(row).set((
        warehouses::is_default.eq(true),
        warehouses::updated_at.eq(now),
    )))?;
    Ok(warehouse)
}

fn set_active(scope: &mut Scope, id: WarehouseId, is_active: bool) -> Result<(), AppError> {
    let now = scope.now();
    let row = warehouses::table.filter(
        warehouses::tenant_id
            .eq(scope.tenant())
            .and(warehouses::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        warehouses::is_active.eq(is_active),
        warehouses::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Takes a warehouse out of use; it stays in the list for its ledger.
///
/// # Errors
/// `NotFound`; `Refused` for the usual one, for one with stock, and for one that customers are served from.
pub fn deactivate(scope: &mut Scope, code: &str) -> Result<Warehouse, AppError> {
    let warehouse = chosen(Warehouse::lock_all(scope)?, code)?;
    let (has_stock, serves) = Warehouse::use_of(scope, warehouse.id)?;
    rules::may_close(&warehouse.name, warehouse.is_default, has_stock, serves)
        .map_err(AppError::refused)?;
    set_active(scope, warehouse.id, false)?;
    Ok(warehouse)
}

/// Takes a warehouse into use again.
///
/// # Errors
/// `NotFound`.
pub fn activate(scope: &mut Scope, code: &str) -> Result<Warehouse, AppError> {
    let warehouse = chosen(Warehouse::lock_all(scope)?, code)?;
    set_active(scope, warehouse.id, true)?;
    Ok(warehouse)
}
