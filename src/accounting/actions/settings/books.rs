//! Bank, terms, the first day of e-invoicing, turnovers and letters of undertaking.

use super::{Saved, is_same};
use crate::accounting::model::{Settings, Turnover, Undertaking};
use crate::accounting::rules::settings as rules;
use crate::companies::model::{Company, Registration};
use crate::error::AppError;
use crate::kernel::ids::{RegistrationId, TurnoverId, UndertakingId};
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::platform::db::schema::{accounting_settings, turnovers, undertakings};
use crate::tax::bill::RoundOff;
use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

/// What documents print, and how they and their debts are rounded and aged.
#[derive(AsChangeset, Insertable, Clone, Debug)]
#[diesel(table_name = accounting_settings, treat_none_as_null = true)]
pub struct Printed {
    /// What becomes of the paise of totals.
    pub round_off: RoundOff,
    /// Bank and branch.
    pub bank_name: Option<String>,
    /// Account number.
    pub bank_account: Option<String>,
    /// IFSC of the branch.
    pub bank_ifsc: Option<String>,
    /// UPI address.
    pub upi_id: Option<String>,
    /// Small print.
    pub terms: Option<String>,
    /// Days at which the buckets of receivables end.
    pub age_buckets: Vec<i32>,
}

/// Changes what documents print, unless somebody saved since `version`.
///
/// # Errors
/// When the database refuses.
pub fn set_printed(scope: &mut Scope, printed: &Printed, version: &str) -> Result<Saved, AppError> {
    Company::lock(scope)?;
    let (saved, now) = (Settings::own(scope)?, scope.now());
    if !is_same(saved.as_ref().map(|row| row.updated_at), version) {
        return Ok(Saved::Meanwhile);
    }
    if saved.is_none() {
        scope.execute(diesel::insert_into(accounting_settings::table).values((
            accounting_settings::id.eq(Uuid::now_v7()),
            accounting_settings::created_at.eq(now),
            accounting_settings::updated_at.eq(now),
            printed.clone(),
        )))?;
        return Ok(Saved::Done);
    }
    let row = accounting_settings::table.filter(accounting_settings::tenant_id.eq(scope.tenant()));
    scope.execute(
        diesel::update(row).set((printed.clone(), accounting_settings::updated_at.eq(now))),
    )?;
    Ok(Saved::Done)
}

/// Says from which day on the company has to e-invoice; none is never. Unless somebody saved since `version`.
///
/// # Errors
/// When the database refuses.
pub fn set_einvoice_from(
    scope: &mut Scope,
    from: Option<NaiveDate>,
    version: &str,
    lang: Lang,
) -> Result<Saved, AppError> {
    Company::lock(scope)?;
    let (saved, now) = (Settings::own(scope)?, scope.now());
    if !is_same(saved.as_ref().map(|row| row.updated_at), version) {
        return Ok(Saved::Meanwhile);
    }
    let newest = Settings::newest_document(scope)?;
    let was = saved.as_ref().and_then(|row| row.einvoice_from);
    if let Err(said) = rules::may_begin((was, from), newest, lang) {
        return Ok(Saved::Wrong(said));
    }
    if saved.is_none() {
        scope.execute(diesel::insert_into(accounting_settings::table).values((
            accounting_settings::id.eq(Uuid::now_v7()),
            accounting_settings::einvoice_from.eq(from),
            accounting_settings::is_duty_known.eq(true),
            accounting_settings::created_at.eq(now),
            accounting_settings::updated_at.eq(now),
        )))?;
        return Ok(Saved::Done);
    }
    let row = accounting_settings::table.filter(accounting_settings::tenant_id.eq(scope.tenant()));
    scope.execute(diesel::update(row).set((
        accounting_settings::einvoice_from.eq(from),
        accounting_settings::is_duty_known.eq(true),
        accounting_settings::updated_at.eq(now),
    )))?;
    Ok(Saved::Done)
}

/// Records the turnover of a financial year, or that it is not known.
///
/// # Errors
/// When the database refuses.
pub fn set_turnover(
    scope: &mut Scope,
    year: &str,
    amount: Option<Money>,
    version: &str,
) -> Result<Saved, AppError> {
    Company::lock(scope)?;
    let (saved, now) = (Turnover::of_year(scope, year)?, scope.now());
    if !is_same(saved.as_ref().map(|row| row.updated_at), version) {
        return Ok(Saved::Meanwhile);
    }
    let row = |scope: &Scope| {
        turnovers::table.filter(
            turnovers::tenant_id
                .eq(scope.tenant())
                .and(turnovers::year.eq(year.to_owned())),
        )
    };
    match (saved, amount) {
        (None, None) => {}
        (None, Some(amount)) => {
            scope.execute(diesel::insert_into(turnovers::table).values((
                turnovers::id.eq(TurnoverId::new()),
                turnovers::year.eq(year),
                turnovers::amount.eq(amount),
                turnovers::created_at.eq(now),
                turnovers::updated_at.eq(now),
            )))?;
        }
        (Some(_), Some(amount)) => {
            let its = row(scope);
            scope.execute(
                diesel::update(its)
                    .set((turnovers::amount.eq(amount), turnovers::updated_at.eq(now))),
            )?;
        }
        (Some(_), None) => {
            let its = row(scope);
            scope.execute(diesel::delete(its))?;
        }
    }
    Ok(Saved::Done)
}

/// A letter of undertaking, to be recorded.
#[derive(Clone, Debug)]
pub struct NewUndertaking {
    /// The registration that gave it.
    pub gstin: String,
    /// Its number (ARN).
    pub number: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
}

fn registration(scope: &mut Scope, gstin: &str) -> Result<RegistrationId, AppError> {
    let found = Registration::by_gstin(scope, gstin)?;
    if found.ended_on.is_some() {
        let said = Said::new("The registration {gstin} has ended.").with("gstin", gstin);
        return Err(AppError::refused(said));
    }
    Ok(found.id)
}

/// Records a letter of undertaking.
///
/// # Errors
/// `NotFound` for a registration of somebody else; the constraint `undertakings_tenant_id_registration_id_number_key` when it is known.
pub fn add_undertaking(scope: &mut Scope, new: &NewUndertaking) -> Result<(), AppError> {
    let (registration, now) = (registration(scope, &new.gstin)?, scope.now());
    scope.execute(diesel::insert_into(undertakings::table).values((
        undertakings::id.eq(UndertakingId::new()),
        undertakings::registration_id.eq(registration),
        undertakings::number.eq(&new.number),
        undertakings::valid_from.eq(new.valid_from),
        undertakings::valid_to.eq(new.valid_to),
        undertakings::created_at.eq(now),
        undertakings::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Corrects a letter of undertaking that no document names yet.
///
/// # Errors
/// `NotFound`; `Refused` when documents name it; the constraint of [`add_undertaking`].
pub fn change_undertaking(
    scope: &mut Scope,
    id: UndertakingId,
    new: &NewUndertaking,
    version: &str,
) -> Result<Saved, AppError> {
    Company::lock(scope)?;
    let saved = Undertaking::find(scope, id)?;
    if !is_same(Some(saved.updated_at), version) {
        return Ok(Saved::Meanwhile);
    }
    if saved.is_used(scope)? {
        let said = Said::new(
            "Documents name the letter of undertaking {number}, so it stays as it is. Record another one beside it.",
        );
        return Err(AppError::refused(said.with("number", saved.number)));
    }
    let (registration, now) = (registration(scope, &new.gstin)?, scope.now());
    let row = undertakings::table.filter(
        undertakings::tenant_id
            .eq(scope.tenant())
            .and(undertakings::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        undertakings::registration_id.eq(registration),
        undertakings::number.eq(&new.number),
        undertakings::valid_from.eq(new.valid_from),
        undertakings::valid_to.eq(new.valid_to),
        undertakings::updated_at.eq(now),
    )))?;
    Ok(Saved::Done)
}
