//! The verbs of prices: set one, remove one, change many by a percentage.

use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{PriceItemId, PriceListId};
use crate::kernel::language::Said;
use crate::kernel::money::UnitPrice;
use crate::platform::db::Scope;
use crate::platform::db::schema::{price_items, price_lists};
use crate::pricing::model::{Change, PriceItem, PriceList};
use crate::pricing::rules;
use crate::products::model::Product;
use crate::tax::model::Rates;
use crate::tax::rules::within_mrp;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use rust_decimal::Decimal;

/// A price to be set.
#[derive(Clone, Debug)]
pub struct NewPrice {
    /// From so many units on; 0 is from the first.
    pub min_qty: Decimal,
    /// First day.
    pub valid_from: NaiveDate,
    /// Rupees for a unit.
    pub price: UnitPrice,
    /// What stood there when the form was shown.
    pub was: Option<UnitPrice>,
}

/// Whether a price stays within the product's MRP on the day it begins (or today, if it has begun).
///
/// # Errors
/// `Refused` with the rule in words.
pub fn check_mrp(
    scope: &mut Scope,
    list: &PriceList,
    product: &Product,
    new: &NewPrice,
) -> Result<(), AppError> {
    let day = new.valid_from.max(dates::today(scope.now()));
    let rates = Rates::on(scope, &[(&product.hsn, &product.tax_condition)], day)?;
    match rates.of(&product.hsn, &product.tax_condition) {
        Some(rate) => {
            within_mrp(new.price, list.includes_tax, rate, product.mrp).map_err(AppError::refused)
        }
        None => Ok(()),
    }
}

/// Sets a price: one row is written, whether it was there or not. When something else stands there than the form showed, nothing is written
/// and that price given back.
///
/// # Errors
/// `NotFound`; `Refused` when the list has ended or the price comes above the MRP.
pub fn set_price(
    scope: &mut Scope,
    list: PriceListId,
    product: &Product,
    new: &NewPrice,
) -> Result<Option<UnitPrice>, AppError> {
    let list = PriceList::lock(scope, list)?;
    rules::may_change(&list).map_err(AppError::refused)?;
    check_mrp(scope, &list, product, new)?;
    let there = PriceItem::at(scope, (list.id, product.id), (new.min_qty, new.valid_from))?
        .map(|item| item.price);
    match there {
        Some(price) if price == new.price => return Ok(None),
        Some(price) if Some(price) != new.was => return Ok(Some(price)),
        _ => {}
    }
    let now = scope.now();
    let row = (
        price_items::id.eq(PriceItemId::new()),
        price_items::price_list_id.eq(list.id),
        price_items::product_id.eq(product.id),
        price_items::min_qty.eq(new.min_qty),
        price_items::valid_from.eq(new.valid_from),
        price_items::price.eq(new.price),
        price_items::created_at.eq(now),
        price_items::updated_at.eq(now),
    );
    scope.execute(
        diesel::insert_into(price_items::table)
            .values(row)
            .on_conflict((
                price_items::tenant_id,
                price_items::price_list_id,
                price_items::product_id,
                price_items::min_qty,
                price_items::valid_from,
            ))
            .do_update()
            .set((
                price_items::price.eq(new.price),
                price_items::updated_at.eq(now),
            )),
    )?;
    Ok(None)
}

/// Removes a price; what came before it in the list counts again.
///
/// # Errors
/// `NotFound`; `Refused` when the list has ended.
pub fn remove_price(
    scope: &mut Scope,
    list: PriceListId,
    product: &Product,
    item: PriceItemId,
) -> Result<(), AppError> {
    let list = PriceList::lock(scope, list)?;
    rules::may_change(&list).map_err(AppError::refused)?;
    let row = price_items::table.filter(
        price_items::tenant_id
            .eq(scope.tenant())
            .and(price_items::price_list_id.eq(list.id))
            .and(price_items::product_id.eq(product.id))
            .and(price_items::id.eq(item)),
    );
    if scope.execute(diesel::delete(row))? == 0 {
        return Err(AppError::refused(Said::new(
            "This price is not there any more.",
        )));
    }
    Ok(())
}

/// Changes many prices by a percentage, unless the list was changed since `version`: nobody's change is put upon another's unseen. Says how
/// many prices changed.
///
/// # Errors
/// `NotFound`; `Refused` when the list has ended or was changed.
pub fn apply(
    scope: &mut Scope,
    change: &Change,
    version: DateTime<Utc>,
) -> Result<usize, AppError> {
    let list = PriceList::lock(scope, change.list)?;
    rules::may_change(&list).map_err(AppError::refused)?;
    if list.updated_at != version {
        return Err(AppError::refused(Said::new(
            "Somebody changed this list meanwhile. Look at the preview again before you apply.",
        )));
    }
    let written = change.write(scope)?;
    let now = scope.now();
    let row = price_lists::table.filter(
        price_lists::tenant_id
            .eq(scope.tenant())
            .and(price_lists::id.eq(list.id)),
    );
    scope.execute(diesel::update(row).set(price_lists::updated_at.eq(now)))?;
    Ok(written)
}
