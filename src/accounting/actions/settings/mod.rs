//! What a company says once about its documents. Whoever changes it holds the company's row: a document that is being issued has lines already,
//! so the change waits for its number, and the next document is decided by what is new.

mod books;
mod series;

pub use books::{
    NewUndertaking, Printed, add_undertaking, change_undertaking, set_einvoice_from, set_printed,
    set_turnover,
};
pub use series::{NewSeries, SeriesStep, add_series, change_series, step_series};

use crate::kernel::dates::parse_version;
use crate::kernel::language::Said;
use chrono::{DateTime, Utc};

/// What came of saving. Only where it is done anything was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    /// It is saved.
    Done,
    /// Somebody else saved meanwhile.
    Meanwhile,
    /// Something is wrong with what was typed.
    Wrong(Said),
}

/// Whether what was saved last is what a form was made of: nothing, for a row that is not there yet.
pub(in crate::accounting::actions) fn is_same(saved: Option<DateTime<Utc>>, version: &str) -> bool {
    match saved {
        None => version.is_empty(),
        Some(saved) => saved == parse_version(version),
    }
}
