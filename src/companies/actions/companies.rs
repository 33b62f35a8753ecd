//! The verbs of a company: open, suspend, reactivate, change the profile.

use crate::companies::model::Company;
use crate::companies::rules;
use crate::error::AppError;
use crate::kernel::gstin::Gstin;
use crate::kernel::ids::{FileId, RegistrationId, TenantId};
use crate::kernel::slug::Slug;
use crate::platform::db::schema::{companies, gst_registrations};
use crate::platform::db::{PlatformTx, Scope};
use crate::platform::files;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A company to be opened.
#[derive(Clone, Debug)]
pub struct NewCompany {
    pub name: String,
    pub legal_name: String,
    pub slug: Slug,
    pub gstin: Gstin,
    pub is_demo: bool,
}

/// Opens a company with its first registration. State and PAN come from the GSTIN.
///
/// # Errors
/// The constraint `companies_slug_key` when the short name is taken.
pub fn open(tx: &mut PlatformTx, new: &NewCompany) -> Result<TenantId, AppError> {
    let (id, now) = (TenantId::new(), tx.now());
    tx.execute(diesel::insert_into(companies::table).values((
        companies::id.eq(id),
        companies::slug.eq(new.slug.as_str()),
        companies::name.eq(&new.name),
        companies::legal_name.eq(&new.legal_name),
        companies::pan.eq(new.gstin.pan().as_str()),
        companies::is_demo.eq(new.is_demo),
        companies::created_at.eq(now),
        companies::updated_at.eq(now),
    )))?;
    tx.in_company(id, |scope| {
        scope.execute(diesel::insert_into(gst_registrations::table).values((
            gst_registrations::id.eq(RegistrationId::new()),
            gst_registrations::gstin.eq(new.gstin.as_str()),
            gst_registrations::state_code.eq(&new.gstin.as_str()[..2]),
            gst_registrations::trade_name.eq(&new.name),
            gst_registrations::is_primary.eq(true),
        )))?;
        Ok(())
    })?;
    Ok(id)
}

/// Brings a company into another state, if its present one allows it.
///
/// # Errors
/// `Refused` with the state in words.
pub fn become_state(
    tx: &mut PlatformTx,
    id: TenantId,
    to: &'static str,
    reason: Option<&str>,
) -> Result<Company, AppError> {
    let company = Company::lock_across(tx, id)?;
    rules::may_become(&company.name, &company.status, to).map_err(AppError::refused)?;
    let now = tx.now();
    tx.execute(diesel::update(companies::table.find(id)).set((
        companies::status.eq(to),
        companies::status_reason.eq(reason),
        companies::updated_at.eq(now),
    )))?;
    Ok(company)
}

/// A company's names and how to reach it, as they are to be.
#[derive(AsChangeset, Clone, Debug)]
#[diesel(table_name = companies, treat_none_as_null = true)]
pub struct Names {
    pub name: String,
    pub legal_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
}

/// Saves the names, unless somebody saved since `version`; says whether it did. Short name and PAN never change: addresses and documents
/// carry them.
///
/// # Errors
/// When the database refuses.
pub fn save_names(
    scope: &mut Scope,
    names: &Names,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let now = scope.now();
    let row = companies::table.filter(
        companies::id
            .eq(scope.tenant())
            .and(companies::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((names, companies::updated_at.eq(now))))?;
    Ok(rows == 1)
}

/// The company's profile as it is to be.
#[derive(Clone, Debug)]
pub struct Profile {
    pub names: Names,
    pub address: Option<String>,
    pub city: Option<String>,
    pub pincode: Option<String>,
}

/// Saves the profile, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// When the database refuses.
pub fn save_profile(
    scope: &mut Scope,
    profile: &Profile,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let now = scope.now();
    let row = companies::table.filter(
        companies::id
            .eq(scope.tenant())
            .and(companies::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        &profile.names,
        companies::address.eq(&profile.address),
        companies::city.eq(&profile.city),
        companies::pincode.eq(&profile.pincode),
        companies::updated_at.eq(now),
    )))?;
    Ok(rows == 1)
}

/// What becomes of the logo.
pub enum Logo {
    /// It stays.
    Same,
    /// None from now on.
    Gone,
    /// Another one, whose bytes are in the store already.
    New(FileId),
}

/// Saves colour and logo; a logo that is not used any more is let go.
///
/// # Errors
/// When the database refuses.
pub fn save_brand(scope: &mut Scope, hue: i16, logo: &Logo) -> Result<(), AppError> {
    let old = Company::lock(scope)?.logo_file_id;
    let new = match logo {
        Logo::Same => old,
        Logo::Gone => None,
        Logo::New(file) => Some(*file),
    };
    if let Logo::New(file) = logo {
        files::keep(scope, &[*file])?;
    }
    let now = scope.now();
    let row = companies::table.filter(companies::id.eq(scope.tenant()));
    scope.execute(diesel::update(row).set((
        companies::hue.eq(hue),
        companies::logo_file_id.eq(new),
        companies::updated_at.eq(now),
    )))?;
    match old {
        Some(old) if new != Some(old) => files::let_go(scope, &[old]),
        _ => Ok(()),
    }
}
