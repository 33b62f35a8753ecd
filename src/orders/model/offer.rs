//! What a product costs a buyer, and why.

use super::{CartLine, Good, QuoteLine};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::ProductId;
use crate::kernel::money::UnitPrice;
use crate::platform::db::{Scope, prepared};
use crate::tax::rules::Rate;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// A product with everything that a buyer decides on.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The product.
    pub good: Good,
    /// Price at the quantity in the cart or of one pack, rate and stock; `None` when it went off sale this very moment.
    pub line: Option<QuoteLine>,
    /// Units in the cart.
    pub in_cart: Option<Decimal>,
}

impl Offer {
    /// What products cost this buyer today, each at its quantity in the cart or at one pack. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of(
        scope: &mut Scope,
        goods: Vec<Good>,
        cart: &[CartLine],
    ) -> Result<Vec<Self>, AppError> {
        let in_cart: HashMap<ProductId, Decimal> = cart
            .iter()
            .map(|line| (line.product_id, line.quantity.as_decimal()))
            .collect();
        Self::at(scope, goods, &in_cart)
    }

    /// What products cost this buyer today, each at a quantity or at one pack. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn at(
        scope: &mut Scope,
        goods: Vec<Good>,
        quantities: &HashMap<ProductId, Decimal>,
    ) -> Result<Vec<Self>, AppError> {
        let customer = scope.member().customer().ok_or(AppError::NotFound)?;
        let day = dates::today(scope.now());
        let wanted: Vec<(ProductId, Decimal)> = goods
            .iter()
            .map(|good| {
                let units = quantities.get(&good.id).copied();
                (good.id, units.unwrap_or(good.pack_size))
            })
            .collect();
        let mut lines: HashMap<ProductId, QuoteLine> =
            QuoteLine::of(scope, customer, &wanted, day)?
                .into_iter()
                .map(|line| (line.product_id, line))
                .collect();
        Ok(goods
            .into_iter()
            .map(|good| Self {
                line: lines.remove(&good.id),
                in_cart: quantities.get(&good.id).copied(),
                good,
            })
            .collect())
    }

    /// Rupees for a unit, if there is a price.
    pub fn unit_price(&self) -> Option<UnitPrice> {
        self.line.as_ref().and_then(|line| line.price)
    }

    /// Whether the price holds GST.
    pub fn includes_tax(&self) -> bool {
        self.line
            .as_ref()
            .and_then(|line| line.includes_tax)
            .unwrap_or(false)
    }

    /// The rate of tax, if there is one.
    pub fn rate(&self) -> Option<Rate> {
        self.line.as_ref().and_then(QuoteLine::tax)
    }

    /// Units that are free in the warehouse that serves this buyer.
    pub fn free(&self) -> Decimal {
        self.line
            .as_ref()
            .map(|line| line.free.normalize())
            .unwrap_or_default()
    }

    /// Whether it can be ordered: on sale, with a price and a rate of tax.
    pub fn is_orderable(&self) -> bool {
        self.good.status == "active" && self.unit_price().is_some() && self.rate().is_some()
    }
}

/// A step of the price list that gives a buyer its price.
#[derive(Clone, Debug, QueryableByName)]
pub struct Break {
    #[diesel(sql_type = Text)]
    pub list_name: String,
    #[diesel(sql_type = Date)]
    pub valid_from: NaiveDate,
    #[diesel(sql_type = Nullable<Date>)]
    pub valid_to: Option<NaiveDate>,
    #[diesel(sql_type = Bool)]
    pub includes_tax: bool,
    /// From so many units on.
    #[diesel(sql_type = Numeric)]
    pub min_qty: Decimal,
    /// Rupees for a unit.
    #[diesel(sql_type = Numeric)]
    pub price: UnitPrice,
}

impl Break {
    /// The steps of the list that prices a product for this buyer at a quantity today. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn of_product(
        scope: &mut Scope,
        product: ProductId,
        quantity: Decimal,
    ) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select list_name, valid_from, valid_to, includes_tax, min_qty, price from breaks_for($1, $2, null, $3)",
        )
        .bind::<SqlUuid, _>(product)
        .bind::<Numeric, _>(quantity)
        .bind::<Date, _>(dates::today(scope.now()));
        Ok(scope.load(statement)?)
    }
}
