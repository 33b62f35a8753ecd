//! Numbers of a payload as decimals.

use rust_decimal::Decimal;
use serde_json::Value;

/// A JSON number as it was written; `None` for anything else.
pub fn decimal(value: &Value) -> Option<Decimal> {
    let text = value.as_number()?.to_string();
    text.parse()
        .ok()
        .or_else(|| Decimal::from_scientific(&text).ok())
}

/// A field of an object, 0 when it is left out.
pub fn amount(object: &Value, field: &str) -> Decimal {
    object.get(field).and_then(decimal).unwrap_or_default()
}

/// Whether a passed value is near enough to a calculated one: up to the whole rupees around it, and one more.
pub fn is_near(passed: Decimal, calculated: Decimal) -> bool {
    calculated.floor() - Decimal::ONE <= passed && passed <= calculated.ceil() + Decimal::ONE
}
