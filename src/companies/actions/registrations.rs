//! The verbs of GST registrations: add, rename, make primary, end.

use crate::companies::model::{Company, Registration};
use crate::companies::rules;
use crate::error::AppError;
use crate::kernel::gstin::Gstin;
use crate::kernel::ids::RegistrationId;
use crate::kernel::pin::Pin;
use crate::platform::db::Scope;
use crate::platform::db::schema::gst_registrations;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

/// A registration to be added.
#[derive(Clone, Debug)]
pub struct NewRegistration {
    pub gstin: Gstin,
    pub trade_name: String,
}

/// Adds a registration; its state comes from the GSTIN.
///
/// # Errors
/// `Refused` for another PAN; the constraint `gst_registrations_tenant_id_gstin_key` when the company has this GSTIN already.
pub fn register(scope: &mut Scope, new: &NewRegistration) -> Result<(), AppError> {
    let (company, now) = (Company::own(scope)?, scope.now());
    rules::holds_pan(&new.gstin, &company.pan).map_err(AppError::refused)?;
    scope.execute(diesel::insert_into(gst_registrations::table).values((
        gst_registrations::id.eq(RegistrationId::new()),
        gst_registrations::gstin.eq(new.gstin.as_str()),
        gst_registrations::state_code.eq(&new.gstin.as_str()[..2]),
        gst_registrations::trade_name.eq(&new.trade_name),
        gst_registrations::created_at.eq(now),
        gst_registrations::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Changes the trade name, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// When the database refuses.
pub fn rename(
    scope: &mut Scope,
    gstin: &str,
    trade_name: &str,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let now = scope.now();
    let row = gst_registrations::table.filter(
        gst_registrations::tenant_id
            .eq(scope.tenant())
            .and(gst_registrations::gstin.eq(gstin))
            .and(gst_registrations::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        gst_registrations::trade_name.eq(trade_name),
        gst_registrations::updated_at.eq(now),
    )))?;
    Ok(rows == 1)
}

/// How a registration stands under GST, and where it does business.
#[derive(AsChangeset, Clone, Debug)]
#[diesel(table_name = gst_registrations, treat_none_as_null = true)]
pub struct Standing {
    /// regular, composition, `sez_unit`, `sez_developer` or casual.
    pub taxpayer_type: String,
    /// Street; none is the company's address.
    pub address: Option<String>,
    pub city: Option<String>,
    pub pincode: Option<Pin>,
}

/// Changes how a registration stands, unless somebody saved since `version`; says whether it did. Documents that are issued keep what they say.
///
/// # Errors
/// When the database refuses.
pub fn describe(
    scope: &mut Scope,
    gstin: &str,
    standing: &Standing,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let now = scope.now();
    let row = gst_registrations::table.filter(
        gst_registrations::tenant_id
            .eq(scope.tenant())
            .and(gst_registrations::gstin.eq(gstin))
            .and(gst_registrations::updated_at.eq(version)),
    );
    let rows = scope
        .execute(diesel::update(row).set((standing, gst_registrations::updated_at.eq(now))))?;
    Ok(rows == 1)
}

fn chosen(all: Vec<Registration>, gstin: &str) -> Result<Registration, AppError> {
    all.into_iter()
        .find(|row| row.gstin == gstin)
        .ok_or(AppError::NotFound)
}

/// Makes a registration the primary one, instead of the one that was. A second time changes nothing.
///
/// # Errors
/// `NotFound`; `Refused` when it has ended.
pub fn make_primary(scope: &mut Scope, gstin: &str) -> Result<(), AppError> {
    let registration = chosen(Registration::lock_all(scope)?, gstin)?;
    rules::may_lead(gstin, registration.ended_on).map_err(AppError::refused)?;
    if registration.is_primary {
        return Ok(());
    }
    let now = scope.now();
    let former = gst_registrations::table.filter(
        gst_registrations::tenant_id
            .eq(scope.tenant())
            .and(gst_registrations::is_primary),
    );
    scope.execute(diesel::update(former).set((
        gst_registrations::is_primary.eq(false),
        gst_registrations::updated_at.eq(now),
    )))?;
    let row = gst_registrations::table.filter(
        gst_registrations::tenant_id
            .eq(scope.tenant())
            .and(gst_registrations::id.eq(registration.id)),
    );
    scope.execute(diesel::update(row).set((
        gst_registrations::is_primary.eq(true),
        gst_registrations::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Ends a registration; it stays in the list for its documents.
///
/// # Errors
/// `NotFound`; `Refused` for the primary one, and when it has ended already.
pub fn end(scope: &mut Scope, gstin: &str, last_day: NaiveDate) -> Result<(), AppError> {
    let registration = chosen(Registration::lock_all(scope)?, gstin)?;
    rules::may_end(gstin, registration.is_primary, registration.ended_on)
        .map_err(AppError::refused)?;
    let now = scope.now();
    let row = gst_registrations::table.filter(
        gst_registrations::tenant_id
            .eq(scope.tenant())
            .and(gst_registrations::id.eq(registration.id)),
    );
    scope.execute(diesel::update(row).set((
        gst_registrations::ended_on.eq(last_day),
        gst_registrations::updated_at.eq(now),
    )))?;
    Ok(())
}
