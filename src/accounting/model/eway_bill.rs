//! E-way bills: rows and queries.

use super::Document;
use crate::accounting::fault::Fault;
use crate::accounting::rules::einvoice::Outcome;
use crate::accounting::rules::eway_bill::{Consignment, Past, Status, usual_limit};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, DocumentId, EWayBillId, TenantId};
use crate::kernel::money::Money;
use crate::platform::db::schema::{customers, documents, einvoice_attempts, eway_bills};
use crate::platform::db::{Scope, prepared};
use crate::tax::rules::BuyerKind;
use crate::web::list::{COUNT_CAP, Cursor, Found, ListQuery, Page, Total, keyset};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use serde_json::Value as Json;
use std::collections::HashMap;
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

/// A page of bills with what stands beside them.
pub struct Listed {
    /// The bills.
    pub page: Page<EWayBill>,
    /// How many match, as far as they were counted.
    pub count: Total,
    /// Their documents.
    pub around: HashMap<DocumentId, Carried>,
}

/// The document whose goods a bill carries.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Its number.
    pub number: String,
    /// The same in addresses.
    pub url_no: String,
    /// Its financial year.
    pub year: String,
    /// Name of its customer.
    pub customer: String,
    /// Who supplies the goods.
    pub supplier_gstin: String,
}

impl EWayBill {
    pub(super) fn of<'q>(scope: &Scope) -> eway_bills::BoxedQuery<'q, Pg> {
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

    /// The bills of some documents that are neither cancelled nor given up, one of a document at most. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_documents(
        scope: &mut Scope,
        documents: &[DocumentId],
    ) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(eway_bills::document_id.eq_any(documents.to_vec()))
            .filter(eway_bills::status.ne_all([Status::Cancelled, Status::Dropped]))
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// Whether it stands in the way of another one of its document.
    pub const fn is_standing(&self) -> bool {
        matches!(
            self.status,
            Status::Asked | Status::InFlight | Status::Unknown | Status::Active
        )
    }

    /// Its number, and why it is to be cancelled: as the portal counts, and in words.
    pub fn cancelling(&self) -> (&str, u8, &str) {
        let code = self.cancel_code.and_then(|code| u8::try_from(code).ok());
        (
            self.number.as_deref().unwrap_or_default(),
            code.unwrap_or(4),
            self.cancel_remark.as_deref().unwrap_or_default(),
        )
    }

    /// What was wrong last.
    pub fn wrong(&self) -> Vec<Fault> {
        self.faults
            .as_ref()
            .and_then(|faults| serde_json::from_value(faults.clone()).ok())
            .unwrap_or_default()
    }

    /// Its row, to be changed.
    pub fn its_row(&self, scope: &Scope) -> ItsRow {
        eway_bills::table.filter(
            eway_bills::tenant_id
                .eq(scope.tenant())
                .and(eway_bills::id.eq(self.id)),
        )
    }

    /// The calls that were made to have it made or, while somebody asks to cancel it, those of that wish.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn past(&self, scope: &mut Scope) -> Result<Vec<Past>, AppError> {
        let of_wish = einvoice_attempts::cancel_asked_at.is_not_distinct_from(self.cancel_asked_at);
        let rows = einvoice_attempts::table
            .filter(einvoice_attempts::tenant_id.eq(scope.tenant()))
            .filter(einvoice_attempts::eway_bill_id.eq(self.id))
            .filter(of_wish)
            .filter(einvoice_attempts::finished_at.is_not_null())
            .order(einvoice_attempts::id.desc())
            .limit(500)
            .select((einvoice_attempts::operation, einvoice_attempts::outcome));
        let found: Vec<(String, Option<Outcome>)> = scope.load(rows)?;
        Ok(found
            .into_iter()
            .rev()
            .filter_map(|(call, outcome)| {
                Some(Past {
                    call: call.parse().ok()?,
                    outcome: outcome?,
                })
            })
            .collect())
    }

    /// What a search finds: a bill by its own number, those of a vehicle, and those of the documents that it finds, the newest of so many. One
    /// statement; none without a search.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function: behind row security no index would serve the comparisons, and it looks inside the company by itself"
    )]
    fn found(scope: &mut Scope, query: &ListQuery) -> Result<Option<Found>, AppError> {
        let Some(search) = query.search() else {
            return Ok(None);
        };
        let number: String = search.chars().filter(|c| !c.is_whitespace()).collect();
        // Few documents have a bill, so that many are looked at to find a page of bills.
        let statement = prepared(
            "with found as materialized (select array(select search_documents($1, $2)) as documents)
             select array(
                        select b.id from eway_bills b where b.tenant_id = $3 and b.document_id = any (f.documents)
                        union
                        select b.id from eway_bills b where b.tenant_id = $3 and b.number = $4
                        union
                        (select b.id from eway_bills b where b.tenant_id = $3 and b.vehicle_no = upper($4) order by b.id desc limit $2)
                    ) as ids,
                    cardinality(f.documents) >= $2 as is_cut
               from found f",
        )
        .bind::<Text, _>(search.to_owned())
        .bind::<Integer, _>(ListQuery::LOOKED_AT)
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Text, _>(number);
        Ok(Some(scope.one(statement)?))
    }

    /// One page, the newest first, how many match, and their documents. Three statements; a search is read as far as it is shown, and not
    /// counted.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<Listed, AppError> {
        let found = Self::found(scope, query)?;
        let states: Vec<String> = query
            .all("status", Status::CODES)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let matching = |scope: &Scope| {
            let mut rows = Self::of(scope);
            if !states.is_empty() {
                rows = rows.filter(eway_bills::status.eq_any(states.clone()));
            }
            if let Some(found) = &found {
                rows = rows.filter(eway_bills::id.eq_any(found.ids()));
            }
            rows
        };
        let cursor: Option<Cursor<(DateTime<Utc>, Uuid)>> = query.cursor();
        let rows = matching(scope)
            .select(Self::as_select())
            .limit(query.reads());
        let from = query.reads_from(cursor.as_ref());
        let rows = keyset!(rows, from, true, eway_bills::created_at, eway_bills::id);
        let rows: Vec<Self> = scope.load(rows)?;
        let (page, searched) = Page::read(
            (rows, found.as_ref()),
            query,
            cursor.as_ref(),
            |bill: &Self| (bill.created_at, bill.id.uuid()),
        );
        let count = match searched {
            Some(searched) => searched,
            None => {
                let all = matching(scope).select(eway_bills::id).limit(COUNT_CAP + 1);
                let counted: Vec<EWayBillId> = scope.load(all)?;
                Total::from(i64::try_from(counted.len()).unwrap_or(i64::MAX))
            }
        };
        let around = Self::around(scope, &page.rows)?;
        Ok(Listed {
            page,
            count,
            around,
        })
    }

    /// The documents of some bills, with their customers. One statement.
    fn around(scope: &mut Scope, bills: &[Self]) -> Result<HashMap<DocumentId, Carried>, AppError> {
        let ids: Vec<DocumentId> = bills.iter().map(|bill| bill.document_id).collect();
        let rows = documents::table
            .inner_join(
                customers::table.on(customers::tenant_id
                    .eq(scope.tenant())
                    .and(customers::id.eq(documents::customer_id))),
            )
            .filter(documents::tenant_id.eq(scope.tenant()))
            .filter(documents::id.eq_any(ids))
            .select((
                documents::id,
                documents::number,
                documents::url_no,
                documents::year,
                customers::name,
                documents::supplier_gstin,
            ));
        type Found = (DocumentId, String, String, String, String, String);
        let found: Vec<Found> = scope.load(rows)?;
        Ok(found
            .into_iter()
            .map(|(id, number, url_no, year, customer, supplier_gstin)| {
                let around = Carried {
                    number,
                    url_no,
                    year,
                    customer,
                    supplier_gstin,
                };
                (id, around)
            })
            .collect())
    }
}

#[derive(QueryableByName)]
struct Worth {
    #[diesel(sql_type = Numeric)]
    value: Money,
    #[diesel(sql_type = Bool)]
    has_goods: bool,
    #[diesel(sql_type = Nullable<Numeric>)]
    within: Option<Money>,
    #[diesel(sql_type = Nullable<Text>)]
    plate: Option<String>,
}

/// What goods travel with, and what they are worth.
impl Document {
    /// What its goods are worth, and above which value they need a bill on their way from one State to another; and the plate of the vehicle
    /// that its shipment has. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a sum beside rows of other tables, in one statement"
    )]
    pub fn consignment(
        &self,
        scope: &mut Scope,
        (from, to): (&str, &str),
    ) -> Result<(Consignment, Option<String>), AppError> {
        let statement = prepared(
            "select coalesce(sum(l.total) filter (where not l.is_service and l.treatment = 'taxable'), 0) as value,
                    coalesce(bool_or(not l.is_service), false) as has_goods,
                    (select w.amount from eway_bill_limits w where w.state_code = $3 and w.valid_from <= $4 order by w.valid_from desc limit 1) as within,
                    (select v.registration_no from shipments s join vehicles v on v.tenant_id = s.tenant_id and v.id = s.vehicle_id where s.tenant_id = $1 and s.id = $5) as plate
               from document_lines l where l.tenant_id = $1 and l.document_id = $2",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(self.id)
        .bind::<Text, _>(from.to_owned())
        .bind::<Date, _>(self.document_date)
        .bind::<Nullable<SqlUuid>, _>(self.shipment_id);
        let worth: Worth = scope.one(statement)?;
        // Into a special economic zone is never within a State (IGST Act, section 7(5)(b)).
        let is_within = from == to && self.buyer_kind != BuyerKind::Sez;
        let within = worth.within.filter(|_| is_within);
        let consignment = Consignment {
            value: worth.value,
            limit: within.unwrap_or_else(usual_limit),
            has_goods: worth.has_goods,
        };
        Ok((consignment, worth.plate))
    }
}
