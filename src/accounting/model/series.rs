//! Series of numbers of documents.

use crate::accounting::rules::document::Kind;
use crate::accounting::rules::numbers;
use crate::error::AppError;
use crate::kernel::ids::{RegistrationId, SeriesId};
use crate::platform::db::schema::document_series;
use crate::platform::db::{Scope, prepared};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};

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

    /// The usual series of a kind, made now: asked for where a registration was seen to have none. One statement, two where somebody made it
    /// at the same moment.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "an insert of what another table says"
    )]
    pub fn begin(
        scope: &mut Scope,
        registration: RegistrationId,
        gstin: &str,
        kind: Kind,
    ) -> Result<SeriesId, AppError> {
        let id = SeriesId::new();
        let statement = prepared(
            "insert into document_series (id, registration_id, kind, template, created_at, updated_at)
               select $2, $3, $4, case when exists (select from gst_registrations r where r.tenant_id = $1 and r.id < $3) then $6 else $5 end, $7, $7
               on conflict do nothing",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(registration)
        .bind::<Text, _>(kind.as_str())
        .bind::<Text, _>(numbers::template(kind, None))
        .bind::<Text, _>(numbers::template(kind, Some(gstin)))
        .bind::<Timestamptz, _>(scope.now());
        if scope.execute(statement)? == 1 {
            return Ok(id);
        }
        let there = Self::choices(scope, registration, kind)?;
        there
            .first()
            .map(|series| series.id)
            .ok_or(AppError::NotFound)
    }
}
