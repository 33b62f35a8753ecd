//! GST registrations: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{RegistrationId, TenantId};
use crate::platform::db::schema::gst_registrations;
use crate::platform::db::{PlatformTx, Scope};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

type Holders<'q> = diesel::helper_types::IntoBoxed<
    'q,
    diesel::helper_types::Select<gst_registrations::table, gst_registrations::tenant_id>,
    Pg,
>;

/// A GST registration.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = gst_registrations)]
pub struct Registration {
    pub id: RegistrationId,
    pub gstin: String,
    pub state_code: String,
    pub trade_name: String,
    /// How it stands under GST: regular, composition, `sez_unit`, `sez_developer` or casual.
    pub taxpayer_type: String,
    /// Street of the place of business, if it has one of its own.
    pub address: Option<String>,
    pub city: Option<String>,
    pub pincode: Option<String>,
    pub is_primary: bool,
    pub ended_on: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Registration {
    fn of<'q>(scope: &Scope) -> gst_registrations::BoxedQuery<'q, Pg> {
        gst_registrations::table
            .filter(gst_registrations::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The company's registrations: the primary one first, those that ended last.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .order((
                gst_registrations::is_primary.desc(),
                gst_registrations::ended_on.desc().nulls_first(),
                gst_registrations::gstin,
            ))
            .limit(100)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// The GSTIN under which the company writes; none while it has none. A retailer, to whom the registrations are closed, may read it too.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn primary_gstin(scope: &mut Scope) -> Result<Option<String>, AppError> {
        Ok(scope.one(diesel::select(sql::<Nullable<Text>>("primary_gstin()")))?)
    }

    /// The company's registration with a GSTIN.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_gstin(scope: &mut Scope, gstin: &str) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(gst_registrations::gstin.eq(gstin.to_owned()))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// All of the company's registrations, locked for change in the order of their ids: which one is primary concerns them all.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lock_all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = gst_registrations::table
            .filter(gst_registrations::tenant_id.eq(scope.tenant()))
            .order(gst_registrations::id)
            .for_update()
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// The companies that hold a GSTIN, for the platform: a part of other queries.
    pub(super) fn holders_across<'q>(typed: &str) -> Holders<'q> {
        let gstin: String = typed.split_whitespace().collect::<String>().to_uppercase();
        gst_registrations::table
            .filter(gst_registrations::gstin.eq(gstin))
            .select(gst_registrations::tenant_id)
            .into_boxed()
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
