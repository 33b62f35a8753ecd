//! E-way bills of registered documents: asked for, made, looked up, cancelled.

use crate::accounting::model::{Document, EInvoice, EWayBill};
use crate::accounting::rules::einvoice;
use crate::accounting::rules::eway_bill::{self, Status};
use crate::error::AppError;
use crate::kernel::ids::EWayBillId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::eway_bills;
use crate::platform::jobs::{self, NewJob};
use crate::tax::rules::BuyerKind;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Kind of the job that works at an e-way bill.
pub const EWAY: &str = "eway_bills.work";

/// What that job needs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct EWayJob {
    /// The bill.
    pub bill: EWayBillId,
}

/// How goods travel.
#[derive(Clone, Debug, Default)]
pub struct Transport {
    /// Kilometres; 0 lets the portal work it out.
    pub distance_km: i32,
    /// 1 road, 2 rail, 3 air, 4 ship.
    pub mode: String,
    /// Number plate without spaces.
    pub vehicle_no: Option<String>,
    /// GSTIN or enrolment of the transporter.
    pub transporter_id: Option<String>,
    /// Name of the transporter.
    pub transporter_name: Option<String>,
    /// Number of the transport document.
    pub transport_doc_no: Option<String>,
    /// Its date.
    pub transport_doc_date: Option<NaiveDate>,
}

/// Whether a document may have an e-way bill made from its registration.
///
/// # Errors
/// `Refused` in words.
pub fn may_have_bill(
    document: &Document,
    row: &EInvoice,
    bill: Option<&EWayBill>,
) -> Result<(), AppError> {
    let refuse = |said: Said| Err(AppError::refused(said.with("number", &document.number)));
    if row.status != einvoice::Status::Registered || row.cancel_asked_at.is_some() {
        return refuse(Said::new(
            "An e-way bill is made of a document that is registered at the authority, and {number} is not.",
        ));
    }
    if document.gst_type.as_deref() != Some("INV") {
        return refuse(Said::new(
            "{number} is a note: goods that come back travel with a challan.",
        ));
    }
    if document.buyer_kind == BuyerKind::Overseas {
        return refuse(Said::new(
            "{number} is an export: make its e-way bill in the portal, where the place is typed at which the goods leave.",
        ));
    }
    if let Some(bill) = bill.filter(|bill| bill.is_standing()) {
        return refuse(
            Said::new("{number} has an e-way bill: {state}.").naming("state", bill.status.label()),
        );
    }
    Ok(())
}

/// Asks for the e-way bill of a document; one that was refused is given up. It is made once the transaction has committed.
///
/// # Errors
/// `NotFound`; `Refused` in words.
pub fn ask_eway_bill(
    scope: &mut Scope,
    document: &Document,
    transport: &Transport,
) -> Result<(), AppError> {
    let row = EInvoice::lock(scope, document.id)?;
    let before = EWayBill::of_document(scope, document.id)?;
    may_have_bill(document, &row, before.as_ref())?;
    let (now, id) = (scope.now(), EWayBillId::new());
    if let Some(before) = before.filter(|bill| bill.status == Status::Refused) {
        scope.execute(diesel::update(before.its_row(scope)).set((
            eway_bills::status.eq(Status::Dropped),
            eway_bills::updated_at.eq(now),
        )))?;
    }
    scope.execute(diesel::insert_into(eway_bills::table).values((
        eway_bills::id.eq(id),
        eway_bills::document_id.eq(document.id),
        eway_bills::customer_id.eq(document.customer_id),
        eway_bills::distance_km.eq(transport.distance_km),
        eway_bills::mode.eq(&transport.mode),
        eway_bills::vehicle_no.eq(&transport.vehicle_no),
        eway_bills::transporter_id.eq(&transport.transporter_id),
        eway_bills::transporter_name.eq(&transport.transporter_name),
        eway_bills::transport_doc_no.eq(&transport.transport_doc_no),
        eway_bills::transport_doc_date.eq(transport.transport_doc_date),
        eway_bills::created_at.eq(now),
        eway_bills::updated_at.eq(now),
    )))?;
    work_later(scope, id)
}

/// Asks the portal to cancel an e-way bill.
///
/// # Errors
/// `NotFound`; `Refused` when it is not made, or its 24 hours are over.
pub fn cancel_eway_bill(
    scope: &mut Scope,
    id: EWayBillId,
    (code, remark): (i16, &str),
) -> Result<EWayBill, AppError> {
    let bill = EWayBill::lock(scope, id)?;
    let now = scope.now();
    may_cancel_bill(&bill, now)?;
    scope.execute(diesel::update(bill.its_row(scope)).set((
        eway_bills::cancel_code.eq(code),
        eway_bills::cancel_remark.eq(remark),
        eway_bills::cancel_asked_at.eq(now),
        eway_bills::waits.eq(0),
        eway_bills::next_try_at.eq(None::<DateTime<Utc>>),
        eway_bills::faults.eq(None::<Value>),
        eway_bills::updated_at.eq(now),
    )))?;
    work_later(scope, id)?;
    Ok(bill)
}

/// Whether an e-way bill can be cancelled.
///
/// # Errors
/// `Refused` in words.
pub fn may_cancel_bill(bill: &EWayBill, now: DateTime<Utc>) -> Result<(), AppError> {
    let said = match (bill.status, bill.made_at) {
        (Status::Active, _) if bill.cancel_asked_at.is_some() => {
            Said::new("The portal is asked to cancel it: wait for its answer.")
        }
        (Status::Active, Some(made)) if now > eway_bill::until(made) => {
            Said::new("The 24 hours in which it could be cancelled are over.")
        }
        (Status::Active, _) => return Ok(()),
        (other, _) => Said::new("It is no e-way bill that can be cancelled: {state}.")
            .naming("state", other.label()),
    };
    Err(AppError::refused(said))
}

/// Has the job look at a bill.
fn work_later(scope: &mut Scope, bill: EWayBillId) -> Result<(), AppError> {
    let mut job = NewJob::new(EWAY, "Work at an e-way bill", &EWayJob { bill })?;
    job.unique_key = Some(bill.to_string());
    jobs::enqueue(scope, &job)
}
