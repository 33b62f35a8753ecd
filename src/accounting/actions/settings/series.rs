//! Series of numbers: begin one, correct one that has numbered nothing, choose between them.

use super::{Saved, is_same};
use crate::accounting::model::SeriesRow;
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::numbers::may_meet;
use crate::companies::model::{Company, Registration};
use crate::error::AppError;
use crate::kernel::dates::{FinancialYear, today};
use crate::kernel::ids::{RegistrationId, SeriesId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::document_series;
use diesel::prelude::*;

/// A series to be begun.
#[derive(Clone, Debug)]
pub struct NewSeries {
    /// The registration whose documents it numbers.
    pub gstin: String,
    /// Of which kind they are.
    pub kind: Kind,
    /// How a number looks.
    pub template: String,
    /// Whether new documents take it from now on.
    pub is_default: bool,
}

/// What is to be done with a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesStep {
    /// New documents take it unless told otherwise.
    Prefer,
    /// It can't be chosen any more.
    Stop,
    /// It can be chosen again.
    Start,
}

/// The series whose numbers could come out like those of a template.
fn twin<'s>(
    all: &'s [SeriesRow],
    but: Option<SeriesId>,
    template: &str,
    year: FinancialYear,
) -> Option<&'s SeriesRow> {
    all.iter()
        .find(|row| Some(row.id) != but && may_meet(&row.template, template, year))
}

fn twin_words(twin: &SeriesRow) -> Said {
    Said::new(
        "The numbers of {other} ({gstin}) could come out alike. Begin these with something else.",
    )
    .with("other", twin.template.as_str())
    .with("gstin", twin.gstin.as_str())
}

/// The series that new documents take is not that any more: another one is to be.
fn dethrone(scope: &mut Scope, registration: RegistrationId, kind: Kind) -> Result<(), AppError> {
    let now = scope.now();
    let row = document_series::table.filter(
        document_series::tenant_id
            .eq(scope.tenant())
            .and(document_series::registration_id.eq(registration))
            .and(document_series::kind.eq(kind))
            .and(document_series::is_default),
    );
    scope.execute(diesel::update(row).set((
        document_series::is_default.eq(false),
        document_series::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Begins a series; the first of its registration and kind is the one that new documents take.
///
/// # Errors
/// `NotFound`; `Refused` for a registration that has ended.
pub fn add_series(scope: &mut Scope, new: &NewSeries) -> Result<Saved, AppError> {
    Company::lock(scope)?;
    let now = scope.now();
    let year = FinancialYear::of(today(now));
    let registration = Registration::by_gstin(scope, &new.gstin)?;
    if registration.ended_on.is_some() {
        let said = Said::new("The registration {gstin} has ended.");
        return Err(AppError::refused(said.with("gstin", &new.gstin)));
    }
    let all = SeriesRow::all(scope, &year.code())?;
    if let Some(twin) = twin(&all, None, &new.template, year) {
        return Ok(Saved::Wrong(twin_words(twin)));
    }
    let alike = |row: &&SeriesRow| row.registration_id == registration.id && row.kind == new.kind;
    let count = all.iter().filter(alike).count();
    if new.is_default && count > 0 {
        dethrone(scope, registration.id, new.kind)?;
    }
    let code = match count {
        0 => String::new(),
        count => format!("S{}", count + 1),
    };
    scope.execute(diesel::insert_into(document_series::table).values((
        document_series::id.eq(SeriesId::new()),
        document_series::registration_id.eq(registration.id),
        document_series::kind.eq(new.kind),
        document_series::code.eq(code),
        document_series::template.eq(&new.template),
        document_series::is_default.eq(new.is_default || count == 0),
        document_series::created_at.eq(now),
        document_series::updated_at.eq(now),
    )))?;
    Ok(Saved::Done)
}

/// Changes how the numbers of a series look, as long as it has numbered nothing. Unless somebody saved since `version`.
///
/// # Errors
/// `NotFound`; `Refused` once it has.
pub fn change_series(
    scope: &mut Scope,
    id: SeriesId,
    template: &str,
    version: &str,
) -> Result<Saved, AppError> {
    Company::lock(scope)?;
    let now = scope.now();
    let year = FinancialYear::of(today(now));
    let all = SeriesRow::all(scope, &year.code())?;
    let row = SeriesRow::find(scope, id, &year.code())?;
    if !is_same(Some(row.updated_at), version) {
        return Ok(Saved::Meanwhile);
    }
    if row.template == template {
        return Ok(Saved::Done);
    }
    if row.is_used {
        return Err(AppError::refused(Said::new(
            "{template} has numbered documents, and those keep their numbers. Add another series and take it for new documents.",
        )
        .with("template", row.template)));
    }
    if let Some(twin) = twin(&all, Some(id), template, year) {
        return Ok(Saved::Wrong(twin_words(twin)));
    }
    let its = document_series::table.filter(
        document_series::tenant_id
            .eq(scope.tenant())
            .and(document_series::id.eq(id)),
    );
    scope.execute(diesel::update(its).set((
        document_series::template.eq(template),
        document_series::updated_at.eq(now),
    )))?;
    Ok(Saved::Done)
}

/// Chooses between series.
///
/// # Errors
/// `NotFound`; `Refused` when the one that new documents take is to be stopped.
pub fn step_series(
    scope: &mut Scope,
    id: SeriesId,
    step: SeriesStep,
) -> Result<SeriesRow, AppError> {
    Company::lock(scope)?;
    let now = scope.now();
    let row = SeriesRow::find(scope, id, &FinancialYear::of(today(now)).code())?;
    let (is_default, is_active) = match step {
        SeriesStep::Prefer => (true, true),
        SeriesStep::Stop => (false, false),
        SeriesStep::Start => (row.is_default, true),
    };
    if step == SeriesStep::Stop && row.is_default {
        return Err(AppError::refused(
            Said::new("New documents take {template}. Take another series for them first.")
                .with("template", row.template),
        ));
    }
    if step == SeriesStep::Prefer && !row.is_default {
        dethrone(scope, row.registration_id, row.kind)?;
    }
    let its = document_series::table.filter(
        document_series::tenant_id
            .eq(scope.tenant())
            .and(document_series::id.eq(id)),
    );
    scope.execute(diesel::update(its).set((
        document_series::is_default.eq(is_default),
        document_series::is_active.eq(is_active),
        document_series::updated_at.eq(now),
    )))?;
    Ok(row)
}
