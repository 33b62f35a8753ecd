//! The letter about a bill, once it is issued.

use crate::accounting::actions::letters::{self, Billed};
use crate::error::AppError;
use crate::platform::jobs::{JobError, JobRun};

/// Writes it into the outbox. `base` is the address of the installation.
///
/// # Errors
/// Whatever the database refuses; the job comes again.
pub fn write(run: &JobRun, base: &str) -> Result<(), JobError> {
    let wanted: Billed =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    run.finish_in_company(|scope| {
        let written = letters::write(scope, wanted, base)?;
        Ok(serde_json::json!({ "letters": written }))
    })?;
    Ok(())
}
