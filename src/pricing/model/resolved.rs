//! Prices: queries.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, PriceItemId, PriceListId, ProductId};
use crate::kernel::money::UnitPrice;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Nullable, Numeric, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// What a product costs a customer at a quantity, and why.
#[derive(Clone, Debug, QueryableByName)]
pub struct Resolved {
    /// The product.
    #[diesel(sql_type = SqlUuid)]
    pub product_id: ProductId,
    /// Units that were asked for.
    #[diesel(sql_type = Numeric)]
    pub quantity: Decimal,
    /// Rupees for a unit; `None` when no list has a price.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub price: Option<UnitPrice>,
    /// Whether that price holds GST.
    #[diesel(sql_type = Nullable<Bool>)]
    pub includes_tax: Option<bool>,
    /// The list that gave it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub price_list_id: Option<PriceListId>,
    /// The price in that list.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub price_item_id: Option<PriceItemId>,
    /// The break that the quantity has reached.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub min_qty: Option<Decimal>,
    /// The next break, if there is one: from so many units on.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub next_qty: Option<Decimal>,
    /// Rupees for a unit from there on.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub next_price: Option<UnitPrice>,
}

impl Resolved {
    /// The prices of products, each at its quantity, for a customer on a day, in the order asked. A buyer is answered as the customer that
    /// it is, whoever is named. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn of(
        scope: &mut Scope,
        wanted: &[(ProductId, Decimal)],
        customer: Option<CustomerId>,
        day: NaiveDate,
    ) -> Result<Vec<Self>, AppError> {
        let (products, quantities): (Vec<ProductId>, Vec<Decimal>) = wanted.iter().copied().unzip();
        let statement = prepared(
            "select product_id, quantity, price, includes_tax, price_list_id, price_item_id, min_qty, next_qty, next_price from prices_for($1, $2, $3, $4)",
        )
        .bind::<Array<SqlUuid>, _>(products)
        .bind::<Array<Numeric>, _>(quantities)
        .bind::<Nullable<SqlUuid>, _>(customer)
        .bind::<Date, _>(day);
        Ok(scope.load(statement)?)
    }
}
