//! Series of numbers of documents.

use crate::accounting::rules::document::Kind;
use crate::accounting::rules::numbers;
use crate::error::AppError;
use crate::kernel::dates::{self, FinancialYear};
use crate::kernel::ids::{RegistrationId, SeriesId};
use crate::kernel::language::Said;
use crate::platform::db::schema::document_series;
use crate::platform::db::{Scope, prepared};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};

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

    /// The usual series of a kind, made now: asked for where a registration was seen to have none. Its numbers never come out like those of
    /// another series of the company. Two statements, three where somebody made it at the same moment.
    ///
    /// # Errors
    /// `Refused` where every usual way to number is taken; whatever the database refuses.
    pub fn begin(
        scope: &mut Scope,
        registration: RegistrationId,
        gstin: &str,
        kind: Kind,
    ) -> Result<SeriesId, AppError> {
        let (known, now) = (Known::of(scope, registration)?, scope.now());
        let template = known.free(kind, gstin, FinancialYear::of(dates::today(now)));
        let template = template.map_err(AppError::refused)?;
        let id = SeriesId::new();
        let row = (
            document_series::id.eq(id),
            document_series::registration_id.eq(registration),
            document_series::kind.eq(kind),
            document_series::template.eq(template),
            document_series::created_at.eq(now),
            document_series::updated_at.eq(now),
        );
        let insert = diesel::insert_into(document_series::table).values(row);
        if scope.execute(insert.on_conflict_do_nothing())? == 1 {
            return Ok(id);
        }
        let there = Self::choices(scope, registration, kind)?;
        there
            .first()
            .map(|series| series.id)
            .ok_or(AppError::NotFound)
    }
}

/// How the company numbers already.
#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Bool)]
    is_first: bool,
    #[diesel(sql_type = Array<Text>)]
    templates: Vec<String>,
}

impl Known {
    #[expect(
        clippy::disallowed_methods,
        reason = "two tables, each as one value, in one statement"
    )]
    fn of(scope: &mut Scope, registration: RegistrationId) -> Result<Self, AppError> {
        let statement = prepared(
            "select not exists (select from gst_registrations r where r.tenant_id = $1 and r.id < $2) as is_first,
                    array(select s.template from document_series s where s.tenant_id = $1) as templates",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(registration);
        Ok(scope.one(statement)?)
    }

    /// A template that nobody numbers like: the first registration has the plain one, unless somebody has used it for something else.
    fn free(&self, kind: Kind, gstin: &str, year: FinancialYear) -> Result<String, Said> {
        let is_free = |template: &String| {
            let twin = |known: &String| numbers::may_meet(known, template, year);
            !self.templates.iter().any(twin)
        };
        let plain = self.is_first.then(|| numbers::template(kind, None));
        let named = numbers::template(kind, Some(gstin));
        let mut usual = plain.into_iter().chain([named]);
        usual.find(is_free).ok_or_else(|| {
            Said::new("{kind} of {gstin} has no series of numbers, and the usual one could come out like another. Add a series in the settings.")
                .naming("kind", kind.label())
                .with("gstin", gstin)
        })
    }
}

/// A series with what it has numbered.
#[derive(Clone, Debug, QueryableByName)]
pub struct SeriesRow {
    /// The series.
    #[diesel(sql_type = SqlUuid)]
    pub id: SeriesId,
    /// The registration whose documents it numbers.
    #[diesel(sql_type = SqlUuid)]
    pub registration_id: RegistrationId,
    /// Its GSTIN.
    #[diesel(sql_type = Text)]
    pub gstin: String,
    /// Of which kind they are.
    #[diesel(sql_type = Text)]
    pub kind: Kind,
    /// How a number looks.
    #[diesel(sql_type = Text)]
    pub template: String,
    /// Whether it is the one that is taken unless told otherwise.
    #[diesel(sql_type = Bool)]
    pub is_default: bool,
    /// Whether it can be chosen.
    #[diesel(sql_type = Bool)]
    pub is_active: bool,
    /// Last change; guards against lost edits.
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    /// The last number of the year.
    #[diesel(sql_type = Integer)]
    pub last: i32,
    /// Whether it has numbered anything, in any year.
    #[diesel(sql_type = Bool)]
    pub is_used: bool,
}

/// Most series that a page lists.
const MOST: i64 = 200;

impl SeriesRow {
    #[expect(
        clippy::disallowed_methods,
        reason = "a series beside its counter of a year, and whether it has one of any"
    )]
    fn rows(scope: &mut Scope, year: &str, only: Option<SeriesId>) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select s.id, s.registration_id, r.gstin, s.kind, s.template, s.is_default, s.is_active, s.updated_at, coalesce(c.last, 0) as last,
                    exists (select from document_counters u where u.tenant_id = s.tenant_id and u.series_id = s.id) as is_used
               from document_series s join gst_registrations r on r.tenant_id = s.tenant_id and r.id = s.registration_id
               left join document_counters c on c.tenant_id = s.tenant_id and c.series_id = s.id and c.year = $2
               where s.tenant_id = $1 and ($3 is null or s.id = $3)
               order by r.is_primary desc, r.gstin, array_position(array['invoice', 'bill_of_supply', 'credit_note', 'debit_note', 'commercial_note'], s.kind),
                        s.is_default desc, s.is_active desc, s.code limit $4",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Text, _>(year.to_owned())
        .bind::<Nullable<SqlUuid>, _>(only)
        .bind::<diesel::sql_types::BigInt, _>(MOST);
        Ok(scope.load(statement)?)
    }

    /// All series of the company, with their numbers of a financial year (2026-27).
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope, year: &str) -> Result<Vec<Self>, AppError> {
        Self::rows(scope, year, None)
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: SeriesId, year: &str) -> Result<Self, AppError> {
        let found = Self::rows(scope, year, Some(id))?;
        found.into_iter().next().ok_or(AppError::NotFound)
    }
}
