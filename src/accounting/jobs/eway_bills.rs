//! Makes e-way bills at the portal, and cancels them.

use super::einvoices::{MOST_CALLS, Office, sign_in};
use crate::accounting::actions::einvoices::{
    self, BillCall, BillDue, EWayJob, Ready, SignIn, begin_bill, end_bill, no_login_for_bill,
    prepare_bill,
};
use crate::accounting::outside::{Away, Reply, Session};
use crate::accounting::rules::einvoice::{Operation, Outcome};
use crate::accounting::rules::errors;
use crate::accounting::rules::eway_bill::Call;
use crate::error::AppError;
use crate::kernel::ids::EWayBillId;
use crate::platform::jobs::{JobError, JobRun};
use chrono::{DateTime, Duration, Utc};

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
                (true, _) => {}
                (false, None) => return Ok(()),
                (false, Some(at)) => {
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

/// One call: whether the next may follow at once, or when it may.
fn one_call(
    run: &JobRun,
    office: &Office,
    ready: &Ready,
    id: EWayBillId,
) -> Result<(bool, Option<DateTime<Utc>>), AppError> {
    let session = match run.write(|scope| office.desk.login(scope, &ready.account))? {
        SignIn::Holds(session) => *session,
        SignIn::Wait(at) => return Ok((false, Some(at))),
        SignIn::Yours => match sign_in(run, office, ready)? {
            Ok(session) => session,
            Err(away) => {
                let later =
                    run.write(|scope| no_login_for_bill(scope, &ready.document, id, &away))?;
                return Ok((false, later));
            }
        },
    };
    let Some(call) = run.write(|scope| begin_bill(scope, ready, id))? else {
        return Ok((true, None));
    };
    let answer = ask(office, ready, &session, &call);
    let is_signed_out = answer
        .as_ref()
        .is_ok_and(|reply| errors::outcome(Operation::Cancel, &reply.errors) == Outcome::SignedOut);
    run.write(|scope| {
        let ended = end_bill(scope, &call, &answer)?;
        if is_signed_out {
            einvoices::forget(scope, ready.account.id, Some(session.expires_at))?;
        }
        Ok(ended)
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
            let number = call.bill.number.as_deref().unwrap_or_default();
            let code = call
                .bill
                .cancel_code
                .and_then(|code| u8::try_from(code).ok());
            let remark = call.bill.cancel_remark.as_deref().unwrap_or_default();
            authority.cancel_eway_bill(seat, session, number, code.unwrap_or(4), remark)
        }
    }
}
