//! Cancelling what the authority has registered: the wish, each call before and after it, and the books that follow.

use super::Desk;
use super::account::{login_faults_to_ask, no_seat_to_ask};
use super::begin::{MOST_CALLS, Ready, end_what_is_lost, write_down};
use super::end;
use super::wish::{keep, refusal, stands, wait, wait_more};
use crate::accounting::actions::cancel::{self, CancelCode};
use crate::accounting::fault::Fault;
use crate::accounting::model::{Account, Attempt, Document, EInvoice};
use crate::accounting::outside::{Away, Reply, cancel_body};
use crate::accounting::rules::cancelling::{self, After};
use crate::accounting::rules::document;
use crate::accounting::rules::einvoice::{Operation, Outcome, Past, Status};
use crate::accounting::rules::errors;
use crate::error::AppError;
use crate::kernel::ids::{AttemptId, DocumentId};
use crate::kernel::language::Said;
use crate::ledger::actions::lock_account;
use crate::orders::model::Order;
use crate::platform::db::Scope;
use crate::platform::db::schema::einvoices;
use crate::platform::jobs::{self, NewJob};
use chrono::{DateTime, Duration, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Asia::Kolkata;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Kind of the job that has a document cancelled at the authority.
pub const CANCEL: &str = "einvoices.cancel";

/// What that job needs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct CancelJob {
    /// The document.
    pub document: DocumentId,
}

/// Asks the authority to cancel a document, once the transaction has committed. Until it has answered, the goods stay, no note is written, and
/// what is paid meanwhile comes off again. Locks order, document, account.
///
/// # Errors
/// `NotFound`; `Refused` with the way out when it can't be cancelled there, or the books could not follow.
pub fn ask_cancel(
    scope: &mut Scope,
    who: &str,
    document: &Document,
    (code, remark): (CancelCode, &str),
) -> Result<(), AppError> {
    if let Some(order) = document.order_id {
        Order::lock_by_id(scope, order)?;
    }
    let document = Document::lock(scope, document.id)?;
    let row = EInvoice::lock(scope, document.id)?;
    lock_account(scope, document.customer_id)?;
    let facts = row.cancel_facts(scope, &document)?;
    let now = scope.now();
    cancelling::may_ask(&facts, now).map_err(AppError::refused)?;
    // What could not be believed of its proof stays said.
    let faults = row.faults.clone().filter(|_| !row.is_verified);
    scope.execute(diesel::update(row.its_row(scope)).set((
        einvoices::cancel_asked_at.eq(now),
        einvoices::cancel_code.eq(code as i16),
        einvoices::cancel_remark.eq(remark),
        einvoices::cancel_by_name.eq(who),
        einvoices::faults.eq(faults),
        einvoices::waits.eq(0),
        einvoices::next_try_at.eq(None::<DateTime<Utc>>),
        einvoices::updated_at.eq(now),
    )))?;
    cancel_later(scope, document.id)
}

/// Has the job look at a wish to cancel.
///
/// # Errors
/// When the database refuses.
pub fn cancel_later(scope: &mut Scope, document: DocumentId) -> Result<(), AppError> {
    let job = CancelJob { document };
    let mut job = NewJob::new(CANCEL, "Cancel an e-invoice", &job)?;
    job.unique_key = Some(document.to_string());
    jobs::enqueue(scope, &job)
}

/// What is next for a wish to cancel.
pub enum Due {
    /// Nothing.
    Nothing,
    /// Not before this moment, and why.
    Later(DateTime<Utc>, &'static str),
    /// The authority has cancelled it, and the books have to follow.
    Books,
    /// A call, once there is a login.
    Ready(Box<Ready>),
}

/// A call that is written down and has to be made now.
pub struct CancelCall {
    attempt: AttemptId,
    /// Cancel, or look first.
    pub operation: Operation,
    /// The document.
    pub document: Document,
    /// Why, as the authority counts.
    pub code: u8,
    /// Why, in words.
    pub remark: String,
}

/// The calls since somebody asked.
fn since(scope: &mut Scope, row: &EInvoice) -> Result<Vec<Past>, AppError> {
    let Some(asked_at) = row.cancel_asked_at else {
        return Ok(Vec::new());
    };
    let attempts = Attempt::of_document(scope, row.id, MOST_CALLS)?;
    let calls = attempts
        .iter()
        .filter(|attempt| attempt.started_at >= asked_at);
    Ok(calls.filter_map(Attempt::past).collect())
}

/// Whether a wish to cancel has to be worked at now, and who would call.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn prepare_cancel(scope: &mut Scope, desk: &Desk, id: DocumentId) -> Result<Due, AppError> {
    let (row, now) = (EInvoice::lock(scope, id)?, scope.now());
    let document = Document::by_id(scope, id)?;
    if row.status == Status::Cancelled && document.status == document::Status::Issued {
        return Ok(Due::Books);
    }
    if !row.is_being_cancelled() {
        return Ok(Due::Nothing);
    }
    if let Some(until) = end_what_is_lost(scope, &row)? {
        return Ok(Due::Later(until, "another call about it is being made"));
    }
    if let Some(at) = row.next_try_at.filter(|at| *at > now) {
        return Ok(Due::Later(at, "it is not time yet"));
    }
    let past = since(scope, &row)?;
    let is_clear = cancelling::is_clear(&past);
    let is_late = row.ack_at.is_some_and(|at| now > cancelling::until(at));
    if is_clear && is_late {
        stands(scope, &row, &[refusal(&document, "2270", "")])?;
        return Ok(Due::Nothing);
    }
    let account = Account::of_registration(scope, row.registration_id)?;
    let seat = match &account {
        Some(account) if account.is_active => {
            desk.seat(scope, account, &document.supplier_gstin)?
        }
        _ => None,
    };
    match (account, seat) {
        (Some(account), Some(seat)) => Ok(Due::Ready(Box::new(Ready {
            document,
            account,
            seat,
        }))),
        (account, _) => {
            let fault = no_seat_to_ask(&document, account.as_ref());
            hold(scope, &row, is_clear, &[fault])
        }
    }
}

/// Without a login nothing can be asked: what stands for certain goes back to a person, what nobody knows the fate of waits for an hour.
fn hold(
    scope: &mut Scope,
    row: &EInvoice,
    is_clear: bool,
    faults: &[Fault],
) -> Result<Due, AppError> {
    if is_clear {
        stands(scope, row, faults)?;
        return Ok(Due::Nothing);
    }
    let at = scope.now() + Duration::hours(1);
    wait(scope, row, at, faults)?;
    Ok(Due::Later(at, "there is no account to ask with"))
}

/// Writes the next call down; it is made once this has committed. `None` when it need not be made after all.
///
/// # Errors
/// `NotFound`; whatever the database refuses.
pub fn begin_cancel(scope: &mut Scope, ready: &Ready) -> Result<Option<CancelCall>, AppError> {
    let document = &ready.document;
    let row = EInvoice::lock(scope, document.id)?;
    let attempts = Attempt::of_document(scope, document.id, MOST_CALLS)?;
    let is_running = attempts.iter().any(|attempt| attempt.finished_at.is_none());
    if !row.is_being_cancelled() || is_running {
        return Ok(None);
    }
    let operation = cancelling::call(&since(scope, &row)?);
    let code = row.cancel_code.and_then(|code| u8::try_from(code).ok());
    let (code, remark) = (code.unwrap_or(4), row.cancel_remark.unwrap_or_default());
    let payload = match operation {
        Operation::Cancel => {
            cancel_body(document.irn.as_deref().unwrap_or_default(), code, &remark)
        }
        _ => Vec::new(),
    };
    Ok(Some(CancelCall {
        attempt: write_down(scope, ready, operation.as_str(), &payload)?,
        operation,
        document: document.clone(),
        code,
        remark,
    }))
}

/// What an answer says of the document: whether it is cancelled, and when.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    irn: String,
    #[serde(default)]
    status: Option<Value>,
    #[serde(default)]
    cancel_date: Option<String>,
}

impl Told {
    fn of(reply: &Reply, document: &Document) -> Option<Self> {
        let opened = reply.opened.as_deref()?;
        let told: Self = serde_json::from_slice(opened).ok()?;
        (Some(told.irn.as_str()) == document.irn.as_deref()).then_some(told)
    }

    fn is_cancelled(&self) -> bool {
        self.status.as_ref().and_then(Value::as_str) == Some("CNL")
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        let text = self.cancel_date.as_deref()?;
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
        let there = Kolkata.from_local_datetime(&local).single()?;
        Some(there.with_timezone(&Utc))
    }
}

/// Ends a call: writes down what came of it, and what the authority says of the document. Says what comes next.
///
/// # Errors
/// Whatever the database refuses.
pub fn end_cancel(
    scope: &mut Scope,
    call: &CancelCall,
    answer: &Result<Reply, Away>,
) -> Result<(After, Option<DateTime<Utc>>), AppError> {
    let row = EInvoice::lock(scope, call.document.id)?;
    let errors = match answer {
        Ok(reply) => reply.errors.clone(),
        Err(Away::Refused(errors)) => errors.clone(),
        Err(_) => Vec::new(),
    };
    let told = answer
        .as_ref()
        .ok()
        .and_then(|reply| Told::of(reply, &call.document));
    let outcome = match answer {
        Ok(_) | Err(Away::Refused(_)) => match errors::outcome(call.operation, &errors) {
            // A look whose answer does not say how the document stands is no look.
            Outcome::Done if call.operation == Operation::Fetch && told.is_none() => Outcome::Lost,
            outcome => outcome,
        },
        Err(_) => Outcome::Lost,
    };
    let faults: Vec<Fault> = errors
        .iter()
        .map(|(code, words)| refusal(&call.document, code, words))
        .collect();
    end::write_down(scope, call.attempt, answer, (outcome, &errors, &faults))?;
    if !row.is_being_cancelled() {
        return Ok((After::Stands, None));
    }
    let past = since(scope, &row)?;
    let is_cancelled = told.as_ref().is_some_and(Told::is_cancelled);
    let after = cancelling::after(&past, is_cancelled);
    match after {
        After::Cancelled => {
            let now = scope.now();
            let at = told.as_ref().and_then(Told::at).unwrap_or(now);
            scope.execute(diesel::update(row.its_row(scope)).set((
                einvoices::status.eq(Status::Cancelled),
                einvoices::cancelled_at.eq(at),
                einvoices::faults.eq(None::<Value>),
                einvoices::waits.eq(0),
                einvoices::next_try_at.eq(None::<DateTime<Utc>>),
                einvoices::updated_at.eq(now),
            )))?;
        }
        After::Stands => stands(scope, &row, &faults)?,
        After::Later => return Ok((after, Some(wait_more(scope, &row, &faults)?))),
        After::Go | After::SignInAgain => {}
    }
    Ok((after, None))
}

/// A login that was refused, or that nobody answered.
///
/// # Errors
/// Whatever the database refuses.
pub fn no_login_to_cancel(
    scope: &mut Scope,
    document: &Document,
    away: &Away,
) -> Result<Option<DateTime<Utc>>, AppError> {
    let row = EInvoice::lock(scope, document.id)?;
    if !row.is_being_cancelled() {
        return Ok(None);
    }
    let mut faults = Vec::new();
    if let Away::Refused(errors) = away
        && errors::outcome(Operation::Cancel, errors) != Outcome::Busy
    {
        faults = login_faults_to_ask(document, errors);
        if cancelling::is_clear(&since(scope, &row)?) {
            stands(scope, &row, &faults)?;
            return Ok(None);
        }
    }
    wait_more(scope, &row, &faults).map(Some)
}

/// The books follow: what the authority has cancelled is taken back. Where they can't, the reason is kept for a person, and nothing is lost.
///
/// # Errors
/// Whatever the database refuses.
pub fn books_follow(scope: &mut Scope, id: DocumentId) -> Result<(), AppError> {
    cancel::follow(scope, id)
}

/// Keeps why the books could not follow.
///
/// # Errors
/// Whatever the database refuses.
pub fn books_lag(scope: &mut Scope, id: DocumentId, said: Said) -> Result<(), AppError> {
    let row = EInvoice::lock(scope, id)?;
    let fix = Said::new(
        "The authority has cancelled it, and here it still stands. Put that right, then try again.",
    );
    let fault = Fault::new("cancel", said, fix);
    keep(scope, &row, &[fault], None)
}
