//! Opening stock, written: moves, levels, reorder levels.

use crate::error::AppError;
use crate::inventory::actions::{Cause, Change, post};
use crate::kernel::ids::{ImportId, ProductId, WarehouseId};
use crate::kernel::language::Said;
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Array, Numeric, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// Something that lies somewhere.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// The product.
    pub product: ProductId,
    /// The warehouse; `None` is the usual one.
    pub warehouse: Option<WarehouseId>,
    /// Units; `None` and zero move nothing.
    pub quantity: Option<Decimal>,
    /// Below so many free units it is low.
    pub reorder_level: Option<Decimal>,
}

/// Brings opening stock in: moves, levels, reorder levels. Its statements don't grow with the rows, up to five hundred.
///
/// # Errors
/// When the database refuses; `Refused` when the company has no usual warehouse.
#[expect(
    clippy::disallowed_methods,
    reason = "one upsert of many rows by arrays"
)]
pub fn open(
    scope: &mut Scope,
    import: Option<ImportId>,
    stock: &[Opening],
) -> Result<(), AppError> {
    #[derive(QueryableByName)]
    struct Usual {
        #[diesel(sql_type = SqlUuid)]
        id: WarehouseId,
    }
    let (tenant, now) = (scope.tenant(), scope.now());
    let usual: Option<Usual> = scope.maybe(
        prepared("select id from warehouses where tenant_id = $1 and is_default")
            .bind::<SqlUuid, _>(tenant),
    )?;
    let no_warehouse = || AppError::refused(Said::new("The company has no usual warehouse yet."));
    let mut changes = Vec::new();
    let (mut products, mut warehouses, mut reorder) = (Vec::new(), Vec::new(), Vec::new());
    for opening in stock {
        let usual = usual.as_ref().map(|usual| usual.id);
        let warehouse = opening.warehouse.or(usual).ok_or_else(no_warehouse)?;
        if let Some(quantity) = opening.quantity.filter(|quantity| !quantity.is_zero()) {
            changes.push(Change {
                product: opening.product,
                warehouse,
                quantity,
                cause: Cause::Opening(import),
            });
        }
        if let Some(level) = opening.reorder_level {
            products.push(opening.product);
            warehouses.push(warehouse);
            reorder.push(level);
        }
    }
    post(scope, &changes)?;
    if !products.is_empty() {
        scope.execute(
            prepared(
                "insert into stock_levels (product_id, warehouse_id, reorder_level, updated_at) select u.*, $4 from unnest($1, $2, $3) u order by 1, 2
                   on conflict (tenant_id, product_id, warehouse_id) do update set reorder_level = excluded.reorder_level, updated_at = excluded.updated_at",
            )
            .bind::<Array<SqlUuid>, _>(products)
            .bind::<Array<SqlUuid>, _>(warehouses)
            .bind::<Array<Numeric>, _>(reorder)
            .bind::<Timestamptz, _>(now),
        )?;
    }
    Ok(())
}
