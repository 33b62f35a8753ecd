//! The verbs of stock: move, reserve, release, ship. Each is a handful of statements, however many lines it is about.

use crate::error::AppError;
use crate::kernel::ids::{ImportId, MoveId, OrderLineId, ProductId, WarehouseId};
use crate::platform::db::schema::{stock_levels, stock_moves};
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Array, Numeric, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A line that wants stock.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The order's line.
    pub line: OrderLineId,
    /// Its product.
    pub product: ProductId,
    /// Units.
    pub quantity: Decimal,
}

/// A product of which there is less than wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Short {
    /// The product.
    pub product: ProductId,
    /// Units that are free; none may be.
    pub free: Decimal,
}

/// Why stock comes or goes.
#[derive(Clone, Debug)]
pub enum Cause {
    /// What was there when the company began.
    Opening(Option<ImportId>),
    /// Counted, broken, expired, given away: with words.
    Adjustment(String),
}

impl Cause {
    fn kind(&self) -> &'static str {
        match self {
            Self::Opening(_) => "opening",
            Self::Adjustment(_) => "adjustment",
        }
    }
}

/// A change of stock.
#[derive(Clone, Debug)]
pub struct Change {
    /// The product.
    pub product: ProductId,
    /// The warehouse.
    pub warehouse: WarehouseId,
    /// Units: more than zero come, less than zero go.
    pub quantity: Decimal,
    /// Why.
    pub cause: Cause,
}

#[derive(QueryableByName)]
struct ShortRow {
    #[diesel(sql_type = SqlUuid)]
    product_id: ProductId,
    #[diesel(sql_type = Numeric)]
    free: Decimal,
}

type Columns = (Vec<OrderLineId>, Vec<ProductId>, Vec<Decimal>);

fn columns(wanted: &[Wanted]) -> Columns {
    let mut columns = Columns::default();
    for want in wanted {
        columns.0.push(want.line);
        columns.1.push(want.product);
        columns.2.push(want.quantity);
    }
    columns
}

/// Holds stock for order lines: all of them, or none, with what is short. A line that holds something already holds more. One statement; a
/// buyer's order may do it too.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a function that locks levels in their order and writes with the owner's rights"
)]
pub fn reserve(
    scope: &mut Scope,
    warehouse: WarehouseId,
    wanted: &[Wanted],
) -> Result<Vec<Short>, AppError> {
    let (now, (lines, products, quantities)) = (scope.now(), columns(wanted));
    let statement = prepared("select product_id, free from hold_stock($1, $2, $3, $4, $5)")
        .bind::<SqlUuid, _>(warehouse)
        .bind::<Array<SqlUuid>, _>(lines)
        .bind::<Array<SqlUuid>, _>(products)
        .bind::<Array<Numeric>, _>(quantities)
        .bind::<Timestamptz, _>(now);
    let short: Vec<ShortRow> = scope.load(statement)?;
    Ok(short
        .into_iter()
        .map(|row| Short {
            product: row.product_id,
            free: row.free,
        })
        .collect())
}

/// Gives back what order lines hold, so many units of each; zero gives nothing back. The order is locked already. One statement.
///
/// # Errors
/// The check of `reservations`, for more than is held.
#[expect(
    clippy::disallowed_methods,
    reason = "a function that locks levels in their order and writes with the owner's rights"
)]
pub fn release(
    scope: &mut Scope,
    warehouse: WarehouseId,
    given: &[Wanted],
) -> Result<(), AppError> {
    if given.is_empty() {
        return Ok(());
    }
    let (now, (lines, products, quantities)) = (scope.now(), columns(given));
    scope.execute(
        prepared("select release_stock($1, $2, $3, $4, $5)")
            .bind::<SqlUuid, _>(warehouse)
            .bind::<Array<SqlUuid>, _>(lines)
            .bind::<Array<SqlUuid>, _>(products)
            .bind::<Array<Numeric>, _>(quantities)
            .bind::<Timestamptz, _>(now),
    )?;
    Ok(())
}

/// Writes moves into the ledger and changes the levels with them. Four statements for each five hundred moves.
///
/// # Errors
/// The constraint `stock_levels_no_oversell` where more would go than is free.
pub fn post(scope: &mut Scope, changes: &[Change]) -> Result<(), AppError> {
    let (now, user) = (scope.now(), scope.member().user());
    for part in changes.chunks(500) {
        let rows: Vec<_> = part
            .iter()
            .map(|change| {
                let (reason, import) = match &change.cause {
                    Cause::Opening(import) => (None, *import),
                    Cause::Adjustment(reason) => (Some(reason.as_str()), None),
                };
                (
                    stock_moves::id.eq(MoveId::new()),
                    stock_moves::product_id.eq(change.product),
                    stock_moves::warehouse_id.eq(change.warehouse),
                    stock_moves::kind.eq(change.cause.kind()),
                    stock_moves::quantity.eq(change.quantity),
                    stock_moves::reason.eq(reason),
                    stock_moves::import_id.eq(import),
                    stock_moves::at.eq(now),
                    stock_moves::user_id.eq(user),
                )
            })
            .collect();
        scope.execute(diesel::insert_into(stock_moves::table).values(rows))?;
    }
    let mut sums: BTreeMap<(ProductId, WarehouseId), Decimal> = BTreeMap::new();
    for change in changes {
        *sums.entry((change.product, change.warehouse)).or_default() += change.quantity;
    }
    let sums: Vec<_> = sums.into_iter().collect();
    for part in sums.chunks(500) {
        let rows: Vec<_> = part
            .iter()
            .map(|((product, warehouse), _)| {
                (
                    stock_levels::product_id.eq(*product),
                    stock_levels::warehouse_id.eq(*warehouse),
                    stock_levels::updated_at.eq(now),
                )
            })
            .collect();
        scope.execute(
            diesel::insert_into(stock_levels::table)
                .values(rows)
                .on_conflict_do_nothing(),
        )?;
        add_on_hand(scope, part)?;
    }
    Ok(())
}

/// Adds to what lies there, having locked the levels in order.
#[expect(
    clippy::disallowed_methods,
    reason = "one update of many rows by arrays"
)]
fn add_on_hand(
    scope: &mut Scope,
    sums: &[((ProductId, WarehouseId), Decimal)],
) -> Result<(), AppError> {
    let (places, quantities): (Vec<_>, Vec<Decimal>) = sums.iter().copied().unzip();
    let (products, warehouses): (Vec<ProductId>, Vec<WarehouseId>) = places.into_iter().unzip();
    let now = scope.now();
    scope.execute(
        prepared(
            "select 1 from stock_levels l where l.tenant_id = $1 and (l.product_id, l.warehouse_id) in (select * from unnest($2, $3))
               order by l.product_id, l.warehouse_id for update",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<SqlUuid>, _>(products.clone())
        .bind::<Array<SqlUuid>, _>(warehouses.clone()),
    )?;
    scope.execute(
        prepared(
            "update stock_levels l set on_hand = l.on_hand + u.quantity, updated_at = $5 from unnest($2, $3, $4) u(product_id, warehouse_id, quantity)
               where l.tenant_id = $1 and l.product_id = u.product_id and l.warehouse_id = u.warehouse_id",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<SqlUuid>, _>(products)
        .bind::<Array<SqlUuid>, _>(warehouses)
        .bind::<Array<Numeric>, _>(quantities)
        .bind::<Timestamptz, _>(now),
    )?;
    Ok(())
}
