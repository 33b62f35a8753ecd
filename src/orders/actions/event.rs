//! What happened to an order, written down.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, OrderEventId, OrderId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::order_events;
use diesel::prelude::*;

/// Writes down what happened to an order, by whom and when; `is_internal` is for the company's eyes only. One statement.
///
/// # Errors
/// When the database refuses.
pub fn event(
    scope: &mut Scope,
    (order, customer): (OrderId, CustomerId),
    who: &str,
    happened: &[(&'static str, Said, bool)],
) -> Result<(), AppError> {
    let (now, user) = (scope.now(), scope.member().user());
    let rows = happened
        .iter()
        .map(|(kind, said, is_internal)| {
            Ok((
                order_events::id.eq(OrderEventId::new()),
                order_events::order_id.eq(order),
                order_events::customer_id.eq(customer),
                order_events::kind.eq(*kind),
                order_events::said.eq(serde_json::to_value(said).map_err(AppError::internal)?),
                order_events::user_id.eq(user),
                order_events::user_name.eq(who.to_owned()),
                order_events::is_internal.eq(*is_internal),
                order_events::at.eq(now),
            ))
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    scope.execute(diesel::insert_into(order_events::table).values(rows))?;
    Ok(())
}
