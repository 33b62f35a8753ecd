//! The filters that templates use. A module that derives `Template` writes `use crate::kernel::language::filters;`.
//!
//! ```text
//! {{ "Sign in"|t }}
//! {{ "{count} orders"|with("count", orders.len())|t }}
//! {{ "Signed in as {name}."|t_with("name", user.name) }}     one value: the short way
//! {{ remark|t }}                                             a `Said`, or a label marked with text!("…")
//! ```
//!
//! The reader's language travels beside the template as a runtime value: render with `render_with_values(&lang_values(lang))`.
//! A template rendered without it fails, which a test sees, instead of speaking English to everybody.

use askama::{Result, Values, get_value};

use super::{Lang, Said, Sayable, Value};

/// The name under which the language travels.
pub const LANG: &str = "lang";

/// What `render_with_values` needs to know.
pub fn lang_values(lang: Lang) -> (&'static str, Lang) {
    (LANG, lang)
}

/// The language a template is being rendered in.
pub fn lang_of(values: &dyn Values) -> Result<Lang> {
    get_value::<Lang>(values, LANG).copied()
}

/// The sentence in the reader's language. It is escaped like any text.
#[askama::filter_fn]
pub fn t(sentence: impl Sayable, values: &dyn Values) -> Result<String> {
    Ok(sentence.said_in(lang_of(values)?).into_owned())
}

/// Fills one `{name}` of a sentence; `|t` must follow.
#[askama::filter_fn]
pub fn with<V: Into<Value>>(
    sentence: impl Sayable,
    _values: &dyn Values,
    name: &'static str,
    value: V,
) -> Result<Said> {
    Ok(sentence.to_said().with(name, value))
}

/// `|with(name, value)|t` in one.
#[askama::filter_fn]
pub fn t_with<V: Into<Value>>(
    sentence: impl Sayable,
    values: &dyn Values,
    name: &'static str,
    value: V,
) -> Result<String> {
    Ok(sentence
        .to_said()
        .with(name, value)
        .in_language(lang_of(values)?))
}

impl askama::Value for Lang {
    fn ref_any(&self) -> Option<&dyn std::any::Any> {
        Some(self)
    }
}
