//! A change of many prices by a percentage: what it would do, and doing it. Both ask the same rows.

use crate::error::AppError;
use crate::kernel::ids::{CategoryId, PriceListId};
use crate::kernel::money::UnitPrice;
use crate::platform::db::Scope;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// A change of the prices of a list.
#[derive(Clone, Debug)]
pub struct Change {
    /// The list.
    pub list: PriceListId,
    /// The list that the prices are taken from: the same, or the one of everybody for products that have no price in this list.
    pub source: PriceListId,
    /// Per cent, more or less.
    pub percent: Decimal,
    /// Decimals that the new prices keep: 2 for paise, 0 for whole rupees.
    pub places: i32,
    /// The day from which the new prices count.
    pub day: NaiveDate,
    /// Only products of these categories; empty: all products.
    pub categories: Vec<CategoryId>,
}

/// A price before and after.
#[derive(Clone, Debug, QueryableByName)]
pub struct Example {
    /// Code of the product.
    #[diesel(sql_type = Text)]
    pub sku: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// From so many units on.
    #[diesel(sql_type = Numeric)]
    pub min_qty: Decimal,
    /// Rupees for a unit as it is.
    #[diesel(sql_type = Numeric)]
    pub old: UnitPrice,
    /// Rupees for a unit as it would be.
    #[diesel(sql_type = Numeric)]
    pub fresh: UnitPrice,
    /// Whether that is above the MRP, so that the price stays.
    #[diesel(sql_type = Bool)]
    pub is_above: bool,
    /// How many prices change.
    #[diesel(sql_type = BigInt)]
    changing: i64,
    /// How many stay because they would come above the MRP.
    #[diesel(sql_type = BigInt)]
    staying: i64,
}

/// What a change would do.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// How many prices change.
    pub changing: i64,
    /// How many stay because they would come above the MRP.
    pub staying: i64,
    /// Some of each.
    pub examples: Vec<Example>,
}

/// The prices that count on the day, each with what it becomes. The tax on one unit is rounded as `tax::rules::line` rounds it.
const FRESH: &str = "with base as (
    select distinct on (i.product_id, i.min_qty) i.product_id, i.min_qty, i.price as old, p.sku, p.name, p.mrp, p.hsn, p.tax_condition, l.includes_tax
      from price_items i join products p on p.tenant_id = i.tenant_id and p.id = i.product_id
      join price_lists l on l.tenant_id = i.tenant_id and l.id = i.price_list_id
      where i.tenant_id = $1 and i.price_list_id = $7 and i.valid_from <= $5 and (cardinality($6) = 0 or p.category_id = any ($6))
        and ($7 = $2 or not exists (select from price_items own where own.tenant_id = $1 and own.price_list_id = $2 and own.product_id = i.product_id))
      order by i.product_id, i.min_qty, i.valid_from desc
), new as (
    select b.*, round(b.old * (100 + $3) / 100, $4) as fresh from base b
), rates as (
    select r.code, r.condition, r.rate, r.cess_rate, r.cess_per_unit from rates_on((select array_agg(hsn) from new), (select array_agg(tax_condition) from new), $5) r
), rated as (
    select n.product_id, n.min_qty, n.sku, n.name, n.old, n.fresh,
           coalesce(n.mrp < case when n.includes_tax then round(n.fresh, 2)
               else round(n.fresh, 2) + round(round(n.fresh, 2) * r.rate / 100, 2) + round(round(n.fresh, 2) * r.cess_rate / 100, 2) + round(r.cess_per_unit, 2) end, false) as is_above
      from new n left join rates r on r.code = n.hsn and r.condition = n.tax_condition where n.fresh <> n.old or $7 <> $2
)";

impl Change {
    /// What it would do, with six examples. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "one statement over all prices of a list"
    )]
    pub fn preview(&self, scope: &mut Scope) -> Result<Preview, AppError> {
        let tenant = scope.tenant();
        let statement = diesel::sql_query(format!(
            "{FRESH} select sku, name, min_qty, old, fresh, is_above, count(*) filter (where not is_above) over () as changing,
                count(*) filter (where is_above) over () as staying from rated order by is_above desc, name, min_qty limit 6"
        ))
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(self.list)
        .bind::<Numeric, _>(self.percent)
        .bind::<Integer, _>(self.places)
        .bind::<Date, _>(self.day)
        .bind::<Array<SqlUuid>, _>(self.categories.clone())
        .bind::<SqlUuid, _>(self.source);
        let examples: Vec<Example> = scope.load(statement)?;
        let counts = examples.first().map(|row| (row.changing, row.staying));
        let (changing, staying) = counts.unwrap_or_default();
        Ok(Preview {
            changing,
            staying,
            examples,
        })
    }

    /// Writes the new prices, each from the day on; says how many. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "one statement over all prices of a list"
    )]
    pub fn write(&self, scope: &mut Scope) -> Result<usize, AppError> {
        let (tenant, now) = (scope.tenant(), scope.now());
        let statement = diesel::sql_query(format!(
            "{FRESH} insert into price_items (tenant_id, id, price_list_id, product_id, min_qty, valid_from, price, created_at, updated_at)
               select $1, gen_random_uuid(), $2, product_id, min_qty, $5, fresh, $8, $8 from rated where not is_above order by product_id, min_qty
               on conflict (tenant_id, price_list_id, product_id, min_qty, valid_from) do update set price = excluded.price, updated_at = excluded.updated_at"
        ))
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(self.list)
        .bind::<Numeric, _>(self.percent)
        .bind::<Integer, _>(self.places)
        .bind::<Date, _>(self.day)
        .bind::<Array<SqlUuid>, _>(self.categories.clone())
        .bind::<SqlUuid, _>(self.source)
        .bind::<diesel::sql_types::Timestamptz, _>(now);
        Ok(scope.execute(statement)?)
    }
}
