//! What other rooms know of products, read in one go: prices, stock, pictures.

use crate::error::AppError;
use crate::kernel::ids::{FileId, PriceListId, ProductId};
use crate::kernel::money::UnitPrice;
use crate::platform::db::schema::price_lists;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// What a list shows beside a product.
#[derive(Clone, Debug, QueryableByName)]
pub struct ListFacts {
    #[diesel(sql_type = SqlUuid)]
    product_id: ProductId,
    /// Rupees for a unit in the list of everybody.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub price: Option<UnitPrice>,
    /// Whether that price holds GST.
    #[diesel(sql_type = Nullable<Bool>)]
    pub includes_tax: Option<bool>,
    /// Free units over all warehouses; `None` where it never lay.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub free: Option<Decimal>,
    /// Its first picture, 128 pixels.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub picture: Option<FileId>,
}

impl ListFacts {
    /// The facts of some products on a day. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn of(
        scope: &mut Scope,
        products: &[ProductId],
        day: NaiveDate,
    ) -> Result<HashMap<ProductId, Self>, AppError> {
        if products.is_empty() {
            return Ok(HashMap::new());
        }
        let ones = vec![Decimal::ONE; products.len()];
        let statement = prepared(
            "select r.product_id, r.price, r.includes_tax, s.free, x.small_file_id as picture
               from prices_for($1, $2, null, $3) r
               left join (select l.product_id, sum(l.on_hand - l.reserved) as free from stock_levels l
                            where l.tenant_id = current_tenant() and l.product_id = any ($1) group by 1) s on s.product_id = r.product_id
               join products p on p.tenant_id = current_tenant() and p.id = r.product_id
               left join product_pictures x on x.tenant_id = p.tenant_id and x.id = p.picture_id",
        )
        .bind::<Array<SqlUuid>, _>(products.to_vec())
        .bind::<Array<Numeric>, _>(ones)
        .bind::<Date, _>(day);
        let rows: Vec<Self> = scope.load(statement)?;
        Ok(rows.into_iter().map(|row| (row.product_id, row)).collect())
    }
}

/// A price of a product in a list, as it counts on a day or will.
#[derive(Clone, Debug, QueryableByName)]
pub struct PriceLine {
    /// The list.
    #[diesel(sql_type = SqlUuid)]
    pub list_id: PriceListId,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub list: String,
    /// draft, active or ended.
    #[diesel(sql_type = Text)]
    pub status: String,
    /// Whether its prices hold GST.
    #[diesel(sql_type = Bool)]
    pub includes_tax: bool,
    /// From so many units on.
    #[diesel(sql_type = Numeric)]
    pub min_qty: Decimal,
    /// From this day on.
    #[diesel(sql_type = Date)]
    pub valid_from: NaiveDate,
    /// Rupees for a unit.
    #[diesel(sql_type = Numeric)]
    pub price: UnitPrice,
}

impl PriceLine {
    /// The prices of a product that count on a day or later, in lists that have not ended; the list of everybody first, at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "the latest row of each group, which the query builder can't ask for with a join"
    )]
    pub fn of(
        scope: &mut Scope,
        product: ProductId,
        day: NaiveDate,
    ) -> Result<Vec<Self>, AppError> {
        let tenant = scope.tenant();
        let statement = prepared(
            "select l.id as list_id, l.name as list, l.status, l.includes_tax, i.min_qty, i.valid_from, i.price
               from price_items i join price_lists l on l.tenant_id = i.tenant_id and l.id = i.price_list_id
               where i.tenant_id = $1 and i.product_id = $2 and l.status <> 'ended' and (l.valid_to is null or l.valid_to >= $3)
                 and not exists (select from price_items n where n.tenant_id = i.tenant_id and n.price_list_id = i.price_list_id
                        and n.product_id = i.product_id and n.min_qty = i.min_qty and n.valid_from > i.valid_from and n.valid_from <= $3)
               order by l.is_default desc, l.name, i.min_qty, i.valid_from limit 100",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(product)
        .bind::<Date, _>(day);
        Ok(scope.load(statement)?)
    }
}

/// What a warehouse has of a product.
#[derive(Clone, Debug, QueryableByName)]
pub struct StockLine {
    /// Code of the warehouse.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Units that lie there.
    #[diesel(sql_type = Numeric)]
    pub on_hand: Decimal,
    /// Of these, what open orders hold.
    #[diesel(sql_type = Numeric)]
    pub reserved: Decimal,
}

impl StockLine {
    /// What each warehouse has of a product, by code; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of another room's tables, read only"
    )]
    pub fn of(scope: &mut Scope, product: ProductId) -> Result<Vec<Self>, AppError> {
        let tenant = scope.tenant();
        let statement = prepared(
            "select w.code, w.name, s.on_hand, s.reserved from stock_levels s join warehouses w on w.tenant_id = s.tenant_id and w.id = s.warehouse_id
               where s.tenant_id = $1 and s.product_id = $2 order by w.code limit 100",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(product);
        Ok(scope.load(statement)?)
    }
}

#[derive(QueryableByName)]
struct StandardRow {
    #[diesel(sql_type = SqlUuid)]
    list: PriceListId,
    #[diesel(sql_type = Bool)]
    includes_tax: bool,
    #[diesel(sql_type = Nullable<Numeric>)]
    price: Option<UnitPrice>,
    #[diesel(sql_type = Nullable<Date>)]
    since: Option<NaiveDate>,
}

/// What the list of everybody says.
#[derive(Clone, Debug)]
pub struct Standard {
    /// The list.
    pub list: PriceListId,
    /// Whether its prices hold GST.
    pub includes_tax: bool,
    /// The price from the first unit on, and since when; `None` where it has none that counts yet.
    pub price: Option<(UnitPrice, NaiveDate)>,
}

/// Locks the list of everybody: whoever sets prices in it waits. The statement that then reads a price sees what the last of them wrote.
///
/// # Errors
/// `NotFound` when the company has no such list.
pub fn lock_standard_list(scope: &mut Scope) -> Result<(), AppError> {
    let row = price_lists::table
        .filter(
            price_lists::tenant_id
                .eq(scope.tenant())
                .and(price_lists::is_default),
        )
        .for_no_key_update()
        .select(price_lists::id);
    let _list: PriceListId = scope.one(row)?;
    Ok(())
}

/// The list of everybody and its price of a product on a day, from the first unit on. `product`: `None` for one that is not there yet.
///
/// # Errors
/// `NotFound` when the company has no such list.
#[expect(
    clippy::disallowed_methods,
    reason = "the latest row beside its list, in one statement"
)]
pub fn standard_price(
    scope: &mut Scope,
    product: Option<ProductId>,
    day: NaiveDate,
) -> Result<Standard, AppError> {
    let tenant = scope.tenant();
    let statement = prepared(
        "select l.id as list, l.includes_tax, i.price, i.valid_from as since from price_lists l
           left join lateral (select x.price, x.valid_from from price_items x where x.tenant_id = l.tenant_id and x.price_list_id = l.id
                and x.product_id = $2 and x.min_qty = 0 and x.valid_from <= $3 order by x.valid_from desc limit 1) i on true
           where l.tenant_id = $1 and l.is_default",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<Nullable<SqlUuid>, _>(product)
    .bind::<Date, _>(day);
    let found: StandardRow = scope.one(statement)?;
    Ok(Standard {
        list: found.list,
        includes_tax: found.includes_tax,
        price: found.price.zip(found.since),
    })
}
