//! When a document may be reported.

use super::{Document, Facts, Refusal};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Days from the document's own day on, itself counted, for suppliers with a window.
const WINDOW_DAYS: i64 = 30;

/// The turnover from which on the window counts: ten crore.
fn windowed_from() -> Decimal {
    Decimal::from(100_000_000)
}

/// The first date that can be reported.
fn floor() -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2025, 4, 1)
}

/// What is wrong with the document's date.
pub fn refusals(document: &Document, facts: &Facts) -> Vec<Refusal> {
    let Some(date) = document.date() else {
        return vec![Refusal::of("2282")];
    };
    let has_window = facts
        .taxpayers
        .get(document.seller())
        .is_some_and(|seller| seller.turnover >= windowed_from());
    let code = if date > facts.today {
        Some("2163")
    } else if floor().is_some_and(|floor| date < floor) {
        Some("2284")
    } else if has_window && (facts.today - date).num_days() >= WINDOW_DAYS {
        Some("2305")
    } else {
        None
    };
    code.map(|code| Refusal::about(code, date.format("%d/%m/%Y")))
        .into_iter()
        .collect()
}
