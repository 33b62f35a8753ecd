//! Changes of many rows of a list at once: what was ticked, what came of it, and which rows stay ticked.

use super::filters;
use super::forms::new_key;
use super::list::{ListQuery, Page, Total};
use super::page::Next;
use crate::error::AppError;
use crate::kernel::language::Said;
use askama::Template;
use askama::filters::HtmlSafe;
use serde::Deserialize;
use uuid::Uuid;

/// Most rows that one request changes.
pub const MOST: usize = 500;
/// So many reasons for skipping are said; the rest is counted.
const REASONS: usize = 3;

/// The form around the rows of a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BulkForm {
    /// Which button was pressed.
    pub action: String,
    id: Vec<String>,
    all: String,
    shown: usize,
    query: String,
}

impl BulkForm {
    /// The list as it stood when the button was pressed.
    pub fn list(&self, path: &str) -> ListQuery {
        ListQuery::new(path, &self.query)
    }

    /// Whether everything that matches is meant, not only what is ticked. The box is on offer while every row of the page is ticked; with
    /// one of them unticked again it is out of sight, and must not count.
    pub fn is_all(&self) -> bool {
        self.all == "1" && self.id.len() >= self.shown.max(1)
    }

    /// The ticked rows, each once, in the order of their ids.
    ///
    /// # Errors
    /// `NotFound` for what is no id; `Refused` when they are too many.
    pub fn ids(&self) -> Result<Vec<Uuid>, AppError> {
        let mut ids = Vec::new();
        for id in &self.id {
            let id = Uuid::parse_str(id).map_err(|_| AppError::NotFound)?;
            if !ids.contains(&id) {
                ids.push(id);
            }
            refuse_too_many(ids.len())?;
        }
        // Siblings are locked by id, whoever ticks them in which order.
        ids.sort_unstable();
        Ok(ids)
    }
}

/// Refuses what would take longer than a page may.
///
/// # Errors
/// `Refused` in words.
pub fn refuse_too_many(rows: usize) -> Result<(), AppError> {
    if rows <= MOST {
        return Ok(());
    }
    Err(AppError::refused(
        Said::new("At most {most} rows can be changed at once. Narrow the list by a filter first.")
            .with("most", MOST),
    ))
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    done: usize,
    skipped: Vec<(Uuid, Said)>,
}

impl Outcome {
    /// Notes what came of one row. A refusal skips the row; any other failure is a failure of the whole.
    ///
    /// # Errors
    /// Whatever is no refusal.
    pub fn note<T>(&mut self, id: Uuid, outcome: Result<T, AppError>) -> Result<(), AppError> {
        match outcome {
            Ok(_) => self.done += 1,
            Err(AppError::Refused(said)) => self.skipped.push((id, said)),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Back to the list, with what was done in words (`{count}` in `done`); skipped rows stay ticked, no more of them than a page shows: they
    /// stand in the address.
    pub fn next(self, list: &ListQuery, done: Said) -> Next {
        let page = usize::try_from(list.size()).unwrap_or_default();
        let skipped = self.skipped.iter().take(page);
        let ticked: Vec<Uuid> = skipped.map(|(id, _)| *id).collect();
        Next::to(list.ticking(&ticked)).saying(self.said(done))
    }

    /// What was done in words (`{count}` in `done`), and why the rest was skipped.
    pub fn said(self, done: Said) -> Said {
        let done = done.with("count", self.done);
        let number = self.skipped.len();
        let mut reasons = self.skipped.into_iter().map(|(_, said)| said);
        let Some(first) = reasons.next() else {
            return done;
        };
        let why = reasons.take(REASONS - 1).fold(first, |said, more| {
            Said::new("{reason} {more}")
                .with("reason", said)
                .with("more", more)
        });
        let why = if number > REASONS {
            Said::new("{reason} And {number} more.")
                .with("reason", why)
                .with("number", number - REASONS)
        } else {
            why
        };
        Said::new("{done} {number} skipped: {why}")
            .with("done", done)
            .with("number", number)
            .with("why", why)
    }
}

/// A button of the bar.
#[derive(Clone, Debug)]
pub struct BulkButton {
    /// What is sent as `action`.
    pub action: &'static str,
    /// Its words.
    pub label: String,
    /// Its icon.
    pub icon: &'static str,
}

/// The bar under the rows: it appears with the first tick, counted by the style sheet.
#[derive(Clone, Debug, Template)]
#[template(path = "components/bulk.html")]
pub struct BulkBar {
    /// Where the form goes.
    pub action: String,
    buttons: Vec<BulkButton>,
    query: String,
    shown: usize,
    /// How many match, when that is more than the page shows.
    all: Option<i64>,
    key: Uuid,
}
impl HtmlSafe for BulkBar {}

impl BulkBar {
    /// The bar of a page of a list; the form goes to `…/bulk` under it.
    pub fn new<T>(
        query: &ListQuery,
        page: &Page<T>,
        total: impl Into<Total>,
        buttons: Vec<BulkButton>,
    ) -> Self {
        let total: Total = total.into();
        let shown = i64::try_from(page.rows.len()).unwrap_or(i64::MAX);
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        Self {
            action: format!("{}/bulk", query.path()),
            buttons,
            query: query.marked(),
            shown: page.rows.len(),
            // Where nobody knows how many there are, nobody can mean all of them; and more than one request changes are not offered.
            all: (total.rows > shown && total.rows <= most && !total.is_more).then_some(total.rows),
            key: new_key(),
        }
    }
}
