//! Codes of goods and dated rates: queries.

use crate::error::AppError;
use crate::platform::db::{Scope, prepared};
use crate::tax::rules::{Rate, Treatment};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Numeric, Text};
use rust_decimal::Decimal;
use std::collections::HashMap;

#[derive(QueryableByName)]
struct RateRow {
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    condition: String,
    #[diesel(sql_type = Numeric)]
    rate: Decimal,
    #[diesel(sql_type = Numeric)]
    cess_rate: Decimal,
    #[diesel(sql_type = Numeric)]
    cess_per_unit: Decimal,
    #[diesel(sql_type = Text)]
    treatment: Treatment,
}

/// Rates of a day by code and condition.
#[derive(Clone, Debug, Default)]
pub struct Rates(HashMap<(String, String), Rate>);

impl Rates {
    /// The rates of some codes, each with its condition, on a day. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn on(scope: &mut Scope, codes: &[(&str, &str)], day: NaiveDate) -> Result<Self, AppError> {
        let (hsn, conditions): (Vec<&str>, Vec<&str>) = codes.iter().copied().unzip();
        let statement = prepared(
            "select code, condition, rate, cess_rate, cess_per_unit, treatment from tax_on($1, $2, $3)",
        )
        .bind::<Array<Text>, _>(hsn)
        .bind::<Array<Text>, _>(conditions)
        .bind::<Date, _>(day);
        let rows: Vec<RateRow> = scope.load(statement)?;
        Ok(Self(
            rows.into_iter()
                .map(|row| {
                    let rate = Rate {
                        gst: row.rate.normalize(),
                        cess: row.cess_rate.normalize(),
                        cess_per_unit: row.cess_per_unit.normalize(),
                        treatment: row.treatment,
                    };
                    ((row.code, row.condition), rate)
                })
                .collect(),
        ))
    }

    /// The rate of a code under a condition; `None` when nobody has said one.
    pub fn of(&self, hsn: &str, condition: &str) -> Option<Rate> {
        self.0.get(&(hsn.to_owned(), condition.to_owned())).copied()
    }
}
