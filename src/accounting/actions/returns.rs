//! Goods that came back: taken in, credited, and only then counted as returned.

use super::notes::{Correcting, credit_locked};
use crate::accounting::model::Document;
use crate::accounting::rules::document::Reason;
use crate::error::AppError;
use crate::logistics::actions::{mark_returned, take_in};
use crate::platform::db::Scope;

/// A shipment came back undelivered: its goods are in stock again, and what was billed of it is credited. Locks order, levels, account,
/// series.
///
/// # Errors
/// `NotFound`; `Refused` when the shipment is not on the road.
pub fn bring_back(
    scope: &mut Scope,
    who: &str,
    number: &str,
    reason: &str,
) -> Result<(), AppError> {
    let back = take_in(scope, number)?;
    if let Some(invoice) = back.shipment().invoice_id {
        let invoice = Document::by_id(scope, invoice)?;
        let words = (Reason::Return, reason);
        credit_locked(scope, who, &invoice, &Correcting::Whole, words)?
            .map_err(AppError::refused)?;
    }
    mark_returned(scope, who, back, reason)
}
