//! A company's own rates: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::RateId;
use crate::platform::db::Scope;
use crate::platform::db::schema::own_tax_rates;
use crate::tax::rules::Treatment;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Text;
use rust_decimal::Decimal;

/// A company's own rate for codes that begin with a prefix; it comes before the notified one.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = own_tax_rates)]
pub struct OwnRate {
    /// The rate.
    pub id: RateId,
    /// Codes that begin so.
    pub hsn_prefix: String,
    /// Per cent.
    pub rate: Decimal,
    /// Per cent.
    pub cess_rate: Decimal,
    /// Rupees for a unit.
    pub cess_per_unit: Decimal,
    /// How the law treats such goods.
    pub treatment: Treatment,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `None` while it is in force.
    pub valid_to: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// Last change.
    pub updated_at: DateTime<Utc>,
}

impl OwnRate {
    fn of<'q>(scope: &Scope) -> own_tax_rates::BoxedQuery<'q, Pg> {
        own_tax_rates::table
            .filter(own_tax_rates::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The company's own rates by code, the newest first; at most 500.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .order((own_tax_rates::hsn_prefix, own_tax_rates::valid_from.desc()))
            .limit(500)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: RateId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(own_tax_rates::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// Those of one prefix, for a change of their periods. Until the transaction ends nobody else changes a period of this prefix: rows
    /// that are not there yet can't be locked, so the prefix itself is.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a lock on a name, which the query builder does not know"
    )]
    pub fn lock_prefix(scope: &mut Scope, prefix: &str) -> Result<Vec<Self>, AppError> {
        let name = format!("own_tax_rates {} {prefix}", scope.tenant());
        scope.execute(
            diesel::sql_query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind::<Text, _>(name),
        )?;
        let rows = Self::of(scope)
            .filter(own_tax_rates::hsn_prefix.eq(prefix.to_owned()))
            .order(own_tax_rates::valid_from)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// Whether it stands on a day.
    pub fn is_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| last >= day)
    }
}
