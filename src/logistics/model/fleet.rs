//! Vehicles and drivers: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{DriverId, VehicleId};
use crate::platform::db::Scope;
use crate::platform::db::schema::{drivers, vehicles};
use crate::web::list::{COUNT_CAP, ListQuery, Page, keyset};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

/// A truck or van.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = vehicles)]
pub struct Vehicle {
    pub id: VehicleId,
    pub registration_no: String,
    pub name: String,
    /// In kilograms.
    pub capacity_kg: Option<i32>,
    pub is_active: bool,
    pub updated_at: DateTime<Utc>,
}

/// Who drives.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = drivers)]
pub struct Driver {
    pub id: DriverId,
    pub name: String,
    pub phone: Option<String>,
    pub licence_no: Option<String>,
    pub is_active: bool,
    pub updated_at: DateTime<Utc>,
}

impl Vehicle {
    fn of<'q>(scope: &Scope) -> vehicles::BoxedQuery<'q, Pg> {
        vehicles::table
            .filter(vehicles::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    fn matching<'q>(scope: &Scope, query: &ListQuery) -> vehicles::BoxedQuery<'q, Pg> {
        let mut rows = Self::of(scope);
        match query.all("state", &["active", "off"]).as_slice() {
            ["active"] => rows = rows.filter(vehicles::is_active),
            ["off"] => rows = rows.filter(diesel::dsl::not(vehicles::is_active)),
            _ => {}
        }
        if let Some(search) = query.search() {
            // A company has dozens of these, not thousands: no index is missed.
            let like = format!("%{}%", search.replace(['%', '_', '\\'], ""));
            rows = rows.filter(
                vehicles::name
                    .ilike(like.clone())
                    .or(vehicles::registration_no.ilike(like.replace(' ', ""))),
            );
        }
        rows
    }

    /// One page of vehicles by number plate, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<(Page<Self>, i64), AppError> {
        let cursor = query.cursor::<(String, Uuid)>();
        let rows = Self::matching(scope, query)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let rows = keyset!(
            rows,
            cursor.as_ref(),
            false,
            vehicles::registration_no,
            vehicles::id
        );
        let found = scope.load(rows)?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |row: &Self| {
            (row.registration_no.clone(), row.id.uuid())
        });
        let count = Self::matching(scope, query)
            .select(vehicles::id)
            .limit(COUNT_CAP + 1);
        Ok((page, scope.count(count)?))
    }

    /// Everything that the filter shows, for an export.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(scope: &mut Scope, query: &ListQuery) -> Result<Vec<Self>, AppError> {
        let rows = Self::matching(scope, query)
            .select(Self::as_select())
            .order((vehicles::registration_no, vehicles::id))
            .limit(10_000);
        Ok(scope.load(rows)?)
    }

    /// Those that can be chosen, by name; at most 500.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn choices(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(vehicles::is_active)
            .order((vehicles::name, vehicles::id))
            .limit(500)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// One vehicle.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: VehicleId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(vehicles::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }
}

impl Driver {
    fn of<'q>(scope: &Scope) -> drivers::BoxedQuery<'q, Pg> {
        drivers::table
            .filter(drivers::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    fn matching<'q>(scope: &Scope, query: &ListQuery) -> drivers::BoxedQuery<'q, Pg> {
        let mut rows = Self::of(scope);
        match query.all("state", &["active", "off"]).as_slice() {
            ["active"] => rows = rows.filter(drivers::is_active),
            ["off"] => rows = rows.filter(diesel::dsl::not(drivers::is_active)),
            _ => {}
        }
        if let Some(search) = query.search() {
            let like = format!("%{}%", search.replace(['%', '_', '\\'], ""));
            rows = rows.filter(drivers::name.ilike(like));
        }
        rows
    }

    /// One page of drivers by name, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<(Page<Self>, i64), AppError> {
        let cursor = query.cursor::<(String, Uuid)>();
        let rows = Self::matching(scope, query)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let rows = keyset!(rows, cursor.as_ref(), false, drivers::name, drivers::id);
        let found = scope.load(rows)?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |row: &Self| {
            (row.name.clone(), row.id.uuid())
        });
        let count = Self::matching(scope, query)
            .select(drivers::id)
            .limit(COUNT_CAP + 1);
        Ok((page, scope.count(count)?))
    }

    /// Everything that the filter shows, for an export.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(scope: &mut Scope, query: &ListQuery) -> Result<Vec<Self>, AppError> {
        let rows = Self::matching(scope, query)
            .select(Self::as_select())
            .order((drivers::name, drivers::id))
            .limit(10_000);
        Ok(scope.load(rows)?)
    }

    /// Those that can be chosen, by name; at most 500.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn choices(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(drivers::is_active)
            .order((drivers::name, drivers::id))
            .limit(500)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// One driver.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: DriverId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(drivers::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }
}
