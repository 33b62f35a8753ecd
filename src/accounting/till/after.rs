//! Asking a gateway what became of a payment of which nobody has told.

use super::{Ready, Till};
use crate::accounting::actions::gateway::{Applied, OnePayment, apply_found, give_up};
use crate::accounting::outside::{Captured, GatewayError};
use crate::accounting::rules::gateway::{NOBODY, OTHER_AMOUNT, SILENT};
use crate::accounting::rules::payment::Status;
use crate::error::AppError;
use crate::platform::db::{Member, Meter, Scope};
use crate::platform::jobs::{JobError, JobRun};

impl Till {
    /// Asks the gateway what became of a payment, and applies the answer; the job ends with it. When a payment can't be paid any more, this was
    /// the last time, whatever the gateway says, unless it is away.
    ///
    /// # Errors
    /// Whatever the database refuses; the job comes again.
    pub fn ask_after(&self, run: &JobRun) -> Result<(), JobError> {
        let wanted: OnePayment =
            serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
        let member = Member::system(run.tenant()?, "payments.poll");
        let ready = self.ready(&member, &Meter::default(), wanted.payment)?;
        let order = ready.payment.gateway_order.as_deref();
        // A declined try may have been followed by a good one, of which nobody told.
        let answer = match (ready.payment.status, order) {
            (Status::Pending | Status::Failed, Some(order)) => {
                ready.known.client.find(&ready.seat, order)
            }
            _ => Ok(Vec::new()),
        };
        if let Err(error @ GatewayError::Away(_)) = answer {
            return Err(self.later(2, &error));
        }
        run.finish_in_company(|scope| {
            let came = match &answer {
                Ok(found) => heard(scope, &ready, found)?,
                Err(error) => {
                    tracing::warn!(%error, "a payment gateway does not say what became of a payment");
                    done_with(scope, &ready, SILENT)?;
                    "refused"
                }
            };
            Ok(serde_json::json!({ "came": came }))
        })?;
        Ok(())
    }
}

/// What came of what the gateway said. Several tries of one payer: the one that was paid counts, and while the page is open no failed one ends
/// it.
fn heard(
    scope: &mut Scope,
    ready: &Ready<'_>,
    found: &[Captured],
) -> Result<&'static str, AppError> {
    let mut came = "nothing";
    for told in found.iter().filter(|told| told.failed_because.is_none()) {
        came = match (came, apply_found(scope, ready.account, told)?) {
            ("received", _) | (_, Applied::Received(..)) => "received",
            (_, Applied::Known(_)) => "known",
            (_, Applied::Failed(_) | Applied::Unknown | Applied::Other(..)) => "other",
        };
    }
    match came {
        "nothing" => {
            let why = found.iter().find_map(|told| told.failed_because.as_deref());
            done_with(scope, ready, why.unwrap_or(NOBODY))?;
        }
        "other" => done_with(scope, ready, OTHER_AMOUNT)?,
        _ => {}
    }
    Ok(came)
}

/// The gateway has said nothing that counts. A payment that can be paid still is asked after again in its turn; another is given up.
fn done_with(scope: &mut Scope, ready: &Ready<'_>, why: &str) -> Result<(), AppError> {
    let payment = &ready.payment;
    if payment.expires_at.is_some_and(|end| end <= scope.now()) {
        give_up(scope, payment.id, why)?;
    }
    Ok(())
}
