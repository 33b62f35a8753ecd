//! What a company says once about its documents: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{RegistrationId, TurnoverId, UndertakingId};
use crate::kernel::money::Money;
use crate::platform::db::schema::{
    accounting_settings, documents, gst_registrations, turnovers, undertakings,
};
use crate::platform::db::{Scope, prepared};
use crate::tax::bill::RoundOff;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Uuid as SqlUuid};

/// How a company bills, and where it is paid.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = accounting_settings)]
pub struct Settings {
    /// What becomes of the paise of totals.
    pub round_off: RoundOff,
    /// First day on which the company has to e-invoice.
    pub einvoice_from: Option<NaiveDate>,
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
    /// Last change; guards against lost edits.
    pub updated_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Newest {
    #[diesel(sql_type = Nullable<Date>)]
    day: Option<NaiveDate>,
}

impl Settings {
    fn of<'q>(scope: &Scope) -> accounting_settings::BoxedQuery<'q, Pg> {
        accounting_settings::table
            .filter(accounting_settings::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The company's; none while nobody has said anything.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn own(scope: &mut Scope) -> Result<Option<Self>, AppError> {
        let row = Self::of(scope).select(Self::as_select());
        Ok(scope.maybe(row)?)
    }

    /// The newest date of the company's documents. One statement, a step of an index for each kind.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "the last of each kind by the index, not the last of all by reading all"
    )]
    pub fn newest_document(scope: &mut Scope) -> Result<Option<NaiveDate>, AppError> {
        let statement = prepared(
            "select max(x.document_date) as day
               from unnest(array['invoice', 'bill_of_supply', 'credit_note', 'debit_note', 'commercial_note']) k (kind)
               cross join lateral (select d.document_date from documents d where d.tenant_id = $1 and d.kind = k.kind
                   order by d.document_date desc, d.id desc limit 1) x",
        )
        .bind::<SqlUuid, _>(scope.tenant());
        let newest: Newest = scope.one(statement)?;
        Ok(newest.day)
    }
}

/// The turnover of a year.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = turnovers)]
pub struct Turnover {
    /// The row.
    pub id: TurnoverId,
    /// Financial year: 2025-26.
    pub year: String,
    /// In rupees.
    pub amount: Money,
    /// Last change; guards against lost edits.
    pub updated_at: DateTime<Utc>,
}

impl Turnover {
    fn of<'q>(scope: &Scope) -> turnovers::BoxedQuery<'q, Pg> {
        turnovers::table
            .filter(turnovers::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// All that are recorded, the newest year first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .order(turnovers::year.desc())
            .limit(100)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// The one of a year, if it is recorded.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_year(scope: &mut Scope, year: &str) -> Result<Option<Self>, AppError> {
        let row = Self::of(scope)
            .filter(turnovers::year.eq(year.to_owned()))
            .select(Self::as_select());
        Ok(scope.maybe(row)?)
    }
}

/// A letter of undertaking.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = undertakings)]
pub struct Undertaking {
    /// The undertaking.
    pub id: UndertakingId,
    /// The registration that gave it.
    pub registration_id: RegistrationId,
    /// Its number (ARN).
    pub number: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// Last change; guards against lost edits.
    pub updated_at: DateTime<Utc>,
}

impl Undertaking {
    fn of<'q>(scope: &Scope) -> undertakings::BoxedQuery<'q, Pg> {
        undertakings::table
            .filter(undertakings::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// All of them with the GSTIN that gave them, those that hold longest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<(Self, String)>, AppError> {
        let rows = undertakings::table
            .filter(undertakings::tenant_id.eq(scope.tenant()))
            .inner_join(
                gst_registrations::table.on(gst_registrations::tenant_id
                    .eq(scope.tenant())
                    .and(gst_registrations::id.eq(undertakings::registration_id))),
            )
            .order((undertakings::valid_to.desc(), undertakings::id.desc()))
            .limit(200)
            .select((Self::as_select(), gst_registrations::gstin));
        Ok(scope.load(rows)?)
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: UndertakingId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(undertakings::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// Whether documents name it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn is_used(&self, scope: &mut Scope) -> Result<bool, AppError> {
        let named = documents::table.filter(
            documents::tenant_id
                .eq(scope.tenant())
                .and(documents::undertaking_id.eq(self.id)),
        );
        Ok(scope.one(diesel::select(exists(named)))?)
    }
}
