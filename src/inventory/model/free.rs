//! Stock levels: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, ProductId};
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Numeric, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::HashMap;

#[derive(QueryableByName)]
struct Free {
    #[diesel(sql_type = SqlUuid)]
    product_id: ProductId,
    #[diesel(sql_type = Numeric)]
    free: Decimal,
}

/// Units of products that are neither reserved nor gone, in the warehouse that serves a customer (a buyer: itself). One statement.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a set-returning function, which the query builder can't call"
)]
pub fn free_stock(
    scope: &mut Scope,
    products: &[ProductId],
    customer: Option<CustomerId>,
) -> Result<HashMap<ProductId, Decimal>, AppError> {
    let statement = prepared("select product_id, free from free_stock($1, $2)")
        .bind::<Array<SqlUuid>, _>(products.to_vec())
        .bind::<Nullable<SqlUuid>, _>(customer);
    let rows: Vec<Free> = scope.load(statement)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.product_id, row.free))
        .collect())
}
