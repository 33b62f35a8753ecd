//! Lists: what the address asks for, where the next page begins, what the pager says.
//!
//! The address is the state: `q`, repeatable filters, `sort` (minus means descending), `after` or `before` (keyset), `size`. Unknown
//! parameters are ignored, unknown values give the unfiltered list.

pub use super::mark::Mark;

use super::components::{Pager, SortHead};
use crate::kernel::language::{Lang, Said};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;
use uuid::Uuid;

/// Sizes that a list offers.
pub const SIZES: [i64; 3] = [25, 50, 100];
/// Above this many the count says "10,000+".
pub const COUNT_CAP: i64 = 10_000;

/// So many parameters of an address are read: a page of ticked rows and its filters.
const MOST_PAIRS: usize = 300;
/// Parameters that say where one is in a list, not what it shows.
const PLACES: [&str; 3] = ["after", "before", TICKED];
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

/// Where a page of a list begins or ends: the sort value and id of the row next to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cursor<K> {
    /// Rows after this one.
    After(K),
    /// Rows before this one; the query runs the other way round.
    Before(K),
}

/// The mark of a page, and whether the list runs backwards from it.
pub fn split<K>(cursor: Option<&Cursor<K>>) -> (Option<&K>, bool) {
    match cursor {
        Some(Cursor::After(mark)) => (Some(mark), false),
        Some(Cursor::Before(mark)) => (Some(mark), true),
        None => (None, false),
    }
}

/// Rows sorted by a column and then by id, from a mark on: pages never overlap, however deep they lie.
macro_rules! keyset {
    ($rows:expr, $cursor:expr, $is_descending:expr, $by:expr, $id:expr) => {{
        let (mark, is_back) = $crate::web::list::split($cursor);
        let is_down = $is_descending != is_back;
        let rows = match (mark, is_down) {
            // The first condition is what an index can do, the second tells rows of the same value apart.
            (Some((at, last)), true) => $rows
                .filter($by.le(at))
                .filter($by.lt(at).or($by.eq(at).and($id.lt(last)))),
            (Some((at, last)), false) => $rows
                .filter($by.ge(at))
                .filter($by.gt(at).or($by.eq(at).and($id.gt(last)))),
            (None, _) => $rows,
        };
        if is_down {
            rows.order(($by.desc(), $id.desc()))
        } else {
            rows.order(($by.asc(), $id.asc()))
        }
    }};
}
pub(crate) use keyset;

/// One page of rows, with the marks of its neighbours.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows, in the order of the list.
    pub rows: Vec<T>,
    previous: Option<String>,
    next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of up to `size` rows from a query that was asked for one more.
    ///
    /// With `Cursor::Before` the query ran backwards; the rows are turned round here.
    pub fn new<K: Serialize>(
        mut rows: Vec<T>,
        size: i64,
        cursor: Option<&Cursor<K>>,
        key: impl Fn(&T) -> K,
    ) -> Self {
        let size = usize::try_from(size).unwrap_or(25);
        let has_more = rows.len() > size;
        rows.truncate(size);
        let is_back = matches!(cursor, Some(Cursor::Before(_)));
        if is_back {
            rows.reverse();
        }
        let has_previous = if is_back { has_more } else { cursor.is_some() };
        let has_next = is_back || has_more;
        let mark = |row: Option<&T>| {
            row.and_then(|row| serde_json::to_vec(&key(row)).ok())
                .map(|json| BASE64_URL_SAFE_NO_PAD.encode(json))
        };
        let previous = if has_previous {
            mark(rows.first())
        } else {
            None
        };
        let next = if has_next { mark(rows.last()) } else { None };
        Self {
            rows,
            previous,
            next,
        }
    }

    /// The same page with its rows made into something else, all at once: one more statement, not one for each row.
    ///
    /// # Errors
    /// Whatever `make` fails with.
    pub fn try_map<U, E>(
        self,
        make: impl FnOnce(Vec<T>) -> Result<Vec<U>, E>,
    ) -> Result<Page<U>, E> {
        Ok(Page {
            rows: make(self.rows)?,
            previous: self.previous,
            next: self.next,
        })
    }

    /// The pager under the list. `total` is counted up to [`COUNT_CAP`] + 1.
    pub fn pager(&self, query: &ListQuery, lang: Lang, total: i64) -> Pager {
        let text = if total > COUNT_CAP {
            lang.say(&Said::new("10,000+ in all"))
        } else {
            lang.say(&Said::new("{count} in all").with("count", total))
        };
        Pager {
            text,
            previous: self
                .previous
                .as_ref()
                .map(|mark| query.with(&[("before", Some(mark))])),
            next: self
                .next
                .as_ref()
                .map(|mark| query.with(&[("after", Some(mark))])),
        }
    }
}
