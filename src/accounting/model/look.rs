//! The last nightly look at a company's documents that are not registered: one row of a company.

use crate::error::AppError;
use crate::kernel::ids::TenantId;
use crate::platform::db::Scope;
use crate::platform::db::schema::einvoice_looks;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

type ItsKey = diesel::dsl::Eq<einvoice_looks::tenant_id, TenantId>;
type Its = diesel::helper_types::Filter<einvoice_looks::table, ItsKey>;

/// What was found, and is told already.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = einvoice_looks)]
pub struct Look {
    /// When documents were looked through.
    pub looked_at: DateTime<Utc>,
    /// How many had something wrong.
    pub documents: i32,
    /// A mark of each thing that was wrong.
    pub told: Vec<String>,
}

impl Look {
    fn of(scope: &Scope) -> Its {
        einvoice_looks::table.filter(einvoice_looks::tenant_id.eq(scope.tenant()))
    }

    /// The last look, locked until the transaction ends: two at once would both tell of what is new.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lock(scope: &mut Scope) -> Result<Self, AppError> {
        let first = einvoice_looks::looked_at.eq(scope.now());
        let added = diesel::insert_into(einvoice_looks::table).values(first);
        scope.execute(added.on_conflict_do_nothing())?;
        Ok(scope.one(Self::of(scope).for_update().select(Self::as_select()))?)
    }

    /// Puts this one in its place.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn keep(&self, scope: &mut Scope) -> Result<(), AppError> {
        scope.execute(diesel::update(Self::of(scope)).set((
            einvoice_looks::looked_at.eq(self.looked_at),
            einvoice_looks::documents.eq(self.documents),
            einvoice_looks::told.eq(&self.told),
        )))?;
        Ok(())
    }
}
