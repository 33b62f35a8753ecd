//! Orders, their lines, and what happened to them.

use crate::error::AppError;
use crate::kernel::ids::{
    AddressId, CustomerId, OrderEventId, OrderId, OrderLineId, PriceListId, ProductId,
    RegistrationId, UserId, WarehouseId,
};
use crate::kernel::language::Said;
use crate::kernel::money::{Money, UnitPrice};
use crate::orders::rules::{self, OrderStatus};
use crate::platform::db::Scope;
use crate::platform::db::schema::{order_events, order_lines, orders};
use crate::tax::rules::{LineTax, Rate};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use rust_decimal::Decimal;

/// An order.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = orders)]
pub struct Order {
    pub id: OrderId,
    pub number: String,
    pub customer_id: CustomerId,
    pub status: OrderStatus,
    pub is_held: bool,
    hold_reason: Option<serde_json::Value>,
    pub source: String,
    pub placed_by: Option<UserId>,
    pub placed_by_name: String,
    pub placed_at: Option<DateTime<Utc>>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub cancel_reason: Option<String>,
    pub warehouse_id: WarehouseId,
    pub registration_id: RegistrationId,
    pub ship_to_id: Option<AddressId>,
    pub ship_to: String,
    pub place_of_supply: Option<String>,
    pub po_number: Option<String>,
    pub note: Option<String>,
    pub wanted_on: Option<NaiveDate>,
    pub priced_on: NaiveDate,
    pub taxable: Money,
    pub cgst: Money,
    pub sgst: Money,
    pub igst: Money,
    pub cess: Money,
    pub total: Money,
    pub open_amount: Money,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Order {
    /// The company's orders; for a buyer, row security leaves its own.
    pub fn of<'q>(scope: &Scope) -> orders::BoxedQuery<'q, Pg> {
        orders::table
            .filter(orders::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// One order by its number.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, number: &str) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(orders::number.eq(number.to_owned()))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// One order by its id.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_id(scope: &mut Scope, id: OrderId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(orders::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// One order by its number, locked for change: the first lock of everything that is about it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, number: &str) -> Result<Self, AppError> {
        let query = orders::table
            .filter(
                orders::tenant_id
                    .eq(scope.tenant())
                    .and(orders::number.eq(number)),
            )
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// Its lines, in their order; at most 1,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lines(&self, scope: &mut Scope) -> Result<Vec<OrderLine>, AppError> {
        let query = OrderLine::of(scope)
            .filter(order_lines::order_id.eq(self.id))
            .order((order_lines::position, order_lines::id))
            .limit(1_000)
            .select(OrderLine::as_select());
        Ok(scope.load(query)?)
    }

    /// Its lines by id, locked for change. The order itself is locked already.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lock_lines(&self, scope: &mut Scope) -> Result<Vec<OrderLine>, AppError> {
        let query = order_lines::table
            .filter(
                order_lines::tenant_id
                    .eq(scope.tenant())
                    .and(order_lines::order_id.eq(self.id)),
            )
            .order(order_lines::id)
            .for_update()
            .select(OrderLine::as_select());
        Ok(scope.load(query)?)
    }

    /// What happened to it, oldest first; at most 500. A buyer is not shown what is internal.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn events(&self, scope: &mut Scope) -> Result<Vec<OrderEvent>, AppError> {
        let query = OrderEvent::of(scope)
            .filter(order_events::order_id.eq(self.id))
            .order(order_events::id)
            .limit(500)
            .select(OrderEvent::as_select());
        Ok(scope.load(query)?)
    }

    /// Why it is held, if it is.
    pub fn hold_reason(&self) -> Option<Said> {
        let reason = self.hold_reason.clone()?;
        serde_json::from_value(reason).ok()
    }
}

/// A line of an order.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = order_lines)]
pub struct OrderLine {
    pub id: OrderLineId,
    pub order_id: OrderId,
    pub customer_id: CustomerId,
    pub position: i32,
    pub product_id: ProductId,
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub pack_size: Decimal,
    pub pack_name: Option<String>,
    pub hsn: String,
    pub quantity: Decimal,
    pub open_qty: Decimal,
    pub shipped_qty: Decimal,
    pub cancelled_qty: Decimal,
    pub picking_qty: Decimal,
    pub billed_qty: Decimal,
    pub price: UnitPrice,
    pub includes_tax: bool,
    pub price_list_id: Option<PriceListId>,
    pub mrp: Option<Money>,
    pub tax_rate: Decimal,
    pub cess_rate: Decimal,
    pub cess_per_unit: Decimal,
    pub taxable: Money,
    pub cgst: Money,
    pub sgst: Money,
    pub igst: Money,
    pub cess: Money,
    pub total: Money,
}

impl OrderLine {
    /// The lines of the company's orders; for a buyer, row security leaves its own.
    pub fn of<'q>(scope: &Scope) -> order_lines::BoxedQuery<'q, Pg> {
        order_lines::table
            .filter(order_lines::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// Units that are or will be billed: ordered less cancelled.
    pub fn billable(&self) -> Decimal {
        self.quantity - self.cancelled_qty
    }

    /// What of it is still to be billed, in rupees.
    pub fn open_amount(&self) -> Money {
        rules::open_share(self.total, self.billable(), self.open_qty - self.billed_qty)
    }

    /// Its rate of tax.
    pub fn rate(&self) -> Rate {
        Rate::taxable(
            self.tax_rate.normalize(),
            self.cess_rate.normalize(),
            self.cess_per_unit.normalize(),
        )
    }

    /// Its amounts.
    pub fn amounts(&self) -> LineTax {
        LineTax {
            taxable: self.taxable,
            cgst: self.cgst,
            sgst: self.sgst,
            igst: self.igst,
            cess: self.cess,
            total: self.total,
        }
    }
}

/// Something that happened to an order.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = order_events)]
pub struct OrderEvent {
    pub id: OrderEventId,
    pub kind: String,
    said: serde_json::Value,
    pub user_name: String,
    pub is_internal: bool,
    pub at: DateTime<Utc>,
}

impl OrderEvent {
    /// What happened to the company's orders; for a buyer, row security leaves what is its own and not internal.
    pub fn of<'q>(scope: &Scope) -> order_events::BoxedQuery<'q, Pg> {
        order_events::table
            .filter(order_events::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The sentence.
    pub fn said(&self) -> Option<Said> {
        serde_json::from_value(self.said.clone()).ok()
    }
}
