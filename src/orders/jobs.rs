//! Work of orders that happens after the answer: letters to both sides, and another look at orders that wait for credit.

use super::actions::letters::{self, Letters};
use super::actions::{Recheck, recheck_holds};
use super::model::Order;
use crate::error::AppError;
use crate::platform::jobs::{JobError, JobRun};

pub use super::actions::letters::LETTERS;

/// What follows from what happened to an order: the letters about it, one to each side, and, where less of it is open than before, another
/// look at what the customer has on hold. `base` is the address of the installation.
///
/// # Errors
/// Whatever the database refuses; the job comes again.
pub fn write_letters(run: &JobRun, base: &str) -> Result<(), JobError> {
    let wanted: Letters =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    run.finish_in_company(|scope| {
        let written = letters::write(scope, &wanted, base)?;
        let mut freed = 0;
        if wanted.kind.frees_credit() {
            let customer = Order::by_id(scope, wanted.order)?.customer_id;
            freed = recheck_holds(scope, customer)?;
        }
        Ok(serde_json::json!({ "letters": written, "freed": freed }))
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
