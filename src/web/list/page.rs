//! One page of a list: where it begins, which rows it has, what is said of all of them.

use super::{COUNT, COUNT_CAP, FOUND, Found, ListQuery};
use crate::kernel::language::{Lang, Said};
use crate::web::components::Pager;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;

/// How many rows a list has, as far as they were counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// So many were counted.
    pub rows: i64,
    /// Whether there are more.
    pub is_more: bool,
    is_search: bool,
}

impl Total {
    /// What a query with the limit [`ListQuery::counted`] counted.
    pub fn of(query: &ListQuery, counted: i64) -> Self {
        Self {
            rows: counted,
            is_more: counted >= query.counted(),
            is_search: false,
        }
    }

    /// All there are, however many.
    pub fn all(rows: i64) -> Self {
        Self {
            rows,
            ..Self::default()
        }
    }

    /// Whether it is a search that finds more than were looked at.
    pub fn is_cut_search(self) -> bool {
        self.is_search && self.is_more
    }

    fn said(self) -> Said {
        match self {
            Self { is_more: false, .. } => Said::new("{count} in all").with("count", self.rows),
            Self {
                is_search: true, ..
            } => Said::new("{count}+ in all; another word narrows it").with("count", self.rows),
            Self { rows, .. } if rows > COUNT_CAP => Said::new("10,000+ in all"),
            _ => Said::new("1,000+ in all"),
        }
    }
}

/// Counted up to [`COUNT_CAP`] + 1.
impl From<i64> for Total {
    fn from(rows: i64) -> Self {
        Self {
            rows,
            is_more: rows > COUNT_CAP,
            is_search: false,
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

    /// Makes a page of what was read from [`ListQuery::reads_from`] up to [`ListQuery::reads`]; of a search also how many rows there are.
    ///
    /// A search is never counted: all that it shows was read. That is all there is only where what it found was not cut off.
    pub fn read<K: Serialize + PartialEq>(
        (rows, found): (Vec<T>, Option<&Found>),
        query: &ListQuery,
        cursor: Option<&Cursor<K>>,
        key: impl Fn(&T) -> K,
    ) -> (Self, Option<Total>) {
        if query.search().is_none() {
            return (Self::new(rows, query.size(), cursor, key), None);
        }
        let size = usize::try_from(query.size()).unwrap_or(25);
        let most = usize::try_from(FOUND).unwrap_or(usize::MAX);
        let is_more = rows.len() > most || found.is_some_and(Found::is_cut);
        let mut rows: Vec<T> = rows.into_iter().take(most).collect();
        let shown = rows.len();
        let (mark, is_back) = split(cursor);
        // A row that is gone by now marks nothing: the page is the first.
        let place = mark.and_then(|mark| rows.iter().position(|row| key(row) == *mark));
        let start = match place {
            None => 0,
            Some(place) if is_back => place.saturating_sub(size),
            Some(place) => place + 1,
        };
        let end = match place {
            Some(place) if is_back => place,
            _ => shown.min(start + size),
        };
        rows.truncate(end);
        rows.drain(..start.min(end));
        let marked = |row: Option<&T>| {
            row.and_then(|row| serde_json::to_vec(&key(row)).ok())
                .map(|json| BASE64_URL_SAFE_NO_PAD.encode(json))
        };
        let previous = if start > 0 {
            marked(rows.first())
        } else {
            None
        };
        let next = if end < shown {
            marked(rows.last())
        } else {
            None
        };
        let page = Self {
            rows,
            previous,
            next,
        };
        let total = Total {
            rows: i64::try_from(shown).unwrap_or(FOUND),
            is_more,
            is_search: true,
        };
        (page, Some(total))
    }

    /// The same page with each row made into something else.
    pub fn map<U>(self, mut make: impl FnMut(T) -> U) -> Page<U> {
        self.filter_map(|row| Some(make(row)))
    }

    /// The same page with each row made into something else, or left out.
    pub fn filter_map<U>(self, make: impl FnMut(T) -> Option<U>) -> Page<U> {
        Page {
            rows: self.rows.into_iter().filter_map(make).collect(),
            previous: self.previous,
            next: self.next,
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

    /// The pager under the list.
    pub fn pager(&self, query: &ListQuery, lang: Lang, total: impl Into<Total>) -> Pager {
        let total: Total = total.into();
        let can_count = total.is_more && !total.is_search && total.rows <= COUNT_CAP;
        let to = |place: &str, mark: &String| {
            query.with(&[(COUNT, query.get(COUNT)), (place, Some(mark.as_str()))])
        };
        Pager {
            text: lang.say(&total.said()),
            count: can_count.then(|| query.with(&[(COUNT, Some("all"))])),
            previous: self.previous.as_ref().map(|mark| to("before", mark)),
            next: self.next.as_ref().map(|mark| to("after", mark)),
        }
    }
}
