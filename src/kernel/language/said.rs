//! A sentence and its values, before the reader's language is known.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Lang, catalogue};

/// A sentence for a reader: the English with `{name}` placeholders, and the values for them.
///
/// The value named `count` chooses the plural. `Display` is the English, for logs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Said {
    key: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<(Cow<'static, str>, Value)>,
}

/// What stands in a placeholder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// A name, a number of a document, a formatted amount: printed as it is.
    Text(String),
    /// How many: printed with Indian grouping. Years and document numbers are not counts; give them as text.
    Number(i64),
    /// A sentence or label of its own, said in the same language.
    Said(Box<Said>),
}

impl Said {
    /// The sentence whose English is `key`. Write it out as a literal: the test of the catalogues reads the sources.
    pub const fn new(key: &'static str) -> Said {
        Said {
            key: Cow::Borrowed(key),
            values: Vec::new(),
        }
    }

    /// Fills `{name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Said {
        self.values.push((Cow::Borrowed(name), value.into()));
        self
    }

    /// Fills `{name}` with a label that is itself translated, like the name of a field: `.naming("label", "E-mail")`.
    #[must_use]
    pub fn naming(self, name: &'static str, label: &'static str) -> Said {
        self.with(name, Said::new(label))
    }

    /// The English with its placeholders.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The text that fills `{name}`, if text does.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            Value::Number(_) | Value::Said(_) => None,
        }
    }

    /// The sentence in `lang`, values filled in. A placeholder without a value stays as it is.
    pub fn in_language(&self, lang: Lang) -> String {
        let entry = catalogue::of(lang).get(&self.key);
        let text = match (entry, lang) {
            (Some(entry), _) => entry.for_count(lang, self.count()),
            (None, Lang::En) => &self.key,
            (None, _) => {
                catalogue::miss(lang, &self.key);
                return self.in_language(Lang::En);
            }
        };
        self.fill(text, lang)
    }

    fn count(&self) -> Option<i64> {
        self.values.iter().find_map(|(name, value)| match value {
            Value::Number(count) if name == "count" => Some(*count),
            _ => None,
        })
    }

    fn fill(&self, text: &str, lang: Lang) -> String {
        let mut filled = String::with_capacity(text.len() + 16);
        let mut rest = text;
        // One pass: a brace inside a value is text, not another placeholder.
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let found = after
                .split_once('}')
                .and_then(|(name, tail)| Some((self.value(name)?, tail)));
            match found {
                Some((value, tail)) => {
                    filled.push_str(&value.in_language(lang));
                    rest = tail;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        filled
    }

    /// What fills `{name}`.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }
}

impl Value {
    fn in_language(&self, lang: Lang) -> Cow<'_, str> {
        match self {
            Value::Text(text) => Cow::Borrowed(text),
            Value::Number(number) => Cow::Owned(grouped(*number)),
            Value::Said(said) => Cow::Owned(said.in_language(lang)),
        }
    }
}

/// `1234567` as `12,34,567`: the last three digits, then pairs.
fn grouped(number: i64) -> String {
    let sign = if number < 0 { "\u{2212}" } else { "" };
    format!(
        "{sign}{}",
        crate::kernel::number::group_indian(&number.unsigned_abs().to_string())
    )
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Lang::En))
    }
}

impl std::error::Error for Said {}

impl From<&'static str> for Said {
    fn from(key: &'static str) -> Said {
        Said::new(key)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

// Templates hand fields over behind one more reference.
impl From<&&str> for Value {
    fn from(text: &&str) -> Value {
        Value::from(*text)
    }
}

impl From<&&String> for Value {
    fn from(text: &&String) -> Value {
        Value::from(text.as_str())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(text.clone())
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Value {
        Value::Text(text.into_owned())
    }
}

impl From<char> for Value {
    fn from(text: char) -> Value {
        Value::Text(text.to_string())
    }
}

impl From<Said> for Value {
    fn from(said: Said) -> Value {
        Value::Said(Box::new(said))
    }
}

impl From<&Said> for Value {
    fn from(said: &Said) -> Value {
        Value::Said(Box::new(said.clone()))
    }
}

impl From<&Value> for Value {
    fn from(value: &Value) -> Value {
        value.clone()
    }
}

macro_rules! counts {
    ($($number:ty),+) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Value {
                // No count that is shown to a person comes near the limit.
                Value::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
        impl From<&$number> for Value {
            fn from(number: &$number) -> Value {
                Value::from(*number)
            }
        }
    )+};
}
counts!(i16, i32, i64, u8, u16, u32, u64, usize);

/// What a template can send through `|t`: a sentence, or one with values.
pub trait Sayable {
    /// The text in `lang`.
    fn said_in(&self, lang: Lang) -> Cow<'_, str>;
    /// The same as a value that can take values.
    fn to_said(&self) -> Said;
}

impl Sayable for str {
    fn said_in(&self, lang: Lang) -> Cow<'_, str> {
        lang.t(self)
    }

    fn to_said(&self) -> Said {
        Said {
            key: Cow::Owned(self.to_owned()),
            values: Vec::new(),
        }
    }
}

impl Sayable for String {
    fn said_in(&self, lang: Lang) -> Cow<'_, str> {
        lang.t(self)
    }

    fn to_said(&self) -> Said {
        self.as_str().to_said()
    }
}

impl Sayable for Said {
    fn said_in(&self, lang: Lang) -> Cow<'_, str> {
        Cow::Owned(self.in_language(lang))
    }

    fn to_said(&self) -> Said {
        self.clone()
    }
}

impl<T: Sayable + ?Sized> Sayable for &T {
    fn said_in(&self, lang: Lang) -> Cow<'_, str> {
        (**self).said_in(lang)
    }

    fn to_said(&self) -> Said {
        (**self).to_said()
    }
}
