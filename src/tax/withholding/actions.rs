//! The verbs of a company's own rates of tax at source: add, end.

use super::model::OwnRule;
use super::rules::{self, Tax};
use crate::error::AppError;
use crate::kernel::ids::WithholdingId;
use crate::kernel::language::Said;
use crate::kernel::percent::Percent;
use crate::platform::db::Scope;
use crate::platform::db::schema::own_withholding_rules;
use chrono::NaiveDate;
use diesel::prelude::*;

/// An own rate, in force from a day on.
#[derive(Clone, Debug)]
pub struct NewRule {
    /// The code of the customer for which it counts; none for all.
    pub customer: Option<String>,
    /// To which tax it is credited.
    pub tax: Tax,
    /// The section as papers name it.
    pub section: String,
    /// How much of the value without GST.
    pub rate: Percent,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, where it is known from the beginning.
    pub valid_to: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Adds a rate; or says which field of it is wrong, and why.
///
/// # Errors
/// When the database refuses.
pub fn add(scope: &mut Scope, new: &NewRule) -> Result<Result<(), (&'static str, Said)>, AppError> {
    let customer = match &new.customer {
        None => None,
        Some(code) => match OwnRule::customer_by_code(scope, code)? {
            Some(id) => Some(id),
            None => {
                let said = Said::new("There is no customer {code}.").with("code", code);
                return Ok(Err(("customer", said)));
            }
        },
    };
    let periods = OwnRule::lock_section(scope, (new.tax, &new.section), customer)?;
    if let Some(period) = rules::overlapped(&periods, new.valid_from) {
        let said = match period.valid_to {
            None => Said::new("An own rate of {rate} under section {section} is in force from {from} on. End that one first."),
            Some(last) => Said::new("An own rate of {rate} under section {section} stands from {from} to {to}. The new one must begin after that.")
                .with("to", last.to_string()),
        };
        let said = said
            .with("rate", period.rate.to_string())
            .with("section", &period.section)
            .with("from", period.valid_from.to_string());
        return Ok(Err(("valid_from", said)));
    }
    let now = scope.now();
    scope.execute(diesel::insert_into(own_withholding_rules::table).values((
        own_withholding_rules::id.eq(WithholdingId::new()),
        own_withholding_rules::customer_id.eq(customer),
        own_withholding_rules::tax.eq(new.tax),
        own_withholding_rules::section.eq(&new.section),
        own_withholding_rules::rate.eq(new.rate),
        own_withholding_rules::valid_from.eq(new.valid_from),
        own_withholding_rules::valid_to.eq(new.valid_to),
        own_withholding_rules::reason.eq(&new.reason),
        own_withholding_rules::created_at.eq(now),
        own_withholding_rules::updated_at.eq(now),
    )))?;
    Ok(Ok(()))
}

/// Ends a rate; from the day after, the company's rate for all or the law's counts again.
///
/// # Errors
/// `NotFound`; `Refused` when it has an end already or begins later.
pub fn end(scope: &mut Scope, id: WithholdingId, last: NaiveDate) -> Result<OwnRule, AppError> {
    let found = OwnRule::find(scope, id)?;
    let its = (found.tax, found.section.as_str());
    let periods = OwnRule::lock_section(scope, its, found.customer_id)?;
    let rule = periods
        .into_iter()
        .find(|period| period.id == id)
        .ok_or(AppError::NotFound)?;
    rules::may_end(&rule, last).map_err(AppError::refused)?;
    let now = scope.now();
    let row = own_withholding_rules::table.filter(
        own_withholding_rules::tenant_id
            .eq(scope.tenant())
            .and(own_withholding_rules::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        own_withholding_rules::valid_to.eq(last),
        own_withholding_rules::updated_at.eq(now),
    )))?;
    Ok(rule)
}
