//! GST registrations: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{RegistrationId, TenantId};
use crate::platform::db::schema::gst_registrations;
use crate::platform::db::{PlatformTx, Scope};
use diesel::pg::Pg;
use diesel::prelude::*;

/// A GST registration.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = gst_registrations)]
pub struct Registration {
    pub id: RegistrationId,
    pub gstin: String,
    pub state_code: String,
    pub trade_name: String,
    pub is_primary: bool,
}

impl Registration {
    fn of<'q>(scope: &Scope) -> gst_registrations::BoxedQuery<'q, Pg> {
        gst_registrations::table
            .filter(gst_registrations::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The company's registrations, the primary one first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .order((
                gst_registrations::is_primary.desc(),
                gst_registrations::gstin,
            ))
            .limit(100)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// A company's registrations, for the platform.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn across(tx: &mut PlatformTx, company: TenantId) -> Result<Vec<Self>, AppError> {
        let all = gst_registrations::table.filter(gst_registrations::tenant_id.eq(company));
        Ok(tx.load(
            all.order((
                gst_registrations::is_primary.desc(),
                gst_registrations::gstin,
            ))
            .limit(100)
            .select(Self::as_select()),
        )?)
    }
}
