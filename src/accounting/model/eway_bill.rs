//! E-way bills: rows and queries.

use super::Document;
use crate::accounting::fault::Fault;
use crate::accounting::rules::einvoice::Outcome;
use crate::accounting::rules::eway_bill::{Call, Consignment, Past, Status, usual_limit};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, DocumentId, EWayBillId, TenantId};
use crate::kernel::money::Money;
use crate::platform::db::schema::{customers, documents, einvoice_attempts, eway_bills};
use crate::platform::db::{Scope, prepared};
use crate::tax::rules::BuyerKind;
use crate::web::list::{ALL_FOUND, COUNT_CAP, ListQuery, Page, keyset};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
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
    /// How many match, up to the cap and one.
    pub count: i64,
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
}

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

    /// One page, the newest first, and how many match. Two statements.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<Listed, AppError> {
        let codes: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
        let states: Vec<String> = query
            .all("status", &codes)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let matching = |scope: &Scope| {
            let mut rows = Self::of(scope);
            if !states.is_empty() {
                rows = rows.filter(eway_bills::status.eq_any(states.clone()));
            }
            if let Some(search) = query.search() {
                let number: String = search.chars().filter(|c| !c.is_whitespace()).collect();
                // Behind row security no index would serve the comparisons: this function looks inside the company by itself.
                rows = rows.filter(
                    sql::<Bool>("(eway_bills.document_id in (select search_documents(")
                        .bind::<Text, _>(search.to_owned())
                        .sql(", ")
                        .bind::<Integer, _>(ALL_FOUND)
                        .sql(")) or coalesce(eway_bills.number = ")
                        .bind::<Text, _>(number)
                        .sql(", false))"),
                );
            }
            rows
        };
        let cursor = query.cursor::<(DateTime<Utc>, Uuid)>();
        let rows = matching(scope)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let rows = keyset!(
            rows,
            cursor.as_ref(),
            true,
            eway_bills::created_at,
            eway_bills::id
        );
        let found: Vec<Self> = scope.load(rows)?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |bill| {
            (bill.created_at, bill.id.uuid())
        });
        let counted: Vec<EWayBillId> =
            scope.load(matching(scope).select(eway_bills::id).limit(COUNT_CAP + 1))?;
        let around = Self::around(scope, &page.rows)?;
        Ok(Listed {
            page,
            count: i64::try_from(counted.len()).unwrap_or(i64::MAX),
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
            ));
        let found: Vec<(DocumentId, String, String, String, String)> = scope.load(rows)?;
        Ok(found
            .into_iter()
            .map(|(id, number, url_no, year, customer)| {
                let around = Carried {
                    number,
                    url_no,
                    year,
                    customer,
                };
                (id, around)
            })
            .collect())
    }

    /// Bills whose work stopped, of some that were found across companies.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn some(scope: &mut Scope, bills: &[EWayBillId]) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(eway_bills::id.eq_any(bills.to_vec()))
            .order(eway_bills::id)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
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
