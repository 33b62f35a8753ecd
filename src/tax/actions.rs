//! The verbs of a company's own rates: add, change from a day on, end.

use super::model::OwnRate;
use super::rules::{self, Treatment};
use crate::error::AppError;
use crate::kernel::ids::RateId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::own_tax_rates;
use chrono::NaiveDate;
use diesel::prelude::*;
use rust_decimal::Decimal;

/// A rate of the company's own, in force from a day on.
#[derive(Clone, Debug)]
pub struct NewRate {
    /// Codes that begin so.
    pub hsn_prefix: String,
    /// Per cent.
    pub rate: Decimal,
    /// Per cent.
    pub cess_rate: Decimal,
    /// Rupees for a unit.
    pub cess_per_unit: Decimal,
    /// How the law treats such goods; all but taxable ones bear nothing.
    pub treatment: Treatment,
    /// First day.
    pub valid_from: NaiveDate,
    /// Why.
    pub reason: String,
}

fn overlap(period: &OwnRate) -> AppError {
    let said = match period.valid_to {
        None => Said::new(
            "An own rate of {rate}% for {prefix} is in force from {from} on. Change that one instead, so that it ends the day before.",
        ),
        Some(last) => Said::new(
            "An own rate of {rate}% for {prefix} stands from {from} to {to}. The new one must begin after that.",
        )
        .with("to", last.to_string()),
    };
    AppError::refused(
        said.with("rate", period.rate.normalize().to_string())
            .with("prefix", &period.hsn_prefix)
            .with("from", period.valid_from.to_string()),
    )
}

fn insert(scope: &mut Scope, new: &NewRate) -> Result<(), AppError> {
    let now = scope.now();
    scope.execute(diesel::insert_into(own_tax_rates::table).values((
        own_tax_rates::id.eq(RateId::new()),
        own_tax_rates::hsn_prefix.eq(&new.hsn_prefix),
        own_tax_rates::rate.eq(new.rate),
        own_tax_rates::cess_rate.eq(new.cess_rate),
        own_tax_rates::cess_per_unit.eq(new.cess_per_unit),
        own_tax_rates::treatment.eq(new.treatment),
        own_tax_rates::valid_from.eq(new.valid_from),
        own_tax_rates::reason.eq(&new.reason),
        own_tax_rates::created_at.eq(now),
        own_tax_rates::updated_at.eq(now),
    )))?;
    Ok(())
}

fn set_end(scope: &mut Scope, id: RateId, last: NaiveDate) -> Result<(), AppError> {
    let now = scope.now();
    let row = own_tax_rates::table.filter(
        own_tax_rates::tenant_id
            .eq(scope.tenant())
            .and(own_tax_rates::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        own_tax_rates::valid_to.eq(last),
        own_tax_rates::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Adds a rate.
///
/// # Errors
/// `Refused` when it would overlap another of the same code.
pub fn add(scope: &mut Scope, new: &NewRate) -> Result<(), AppError> {
    let periods = OwnRate::lock_prefix(scope, &new.hsn_prefix)?;
    match rules::overlapped(&periods, new.valid_from, None) {
        Some(period) => Err(overlap(period)),
        None => insert(scope, new),
    }
}

/// Puts another rate in a rate's place: the old one ends the day before. The prefix of `new` is the old one's, whatever it says.
///
/// # Errors
/// `NotFound`; `Refused` when the old one has an end already, begins no earlier, or another period is in the way.
pub fn change(scope: &mut Scope, id: RateId, new: &NewRate) -> Result<(), AppError> {
    let prefix = OwnRate::find(scope, id)?.hsn_prefix;
    let periods = OwnRate::lock_prefix(scope, &prefix)?;
    let old = periods
        .iter()
        .find(|period| period.id == id)
        .ok_or(AppError::NotFound)?;
    rules::is_open(old).map_err(AppError::refused)?;
    let last = new
        .valid_from
        .pred_opt()
        .filter(|last| *last >= old.valid_from)
        .ok_or_else(|| {
            AppError::refused(
                Said::new(
                    "The new rate must begin after {from}, the first day of the one it follows.",
                )
                .with("from", old.valid_from.to_string()),
            )
        })?;
    if let Some(period) = rules::overlapped(&periods, new.valid_from, Some(id)) {
        return Err(overlap(period));
    }
    set_end(scope, id, last)?;
    let new = NewRate {
        hsn_prefix: prefix,
        ..new.clone()
    };
    insert(scope, &new)
}

/// Ends a rate; from the day after the notified one counts again.
///
/// # Errors
/// `NotFound`; `Refused` when it has an end already or begins later.
pub fn end(scope: &mut Scope, id: RateId, last: NaiveDate) -> Result<OwnRate, AppError> {
    let prefix = OwnRate::find(scope, id)?.hsn_prefix;
    let periods = OwnRate::lock_prefix(scope, &prefix)?;
    let old = periods
        .into_iter()
        .find(|period| period.id == id)
        .ok_or(AppError::NotFound)?;
    rules::is_open(&old).map_err(AppError::refused)?;
    if last < old.valid_from {
        return Err(AppError::refused(
            Said::new("The last day can't be before {from}, the first day of the rate.")
                .with("from", old.valid_from.to_string()),
        ));
    }
    set_end(scope, id, last)?;
    Ok(old)
}
