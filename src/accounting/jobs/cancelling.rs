//! Cancels registered documents at the authority, and then in the books.

use super::einvoices::{Login, MOST_CALLS, Office, Step, login};
use crate::accounting::actions::einvoices::{
    self, CancelCall, CancelJob, Due, Ready, begin_cancel, books_follow, books_lag, end_cancel,
    no_login_to_cancel, prepare_cancel,
};
use crate::accounting::outside::{Away, Reply, Session};
use crate::accounting::rules::cancelling::After;
use crate::accounting::rules::einvoice::{Operation, Outcome};
use crate::accounting::rules::errors;
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::jobs::{JobError, JobRun};
use chrono::Duration;

/// Has a document cancelled at the authority: asks, or looks up what became of an earlier try, until it is clear; then the books follow.
///
/// # Errors
/// `PutOff` while it has to wait; whatever the database refuses.
pub fn cancel(run: &JobRun, office: &Office) -> Result<(), JobError> {
    let wanted: CancelJob =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    for _ in 0..MOST_CALLS {
        match run.write(|scope| prepare_cancel(scope, &office.desk, wanted.document))? {
            Due::Nothing => return Ok(()),
            Due::Later(at, why) => return Err(JobError::PutOff(at, why.to_owned())),
            Due::Books => {
                return follow(run, wanted);
            }
            Due::Ready(ready) => match one_call(run, office, &ready)? {
                Step::Over => return Ok(()),
                Step::Go => {}
                Step::Later(at) => {
                    return Err(JobError::PutOff(at, "the authority has to wait".to_owned()));
                }
            },
        }
    }
    Err(JobError::PutOff(
        run.db().clock().now() + Duration::minutes(1),
        "it took many calls".to_owned(),
    ))
}

/// Takes it back in the books. What refuses that, foreseen or not, is kept for a person.
fn follow(run: &JobRun, wanted: CancelJob) -> Result<(), JobError> {
    let said = match run.write(|scope| books_follow(scope, wanted.document)) {
        Err(AppError::Refused(said)) => said,
        Err(error) => match against(&error) {
            Some(said) => {
                tracing::error!(%error, document = %wanted.document, "the books can't follow the authority");
                said
            }
            None => return Err(error.into()),
        },
        Ok(()) => return Ok(()),
    };
    Ok(run.write(|scope| books_lag(scope, wanted.document, said))?)
}

/// What a rule of the database has against it, in words: trying again would end in the same way.
fn against(error: &AppError) -> Option<Said> {
    Some(match error.constraint()? {
        "shipment_lines_invoiced_were_sent" => {
            Said::new("Its goods are in stock again, so it can't be taken back.")
        }
        rule => Said::new("The books do not let it be taken back: {rule}.").with("rule", rule),
    })
}

fn one_call(run: &JobRun, office: &Office, ready: &Ready) -> Result<Step, AppError> {
    let session = match login(run, office, ready)? {
        Login::Here(session) => session,
        Login::Later(at) => return Ok(Step::Later(at)),
        Login::Refused(away) => {
            let later = run.write(|scope| no_login_to_cancel(scope, &ready.document, &away))?;
            return Ok(later.map_or(Step::Over, Step::Later));
        }
    };
    let Some(call) = run.write(|scope| begin_cancel(scope, ready))? else {
        return Ok(Step::Go);
    };
    let answer = ask(office, ready, &session, &call);
    let is_signed_out = answer
        .as_ref()
        .is_ok_and(|reply| errors::outcome(call.operation, &reply.errors) == Outcome::SignedOut);
    let (after, later) = run.write(|scope| {
        let ended = end_cancel(scope, &call, &answer)?;
        if is_signed_out {
            einvoices::forget(scope, ready.account.id, Some(session.expires_at))?;
        }
        Ok(ended)
    })?;
    Ok(match (after, later) {
        (_, Some(at)) => Step::Later(at),
        (After::Stands, None) => Step::Over,
        _ => Step::Go,
    })
}

/// The call itself.
fn ask(
    office: &Office,
    ready: &Ready,
    session: &Session,
    call: &CancelCall,
) -> Result<Reply, Away> {
    let (authority, seat) = (&office.outside.authority, &ready.seat);
    let irn = call.document.irn.as_deref().unwrap_or_default();
    match call.operation {
        Operation::Cancel => authority.cancel(seat, session, irn, call.code, &call.remark),
        _ => authority.fetch(seat, session, irn),
    }
}
