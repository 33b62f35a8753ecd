//! The verbs of levels.

use crate::error::AppError;
use crate::kernel::ids::{ProductId, WarehouseId};
use crate::platform::db::Scope;
use crate::platform::db::schema::stock_levels;
use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl;
use rust_decimal::Decimal;

/// Says below how many free units a product is low in a warehouse; `None` is never. Nothing is written when another level stands there than
/// the form showed (`was`); says whether it was.
///
/// # Errors
/// When the database refuses.
pub fn set_reorder(
    scope: &mut Scope,
    (product, warehouse): (ProductId, WarehouseId),
    level: Option<Decimal>,
    was: Option<Decimal>,
) -> Result<bool, AppError> {
    let now = scope.now();
    let rows = scope.execute(
        diesel::insert_into(stock_levels::table)
            .values((
                stock_levels::product_id.eq(product),
                stock_levels::warehouse_id.eq(warehouse),
                stock_levels::reorder_level.eq(level),
                stock_levels::updated_at.eq(now),
            ))
            .on_conflict((
                stock_levels::tenant_id,
                stock_levels::product_id,
                stock_levels::warehouse_id,
            ))
            .do_update()
            .set((
                stock_levels::reorder_level.eq(level),
                stock_levels::updated_at.eq(now),
            ))
            .filter(
                stock_levels::reorder_level
                    .is_not_distinct_from(was)
                    .or(stock_levels::reorder_level.is_not_distinct_from(level)),
            ),
    )?;
    Ok(rows == 1)
}
