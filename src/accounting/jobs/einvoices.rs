//! Registers documents at the authority. Every call is written down before it is made, is made outside of any transaction, and is ended after.

use crate::accounting::actions::Send;
use crate::accounting::actions::einvoices::{
    self, Begun, Call, Desk, Ended, Ready, SignIn, begin, end, no_login, prepare,
};
use crate::accounting::inv01::Sides;
use crate::accounting::model::Document;
use crate::accounting::outside::{Away, Environment, Outside, Reply, Session};
use crate::accounting::rules::einvoice::{Operation, Outcome};
use crate::accounting::rules::errors;
use crate::error::AppError;
use crate::platform::jobs::{JobError, JobRun};
use chrono::{DateTime, Duration, Utc};

/// Most calls of one run; a document that needs more comes again.
pub(super) const MOST_CALLS: usize = 6;

/// Whom the job speaks to, and with what.
#[derive(Clone)]
pub struct Office {
    /// The world outside.
    pub outside: Outside,
    /// Keys and addresses.
    pub desk: Desk,
}

/// Registers a document: sends it, or looks up what became of an earlier try, until it is clear.
///
/// # Errors
/// `PutOff` while it has to wait; whatever the database refuses.
pub fn send(run: &JobRun, office: &Office) -> Result<(), JobError> {
    let wanted: Send =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    for _ in 0..MOST_CALLS {
        match run.write(|scope| prepare(scope, &office.desk, wanted.document))? {
            Begun::Nothing => return Ok(()),
            Begun::Later(at, why) => return Err(JobError::PutOff(at, why.to_owned())),
            Begun::NoAccount(document) => enrol(run, office, &document)?,
            Begun::Ready(ready) => match one_call(run, office, &ready)? {
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

/// What follows from one round.
pub(super) enum Step {
    Over,
    Go,
    Later(DateTime<Utc>),
}

impl From<Ended> for Step {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Over => Self::Over,
            Ended::Go | Ended::SignInAgain => Self::Go,
            Ended::Later(at) => Self::Later(at),
        }
    }
}

fn one_call(run: &JobRun, office: &Office, ready: &Ready) -> Result<Step, AppError> {
    let session = match login(run, office, ready)? {
        Login::Here(session) => session,
        Login::Later(at) => return Ok(Step::Later(at)),
        Login::Refused(away) => {
            let ended = run.write(|scope| no_login(scope, &ready.document, &away))?;
            return Ok(ended.into());
        }
    };
    let Some(call) = run.write(|scope| begin(scope, ready))? else {
        return Ok(Step::Go);
    };
    let answer = ask(office, ready, &session, &call);
    let is_signed_out = answer
        .as_ref()
        .is_ok_and(|reply| errors::outcome(call.operation, &reply.errors) == Outcome::SignedOut);
    let ended = run.write(|scope| {
        let ended = end(scope, &call, &answer)?;
        if is_signed_out {
            einvoices::forget(scope, ready.account.id, Some(session.expires_at))?;
        }
        Ok(ended)
    })?;
    Ok(ended.into())
}

/// What became of a wish for a login.
pub(super) enum Login {
    Here(Session),
    /// Another job is signing in, or nobody may try before then.
    Later(DateTime<Utc>),
    Refused(Away),
}

/// The account's login: the one that is kept for everybody, or a new one, signed in for under the lease. A refused try gives the lease back, and
/// an account that was refused is tried no more.
pub(super) fn login(run: &JobRun, office: &Office, ready: &Ready) -> Result<Login, AppError> {
    match run.write(|scope| office.desk.login(scope, &ready.account))? {
        SignIn::Holds(session) => return Ok(Login::Here(*session)),
        SignIn::Wait(at) => return Ok(Login::Later(at)),
        SignIn::Yours => {}
    }
    match office.outside.authority.sign_in(&ready.seat) {
        Ok(session) => {
            run.write(|scope| office.desk.keep(scope, ready.account.id, &session))?;
            Ok(Login::Here(session))
        }
        Err(away) => {
            tracing::warn!(%away, gstin = ready.seat.gstin, "can't sign in at the authority");
            run.write(|scope| einvoices::not_let_in(scope, &ready.account, &away))?;
            Ok(Login::Refused(away))
        }
    }
}

/// The call itself.
fn ask(office: &Office, ready: &Ready, session: &Session, call: &Call) -> Result<Reply, Away> {
    let (authority, seat, document) = (&office.outside.authority, &ready.seat, &call.document);
    let irn = document.irn.as_deref().unwrap_or_default();
    match call.operation {
        Operation::Generate => authority.generate(seat, session, &call.payload),
        Operation::Find => authority.find(
            seat,
            session,
            document.gst_type.as_deref().unwrap_or_default(),
            &document.number,
            document.document_date,
        ),
        Operation::Fetch => authority.fetch(seat, session, irn),
        Operation::Sync => {
            let buyer = document.buyer_gstin.as_deref().unwrap_or_default();
            authority.sync(seat, session, buyer)
        }
        Operation::Cancel => Err(Away::NotSent("nothing to cancel".to_owned())),
    }
}

/// A registration that has no account yet: at a sandbox it gets one for the asking; a real one has to be entered by a person.
fn enrol(run: &JobRun, office: &Office, document: &Document) -> Result<(), JobError> {
    let Some((Environment::Sandbox, base)) = &office.outside.authority_at else {
        run.write(|scope| einvoices::no_account(scope, document))?;
        return Ok(());
    };
    let name = Sides::of(document)?.seller.name;
    let made = office
        .outside
        .authority
        .enrol(base, &document.supplier_gstin, &name);
    match made {
        Ok(credentials) => Ok(run.write(|scope| {
            office.desk.put_account(
                scope,
                document.registration_id,
                Environment::Sandbox,
                &credentials,
            )
        })?),
        Err(away) => Err(JobError::PutOff(
            run.db().clock().now() + Duration::minutes(1),
            format!("the sandbox does not enrol: {away}"),
        )),
    }
}
