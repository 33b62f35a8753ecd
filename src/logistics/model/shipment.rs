//! Shipments: rows and queries.

use crate::error::AppError;
use crate::kernel::dates::parse_day;
use crate::kernel::ids::{
    CustomerId, DocumentId, DriverId, FileId, OrderId, ShipmentId, UserId, VehicleId, WarehouseId,
};
use crate::logistics::rules::{ChallanReason, Papers, Status, Why};
use crate::orders::model::{Order, OrderEvent};
use crate::platform::db::schema::{order_events, orders, shipments};
use crate::platform::db::{Scope, prepared};
use crate::web::list::{ALL_FOUND, Found, ListQuery, Page, Total, keyset};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Nullable, Text};
use uuid::Uuid;

/// Words about a shipment that stand in other tables.
type Word = SqlLiteral<Text>;
type MaybeWord = SqlLiteral<Nullable<Text>>;

/// Goods of one order that leave together.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = shipments)]
pub struct Shipment {
    pub id: ShipmentId,
    pub number: String,
    pub order_id: OrderId,
    pub customer_id: CustomerId,
    pub warehouse_id: WarehouseId,
    pub status: Status,
    pub picker_id: Option<UserId>,
    pub picker_name: String,
    pub packages: Option<i32>,
    /// In grammes.
    pub weight_g: Option<i64>,
    pub challan_no: Option<String>,
    pub papers: Papers,
    pub challan_reason: Option<ChallanReason>,
    /// The reason in words, where somebody wrote any.
    pub challan_words: Option<String>,
    /// The invoice or bill of supply for it, while that stands.
    pub invoice_id: Option<DocumentId>,
    pub vehicle_id: Option<VehicleId>,
    pub driver_id: Option<DriverId>,
    pub expected_on: Option<NaiveDate>,
    pub packed_at: Option<DateTime<Utc>>,
    pub out_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub received_by: Option<String>,
    pub delivery_note: Option<String>,
    pub proof_file_id: Option<FileId>,
    pub end_reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    #[diesel(select_expression = sql::<Text>("(select o.number from orders o where o.tenant_id = shipments.tenant_id and o.id = shipments.order_id)"))]
    #[diesel(select_expression_type = Word)]
    pub order_no: String,
    #[diesel(select_expression = sql::<Text>("(select o.ship_to from orders o where o.tenant_id = shipments.tenant_id and o.id = shipments.order_id)"))]
    #[diesel(select_expression_type = Word)]
    pub ship_to: String,
    #[diesel(select_expression = sql::<Nullable<Text>>("(select o.note from orders o where o.tenant_id = shipments.tenant_id and o.id = shipments.order_id)"))]
    #[diesel(select_expression_type = MaybeWord)]
    pub order_note: Option<String>,
    #[diesel(select_expression = sql::<Text>("(select c.name from customers c where c.tenant_id = shipments.tenant_id and c.id = shipments.customer_id)"))]
    #[diesel(select_expression_type = Word)]
    pub customer: String,
    #[diesel(select_expression = sql::<Text>("(select c.code from customers c where c.tenant_id = shipments.tenant_id and c.id = shipments.customer_id)"))]
    #[diesel(select_expression_type = Word)]
    pub customer_code: String,
    #[diesel(select_expression = sql::<Nullable<Text>>("(select coalesce(a.phone, c.phone) from orders o join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id left join customer_addresses a on a.tenant_id = o.tenant_id and a.id = o.ship_to_id where o.tenant_id = shipments.tenant_id and o.id = shipments.order_id)"))]
    #[diesel(select_expression_type = MaybeWord)]
    pub customer_phone: Option<String>,
    #[diesel(select_expression = sql::<Nullable<Text>>("(select v.name || ' · ' || v.registration_no from vehicles v where v.tenant_id = shipments.tenant_id and v.id = shipments.vehicle_id)"))]
    #[diesel(select_expression_type = MaybeWord)]
    pub vehicle: Option<String>,
    #[diesel(select_expression = sql::<Nullable<Text>>("(select d.name from drivers d where d.tenant_id = shipments.tenant_id and d.id = shipments.driver_id)"))]
    #[diesel(select_expression_type = MaybeWord)]
    pub driver: Option<String>,
    #[diesel(select_expression = sql::<Nullable<Text>>("(select d.number from documents d where d.tenant_id = shipments.tenant_id and d.id = shipments.invoice_id)"))]
    #[diesel(select_expression_type = MaybeWord)]
    pub invoice_no: Option<String>,
}

/// The order of a shipment, locked for change: everything that happens to a shipment happens under its order's lock.
///
/// # Errors
/// `NotFound`.
pub fn lock_order(scope: &mut Scope, shipment: &str) -> Result<Order, AppError> {
    let its = Shipment::of(scope)
        .filter(shipments::number.eq(shipment.to_owned()))
        .select(shipments::order_id);
    let query = orders::table
        .filter(
            orders::tenant_id
                .eq(scope.tenant())
                .and(orders::id.eq_any(its)),
        )
        .for_update()
        .select(Order::as_select());
    Ok(scope.one(query)?)
}

impl Shipment {
    pub(super) fn of<'q>(scope: &Scope) -> shipments::BoxedQuery<'q, Pg> {
        shipments::table
            .filter(shipments::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// One shipment by its number.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, number: &str) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(shipments::number.eq(number.to_owned()))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// The shipments of an order, the newest last; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_order(scope: &mut Scope, order: OrderId) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(shipments::order_id.eq(order))
            .order(shipments::id)
            .limit(100)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// Packed shipments that wait for their invoice, the oldest first; at most 200.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn to_bill(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(shipments::status.eq(Status::Packed))
            .filter(shipments::papers.eq(Papers::Invoice))
            .filter(shipments::invoice_id.is_null())
            .order(shipments::id)
            .limit(200)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// Whether its bill may be taken back: not once it has left with it.
    pub fn may_lose_its_bill(&self) -> bool {
        self.is_in_the_house() || self.papers == Papers::Challan
    }

    /// Why it left with a challan, if it did.
    pub fn why(&self) -> Option<Why> {
        self.challan_reason.map(|reason| Why {
            reason,
            words: self.challan_words.clone(),
        })
    }

    /// Whether it has not left.
    pub fn is_in_the_house(&self) -> bool {
        matches!(self.status, Status::Picking | Status::Packed)
    }

    /// One shipment by its id.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_id(scope: &mut Scope, id: ShipmentId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(shipments::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// Whether an invoice can be issued for it: it is packed, or left with a challan, and has none.
    pub fn is_to_bill(&self) -> bool {
        let has_left = matches!(self.status, Status::Out | Status::Delivered);
        self.invoice_id.is_none()
            && (self.status == Status::Packed || has_left && self.papers == Papers::Challan)
    }

    /// What happened to its order, oldest first; at most 500.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn events(&self, scope: &mut Scope) -> Result<Vec<OrderEvent>, AppError> {
        let query = OrderEvent::of(scope)
            .filter(order_events::order_id.eq(self.order_id))
            .order(order_events::id)
            .limit(500)
            .select(OrderEvent::as_select());
        Ok(scope.load(query)?)
    }

    /// Shipments by id, for a pick run; at most 50.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn picking(scope: &mut Scope, ids: Vec<ShipmentId>) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(shipments::id.eq_any(ids))
            .filter(shipments::status.eq(Status::Picking))
            .order(shipments::number)
            .limit(50)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// What is on the road, the soonest expected first; at most 200.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn on_the_road(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(shipments::status.eq(Status::Out))
            .order((shipments::expected_on, shipments::id))
            .limit(200)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// Numbers that somebody may mean: a shipment's or an order's own, or only the digits at their end, of this year and the two before.
    pub fn numbers(scope: &Scope, typed: &str) -> Vec<String> {
        let typed = typed.to_uppercase();
        let Ok(digits) = typed.parse::<u32>() else {
            return vec![typed];
        };
        let year =
            crate::kernel::dates::FinancialYear::of(crate::kernel::dates::today(scope.now()))
                .first_year();
        (0..3)
            .flat_map(|back| {
                let year = (year - back).rem_euclid(100);
                ["SH", "SO"].map(|kind| format!("{kind}-{year:02}-{digits:05}"))
            })
            .collect()
    }

    /// What the search finds, of so many as are looked at. One statement; none without a search.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function: behind row security, and beside an `or`, no index would serve, and it looks inside the company by itself"
    )]
    fn found(scope: &mut Scope, query: &ListQuery, most: i32) -> Result<Option<Found>, AppError> {
        let Some(search) = query.search() else {
            return Ok(None);
        };
        let statement = prepared(
            "select ids, cardinality(ids) >= $3 as is_cut from (select array(select search_shipments($1, $2, $3)) as ids offset 0) found",
        )
        .bind::<Array<Text>, _>(Self::numbers(scope, search))
        .bind::<Text, _>(search.to_owned())
        .bind::<Integer, _>(most);
        Ok(Some(scope.one(statement)?))
    }

    fn matching<'q>(
        scope: &Scope,
        query: &ListQuery,
        found: Option<&Found>,
    ) -> shipments::BoxedQuery<'q, Pg> {
        let mut rows = Self::of(scope);
        let states = query.all("status", Status::CODES);
        if !states.is_empty() {
            rows = rows.filter(
                shipments::status.eq_any(states.into_iter().map(str::to_owned).collect::<Vec<_>>()),
            );
        }
        if let Some(vehicle) = query
            .get("vehicle")
            .and_then(|id| id.parse::<VehicleId>().ok())
        {
            rows = rows.filter(shipments::vehicle_id.eq(vehicle));
        }
        if let Some(day) = query.get("day").and_then(parse_day) {
            rows = rows.filter(shipments::expected_on.eq(day));
        }
        if let Some(found) = found {
            rows = rows.filter(shipments::id.eq_any(found.ids()));
        }
        rows
    }

    /// One page of shipments, the newest first, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<(Page<Self>, Total), AppError> {
        let cursor = query.cursor::<(String, Uuid)>();
        let found = Self::found(scope, query, query.candidates())?;
        let rows = Self::matching(scope, query, found.as_ref())
            .select(Self::as_select())
            .limit(query.reads());
        let from = query.reads_from(cursor.as_ref());
        let rows = keyset!(rows, from, true, shipments::number, shipments::id);
        let rows = (scope.load(rows)?, found.as_ref());
        let (page, total) = Page::read(rows, query, cursor.as_ref(), |row: &Self| {
            (row.number.clone(), row.id.uuid())
        });
        if let Some(total) = total {
            return Ok((page, total));
        }
        let count = Self::matching(scope, query, None)
            .select(shipments::id)
            .limit(query.counted());
        Ok((page, Total::of(query, scope.count(count)?)))
    }

    /// Everything that the filter shows, for an export; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(scope: &mut Scope, query: &ListQuery) -> Result<Vec<Self>, AppError> {
        let found = Self::found(scope, query, ALL_FOUND)?;
        let rows = Self::matching(scope, query, found.as_ref())
            .select(Self::as_select())
            .order((shipments::number.desc(), shipments::id.desc()))
            .limit(100_000);
        Ok(scope.load(rows)?)
    }
}
