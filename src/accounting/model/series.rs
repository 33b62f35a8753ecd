//! Series of numbers of documents.

use crate::accounting::rules::document::Kind;
use crate::accounting::rules::numbers;
use crate::error::AppError;
use crate::kernel::ids::{RegistrationId, SeriesId};
use crate::platform::db::Scope;
use crate::platform::db::schema::{document_series, gst_registrations};
use diesel::pg::Pg;
use diesel::prelude::*;

/// A series of numbers.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = document_series)]
pub struct Series {
    /// The series.
    pub id: SeriesId,
    /// The registration whose documents it numbers.
    pub registration_id: RegistrationId,
    /// Of which kind they are.
    pub kind: Kind,
    /// What tells several of a kind apart.
    pub code: String,
    /// How a number looks.
    pub template: String,
    /// Whether it is the one that is taken unless told otherwise.
    pub is_default: bool,
    /// Whether it can be chosen.
    pub is_active: bool,
}

impl Series {
    fn of<'q>(scope: &Scope) -> document_series::BoxedQuery<'q, Pg> {
        document_series::table
            .filter(document_series::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The series that can be chosen for documents of a kind, the usual one first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn choices(
        scope: &mut Scope,
        registration: RegistrationId,
        kind: Kind,
    ) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(document_series::registration_id.eq(registration))
            .filter(document_series::kind.eq(kind))
            .filter(document_series::is_active)
            .order((
                document_series::is_default.desc(),
                document_series::code.asc(),
            ))
            .limit(50)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// The usual series of a kind; made now where a registration has none yet. Three statements the first time, one after that.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn usual(
        scope: &mut Scope,
        registration: RegistrationId,
        kind: Kind,
    ) -> Result<SeriesId, AppError> {
        if let Some(first) = Self::choices(scope, registration, kind)?.first() {
            return Ok(first.id);
        }
        let all = gst_registrations::table
            .filter(gst_registrations::tenant_id.eq(scope.tenant()))
            .order(gst_registrations::id)
            .select((gst_registrations::id, gst_registrations::gstin))
            .limit(100);
        let all: Vec<(RegistrationId, String)> = scope.load(all)?;
        let is_first = all.first().is_none_or(|(id, _)| *id == registration);
        let gstin = all.iter().find(|(id, _)| *id == registration);
        let template = numbers::template(kind, gstin.map(|(_, gstin)| gstin.as_str()), is_first);
        let (id, now) = (SeriesId::new(), scope.now());
        let row = (
            document_series::id.eq(id),
            document_series::registration_id.eq(registration),
            document_series::kind.eq(kind),
            document_series::template.eq(template),
            document_series::created_at.eq(now),
            document_series::updated_at.eq(now),
        );
        let made = scope.execute(
            diesel::insert_into(document_series::table)
                .values(row)
                .on_conflict_do_nothing(),
        )?;
        if made == 1 {
            return Ok(id);
        }
        // Somebody made it at the same moment.
        let there = Self::choices(scope, registration, kind)?;
        there
            .first()
            .map(|series| series.id)
            .ok_or(AppError::NotFound)
    }
}
