//! Has the portal name other vehicles in e-way bills.

use super::einvoices::{Login, MOST_CALLS, Office, Step, login};
use crate::accounting::actions::einvoices::{
    self, BillDue, Ready, VehicleCall, VehicleJob, begin_vehicle, end_vehicle,
    no_login_for_vehicle, prepare_vehicle,
};
use crate::accounting::outside::{Away, Reply, Session};
use crate::accounting::rules::einvoice::Outcome;
use crate::accounting::rules::eway_bill::After;
use crate::accounting::rules::eway_vehicle::{self, Call};
use crate::error::AppError;
use crate::kernel::ids::EWayBillId;
use crate::platform::jobs::{JobError, JobRun};
use chrono::Duration;

/// Works at the change of a bill until it is clear what became of it.
///
/// # Errors
/// `PutOff` while it has to wait; whatever the database refuses.
pub fn change(run: &JobRun, office: &Office) -> Result<(), JobError> {
    let wanted: VehicleJob =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    for _ in 0..MOST_CALLS {
        match run.write(|scope| prepare_vehicle(scope, &office.desk, wanted.bill))? {
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
            let later =
                run.write(|scope| no_login_for_vehicle(scope, &ready.document, id, &away))?;
            return Ok(later.map_or(Step::Over, Step::Later));
        }
    };
    let Some(call) = run.write(|scope| begin_vehicle(scope, ready, id))? else {
        return Ok(Step::Go);
    };
    let answer = ask(office, ready, &session, &call);
    let is_signed_out = answer
        .as_ref()
        .is_ok_and(|reply| eway_vehicle::outcome(&reply.errors) == Outcome::SignedOut);
    let (after, later) = run.write(|scope| {
        let ended = end_vehicle(scope, &call, &answer)?;
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
fn ask(
    office: &Office,
    ready: &Ready,
    session: &Session,
    call: &VehicleCall,
) -> Result<Reply, Away> {
    let (authority, seat) = (&office.outside.authority, &ready.seat);
    match call.call {
        Call::Change => authority.change_vehicle(seat, session, &call.payload),
        Call::Look => authority.fetch_eway_bill(seat, session, &call.number),
    }
}
