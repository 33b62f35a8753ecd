//! Makes e-way bills at the portal, and cancels them.

use super::einvoices::{Login, MOST_CALLS, Office, Step, login};
use crate::accounting::actions::einvoices::{
    self, BillCall, BillDue, EWayJob, Ready, begin_bill, end_bill, no_login_for_bill, prepare_bill,
};
use crate::accounting::outside::{Away, Reply, Session};
use crate::accounting::rules::einvoice::Outcome;
use crate::accounting::rules::eway_bill::{self, After, Call};
use crate::error::AppError;
use crate::kernel::ids::EWayBillId;
use crate::platform::jobs::{JobError, JobRun};
use chrono::Duration;

/// Works at a bill until it is clear what became of it.
///
/// # Errors
/// `PutOff` while it has to wait; whatever the database refuses.
pub fn work(run: &JobRun, office: &Office) -> Result<(), JobError> {
    let wanted: EWayJob =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    for _ in 0..MOST_CALLS {
        match run.write(|scope| prepare_bill(scope, &office.desk, wanted.bill))? {
            BillDue::Nothing => return Ok(()),
            BillDue::Later(at, why) => return Err(JobError::PutOff(at, why.to_owned())),
            BillDue::Ready(ready) => match one_call(run, office, &ready, wanted.bill)? {
                Step::Go => {}
                Step::Over => return Ok(()),
                Step::Later(at) => {
                    return Err(JobError::PutOff(at, "the portal has to wait".to_owned()));
                }
            },
        }
    }
    Err(JobError::PutOff(
        run.db().clock().now() + Duration::minutes(1),
        "it took many calls".to_owned(),
    ))
}

fn one_call(
    run: &JobRun,
    office: &Office,
    ready: &Ready,
    id: EWayBillId,
) -> Result<Step, AppError> {
    let session = match login(run, office, ready)? {
        Login::Here(session) => session,
        Login::Later(at) => return Ok(Step::Later(at)),
        Login::Refused(away) => {
            let later = run.write(|scope| no_login_for_bill(scope, &ready.document, id, &away))?;
            return Ok(later.map_or(Step::Over, Step::Later));
        }
    };
    let Some(call) = run.write(|scope| begin_bill(scope, ready, id))? else {
        return Ok(Step::Go);
    };
    let answer = ask(office, ready, &session, &call);
    let is_signed_out = answer
        .as_ref()
        .is_ok_and(|reply| eway_bill::outcome(call.call, &reply.errors) == Outcome::SignedOut);
    let (after, later) = run.write(|scope| {
        let ended = end_bill(scope, &call, &answer)?;
        if is_signed_out {
            einvoices::forget(scope, ready.account.id, Some(session.expires_at))?;
        }
        Ok(ended)
    })?;
    Ok(match (after, later) {
        (_, Some(at)) => Step::Later(at),
        (After::Go, None) => Step::Go,
        _ => Step::Over,
    })
}

/// The call itself.
fn ask(office: &Office, ready: &Ready, session: &Session, call: &BillCall) -> Result<Reply, Away> {
    let (authority, seat) = (&office.outside.authority, &ready.seat);
    let irn = call.document.irn.as_deref().unwrap_or_default();
    match call.call {
        Call::Make => authority.make_eway_bill(seat, session, &call.payload),
        Call::Find => authority.find_eway_bill(seat, session, irn),
        Call::Cancel => {
            let (number, code, remark) = call.bill.cancelling();
            authority.cancel_eway_bill(seat, session, number, code, remark)
        }
    }
}
