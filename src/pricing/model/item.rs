//! Prices in lists: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{PriceItemId, PriceListId, ProductId};
use crate::kernel::money::UnitPrice;
use crate::platform::db::Scope;
use crate::platform::db::schema::price_items;
use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use rust_decimal::Decimal;

/// A product's price in a list, from a quantity and a day on.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = price_items)]
pub struct PriceItem {
    /// The price.
    pub id: PriceItemId,
    /// The product.
    pub product_id: ProductId,
    /// From so many units on; 0 is from the first.
    pub min_qty: Decimal,
    /// First day; the latest that has come counts.
    pub valid_from: NaiveDate,
    /// Rupees for a unit.
    pub price: UnitPrice,
}

impl PriceItem {
    fn of<'q>(scope: &Scope) -> price_items::BoxedQuery<'q, Pg> {
        price_items::table
            .filter(price_items::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The prices of products in a list, by quantity and day; at most 2,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_products(
        scope: &mut Scope,
        list: PriceListId,
        products: &[ProductId],
    ) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(price_items::price_list_id.eq(list))
            .filter(price_items::product_id.eq_any(products.to_vec()))
            .order((
                price_items::product_id,
                price_items::min_qty,
                price_items::valid_from,
            ))
            .limit(2_000)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// Whether a list has any price.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn any_in(scope: &mut Scope, list: PriceListId) -> Result<bool, AppError> {
        let row = Self::of(scope)
            .filter(price_items::price_list_id.eq(list))
            .select(price_items::id)
            .limit(1);
        Ok(scope.maybe::<PriceItemId>(row)?.is_some())
    }

    /// The price of a product in a list that begins at exactly this quantity and day.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn at(
        scope: &mut Scope,
        (list, product): (PriceListId, ProductId),
        (min_qty, valid_from): (Decimal, NaiveDate),
    ) -> Result<Option<Self>, AppError> {
        let row = Self::of(scope)
            .filter(price_items::price_list_id.eq(list))
            .filter(price_items::product_id.eq(product))
            .filter(price_items::min_qty.eq(min_qty))
            .filter(price_items::valid_from.eq(valid_from))
            .select(Self::as_select());
        Ok(scope.maybe(row)?)
    }
}
