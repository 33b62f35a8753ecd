//! What is on the shelves already: queries of the import.

use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CategoryId, ProductId};
use crate::platform::db::schema::{categories, hsn_codes, own_tax_rates};
use crate::platform::db::{Scope, prepared};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

/// A product as it stands.
#[derive(Clone, Debug, PartialEq, QueryableByName)]
pub struct Stored {
    #[diesel(sql_type = SqlUuid)]
    pub id: ProductId,
    #[diesel(sql_type = Text)]
    pub sku: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub name_hi: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub brand: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub category_id: Option<CategoryId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub description: Option<String>,
    #[diesel(sql_type = Text)]
    pub hsn: String,
    #[diesel(sql_type = Text)]
    pub tax_condition: String,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Numeric)]
    pub pack_size: Decimal,
    #[diesel(sql_type = Nullable<Text>)]
    pub pack_name: Option<String>,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub mrp: Option<Decimal>,
    #[diesel(sql_type = Nullable<Text>)]
    pub barcode: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub weight_g: Option<i32>,
    #[diesel(sql_type = Text)]
    pub status: String,
}

macro_rules! known {
    ($lock:literal) => {
        concat!(
            "select id, sku, name, name_hi, brand, category_id, description, hsn, tax_condition, unit, pack_size, pack_name, mrp, barcode, weight_g, status
           from products where tenant_id = $1 and (sku = any ($2) or name = any ($3) or barcode = any ($4)) order by id ",
            $lock
        )
    };
}

/// Products with any of these codes, names or barcodes, in the order of their ids; locked for a change.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "three indexes at once, by arrays, with a lock that depends"
)]
pub fn known(
    scope: &mut Scope,
    (codes, names, barcodes): (Vec<String>, Vec<String>, Vec<String>),
    is_change: bool,
) -> Result<Vec<Stored>, AppError> {
    const FOUND: &str = known!("");
    const LOCKED: &str = known!("for no key update");
    let statement = prepared(if is_change { LOCKED } else { FOUND })
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<Text>, _>(codes)
        .bind::<Array<Text>, _>(names)
        .bind::<Array<Text>, _>(barcodes);
    Ok(scope.load(statement)?)
}

/// What everybody pays from the first unit on, as it stands today.
#[derive(Clone, Debug, Default)]
pub struct StandardPrices {
    /// Whether these prices hold GST.
    pub includes_tax: bool,
    prices: HashMap<ProductId, Decimal>,
}

#[derive(QueryableByName)]
struct StandardRow {
    #[diesel(sql_type = Bool)]
    includes_tax: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    product_id: Option<ProductId>,
    #[diesel(sql_type = Nullable<Numeric>)]
    price: Option<Decimal>,
}

impl StandardPrices {
    /// The prices of some products. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "the latest row of each product beside its list"
    )]
    pub fn of(scope: &mut Scope, products: Vec<ProductId>) -> Result<Self, AppError> {
        let (tenant, today) = (scope.tenant(), dates::today(scope.now()));
        let statement = prepared(
            "select l.includes_tax, i.product_id, i.price from price_lists l
               left join lateral (select distinct on (x.product_id) x.product_id, x.price from price_items x
                    where x.tenant_id = l.tenant_id and x.price_list_id = l.id and x.product_id = any ($2) and x.min_qty = 0 and x.valid_from <= $3
                    order by x.product_id, x.valid_from desc) i on true
               where l.tenant_id = $1 and l.is_default",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<Array<SqlUuid>, _>(products)
        .bind::<Date, _>(today);
        let rows: Vec<StandardRow> = scope.load(statement)?;
        Ok(Self {
            includes_tax: rows.first().is_some_and(|row| row.includes_tax),
            prices: rows
                .into_iter()
                .filter_map(|row| row.product_id.zip(row.price))
                .collect(),
        })
    }

    /// The price of a product, in rupees for a unit.
    pub fn price(&self, product: ProductId) -> Option<Decimal> {
        self.prices.get(&product).copied()
    }
}

/// The State's list of codes, which is every company's.
struct HsnCodes;

impl HsnCodes {
    fn of<'q>() -> hsn_codes::BoxedQuery<'q, Pg> {
        hsn_codes::table.into_boxed()
    }
}

/// Of these codes of goods, those that a product may carry: the list has the code or its heading, or the company has a rate of its own for it.
///
/// # Errors
/// When the database refuses.
pub fn hsn_known(scope: &mut Scope, codes: &HashSet<String>) -> Result<HashSet<String>, AppError> {
    let heads = |code: &str| -> Vec<String> {
        [4, 6, 8]
            .into_iter()
            .filter_map(|length| code.get(..length).map(str::to_owned))
            .collect()
    };
    let wanted: Vec<String> = codes.iter().flat_map(|code| heads(code)).collect();
    let listed: Vec<String> = scope.load(
        HsnCodes::of()
            .filter(hsn_codes::code.eq_any(wanted))
            .select(hsn_codes::code),
    )?;
    let own: Vec<String> = scope.load(
        own_tax_rates::table
            .filter(own_tax_rates::tenant_id.eq(scope.tenant()))
            .select(own_tax_rates::hsn_prefix),
    )?;
    let listed: HashSet<String> = listed.into_iter().collect();
    let is_known = |code: &&String| {
        heads(code).iter().any(|head| listed.contains(head))
            || own.iter().any(|prefix| code.starts_with(prefix))
    };
    Ok(codes.iter().filter(is_known).cloned().collect())
}

/// Every category of the company, by its path in small letters.
///
/// # Errors
/// When the database refuses.
pub fn category_paths(scope: &mut Scope) -> Result<HashMap<String, CategoryId>, AppError> {
    let rows = categories::table
        .filter(categories::tenant_id.eq(scope.tenant()))
        .select((categories::path, categories::id));
    let found: Vec<(String, CategoryId)> = scope.load(rows)?;
    Ok(found
        .into_iter()
        .map(|(path, id)| (path.to_lowercase(), id))
        .collect())
}
