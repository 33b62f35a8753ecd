//! All that a product costs a customer, by quantity: over every list that counts for it, as the one resolver answers.

use crate::error::AppError;
use crate::kernel::ids::ProductId;
use crate::kernel::money::UnitPrice;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Numeric, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// The beginning of a statement that asks the resolver for products at the largest quantity there is, then for each right below the break that
/// it named, and so on down to the quantity asked for: what it names on the way are the breaks of all lists together. A list that begins at a
/// break only is named above it, and the list that prices what is below it follows. Parameters: $1 products, $2 their quantities, $3 the
/// customer, $4 the day. `steps`: product, start (from so many units on), price, taxed (whether the price holds GST).
macro_rules! with_steps {
    () => {
        "with recursive down as (
            select array_agg(r.product_id) as products, array_agg(r.min_qty) as starts, array_agg(r.price) as prices, array_agg(r.includes_tax) as taxed
              from (select array_agg(x.product) as products, array_agg(99999999999.999) as quantities
                      from (select distinct a.product from unnest($1::uuid[]) a(product)) x) w
              cross join lateral prices_for(w.products, w.quantities, $3, $4) r where r.price is not null
            union all
            select n.products, n.starts, n.prices, n.taxed from down d
              cross join lateral (select array_agg(u.product) as products, array_agg(u.start - 0.001) as quantities from unnest(d.products, d.starts) u(product, start)
                join (select a.product, min(a.units) as units from unnest($1::uuid[], $2::numeric[]) a(product, units) group by a.product) b on b.product = u.product
                where u.start > b.units) w
              cross join lateral (select array_agg(r.product_id) as products, array_agg(r.min_qty) as starts, array_agg(r.price) as prices, array_agg(r.includes_tax) as taxed
                from prices_for(w.products, w.quantities, $3, $4) r where r.price is not null) n
              where w.products is not null and n.products is not null
        ), steps as (
            select u.product, u.start, u.price, u.taxed from down d cross join lateral unnest(d.products, d.starts, d.prices, d.taxed) u(product, start, price, taxed)
        ) "
    };
}
pub(crate) use with_steps;

/// What a product costs from a quantity on.
#[derive(Clone, Debug, PartialEq, QueryableByName)]
pub struct Step {
    /// From so many units on; 0 is from the first.
    #[diesel(sql_type = Numeric)]
    pub min_qty: Decimal,
    /// Rupees for a unit.
    #[diesel(sql_type = Numeric)]
    pub price: UnitPrice,
    /// Whether that price holds GST.
    #[diesel(sql_type = Bool)]
    pub includes_tax: bool,
}

impl Step {
    /// What a product costs a buyer on a day at every quantity, from the smallest on: where the price begins, and where it changes. One
    /// statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a recursive question to a set-returning function"
    )]
    pub fn of_product(
        scope: &mut Scope,
        product: ProductId,
        day: NaiveDate,
    ) -> Result<Vec<Self>, AppError> {
        let customer = scope.member().customer().ok_or(AppError::NotFound)?;
        let statement = prepared(concat!(
            with_steps!(),
            "select s.start as min_qty, s.price, s.taxed as includes_tax from steps s order by s.start"
        ))
        .bind::<Array<SqlUuid>, _>(vec![product])
        .bind::<Array<Numeric>, _>(vec![Decimal::ZERO])
        .bind::<SqlUuid, _>(customer)
        .bind::<Date, _>(day);
        let mut steps: Vec<Self> = scope.load(statement)?;
        // A break of one list at the price of the step before is none.
        steps.dedup_by(|next, step| {
            (next.price, next.includes_tax) == (step.price, step.includes_tax)
        });
        Ok(steps)
    }
}
