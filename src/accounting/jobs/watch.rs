//! Looks for documents and e-way bills that wait for the authority too long: has those sent that nobody works at, and marks what people have to know.

use crate::accounting::actions::einvoices;
use crate::error::AppError;
use crate::kernel::ids::{DocumentId, EWayBillId, TenantId};
use crate::platform::db::{PlatformTx, Scope, prepared};
use crate::platform::jobs::{JobError, JobRun};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};

/// Most documents of one look.
const MOST: i32 = 5_000;

#[derive(QueryableByName)]
struct Watched {
    #[diesel(sql_type = SqlUuid)]
    tenant: TenantId,
    #[diesel(sql_type = SqlUuid)]
    document: DocumentId,
}

#[derive(QueryableByName)]
struct Idle {
    #[diesel(sql_type = SqlUuid)]
    tenant: TenantId,
    #[diesel(sql_type = SqlUuid)]
    bill: EWayBillId,
}

/// E-way bills that nobody works at, by a function that finds them, the tenants together.
#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
fn idle(tx: &mut PlatformTx, question: &'static str) -> Result<Vec<Idle>, AppError> {
    let now = tx.now();
    let statement = prepared(question)
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(MOST);
    Ok(tx.load(statement)?)
}

/// Has e-way bills worked at that nobody works at, and changes of their vehicles.
fn wake_bills(tx: &mut PlatformTx) -> Result<(), AppError> {
    type Wake = fn(&mut Scope, &[EWayBillId]) -> Result<(), AppError>;
    let questions: [(&'static str, Wake); 2] = [
        (
            "select tenant, bill from eway_bills_to_watch($1, $2)",
            einvoices::wake_bills,
        ),
        (
            "select tenant, bill from eway_vehicles_to_watch($1, $2)",
            einvoices::wake_vehicles,
        ),
    ];
    for (question, wake) in questions {
        let found = idle(tx, question)?;
        for its in found.chunk_by(|one, next| one.tenant == next.tenant) {
            let bills: Vec<EWayBillId> = its.iter().map(|row| row.bill).collect();
            if let Some(first) = its.first() {
                tx.in_company(first.tenant, |scope| wake(scope, &bills))?;
            }
        }
    }
    Ok(())
}

/// One look at all companies. `base` is the address of the installation.
///
/// # Errors
/// Whatever the database refuses.
#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
pub fn watch(run: &JobRun, base: &str) -> Result<(), JobError> {
    let raised = run.finish(|tx| {
        let now = tx.now();
        let statement = prepared("select tenant, document from einvoices_to_watch($1, $2)")
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(MOST);
        let found: Vec<Watched> = tx.load(statement)?;
        let mut raised = 0_usize;
        let mut rest = found.as_slice();
        while let Some(first) = rest.first() {
            let same = rest
                .iter()
                .take_while(|row| row.tenant == first.tenant)
                .count();
            let (its, others) = rest.split_at(same);
            let documents: Vec<DocumentId> = its.iter().map(|row| row.document).collect();
            raised += tx.in_company(first.tenant, |scope| {
                einvoices::look_after(scope, &documents, base)
            })?;
            rest = others;
        }
        wake_bills(tx)?;
        Ok::<_, AppError>(raised)
    })?;
    if raised > 0 {
        tracing::warn!(raised, "e-invoices that wait too long");
    }
    Ok(())
}
