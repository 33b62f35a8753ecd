//! What an order would be: the customer's terms and its lines, priced, each in one statement.

use crate::error::AppError;
use crate::kernel::ids::{
    AddressId, CustomerId, PictureId, PriceListId, ProductId, RegistrationId, WarehouseId,
};
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::pin::PIN_ABROAD;
use crate::orders::model::OrderLine;
use crate::platform::db::{Scope, prepared};
use crate::pricing::model::with_steps;
use crate::tax::rules::{BuyerKind, Parties, Rate, place_of_supply};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// How a customer is supplied.
#[derive(Clone, Debug, QueryableByName)]
pub struct Terms {
    #[diesel(sql_type = SqlUuid)]
    pub customer_id: CustomerId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// How it stands under GST.
    #[diesel(sql_type = Text)]
    pub kind: BuyerKind,
    #[diesel(sql_type = Nullable<Text>)]
    pub gstin: Option<String>,
    /// active or paused; a paused connection pauses the customer.
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Integer)]
    pub terms_days: i32,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub credit_limit: Option<Money>,
    /// What counts against the limit now, before anything new.
    #[diesel(sql_type = Numeric)]
    pub exposure: Money,
    #[diesel(sql_type = SqlUuid)]
    pub warehouse_id: WarehouseId,
    #[diesel(sql_type = SqlUuid)]
    pub registration_id: RegistrationId,
    #[diesel(sql_type = Text)]
    pub supplier_state: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub billing_state: Option<String>,
    /// The address that goods go to; `None` when the customer has none, or not the one that was asked for.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub address_id: Option<AddressId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub delivery_state: Option<String>,
    /// GSTIN of that address, if it has one of its own; `URP` for somebody else's who has none.
    #[diesel(sql_type = Nullable<Text>)]
    pub delivery_gstin: Option<String>,
}

impl Terms {
    /// The terms of a customer (a buyer: its own), with one of its addresses or its usual one. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn of(
        scope: &mut Scope,
        customer: CustomerId,
        ship_to: Option<AddressId>,
    ) -> Result<Self, AppError> {
        let statement = prepared("select * from supply_terms($1, $2)")
            .bind::<SqlUuid, _>(customer)
            .bind::<Nullable<SqlUuid>, _>(ship_to);
        let mut terms: Self = scope.one(statement)?;
        if terms.kind == BuyerKind::Overseas
            && let Some(address) = &mut terms.address
            && let Some(bare) = address.strip_suffix(PIN_ABROAD)
        {
            *address = bare.trim_end().to_owned();
        }
        Ok(terms)
    }

    /// The place of supply, a GST state code; without an address, that of the supplier.
    pub fn place_of_supply(&self) -> &str {
        let Some(delivery) = self.delivery_state.as_deref() else {
            return &self.supplier_state;
        };
        place_of_supply(&Parties {
            supplier: &self.supplier_state,
            kind: self.kind,
            gstin: self.gstin.as_deref(),
            billing: self.billing_state.as_deref(),
            delivery,
            delivery_gstin: self.delivery_gstin.as_deref(),
        })
    }

    /// Whether its supplies bear IGST.
    pub fn is_inter_state(&self) -> bool {
        crate::tax::rules::is_inter_state(&self.supplier_state, self.kind, self.place_of_supply())
    }
}

#[derive(QueryableByName)]
struct Limit {
    #[diesel(sql_type = Nullable<Numeric>)]
    credit_limit: Option<Money>,
}

/// A customer's credit limit as it is now (a buyer's: its own). Whoever changes it at this moment is waited for, and until the transaction
/// ends nobody else does: what is held by it is seen by those who look again after the next change.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a function: a buyer reads its terms and may not lock them by itself"
)]
pub fn credit_limit(scope: &mut Scope, customer: CustomerId) -> Result<Option<Money>, AppError> {
    let statement = diesel::sql_query("select steady_credit_limit($1) as credit_limit")
        .bind::<SqlUuid, _>(customer);
    let limit: Limit = scope.one(statement)?;
    Ok(limit.credit_limit)
}

/// Lines, each with where its price changes next over all lists of the buyer.
const WITH_NEXT: &str = concat!(
    with_steps!(),
    ", lines as materialized (select * from quote_lines($1, $2, $3, $4) with ordinality),
       further as (select distinct on (l.ordinality) l.ordinality as place, s.start, s.price, s.taxed from lines l
         join steps s on s.product = l.product_id and s.start > l.quantity and (s.price, s.taxed) is distinct from (l.price, l.includes_tax)
         order by l.ordinality, s.start)
     select l.*, f.start as further_qty, f.price as further_price, f.taxed as further_includes_tax from lines l left join further f on f.place = l.ordinality
       order by l.ordinality"
);

/// Lines alone.
const WITHOUT_NEXT: &str = "select l.*, null::numeric as further_qty, null::numeric as further_price, null::boolean as further_includes_tax
       from quote_lines($1, $2, $3, $4) l";

/// A line that might be ordered: product, price, rate and stock as they are now.
#[derive(Clone, Debug, QueryableByName)]
pub struct QuoteLine {
    #[diesel(sql_type = SqlUuid)]
    pub product_id: ProductId,
    #[diesel(sql_type = Text)]
    pub sku: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub name_hi: Option<String>,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Numeric)]
    pub pack_size: Decimal,
    #[diesel(sql_type = Nullable<Text>)]
    pub pack_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub hsn: String,
    /// upcoming, active or discontinued.
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub mrp: Option<Money>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub picture_id: Option<PictureId>,
    /// Units.
    #[diesel(sql_type = Numeric)]
    pub quantity: Decimal,
    /// Rupees for a unit, or no price.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub price: Option<UnitPrice>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub includes_tax: Option<bool>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub price_list_id: Option<PriceListId>,
    /// Where the price changes next, for a buyer: from so many units on, whichever of its lists says so.
    #[diesel(sql_type = Nullable<Numeric>, column_name = further_qty)]
    pub next_qty: Option<Decimal>,
    #[diesel(sql_type = Nullable<Numeric>, column_name = further_price)]
    pub next_price: Option<UnitPrice>,
    #[diesel(sql_type = Nullable<Bool>, column_name = further_includes_tax)]
    pub next_includes_tax: Option<bool>,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub rate: Option<Decimal>,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub cess_rate: Option<Decimal>,
    /// Specific cess, rupees for a unit.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub cess_per_unit: Option<Decimal>,
    /// Units that are free in the warehouse that serves the customer.
    #[diesel(sql_type = Numeric)]
    pub free: Decimal,
}

impl From<&OrderLine> for QuoteLine {
    /// A line as it was saved, whatever its product costs by now. Of the stock nothing is known but that nobody was told of a shortage.
    fn from(line: &OrderLine) -> Self {
        Self {
            product_id: line.product_id,
            sku: line.sku.clone(),
            name: line.name.clone(),
            name_hi: None,
            unit: line.unit.clone(),
            pack_size: line.pack_size,
            pack_name: line.pack_name.clone(),
            hsn: line.hsn.clone(),
            status: "active".to_owned(),
            mrp: line.mrp,
            picture_id: None,
            quantity: line.quantity,
            price: Some(line.price),
            includes_tax: Some(line.includes_tax),
            price_list_id: line.price_list_id,
            next_qty: None,
            next_price: None,
            next_includes_tax: None,
            rate: Some(line.tax_rate),
            cess_rate: Some(line.cess_rate),
            cess_per_unit: Some(line.cess_per_unit),
            free: line.quantity,
        }
    }
}

impl QuoteLine {
    /// Lines as they are on a day for a customer (a buyer: itself), in the order asked. One statement. What is not there any more is left
    /// out.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn of(
        scope: &mut Scope,
        customer: CustomerId,
        wanted: &[(ProductId, Decimal)],
        day: NaiveDate,
    ) -> Result<Vec<Self>, AppError> {
        let (products, quantities): (Vec<ProductId>, Vec<Decimal>) = wanted.iter().copied().unzip();
        // Staff are not told of breaks, and a draft may have five hundred lines: only a buyer's own lists are asked for more.
        let text = if scope.member().customer().is_some() {
            WITH_NEXT
        } else {
            WITHOUT_NEXT
        };
        let statement = prepared(text)
            .bind::<Array<SqlUuid>, _>(products)
            .bind::<Array<Numeric>, _>(quantities)
            .bind::<SqlUuid, _>(customer)
            .bind::<Date, _>(day);
        Ok(scope.load(statement)?)
    }

    /// The rate of tax, if there is one.
    pub fn tax(&self) -> Option<Rate> {
        Some(Rate::taxable(
            self.rate?.normalize(),
            self.cess_rate?.normalize(),
            self.cess_per_unit?.normalize(),
        ))
    }
}
