//! The catalogues inside the binary: a JSON object from English sentence to text, or to `{"one": …, "other": …}` chosen by `count`.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

use super::Lang;

/// What a key says: one text, or one for the singular and one for the rest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Entry {
    Text(String),
    Plural(Plural),
}

/// The two forms that English and Hindi tell apart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plural {
    pub one: String,
    pub other: String,
}

impl Entry {
    /// The text for every count that is not "one".
    pub fn other(&self) -> &str {
        match self {
            Entry::Text(text) => text,
            Entry::Plural(plural) => &plural.other,
        }
    }

    /// The text for `count`; without a count the plural.
    pub fn for_count(&self, lang: Lang, count: Option<i64>) -> &str {
        match (self, count) {
            (Entry::Plural(plural), Some(count)) if lang.is_one(count) => &plural.one,
            _ => self.other(),
        }
    }

    /// Every text of the entry.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Entry::Text(text) => vec![text],
            Entry::Plural(plural) => vec![&plural.one, &plural.other],
        }
    }
}

/// A catalogue file could not be read; the sentence says where.
#[derive(Debug, thiserror::Error)]
#[error("The catalogue cannot be read: {0}.")]
pub struct CatalogueError(#[from] serde_json::Error);

/// One language's sentences by their English.
#[derive(Clone, Debug, Default)]
pub struct Catalogue(HashMap<String, Entry>);

impl Catalogue {
    /// Reads a catalogue file. A key that stands twice is an error, for one of the two would be lost.
    pub fn parse(json: &str) -> Result<Catalogue, CatalogueError> {
        Ok(serde_json::from_str(json)?)
    }

    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.0.get(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0.iter().map(|(key, entry)| (key.as_str(), entry))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Catalogue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Catalogue, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Catalogue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object from English sentence to text")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Catalogue, A::Error> {
                let mut entries = HashMap::new();
                while let Some((key, entry)) = map.next_entry::<String, Entry>()? {
                    if entries.contains_key(&key) {
                        return Err(A::Error::custom(format!("\"{key}\" stands there twice")));
                    }
                    entries.insert(key, entry);
                }
                Ok(Catalogue(entries))
            }
        }
        from.deserialize_map(Entries)
    }
}

/// The names between braces, sorted, each once: what a translation must carry over.
pub fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

static ENGLISH: LazyLock<Catalogue> =
    LazyLock::new(|| embedded("en", include_str!("../../../locales/en.json")));
static HINDI: LazyLock<Catalogue> =
    LazyLock::new(|| embedded("hi", include_str!("../../../locales/hi.json")));

pub(super) fn of(lang: Lang) -> &'static Catalogue {
    match lang {
        Lang::En => &ENGLISH,
        Lang::Hi => &HINDI,
    }
}

/// A test reads the same files, so a broken one does not get this far; if it did, English would still be said.
fn embedded(name: &str, json: &str) -> Catalogue {
    Catalogue::parse(json).unwrap_or_else(|error| {
        tracing::error!(catalogue = name, %error, "a message catalogue cannot be read");
        Catalogue::default()
    })
}

/// Remembers a key that has no translation and logs it the first time. English needs no entry: its key is its text.
pub(super) fn miss(lang: Lang, key: &str) {
    static SEEN: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
    // A name from a database row that went through `t` by mistake must not fill the memory.
    const ENOUGH: usize = 1_000;

    if lang == Lang::En {
        return;
    }
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if seen.len() < ENOUGH && !seen.contains(key) {
        seen.insert(key.to_owned());
        tracing::warn!(lang = lang.code(), key, "a sentence has no translation");
    }
}
