//! Numbers of documents.

use crate::error::AppError;
use crate::kernel::ids::RegistrationId;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Nullable, Text, Uuid as SqlUuid};

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Text)]
    year: String,
    #[diesel(sql_type = Integer)]
    number: i32,
}

/// Takes the next number of a series (`shipment`, `challan`); whoever takes one holds the series until the transaction ends, so take it
/// last. The number comes with the two digits of the year in which the financial year began: `("26", 42)`.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a set-returning function, which the query builder can't call"
)]
pub fn take_number(
    scope: &mut Scope,
    kind: &'static str,
    registration: Option<RegistrationId>,
    day: NaiveDate,
) -> Result<(String, i32), AppError> {
    let statement = prepared("select year, number from take_number($1, $2, $3)")
        .bind::<Text, _>(kind)
        .bind::<Nullable<SqlUuid>, _>(registration)
        .bind::<Date, _>(day);
    let taken: Taken = scope.one(statement)?;
    Ok((taken.year, taken.number))
}
