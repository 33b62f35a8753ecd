//! What has to be put right before a month is filed.

use super::{Filing, asked};
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::einvoice;
use crate::error::AppError;
use crate::platform::db::Scope;
use crate::tax::uqc;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Text};

/// So many are shown.
const MOST: i64 = 200;

/// A document with which something is not as the return wants it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Mismatch {
    /// What it is.
    #[diesel(sql_type = Text)]
    pub kind: Kind,
    /// Its number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// Its number in addresses.
    #[diesel(sql_type = Text)]
    pub url_no: String,
    /// Its financial year.
    #[diesel(sql_type = Text)]
    pub year: String,
    /// Its date.
    #[diesel(sql_type = Date)]
    pub document_date: NaiveDate,
    /// The customer's name.
    #[diesel(sql_type = Text)]
    pub customer: String,
    /// How it stands at the authority, where that is otherwise than it should be.
    #[diesel(sql_type = Nullable<Text>)]
    pub authority: Option<einvoice::Status>,
    /// Its codes with too few digits.
    #[diesel(sql_type = Nullable<Text>)]
    pub short_codes: Option<String>,
    /// Its units that GST does not know.
    #[diesel(sql_type = Nullable<Text>)]
    pub units: Option<String>,
    /// How many such documents there are.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

impl Mismatch {
    /// The first two hundred, the oldest first: documents that the authority ought to have and has not (or has cancelled), codes with fewer
    /// digits than are asked for, units that GST does not know. One statement.
    ///
    /// Places of supply and round-off need no look: the table refuses documents without them.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(
        scope: &mut Scope,
        filing: Filing,
        (here, abroad): (usize, usize),
    ) -> Result<Vec<Self>, AppError> {
        let digits = |digits: usize| i32::try_from(digits).unwrap_or(8);
        let statement = asked(scope, filing, include_str!("mismatch.sql"))
            .bind::<Integer, _>(digits(abroad))
            .bind::<Integer, _>(digits(here))
            .bind::<Array<Text>, _>(uqc::ALL.to_vec())
            .bind::<BigInt, _>(MOST);
        Ok(scope.load(statement)?)
    }
}
