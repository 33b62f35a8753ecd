//! E-way bills: rows and queries.

use super::Document;
use crate::accounting::rules::einvoice::Outcome;
use crate::accounting::rules::eway_bill::{Call, Past, Status};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, DocumentId, EWayBillId, TenantId};
use crate::platform::db::Scope;
use crate::platform::db::schema::{documents, einvoice_attempts, eway_bills};
use crate::web::list::{COUNT_CAP, ListQuery, Page, keyset};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::Value as Json;
use uuid::Uuid;

type ItsKey = diesel::dsl::And<
    diesel::dsl::Eq<eway_bills::tenant_id, TenantId>,
    diesel::dsl::Eq<eway_bills::id, EWayBillId>,
>;

/// One row.
pub type ItsRow = diesel::helper_types::Filter<eway_bills::table, ItsKey>;

/// An e-way bill.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = eway_bills)]
pub struct EWayBill {
    /// The bill.
    pub id: EWayBillId,
    /// The document.
    pub document_id: DocumentId,
    /// The customer.
    pub customer_id: CustomerId,
    /// How far it is.
    pub status: Status,
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
    /// Number of the e-way bill.
    pub number: Option<String>,
    /// When it was made.
    pub made_at: Option<DateTime<Utc>>,
    /// Until when it is valid; none without a vehicle.
    pub valid_until: Option<DateTime<Utc>>,
    /// What was wrong last.
    pub faults: Option<Json>,
    /// When it is tried again by itself.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Why it is cancelled: 1 duplicate, 2 order cancelled, 3 data entry mistake, 4 others.
    pub cancel_code: Option<i16>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// Waits in a row.
    pub waits: i32,
    /// When somebody asked to cancel it there.
    pub cancel_asked_at: Option<DateTime<Utc>>,
    /// Why, in words.
    pub cancel_remark: Option<String>,
}

/// Bills with the number of their documents: the printed one, and the one of addresses.
pub type Listed = (Page<(EWayBill, String, String)>, i64);

impl EWayBill {
    fn of<'q>(scope: &Scope) -> eway_bills::BoxedQuery<'q, Pg> {
        eway_bills::table
            .filter(eway_bills::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// One bill.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: EWayBillId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(eway_bills::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// The same, locked until the transaction ends.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, id: EWayBillId) -> Result<Self, AppError> {
        let row = eway_bills::table
            .filter(
                eway_bills::tenant_id
                    .eq(scope.tenant())
                    .and(eway_bills::id.eq(id)),
            )
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// The newest bill of a document, if there is one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_document(scope: &mut Scope, document: DocumentId) -> Result<Option<Self>, AppError> {
        let row = Self::of(scope)
            .filter(eway_bills::document_id.eq(document))
            .order(eway_bills::id.desc())
            .limit(1)
            .select(Self::as_select());
        Ok(scope.maybe(row)?)
    }

    /// Whether it stands in the way of another one of its document.
    pub const fn is_standing(&self) -> bool {
        matches!(
            self.status,
            Status::Asked | Status::InFlight | Status::Unknown | Status::Active
        )
    }

    /// Its row, to be changed.
    pub fn its_row(&self, scope: &Scope) -> ItsRow {
        eway_bills::table.filter(
            eway_bills::tenant_id
                .eq(scope.tenant())
                .and(eway_bills::id.eq(self.id)),
        )
    }

    /// The calls about it since it was asked for or, once somebody asked to cancel it, since then.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn past(&self, scope: &mut Scope) -> Result<Vec<Past>, AppError> {
        let since = self.cancel_asked_at.unwrap_or(self.created_at);
        let calls: Vec<&str> = Call::ALL.iter().map(|call| call.as_str()).collect();
        let rows = einvoice_attempts::table
            .filter(einvoice_attempts::tenant_id.eq(scope.tenant()))
            .filter(einvoice_attempts::document_id.eq(self.document_id))
            .filter(einvoice_attempts::operation.eq_any(calls))
            .filter(einvoice_attempts::started_at.ge(since))
            .filter(einvoice_attempts::finished_at.is_not_null())
            .order(einvoice_attempts::id)
            .limit(500)
            .select((einvoice_attempts::operation, einvoice_attempts::outcome));
        let found: Vec<(String, Option<Outcome>)> = scope.load(rows)?;
        Ok(found
            .into_iter()
            .filter_map(|(call, outcome)| {
                Some(Past {
                    call: call.parse().ok()?,
                    outcome: outcome?,
                })
            })
            .collect())
    }

    /// One page, the newest first, and how many match. Two statements.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<Listed, AppError> {
        let codes: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
        let mut states = query.all("status", &codes);
        if states.is_empty() {
            states = codes;
        }
        let states: Vec<String> = states.into_iter().map(str::to_owned).collect();
        let matching = |scope: &Scope| {
            let rows = eway_bills::table
                .filter(eway_bills::tenant_id.eq(scope.tenant()))
                .inner_join(
                    documents::table.on(documents::tenant_id
                        .eq(scope.tenant())
                        .and(documents::id.eq(eway_bills::document_id))),
                )
                .filter(eway_bills::status.eq_any(states.clone()))
                .into_boxed::<Pg>();
            match query.search().map(str::to_uppercase) {
                Some(search) => rows.filter(
                    eway_bills::number
                        .eq(search.clone())
                        .or(documents::number.nullable().eq(search)),
                ),
                None => rows,
            }
        };
        let cursor = query.cursor::<(DateTime<Utc>, Uuid)>();
        let rows = matching(scope)
            .select((Self::as_select(), documents::number, documents::url_no))
            .limit(query.size() + 1);
        let rows = keyset!(
            rows,
            cursor.as_ref(),
            true,
            eway_bills::created_at,
            eway_bills::id
        );
        let found: Vec<(Self, String, String)> = scope.load(rows)?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |(bill, _, _)| {
            (bill.created_at, bill.id.uuid())
        });
        let counted: Vec<EWayBillId> =
            scope.load(matching(scope).select(eway_bills::id).limit(COUNT_CAP + 1))?;
        Ok((page, i64::try_from(counted.len()).unwrap_or(i64::MAX)))
    }
}

/// What goods travel with, for the one form of all bills.
impl Document {
    /// The plate of the vehicle that its shipment has, if it has one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn plate(&self, scope: &mut Scope) -> Result<Option<String>, AppError> {
        use crate::platform::db::schema::{shipments, vehicles};
        let Some(shipment) = self.shipment_id else {
            return Ok(None);
        };
        let row = vehicles::table
            .filter(vehicles::tenant_id.eq(scope.tenant()))
            .filter(
                vehicles::id.nullable().eq_any(
                    shipments::table
                        .filter(shipments::tenant_id.eq(scope.tenant()))
                        .filter(shipments::id.eq(shipment))
                        .select(shipments::vehicle_id),
                ),
            )
            .select(vehicles::registration_no);
        Ok(scope.maybe(row)?)
    }
}
