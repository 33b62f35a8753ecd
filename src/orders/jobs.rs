//! Work of orders that happens after the answer: letters to both sides, and another look at orders that wait for credit.

use super::actions::letters::{self, Letters};
use super::actions::{Recheck, recheck_holds};
use crate::error::AppError;
use crate::platform::jobs::{JobError, JobRun};

pub use super::actions::RECHECK;
pub use super::actions::letters::LETTERS;

/// Writes the letters about an order, one to each side; `base` is the address of the installation.
///
/// # Errors
/// Whatever the database refuses; the job comes again.
pub fn write_letters(run: &JobRun, base: &str) -> Result<(), JobError> {
    let wanted: Letters =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    run.finish_in_company(|scope| {
        let written = letters::write(scope, &wanted, base)?;
        Ok(serde_json::json!({ "letters": written }))
    })?;
    Ok(())
}

/// Frees what fits now of a customer's orders that are held for credit.
///
/// # Errors
/// Whatever the database refuses; the job comes again.
pub fn recheck(run: &JobRun) -> Result<(), JobError> {
    let wanted: Recheck =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    run.finish_in_company(|scope| {
        let freed = recheck_holds(scope, wanted.customer)?;
        Ok(serde_json::json!({ "freed": freed }))
    })?;
    Ok(())
}
