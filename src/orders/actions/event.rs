//! What happened to an order, written down.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, OrderEventId, OrderId};
use crate::kernel::language::Said;
use crate::platform::db::{Scope, prepared};
use diesel::sql_types::{Array, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};

/// Writes down what happened to an order, by whom and when; `is_internal` is for the company's eyes only. One statement.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of a few rows by arrays, kept prepared"
)]
pub fn event(
    scope: &mut Scope,
    (order, customer): (OrderId, CustomerId),
    who: &str,
    happened: &[(&'static str, Said, bool)],
) -> Result<(), AppError> {
    let (now, user) = (scope.now(), scope.member().user());
    let ids: Vec<OrderEventId> = happened.iter().map(|_| OrderEventId::new()).collect();
    let kinds: Vec<&str> = happened.iter().map(|(kind, ..)| *kind).collect();
    let said = happened
        .iter()
        .map(|(_, said, _)| serde_json::to_value(said).map_err(AppError::internal))
        .collect::<Result<Vec<_>, AppError>>()?;
    let internal: Vec<bool> = happened.iter().map(|(.., internal)| *internal).collect();
    let statement = prepared(
        "insert into order_events (id, order_id, customer_id, kind, said, user_id, user_name, is_internal, at)
           select u.id, $1, $2, u.kind, u.said, $3, $4, u.is_internal, $5 from unnest($6::uuid[], $7::text[], $8::jsonb[], $9::boolean[]) u(id, kind, said, is_internal)",
    )
    .bind::<SqlUuid, _>(order)
    .bind::<SqlUuid, _>(customer)
    .bind::<Nullable<SqlUuid>, _>(user)
    .bind::<Text, _>(who)
    .bind::<Timestamptz, _>(now)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Jsonb>, _>(said)
    .bind::<Array<Bool>, _>(internal);
    scope.execute(statement)?;
    Ok(())
}
