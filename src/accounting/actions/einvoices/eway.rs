//! E-way bills of registered documents: what goods need one, and what people ask for.

use crate::accounting::inv01::{Side, Sides};
use crate::accounting::model::{Document, EInvoice, EWayBill, VehicleChange};
use crate::accounting::rules::einvoice;
use crate::accounting::rules::eway_bill::{self, Consignment, Status};
use crate::error::AppError;
use crate::kernel::dates;
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

/// No bill is made of a document that is older than so many days.
pub(super) const OLDEST: i64 = 180;

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

/// A document as far as its e-way bill depends on it.
pub struct Goods {
    /// How it stands at the authority.
    pub row: EInvoice,
    /// Its newest e-way bill.
    pub bill: Option<EWayBill>,
    /// Changes of the vehicle of that bill, the newest first.
    pub changes: Vec<VehicleChange>,
    /// What its goods are worth.
    pub consignment: Consignment,
    /// Number plate of the vehicle of its shipment, if it has one.
    pub plate: Option<String>,
    /// Whether they stay within one PIN code.
    pub is_within: bool,
    /// The day, in India.
    pub today: NaiveDate,
}

/// What the e-way bill of a document depends on, its row locked where it is to be written. Three statements.
///
/// # Errors
/// `NotFound`.
pub fn goods_of(scope: &mut Scope, document: &Document, lock: bool) -> Result<Goods, AppError> {
    let row = if lock {
        EInvoice::lock(scope, document.id)?
    } else {
        EInvoice::find(scope, document.id)?
    };
    let (bill, changes) = EWayBill::with_changes(scope, document.id)?.unzip();
    let (from, to) = road(document)?;
    let (consignment, plate) = document.consignment(scope, (&from.state, &to.state))?;
    Ok(Goods {
        row,
        bill,
        changes: changes.unwrap_or_default(),
        consignment,
        plate,
        is_within: from.pincode == to.pincode,
        today: dates::today(scope.now()),
    })
}

/// Where the goods of a document leave, and where they arrive.
///
/// # Errors
/// When what is stored is none.
pub fn road(document: &Document) -> Result<(Side, Side), AppError> {
    let sides = Sides::of(document)?;
    let from = sides.dispatched_from().unwrap_or(&sides.seller).clone();
    let to = sides.ship_to().unwrap_or_else(|| sides.billed_at()).clone();
    Ok((from, to))
}

/// Whether a document may have an e-way bill made from its registration.
///
/// # Errors
/// `Refused` in words.
pub fn may_have_bill(document: &Document, goods: &Goods) -> Result<(), AppError> {
    let refuse = |said: Said| Err(AppError::refused(said.with("number", &document.number)));
    let row = &goods.row;
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
    if !goods.consignment.has_goods {
        return refuse(Said::new("{number} has services only: nothing travels."));
    }
    if (goods.today - document.document_date).num_days() > OLDEST {
        return refuse(Said::new(
            "{number} is older than 180 days: no e-way bill is made of it any more.",
        ));
    }
    if let Some(bill) = goods.bill.as_ref().filter(|bill| bill.is_standing()) {
        return refuse(
            Said::new("{number} has an e-way bill: {state}.").naming("state", bill.status.label()),
        );
    }
    Ok(())
}

/// Whether the e-way bill of a registered document's goods is made in the portal alone: they go abroad, and it asks where they leave India.
pub fn is_made_in_portal(document: &Document, goods: &Goods) -> bool {
    let row = &goods.row;
    document.buyer_kind == BuyerKind::Overseas
        && document.gst_type.as_deref() == Some("INV")
        && row.status == einvoice::Status::Registered
        && row.cancel_asked_at.is_none()
        && goods.consignment.has_goods
}

/// Asks for the e-way bill of a document; one that was refused is given up. It is made once the transaction has committed.
///
/// # Errors
/// `NotFound`; `Refused` in words.
pub fn ask_eway_bill(
    scope: &mut Scope,
    document: &Document,
    transport: &Transport,
) -> Result<EWayBillId, AppError> {
    let goods = goods_of(scope, document, true)?;
    may_have_bill(document, &goods)?;
    let (now, id) = (scope.now(), EWayBillId::new());
    if let Some(before) = goods.bill.filter(|bill| bill.status == Status::Refused) {
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
    work_later(scope, id)?;
    Ok(id)
}

/// Has the job look at bills that nobody works at. One statement.
///
/// # Errors
/// Whatever the database refuses.
pub fn wake_bills(scope: &mut Scope, bills: &[EWayBillId]) -> Result<(), AppError> {
    let wanted = bills
        .iter()
        .map(|bill| working(*bill))
        .collect::<Result<Vec<_>, _>>()?;
    jobs::enqueue_all(scope, &wanted)
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
    jobs::enqueue(scope, &working(bill)?)
}

fn working(bill: EWayBillId) -> Result<NewJob, AppError> {
    let mut job = NewJob::new(EWAY, "Work at an e-way bill", &EWayJob { bill })?;
    job.unique_key = Some(bill.to_string());
    Ok(job)
}
