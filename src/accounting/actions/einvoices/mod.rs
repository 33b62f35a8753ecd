//! Documents at the authority: before a call, after it, and what people ask for.

mod account;
mod alarms;
mod begin;
mod cancelling;
mod end;
mod eway;
mod eway_calls;
mod eway_ends;
mod eway_truck;
mod eway_vehicle;
mod eway_vehicle_calls;
mod many;
mod night;
mod prove;
mod session;
mod wish;

pub use account::{AccountChange, save_account, sign_in_now};
pub use begin::{Begun, Call, Ready, begin, prepare};
pub use cancelling::{
    CANCEL, CancelCall, CancelJob, Due, ask_cancel, begin_cancel, books_follow, books_lag,
    cancel_later, end_cancel, no_login_to_cancel, prepare_cancel,
};
pub use end::{Ended, end, no_login};
pub use eway::{
    EWAY, EWayJob, Goods, Transport, ask_eway_bill, cancel_eway_bill, goods_of, is_made_in_portal,
    may_cancel_bill, may_have_bill, road, wake_bills,
};
pub use eway_calls::{BillCall, BillDue, begin_bill, end_bill, no_login_for_bill, prepare_bill};
pub use eway_truck::{Load, MOST_OF_A_TRUCK, Ticked, ask_for_truck, loads, ticked};
pub use eway_vehicle::{
    NewVehicle, VEHICLE, VehicleJob, change_vehicle, may_change_vehicle, nothing_aboard,
    wake_vehicles,
};
pub use eway_vehicle_calls::{
    VehicleCall, begin_vehicle, end_vehicle, no_login_for_vehicle, prepare_vehicle,
};
pub use many::{Judged, Standing, judge_after, judge_all, judge_some, send_many};
pub use night::{LOOK, look, look_later};
pub use session::{Desk, SignIn, forget, not_let_in};

use crate::accounting::actions::issue::{send_later, send_now};
use crate::accounting::fault::Fault;
use crate::accounting::model::{Document, EInvoice};
use crate::accounting::rules::einvoice::{CLOSED, Status, Waiting, alarm, urgency};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::DocumentId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::einvoices;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// What keeps a document from being registered, as far as it can be known here. Four statements.
///
/// # Errors
/// Whatever the database refuses.
pub fn readiness(scope: &mut Scope, document: &Document) -> Result<Vec<Fault>, AppError> {
    Ok(begin::ready_to_go(scope, document)?.1)
}

/// Sends a document again, or now instead of later: after a refusal once nothing is wrong with it here, from a wait at once.
///
/// # Errors
/// `NotFound`; `Refused` where there is nothing to send, or something has to be put right before.
pub fn again(scope: &mut Scope, id: DocumentId) -> Result<(), AppError> {
    let (row, document) = (EInvoice::lock(scope, id)?, Document::by_id(scope, id)?);
    let now = scope.now();
    let waits = (
        einvoices::waits.eq(0),
        einvoices::next_try_at.eq(None::<DateTime<Utc>>),
        einvoices::updated_at.eq(now),
    );
    match row.status {
        Status::FailedFix | Status::FailedWait => {
            if let Some(fault) = readiness(scope, &document)?.into_iter().next() {
                return Err(AppError::refused(fault.said));
            }
            let pending = einvoices::status.eq(Status::Pending);
            scope.execute(diesel::update(row.its_row(scope)).set((pending, waits)))?;
        }
        Status::Pending | Status::Unknown | Status::InFlight => {
            let refusals = einvoices::refusals.eq(0);
            scope.execute(diesel::update(row.its_row(scope)).set((refusals, waits)))?;
        }
        Status::NotRequired | Status::Registered | Status::Cancelled | Status::ExpiredWindow => {
            return Err(AppError::refused(
                Said::new("{number} need not be sent: {state}.")
                    .with("number", &document.number)
                    .naming("state", row.status.label()),
            ));
        }
    }
    send_now(scope, &[id])
}

/// Nothing of the company that waits for the authority is tried before this moment, unless somebody sends it: whoever puts the jobs off says
/// so here, so that screens promise the same.
///
/// # Errors
/// When the database refuses.
pub fn rest_until(scope: &mut Scope, until: DateTime<Utc>) -> Result<(), AppError> {
    let now = scope.now();
    let waiting = einvoices::table.filter(
        einvoices::tenant_id
            .eq(scope.tenant())
            .and(einvoices::status.eq_any([Status::Pending, Status::Unknown, Status::FailedWait])),
    );
    scope.execute(diesel::update(waiting).set((
        einvoices::next_try_at.eq(until),
        einvoices::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Leaves a document to a person, because its registration has no account.
///
/// # Errors
/// Whatever the database refuses.
pub fn no_account(scope: &mut Scope, document: &Document) -> Result<(), AppError> {
    let row = EInvoice::lock(scope, document.id)?;
    if row.waits_for_authority() {
        begin::stop(scope, &row, &[begin::no_account(document)])?;
    }
    Ok(())
}

/// Looks after documents of a company that wait too long: those that nobody works at are sent, wishes to cancel go on, and the next alarm is
/// raised where it is due, with a letter to the people who can do something. `base` is the address of the installation. How many alarms were
/// raised.
///
/// # Errors
/// Whatever the database refuses.
pub fn look_after(
    scope: &mut Scope,
    documents: &[DocumentId],
    base: &str,
) -> Result<usize, AppError> {
    let rows = EInvoice::some(scope, documents)?;
    let now = scope.now();
    let mut raised = Vec::new();
    for row in rows {
        if matches!(row.status, Status::Registered | Status::Cancelled) {
            if row.cancel_asked_at.is_some() {
                cancelling::cancel_later(scope, row.id)?;
            }
            continue;
        }
        if row.waits_for_authority() {
            send_later(scope, row.id)?;
        }
        let is_over = row.last_day.is_some_and(|day| dates::today(now) > day);
        let due = match row.status {
            Status::NotRequired => continue,
            Status::ExpiredWindow => CLOSED,
            Status::FailedFix if is_over => {
                begin::close_window(scope, &row)?;
                CLOSED
            }
            _ => alarm(&Waiting {
                document_date: row.document_date,
                last_day: row.last_day,
                unknown_since: row.unknown_since,
                now,
            }),
        };
        if urgency(due) > urgency(row.alarm) {
            scope.execute(diesel::update(row.its_row(scope)).set(einvoices::alarm.eq(due)))?;
            raised.push((row, due));
        }
    }
    alarms::tell(scope, &raised, base)?;
    Ok(raised.len())
}
