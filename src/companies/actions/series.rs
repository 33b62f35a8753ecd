//! Numbers of documents.

use crate::error::AppError;
use crate::kernel::dates::FinancialYear;
use crate::kernel::ids::RegistrationId;
use crate::platform::db::Scope;
use crate::platform::db::schema::number_series;
use chrono::NaiveDate;
use diesel::prelude::*;

/// Takes the next number of a series; whoever takes one holds the series until the transaction ends, so take it last. The number comes
/// with the two digits of the year in which the financial year began: `("26", 42)`.
///
/// # Errors
/// When the database refuses.
pub fn take_number(
    scope: &mut Scope,
    kind: &'static str,
    registration: Option<RegistrationId>,
    day: NaiveDate,
) -> Result<(String, i32), AppError> {
    let year: String = FinancialYear::of(day).code().chars().skip(2).collect();
    let number: i32 = scope.one(
        diesel::insert_into(number_series::table)
            .values((
                number_series::registration_id.eq(registration),
                number_series::kind.eq(kind),
                number_series::year.eq(&year),
                number_series::last.eq(1),
            ))
            .on_conflict((
                number_series::tenant_id,
                number_series::registration_id,
                number_series::kind,
                number_series::year,
            ))
            .do_update()
            .set(number_series::last.eq(number_series::last + 1))
            .returning(number_series::last),
    )?;
    Ok((year.chars().take(2).collect(), number))
}
