//! Shipments as their orders show them.

use crate::error::AppError;
use crate::kernel::ids::{FileId, OrderId};
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::platform::db::schema::shipments;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Numeric, Text};

type MaybeWord = SqlLiteral<Nullable<Text>>;
type MaybeAmount = SqlLiteral<Nullable<Numeric>>;

/// Goods of an order that travel together.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = shipments)]
pub struct Parcel {
    pub order_id: OrderId,
    /// Number that people say.
    pub number: String,
    /// picking, packed, out, delivered, returned or cancelled.
    pub status: String,
    /// When it should arrive.
    pub expected_on: Option<NaiveDate>,
    pub packed_at: Option<DateTime<Utc>>,
    pub out_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub received_by: Option<String>,
    /// What was said at the door.
    pub delivery_note: Option<String>,
    /// A photo of the delivery.
    pub proof_file_id: Option<FileId>,
    /// Number of its invoice, once it is billed.
    #[diesel(select_expression = sql::<Nullable<Text>>("(select d.number from documents d where d.tenant_id = shipments.tenant_id and d.id = shipments.invoice_id)"))]
    #[diesel(select_expression_type = MaybeWord)]
    pub invoice_no: Option<String>,
    /// What that comes to.
    #[diesel(select_expression = sql::<Nullable<Numeric>>("(select d.total from documents d where d.tenant_id = shipments.tenant_id and d.id = shipments.invoice_id)"))]
    #[diesel(select_expression_type = MaybeAmount)]
    pub invoice_total: Option<Money>,
}

impl Parcel {
    fn of<'q>(scope: &Scope) -> shipments::BoxedQuery<'q, Pg> {
        shipments::table
            .filter(shipments::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The shipments of an order, the first one first; at most 100. One statement.
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

    /// Number and total of a shipment's bill, if it has one. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn bill(scope: &mut Scope, number: &str) -> Result<Option<(String, Money)>, AppError> {
        let of_bill = " from documents d where d.tenant_id = shipments.tenant_id and d.id = shipments.invoice_id)";
        let query = Self::of(scope)
            .filter(shipments::number.eq(number.to_owned()))
            .select((
                sql::<Nullable<Text>>("(select d.number").sql(of_bill),
                sql::<Nullable<Numeric>>("(select d.total").sql(of_bill),
            ));
        let found: Option<(Option<String>, Option<Money>)> = scope.maybe(query)?;
        Ok(found.and_then(|(number, total)| number.zip(total)))
    }

    /// The shipments of orders for their buyer, who is not shown cancelled ones; the first one first. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_orders(scope: &mut Scope, ids: &[OrderId]) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(shipments::order_id.eq_any(ids.to_vec()))
            .filter(shipments::status.ne("cancelled"))
            .order(shipments::id)
            .limit(1_000)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }
}
