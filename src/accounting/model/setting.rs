//! What an invoice of a shipment is decided by: both sides, settings, series.

use crate::error::AppError;
use crate::kernel::ids::{
    CustomerId, OrderId, ProductId, RegistrationId, SeriesId, ShipmentId, UndertakingId,
};
use crate::kernel::money::Money;
use crate::kernel::state::State;
use crate::logistics::rules::Status;
use crate::platform::db::{Scope, prepared};
use crate::tax::bill::RoundOff;
use crate::tax::rules::BuyerKind;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::HashMap;

/// Both sides of a shipment, with what the company has said about its documents.
#[derive(Clone, Debug, QueryableByName)]
pub struct Setting {
    /// The shipment.
    #[diesel(sql_type = SqlUuid)]
    pub shipment_id: ShipmentId,
    /// Its number.
    #[diesel(sql_type = Text)]
    pub shipment_no: String,
    /// How far it is.
    #[diesel(sql_type = Text)]
    pub shipment_status: Status,
    /// With what it leaves: invoice or challan.
    #[diesel(sql_type = Text)]
    pub papers: String,
    /// Its order.
    #[diesel(sql_type = SqlUuid)]
    pub order_id: OrderId,
    /// The order's number.
    #[diesel(sql_type = Text)]
    pub order_no: String,
    /// The customer.
    #[diesel(sql_type = SqlUuid)]
    pub customer_id: CustomerId,
    /// The customer's own number.
    #[diesel(sql_type = Nullable<Text>)]
    pub po_number: Option<String>,
    /// The invoice that it has already.
    #[diesel(sql_type = Nullable<Text>)]
    pub invoice_no: Option<String>,
    /// The registration that supplies.
    #[diesel(sql_type = SqlUuid)]
    pub registration_id: RegistrationId,
    /// Its GSTIN.
    #[diesel(sql_type = Text)]
    pub supplier_gstin: String,
    /// How it stands under GST.
    #[diesel(sql_type = Text)]
    pub supplier_type: String,
    /// What becomes of the paise of totals.
    #[diesel(sql_type = Text)]
    pub round_off: RoundOff,
    /// First day on which the company has to e-invoice.
    #[diesel(sql_type = Nullable<Date>)]
    pub einvoice_from: Option<NaiveDate>,
    /// The letter of undertaking that covers the day.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub undertaking_id: Option<UndertakingId>,
    /// Turnover of the year before, if it is recorded.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub turnover: Option<Money>,
    /// The usual series of invoices.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub invoice_series: Option<SeriesId>,
    /// The usual series of bills of supply.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub bill_series: Option<SeriesId>,
    /// How the buyer stands under GST.
    #[diesel(sql_type = Text)]
    pub buyer_kind: BuyerKind,
    /// Its GSTIN.
    #[diesel(sql_type = Nullable<Text>)]
    pub buyer_gstin: Option<String>,
    /// Days until it has to pay.
    #[diesel(sql_type = Integer)]
    pub terms_days: i32,
    /// Where it is billed, if that is known.
    #[diesel(sql_type = Nullable<Text>)]
    pub billing_state: Option<State>,
    /// Where the goods go.
    #[diesel(sql_type = Nullable<Text>)]
    pub delivery_state: Option<State>,
    /// GSTIN of that place; `URP` for somebody else's who has none.
    #[diesel(sql_type = Nullable<Text>)]
    pub delivery_gstin: Option<String>,
    /// Seller, buyer, delivery and dispatch address, bank and terms, as printed.
    #[diesel(sql_type = Jsonb)]
    pub parties: Json,
    #[diesel(sql_type = Jsonb)]
    products: Json,
}

/// What a line freezes of its product beside what the order has.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ProductWords {
    /// Its name in Hindi.
    pub name_hi: Option<String>,
    /// The condition under which its code has a rate of its own.
    #[serde(default)]
    pub condition: String,
}

impl Setting {
    /// The setting of a shipment on a day. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of a dozen tables for one document"
    )]
    pub fn of(scope: &mut Scope, shipment: &str, day: NaiveDate) -> Result<Self, AppError> {
        let statement = prepared(include_str!("../actions/issue/parties.sql"))
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<Text, _>(shipment.to_owned())
            .bind::<Date, _>(day);
        Ok(scope.one(statement)?)
    }

    /// What is known of its products.
    ///
    /// # Errors
    /// When the database gave something else than it was asked for.
    pub fn products(&self) -> Result<HashMap<ProductId, ProductWords>, AppError> {
        serde_json::from_value(self.products.clone()).map_err(AppError::internal)
    }
}
