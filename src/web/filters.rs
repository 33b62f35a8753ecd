//! The filters of templates: the languages' own, and what only pages need. A module that derives `Template` writes
//! `use crate::web::filters;`.

use super::icons;
use crate::kernel::dates;
pub use crate::kernel::language::filters::{lang_of, lang_values, t, t_with, with};
use crate::kernel::phone::readable;
use askama::filters::Safe;
use askama::{Result, Values};
use chrono::{DateTime, Utc};

/// An icon by name, beside a word: `{{ "home"|icon }}`.
#[askama::filter_fn]
pub fn icon(name: impl AsRef<str>, _values: &dyn Values) -> Result<Safe<String>> {
    let dots = if name.as_ref() == "dots" { " dots" } else { "" };
    let path = icons::path(name.as_ref());
    Ok(Safe(format!(
        "<svg class=\"i{dots}\" viewBox=\"0 0 20 20\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
    )))
}

/// A stored telephone number for reading: `98400 00012`.
#[askama::filter_fn]
pub fn phone(stored: impl AsRef<str>, _values: &dyn Values) -> Result<String> {
    Ok(readable(stored.as_ref()))
}

/// A moment in Indian time, as people read it: `20 Nov 2026, 11:40 am`.
#[askama::filter_fn]
pub fn moment(at: &DateTime<Utc>, values: &dyn Values) -> Result<Safe<String>> {
    let words = dates::full_date_and_time(*at, lang_of(values)?);
    Ok(Safe(format!(
        "<time datetime=\"{}\">{words}</time>",
        dates::machine(*at)
    )))
}
