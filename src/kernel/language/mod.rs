//! The languages people read, and every sentence in them.
//!
//! The English sentence is the key. `locales/hi.json` holds the Hindi, `locales/en.json` only the sentences whose English
//! changes with a count. Three ways lead here:
//!
//! - in a template `{{ "Sign in"|t }}`, with values `{{ "{count} orders"|with("count", n)|t }}` (`filters`);
//! - in code `Said::new("{label} must be 3 characters or fewer.").with("label", label)`, kept as a value and said when the reader is known;
//! - in a table of labels `text!("Owner")`, which only marks the sentence so that the test of the catalogues finds it.
//!
//! A sentence is always written out where it is used, never built from parts: `tests/it/language.rs` reads the sources for it.

mod catalogue;
pub mod filters;
mod said;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use catalogue::{Catalogue, CatalogueError, Entry, placeholders};
pub use said::{Said, Sayable, Value};

/// Marks a sentence in a static table as one that goes through the catalogue. It changes nothing.
#[macro_export]
macro_rules! text {
    ($sentence:literal) => {
        $sentence
    };
}
pub use crate::text;

/// A language that the product speaks.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum Lang {
    #[default]
    #[serde(rename = "en-IN")]
    En,
    #[serde(rename = "hi-IN")]
    Hi,
}

impl Lang {
    /// Every language, in the order in which a page offers them.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Hi];

    /// The tag for `<html lang>` and for the database.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::En => "en-IN",
            Lang::Hi => "hi-IN",
        }
    }

    /// The language of a tag: `hi`, `hi-IN` and `HI_in` are all Hindi. `None` for a language we do not speak.
    pub fn from_code(code: &str) -> Option<Lang> {
        let primary = code.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Lang::En),
            "hi" => Some(Lang::Hi),
            _ => None,
        }
    }

    /// The language's name in its own script.
    pub const fn name(self) -> &'static str {
        match self {
            Lang::En => "English",
            Lang::Hi => "हिन्दी",
        }
    }

    /// The language an `Accept-Language` header likes best among ours; English where it names none of them.
    pub fn from_accept_language(header: &str) -> Lang {
        let mut best: Option<(Lang, u16)> = None;
        for part in header.split(',').take(50) {
            let mut pieces = part.split(';');
            let Some(lang) = pieces.next().and_then(Lang::from_code) else {
                continue;
            };
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(1000, thousandths);
            // Of equal weights the first named wins.
            if weight > 0 && best.is_none_or(|(_, known)| weight > known) {
                best = Some((lang, weight));
            }
        }
        best.map_or(Lang::En, |(lang, _)| lang)
    }

    /// The sentence `key` in this language, values not yet filled in. A missing translation gives the English and is logged once.
    pub fn t(self, key: &str) -> Cow<'_, str> {
        match catalogue::of(self).get(key) {
            Some(entry) => Cow::Borrowed(entry.other()),
            None => {
                catalogue::miss(self, key);
                Cow::Borrowed(key)
            }
        }
    }

    /// A sentence with its values filled in.
    pub fn say(self, said: &Said) -> String {
        said.in_language(self)
    }

    /// The catalogue of this language, for tests and translators.
    pub fn catalogue(self) -> &'static Catalogue {
        catalogue::of(self)
    }

    /// Whether `count` takes the singular (CLDR: English one is 1; Hindi one is 0 or 1).
    pub(crate) const fn is_one(self, count: i64) -> bool {
        match self {
            Lang::En => count == 1,
            Lang::Hi => count == 0 || count == 1,
        }
    }
}

/// `0.8` in thousandths. What cannot be read weighs nothing.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits = format!("{fraction:0<3}");
    match (whole.parse::<u16>(), digits.get(..3).map(str::parse::<u16>)) {
        (Ok(0), Some(Ok(rest))) => rest,
        (Ok(1), _) => 1000,
        _ => 0,
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = Said;

    fn from_str(code: &str) -> Result<Lang, Said> {
        Lang::from_code(code).ok_or_else(|| Said::new("Choose a language from the list."))
    }
}
