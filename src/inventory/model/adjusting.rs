//! What an adjustment has to know: the products that were typed, how they stand, and which orders hold them.

use crate::error::AppError;
use crate::kernel::ids::{ProductId, WarehouseId};
use crate::platform::db::Scope;
use crate::platform::db::schema::stock_levels;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// A product that was found by what was typed.
#[derive(Clone, Debug, QueryableByName)]
pub struct Found {
    #[diesel(sql_type = SqlUuid)]
    pub id: ProductId,
    #[diesel(sql_type = Text)]
    pub sku: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub barcode: Option<String>,
}

/// The products whose code or barcode is one of these, in capitals.
///
/// # Errors
/// When the database refuses.
#[expect(clippy::disallowed_methods, reason = "two columns against one array")]
pub fn find_products(scope: &mut Scope, typed: Vec<String>) -> Result<Vec<Found>, AppError> {
    let statement = diesel::sql_query(
        "select p.id, p.sku, p.barcode from products p where p.tenant_id = $1 and p.sku = any ($2)
         union select p.id, p.sku, p.barcode from products p where p.tenant_id = $1 and p.barcode = any ($2)",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<Array<Text>, _>(typed);
    Ok(scope.load(statement)?)
}

/// Codes and names of products that resemble what was typed; at most three.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a set-returning function, which the query builder can't call"
)]
pub fn resembling(scope: &mut Scope, typed: &str) -> Result<Vec<String>, AppError> {
    #[derive(QueryableByName)]
    struct Words {
        #[diesel(sql_type = Text)]
        words: String,
    }
    let statement = diesel::sql_query(
        "select p.sku || ' ' || p.name as words from search_products($2, 3) s join products p on p.tenant_id = $1 and p.id = s.id order by s.rank desc, p.name",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<Text, _>(typed.to_owned());
    let rows: Vec<Words> = scope.load(statement)?;
    Ok(rows.into_iter().map(|row| row.words).collect())
}

/// How a product stands in a warehouse, locked until this transaction ends.
#[derive(Clone, Debug, QueryableByName)]
pub struct Standing {
    #[diesel(sql_type = SqlUuid)]
    pub product_id: ProductId,
    #[diesel(sql_type = Numeric)]
    pub on_hand: Decimal,
    #[diesel(sql_type = Numeric)]
    pub reserved: Decimal,
    #[diesel(sql_type = Bool)]
    pub has_moves: bool,
}

/// How products stand in a warehouse, locked in the order of the products; a product without a level gets one. Two statements.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "an array of ids in the order in which rows are locked"
)]
pub fn lock_standing(
    scope: &mut Scope,
    warehouse: WarehouseId,
    mut products: Vec<ProductId>,
) -> Result<Vec<Standing>, AppError> {
    // Whoever makes the levels holds them, so they are made in the order in which they are locked.
    products.sort_unstable();
    let now = scope.now();
    let rows: Vec<_> = products
        .iter()
        .map(|product| {
            (
                stock_levels::product_id.eq(*product),
                stock_levels::warehouse_id.eq(warehouse),
                stock_levels::updated_at.eq(now),
            )
        })
        .collect();
    scope.execute(
        diesel::insert_into(stock_levels::table)
            .values(rows)
            .on_conflict_do_nothing(),
    )?;
    let statement = diesel::sql_query(
        "select l.product_id, l.on_hand, l.reserved,
                exists (select from stock_moves m where m.tenant_id = $1 and m.product_id = l.product_id and m.warehouse_id = $2) as has_moves
           from stock_levels l where l.tenant_id = $1 and l.warehouse_id = $2 and l.product_id = any ($3) order by l.product_id for update",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(warehouse)
    .bind::<Array<SqlUuid>, _>(products);
    Ok(scope.load(statement)?)
}

/// An order that holds some of a product.
#[derive(Clone, Debug, QueryableByName)]
pub struct Held {
    #[diesel(sql_type = SqlUuid)]
    pub product_id: ProductId,
    #[diesel(sql_type = Text)]
    pub number: String,
}

/// The orders that hold some of these products in a warehouse, oldest first; at most 50.
///
/// # Errors
/// When the database refuses.
#[expect(clippy::disallowed_methods, reason = "joins by two columns each")]
pub fn holders(
    scope: &mut Scope,
    warehouse: WarehouseId,
    products: Vec<ProductId>,
) -> Result<Vec<Held>, AppError> {
    let statement = diesel::sql_query(
        "select r.product_id, o.number from reservations r
           join order_lines ol on ol.tenant_id = r.tenant_id and ol.id = r.id
           join orders o on o.tenant_id = ol.tenant_id and o.id = ol.order_id
           where r.tenant_id = $1 and r.warehouse_id = $2 and r.product_id = any ($3) order by r.created_at, o.number limit 50",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(warehouse)
    .bind::<Array<SqlUuid>, _>(products);
    Ok(scope.load(statement)?)
}
