//! Lists: what the address asks for, where the next page begins, what the pager says.
//!
//! The address is the state: `q`, repeatable filters, `sort` (minus means descending), `after` or `before` (keyset), `size`. Unknown
//! parameters are ignored, unknown values give the unfiltered list.

pub use super::mark::Mark;

use super::components::SortHead;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use uuid::Uuid;

mod found;
mod page;
pub use found::{Found, Searched};
pub(crate) use page::keyset;
pub use page::{Cursor, Page, Total, split};

/// Sizes that a list offers.
pub const SIZES: [i64; 3] = [25, 50, 100];
/// Above this many the count says "10,000+", even where somebody asks for all to be counted.
pub const COUNT_CAP: i64 = 10_000;
/// So many are counted unless somebody asks for more: what a list costs must not grow with it.
const COUNTED: i64 = 1_000;
/// So many rows of what a search finds are shown; who looks for others types another word.
const FOUND: i64 = 200;
/// As many as a file holds.
pub const ALL_FOUND: i32 = 100_000;

/// So many parameters of an address are read: a page of ticked rows and its filters.
const MOST_PAIRS: usize = 300;
/// Parameters that say where one is in a list, not what it shows.
const PLACES: [&str; 4] = ["after", "before", COUNT, TICKED];
/// `count=all` counts up to [`COUNT_CAP`].
const COUNT: &str = "count";
/// Rows that stay ticked after a change of many.
const TICKED: &str = "ticked";

/// Everything after the question mark of a list's address.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    path: String,
    pairs: Vec<(String, String)>,
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// One of the list's sort names.
    pub by: &'static str,
    /// Largest first.
    pub is_descending: bool,
}

impl actix_web::FromRequest for ListQuery {
    type Error = crate::error::AppError;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(
        request: &actix_web::HttpRequest,
        _: &mut actix_web::dev::Payload,
    ) -> Self::Future {
        std::future::ready(Ok(Self::new(request.path(), request.query_string())))
    }
}

impl ListQuery {
    /// The query of an address.
    pub fn new(path: &str, query: &str) -> Self {
        let pairs = url::form_urlencoded::parse(query.as_bytes())
            .take(MOST_PAIRS)
            .map(|(name, value)| {
                (
                    name.into_owned(),
                    value
                        .chars()
                        .filter(|c| !c.is_control())
                        .take(300)
                        .collect::<String>(),
                )
            })
            .collect();
        Self {
            path: path.to_owned(),
            pairs,
        }
    }

    /// The address without what is asked of it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value of a parameter, if it says anything.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// Every value of a repeatable parameter that is one of `known`.
    pub fn all<'k>(&self, name: &str, known: &[&'k str]) -> Vec<&'k str> {
        known
            .iter()
            .copied()
            .filter(|value| {
                self.pairs
                    .iter()
                    .any(|(key, given)| key == name && given == value)
            })
            .collect()
    }

    /// What is searched for.
    pub fn search(&self) -> Option<&str> {
        self.get("q")
    }

    /// How many rows are counted, one more than are said.
    pub fn counted(&self) -> i64 {
        if self.get(COUNT) == Some("all") {
            COUNT_CAP + 1
        } else {
            COUNTED + 1
        }
    }

    /// So many rows of what a search finds are looked at where it stands beside other filters, and one more, to know of it.
    pub const LOOKED_AT: i32 = 10_001;

    /// How many rows a search function is asked for: one more than are shown, or many more, where other filters take some away or the list is
    /// sorted otherwise than the search finds: the largest of two hundred are not the largest of all.
    ///
    /// A list by name shows the first two hundred that are found, by name: which two hundred, says the plan of the search. More would take a time
    /// that grows with the company (docs/performance.md).
    pub fn candidates(&self) -> i32 {
        let is_alone = self.pairs.iter().all(|(name, value)| {
            value.is_empty()
                || PLACES.contains(&name.as_str())
                || ["q", "size"].contains(&name.as_str())
        });
        if is_alone {
            i32::try_from(FOUND).unwrap_or(i32::MAX) + 1
        } else {
            Self::LOOKED_AT
        }
    }

    /// How many rows a page reads: one more than it shows; a search reads all that it will ever show, and so needs no count.
    pub fn reads(&self) -> i64 {
        if self.search().is_some() {
            FOUND + 1
        } else {
            self.size() + 1
        }
    }

    /// From where a page reads: a search reads from its beginning.
    pub fn reads_from<'c, K>(&self, cursor: Option<&'c Cursor<K>>) -> Option<&'c Cursor<K>> {
        cursor.filter(|_| self.search().is_none())
    }

    /// Rows a page.
    pub fn size(&self) -> i64 {
        self.get("size")
            .and_then(|size| size.parse().ok())
            .filter(|size| SIZES.contains(size))
            .unwrap_or(SIZES[0])
    }

    /// The order asked for, if the list knows it; else the list's own.
    pub fn sort(&self, known: &[&'static str], default: Sort) -> Sort {
        let Some(asked) = self.get("sort") else {
            return default;
        };
        let (name, is_descending) = asked
            .strip_prefix('-')
            .map_or((asked, false), |name| (name, true));
        known
            .iter()
            .find(|by| **by == name)
            .map_or(default, |by| Sort { by, is_descending })
    }

    /// Where this page begins (or, going back, ends), if the address says so in a form that we wrote.
    pub fn cursor<K: Mark>(&self) -> Option<Cursor<K>> {
        let read = |name: &str| -> Option<K> {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(self.get(name)?).ok()?;
            let mark: K = serde_json::from_slice(&bytes).ok()?;
            mark.is_sound().then_some(mark)
        };
        read("after")
            .map(Cursor::After)
            .or_else(|| read("before").map(Cursor::Before))
    }

    /// This address with some parameters set anew (`None` takes one away); page marks always go.
    pub fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.pairs {
            if !PLACES.contains(&name.as_str())
                && !value.is_empty()
                && !changes.iter().any(|(changed, _)| changed == name)
            {
                query.append_pair(name, value);
            }
        }
        for (name, value) in changes {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{query}", self.path)
        }
    }

    /// The rows that are to be ticked.
    pub fn ticked(&self) -> Vec<Uuid> {
        let ticked = self.pairs.iter().filter(|(name, _)| name == TICKED);
        ticked
            .filter_map(|(_, id)| Uuid::parse_str(id).ok())
            .collect()
    }

    /// What is asked of the address, page mark included: a form carries it, to come back to this page.
    pub fn marked(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let asked = self.pairs.iter().filter(|(name, _)| name != TICKED);
        query.extend_pairs(asked);
        query.finish()
    }

    /// The filter alone, as it is kept under a name: no page mark, no ticks, nothing empty.
    pub fn filter(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let asked = self
            .pairs
            .iter()
            .filter(|(name, value)| !PLACES.contains(&name.as_str()) && !value.is_empty());
        query.extend_pairs(asked);
        query.finish()
    }

    /// This page of the list with rows ticked.
    pub fn ticking(&self, ids: &[Uuid]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(self.marked());
        query.extend_pairs(ids.iter().map(|id| (TICKED, id.to_string())));
        let query = query.finish();
        if query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{query}", self.path)
        }
    }

    /// The same filters at another address.
    pub fn at(&self, path: &str) -> String {
        self.elsewhere(path).with(&[])
    }

    /// The address of what is shown, as a file of a format.
    pub fn file(&self, path: &str, format: &str) -> String {
        self.elsewhere(path).with(&[("format", Some(format))])
    }

    fn elsewhere(&self, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            pairs: self.pairs.clone(),
        }
    }

    /// This address without one value of a repeatable filter.
    pub fn without(&self, name: &str) -> String {
        self.with(&[(name, None)])
    }

    /// A column's head: its link sorts, a second click turns round. `first_down`: money and dates sort largest first.
    pub fn head(&self, label: String, by: &'static str, sort: Sort, first_down: bool) -> SortHead {
        let is_current = sort.by == by;
        let down = if is_current {
            !sort.is_descending
        } else {
            first_down
        };
        let value = if down {
            format!("-{by}")
        } else {
            by.to_owned()
        };
        SortHead {
            label,
            href: self.with(&[("sort", Some(&value))]),
            direction: is_current.then_some(if sort.is_descending {
                "descending"
            } else {
                "ascending"
            }),
            numeric: false,
        }
    }
}
