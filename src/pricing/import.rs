//! Prices out of files.

use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::ProductId;
use crate::platform::db::{Scope, prepared};
use diesel::sql_types::{Array, Date, Numeric, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// Sets prices in the list of everybody, from the first unit on. A product's first price counts from the beginning, a new one from today; one
/// that is the same already is left alone. One statement.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of many rows by arrays, where they differ"
)]
pub fn set_standard(scope: &mut Scope, prices: &[(ProductId, Decimal)]) -> Result<(), AppError> {
    let (products, amounts): (Vec<ProductId>, Vec<Decimal>) = prices.iter().copied().unzip();
    let (now, tenant) = (scope.now(), scope.tenant());
    scope.execute(
        prepared(
            "insert into price_items (id, price_list_id, product_id, min_qty, valid_from, price, created_at, updated_at)
               select gen_random_uuid(), l.id, u.product_id, 0, case when was.price is null then date '2017-07-01' else $4 end, u.price, $5, $5
                 from unnest($2, $3) u(product_id, price)
                 join price_lists l on l.tenant_id = $1 and l.is_default
                 left join lateral (
                     select i.price from price_items i
                       where i.tenant_id = $1 and i.price_list_id = l.id and i.product_id = u.product_id and i.min_qty = 0 and i.valid_from <= $4
                       order by i.valid_from desc limit 1
                 ) was on true
                 where was.price is distinct from u.price
               on conflict (tenant_id, price_list_id, product_id, min_qty, valid_from) do update set price = excluded.price, updated_at = excluded.updated_at",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<Array<SqlUuid>, _>(products)
        .bind::<Array<Numeric>, _>(amounts)
        .bind::<Date, _>(dates::today(now))
        .bind::<Timestamptz, _>(now),
    )?;
    Ok(())
}
