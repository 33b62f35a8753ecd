//! Looks through all documents that are not registered, every night: people read in the morning what has to be put right.

use crate::accounting::actions::einvoices;
use crate::accounting::outside::{Environment, Outside};
use crate::error::AppError;
use crate::kernel::ids::TenantId;
use crate::platform::db::{PlatformTx, prepared};
use crate::platform::jobs::{JobError, JobRun};
use crate::web::State;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Uuid as SqlUuid};

/// Companies that are asked for at once.
const MOST: i32 = 500;

#[derive(QueryableByName)]
struct Company {
    #[diesel(sql_type = SqlUuid)]
    tenant: TenantId,
}

/// The authority that this installation speaks to.
pub(super) fn authority(state: &State) -> Option<Environment> {
    let outside = state.part::<Outside>().ok()?;
    outside.authority_at.as_ref().map(|(at, _)| *at)
}

#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
fn companies(tx: &mut PlatformTx, after: Option<TenantId>) -> Result<Vec<Company>, AppError> {
    let statement = prepared("select tenant from companies_with_unsent_einvoices($1, $2)")
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<Integer, _>(MOST);
    Ok(tx.load(statement)?)
}

/// Has the documents of every company looked through by a job of its own: what fails in one keeps no letter from another.
///
/// # Errors
/// Whatever the database refuses.
pub(super) fn everywhere(run: &JobRun) -> Result<(), JobError> {
    run.finish(|tx| {
        let mut after = None;
        loop {
            let found = companies(tx, after)?;
            for company in &found {
                tx.in_company(company.tenant, einvoices::look_later)?;
            }
            match found.last() {
                Some(last) => after = Some(last.tenant),
                None => return Ok(()),
            }
        }
    })?;
    Ok(())
}

/// Looks through the documents of the job's company. Letters, and what they have told, are written together with the end of the job, so a job
/// that is done again tells nothing twice. `base` is the address of the installation.
///
/// # Errors
/// Whatever the database refuses; the job comes again.
pub(super) fn look(run: &JobRun, at: Option<Environment>, base: &str) -> Result<(), JobError> {
    run.finish_in_company(|scope| {
        let (documents, fresh) = einvoices::look(scope, at, base)?;
        Ok(serde_json::json!({ "documents": documents, "new": fresh }))
    })?;
    Ok(())
}
