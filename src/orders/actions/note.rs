//! Words about an order: for the company alone, or for both sides.

use super::event::event;
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::orders::model::Order;
use crate::platform::db::Scope;

/// Writes a note beside an order, whatever its state.
///
/// # Errors
/// `NotFound`.
pub fn note(
    scope: &mut Scope,
    number: &str,
    words: &str,
    is_internal: bool,
    who: &str,
) -> Result<(), AppError> {
    let order = Order::find(scope, number)?;
    let said = Said::new("{note}").with("note", words);
    let happened = [("note", said, is_internal)];
    event(scope, (order.id, order.customer_id), who, &happened)
}
