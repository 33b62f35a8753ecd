//! Warehouses: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{RegistrationId, WarehouseId};
use crate::platform::db::Scope;
use crate::platform::db::schema::warehouses;
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;

/// Where stock lies.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = warehouses)]
pub struct Warehouse {
    pub id: WarehouseId,
    pub code: String,
    pub name: String,
    pub registration_id: RegistrationId,
    pub street: Option<String>,
    pub city: Option<String>,
    pub pincode: Option<String>,
    pub is_default: bool,
    pub is_active: bool,
    pub updated_at: DateTime<Utc>,
}

impl Warehouse {
    fn of<'q>(scope: &Scope) -> warehouses::BoxedQuery<'q, Pg> {
        warehouses::table
            .filter(warehouses::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The company's warehouses: the usual one first, those out of use last; at most 200.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .order((
                warehouses::is_active.desc(),
                warehouses::is_default.desc(),
                warehouses::code,
            ))
            .limit(200)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// The warehouse with a code.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_code(scope: &mut Scope, code: &str) -> Result<Self, AppError> {
        // PostgreSQL takes no text with such characters, so there is no such code.
        if code.chars().any(char::is_control) {
            return Err(AppError::NotFound);
        }
        let query = Self::of(scope)
            .filter(warehouses::code.eq(code.to_owned()))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// One warehouse; it stays as it is until this transaction ends.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn hold(scope: &mut Scope, id: WarehouseId) -> Result<Self, AppError> {
        let query = warehouses::table
            .filter(
                warehouses::tenant_id
                    .eq(scope.tenant())
                    .and(warehouses::id.eq(id)),
            )
            .for_share()
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// All of the company's warehouses, locked for change in the order of their ids: which one is the usual one concerns them all.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lock_all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = warehouses::table
            .filter(warehouses::tenant_id.eq(scope.tenant()))
            .order(warehouses::id)
            .for_update()
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// Whether anything lies in a warehouse, and whether customers are served from it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn use_of(scope: &mut Scope, id: WarehouseId) -> Result<(bool, bool), AppError> {
        let has_stock = sql::<Bool>(
            "exists (select from stock_levels l where l.tenant_id = warehouses.tenant_id and l.warehouse_id = warehouses.id and l.on_hand > 0)",
        );
        let serves = sql::<Bool>(
            "exists (select from customers c where c.tenant_id = warehouses.tenant_id and c.warehouse_id = warehouses.id)",
        );
        let query = Self::of(scope)
            .filter(warehouses::id.eq(id))
            .select((has_stock, serves));
        Ok(scope.one(query)?)
    }
}
