//! Changes of the vehicle of e-way bills: rows and queries.

use super::EWayBill;
use crate::accounting::fault::Fault;
use crate::accounting::rules::einvoice::Outcome;
use crate::accounting::rules::eway_vehicle::{Facts, Past};
use crate::error::AppError;
use crate::kernel::ids::{DocumentId, EWayBillId, EWayVehicleId, TenantId};
use crate::platform::db::schema::{einvoice_attempts, eway_bills, eway_vehicles};
use crate::platform::db::{Scope, prepared};
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde::Deserialize;
use serde_json::Value as Json;

type ItsKey = diesel::dsl::And<
    diesel::dsl::Eq<eway_vehicles::tenant_id, TenantId>,
    diesel::dsl::Eq<eway_vehicles::id, EWayVehicleId>,
>;

/// One row.
pub type ItsRow = diesel::helper_types::Filter<eway_vehicles::table, ItsKey>;

/// Most bills of one vehicle that are changed at once.
const MOST: i64 = 500;

/// A change of the vehicle of an e-way bill.
#[derive(Clone, Debug, Queryable, Selectable, Deserialize)]
#[diesel(table_name = eway_vehicles)]
pub struct VehicleChange {
    /// The change.
    pub id: EWayVehicleId,
    /// The bill.
    pub eway_bill_id: EWayBillId,
    /// Number plate that it named before.
    pub from_vehicle_no: Option<String>,
    /// Number plate of the new vehicle.
    pub vehicle_no: String,
    /// Where the goods change over.
    pub place: String,
    /// The State of that place.
    pub state_code: String,
    /// 1 breakdown, 2 transshipment, 3 others, 4 first time.
    pub reason_code: i16,
    /// Why, in words.
    pub remark: String,
    /// Who asked for it.
    pub asked_by_name: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Waits in a row.
    pub waits: i32,
    /// When it is tried again by itself.
    pub next_try_at: Option<DateTime<Utc>>,
    /// What was wrong last.
    pub faults: Option<Json>,
    /// When the portal said that the bill names the new vehicle.
    pub done_at: Option<DateTime<Utc>>,
    /// When it was clear that it never will.
    pub refused_at: Option<DateTime<Utc>>,
}

/// A bill that is changed with others.
#[derive(Clone, Debug, QueryableByName)]
pub struct Aboard {
    /// The bill.
    #[diesel(sql_type = SqlUuid)]
    pub id: EWayBillId,
    /// Its number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// Number of its document.
    #[diesel(sql_type = Text)]
    pub document: String,
    /// Who gets the goods.
    #[diesel(sql_type = Text)]
    pub customer: String,
}

impl VehicleChange {
    fn of<'q>(scope: &Scope) -> eway_vehicles::BoxedQuery<'q, Pg> {
        eway_vehicles::table
            .filter(eway_vehicles::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The change of a bill that is not answered yet, if there is one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn open(scope: &mut Scope, bill: EWayBillId) -> Result<Option<Self>, AppError> {
        let row = Self::of(scope)
            .filter(eway_vehicles::eway_bill_id.eq(bill))
            .filter(eway_vehicles::done_at.is_null())
            .filter(eway_vehicles::refused_at.is_null())
            .select(Self::as_select());
        Ok(scope.maybe(row)?)
    }

    /// Whether it is not answered yet.
    pub const fn is_open(&self) -> bool {
        self.done_at.is_none() && self.refused_at.is_none()
    }

    /// Its row, to be changed.
    pub fn its_row(&self, scope: &Scope) -> ItsRow {
        eway_vehicles::table.filter(
            eway_vehicles::tenant_id
                .eq(scope.tenant())
                .and(eway_vehicles::id.eq(self.id)),
        )
    }

    /// What was wrong last.
    pub fn wrong(&self) -> Vec<Fault> {
        self.faults
            .as_ref()
            .and_then(|faults| serde_json::from_value(faults.clone()).ok())
            .unwrap_or_default()
    }

    /// The calls that were made for it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn past(&self, scope: &mut Scope) -> Result<Vec<Past>, AppError> {
        let rows = einvoice_attempts::table
            .filter(einvoice_attempts::tenant_id.eq(scope.tenant()))
            .filter(einvoice_attempts::eway_vehicle_id.eq(self.id))
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
}

/// The changes of a bill beside it.
const CHANGES: &str = "(select coalesce(jsonb_agg(to_jsonb(v) order by v.id desc), '[]') from eway_vehicles v where v.tenant_id = eway_bills.tenant_id and v.eway_bill_id = eway_bills.id)";

fn read((bill, changes): (EWayBill, Json)) -> Result<(EWayBill, Vec<VehicleChange>), AppError> {
    let changes = serde_json::from_value(changes).map_err(AppError::internal)?;
    Ok((bill, changes))
}

/// The vehicles of a bill.
impl EWayBill {
    /// The newest bill of a document, if there is one, with the changes of its vehicle, the newest first. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn with_changes(
        scope: &mut Scope,
        document: DocumentId,
    ) -> Result<Option<(Self, Vec<VehicleChange>)>, AppError> {
        let row = Self::of(scope)
            .filter(eway_bills::document_id.eq(document))
            .order(eway_bills::id.desc())
            .limit(1)
            .select((Self::as_select(), sql::<Jsonb>(CHANGES)));
        let found: Option<(Self, Json)> = scope.maybe(row)?;
        found.map(read).transpose()
    }

    /// One bill with the same. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find_with_changes(
        scope: &mut Scope,
        id: EWayBillId,
    ) -> Result<(Self, Vec<VehicleChange>), AppError> {
        let row = Self::of(scope)
            .filter(eway_bills::id.eq(id))
            .select((Self::as_select(), sql::<Jsonb>(CHANGES)));
        read(scope.one(row)?)
    }

    /// What decides whether its vehicle can be changed.
    pub fn vehicle_facts<'a>(
        &'a self,
        supplier_gstin: &'a str,
        is_being_changed: bool,
    ) -> Facts<'a> {
        Facts {
            status: self.status,
            is_being_cancelled: self.cancel_asked_at.is_some(),
            valid_until: self.valid_until,
            is_being_changed,
            transporter_id: self.transporter_id.as_deref(),
            supplier_gstin,
        }
    }

    /// It and the other bills that name its vehicle, as far as that can be changed: they stand and are valid, the goods are still on their way,
    /// no transporter has them, and nothing is asked of them. Siblings in the order of their ids. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "rows of several tables, of which some must not be there"
    )]
    pub fn aboard(&self, scope: &mut Scope) -> Result<Vec<Aboard>, AppError> {
        let now = scope.now();
        let statement = prepared(
            "select b.id, coalesce(b.number, '') as number, d.number as document, c.name as customer
               from eway_bills b
               join documents d on d.tenant_id = b.tenant_id and d.id = b.document_id
               join customers c on c.tenant_id = b.tenant_id and c.id = b.customer_id
              where b.tenant_id = $1 and (b.id = $2 or b.vehicle_no = $3)
                and b.status = 'active' and b.cancel_asked_at is null and (b.valid_until is null or b.valid_until >= $4)
                and (b.transporter_id is null or b.transporter_id = d.supplier_gstin)
                and not exists (select from shipments s where s.tenant_id = b.tenant_id and s.invoice_id = b.document_id and s.status = 'delivered')
                and not exists (select from eway_vehicles v where v.tenant_id = b.tenant_id and v.eway_bill_id = b.id and v.done_at is null and v.refused_at is null)
              order by b.id limit $5",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(self.id)
        .bind::<Nullable<Text>, _>(self.vehicle_no.clone())
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(MOST);
        Ok(scope.load(statement)?)
    }
}
