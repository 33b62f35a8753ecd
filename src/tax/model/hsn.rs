//! Codes of goods and the rates that the State has notified; all companies read them.

use crate::error::AppError;
use crate::platform::db::Scope;
use crate::platform::db::schema::{hsn_codes, tax_rates};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use rust_decimal::Decimal;

/// A code of goods or services.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = hsn_codes)]
pub struct HsnCode {
    /// 4, 6 or 8 digits.
    pub code: String,
    /// What it covers, in short.
    pub description: String,
}

impl HsnCode {
    fn of<'q>() -> hsn_codes::BoxedQuery<'q, Pg> {
        hsn_codes::table.into_boxed()
    }

    /// The code, or else the longest one that it stands under; `None` when the table has not even its heading.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn nearest(scope: &mut Scope, code: &str) -> Result<Option<Self>, AppError> {
        let heads: Vec<String> = [4, 6, 8]
            .into_iter()
            .filter_map(|length| code.get(..length).map(str::to_owned))
            .collect();
        let query = Self::of()
            .filter(hsn_codes::code.eq_any(heads))
            .order(hsn_codes::code.desc())
            .limit(1)
            .select(Self::as_select());
        Ok(scope.maybe(query)?)
    }

    /// Codes that begin with the digits typed, or whose words hold every word typed; in the order of the tariff.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn matching(scope: &mut Scope, typed: &str, most: i64) -> Result<Vec<Self>, AppError> {
        let plain: String = typed
            .chars()
            .filter(|c| !['%', '_', '\\', '\0'].contains(c))
            .collect();
        let digits: String = plain.split_whitespace().collect();
        let mut rows = Self::of();
        if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
            rows = rows.filter(hsn_codes::code.like(format!("{digits}%")));
        } else {
            for word in plain.split_whitespace().take(6) {
                rows = rows.filter(
                    sql::<Bool>("lower(description) like ")
                        .bind::<Text, _>(format!("%{}%", word.to_lowercase())),
                );
            }
        }
        let rows = rows.order(hsn_codes::code).limit(most);
        Ok(scope.load(rows.select(Self::as_select()))?)
    }
}

/// A rate as notified, for codes that begin with a prefix.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = tax_rates)]
pub struct NotifiedRate {
    /// Codes that begin so.
    pub hsn_prefix: String,
    /// Which of several rates; empty is the usual one.
    pub condition: String,
    /// The condition in words.
    pub about: Option<String>,
    /// Per cent: CGST and SGST together, or IGST.
    pub rate: Decimal,
    /// Compensation cess, per cent.
    pub cess_rate: Decimal,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `None` while it is in force.
    pub valid_to: Option<NaiveDate>,
    /// Where it is written.
    pub notification: String,
}

impl NotifiedRate {
    fn of<'q>() -> tax_rates::BoxedQuery<'q, Pg> {
        tax_rates::table.into_boxed()
    }

    /// Everything ever notified for some codes or for a prefix of theirs, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_codes(scope: &mut Scope, codes: &[&str]) -> Result<Vec<Self>, AppError> {
        let mut prefixes: Vec<String> = codes
            .iter()
            .flat_map(|code| [2, 4, 6, 8].map(|length| code.get(..length)))
            .flatten()
            .map(str::to_owned)
            .collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        let rows = Self::of()
            .filter(tax_rates::hsn_prefix.eq_any(prefixes))
            .order((
                tax_rates::hsn_prefix.desc(),
                tax_rates::condition,
                tax_rates::valid_from.desc(),
            ))
            .limit(2_000);
        Ok(scope.load(rows.select(Self::as_select()))?)
    }

    /// Whether it stands on a day.
    pub fn is_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| last >= day)
    }
}
