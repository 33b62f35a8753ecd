//! Goods that came back: taken in, credited, and only then counted as returned.

use super::notes::credit_rest;
use crate::accounting::model::Document;
use crate::accounting::rules::document::Reason;
use crate::error::AppError;
use crate::logistics::actions::{mark_returned, take_in};
use crate::orders::actions::recheck_at_once;
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
    let customer = back.shipment().customer_id;
    if let Some(invoice) = back.shipment().invoice_id {
        let invoice = Document::by_id(scope, invoice)?;
        let words = (Reason::Return, reason);
        credit_rest(scope, who, invoice, words)?.map_err(AppError::refused)?;
    }
    mark_returned(scope, who, back, reason)?;
    // What came back is open again where its order is: only now it shows what else fits the credit.
    recheck_at_once(scope, customer)?;
    Ok(())
}
