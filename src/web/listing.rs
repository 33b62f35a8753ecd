//! What stands around the rows of a list: search and filters above, words when it is empty, the pager below, downloads beside.
//!
//! Every list is made here and printed by `layouts/list.html`, so that they all behave alike.

use super::components::{Chip, Choice, Empty, Exports, Field, Pager, SavedTab, SavedTabs, Toolbar};
use super::forms::new_key;
use super::list::{ListQuery, Page, Total};
use crate::kernel::language::Lang;
use std::str::FromStr;
use uuid::Uuid;

/// A list without its rows.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Search and filters.
    pub toolbar: Toolbar,
    /// What is said when nothing matches, or nothing is there yet.
    pub empty: Empty,
    /// Whether there are no rows to show.
    pub is_empty: bool,
    /// How many there are, and the ways to the next page and back.
    pub pager: Pager,
    /// The same filter as files.
    pub exports: Option<Exports>,
    /// Filters that people keep under a name, as tabs.
    pub views: Option<SavedTabs>,
    /// How many rows the filter shows and what they come to, where that is asked for: the figure that led here.
    pub foot: Option<String>,
}

/// A filter that is kept under a name.
#[derive(Clone, Debug)]
pub struct KeptView {
    /// What it is removed by.
    pub id: Uuid,
    /// What the tab says.
    pub name: String,
    /// The filter as it stands in the address.
    pub filter: String,
    /// Whether the reader may remove it.
    pub may_remove: bool,
}

/// Puts a [`Listing`] together.
pub struct ListBuilder<'q> {
    query: &'q ListQuery,
    lang: Lang,
    toolbar: Toolbar,
    exports: Option<Exports>,
    views: Option<SavedTabs>,
}

impl<'q> ListBuilder<'q> {
    /// A list at the address of its query. `placeholder`: what the search matches ("Name or e-mail").
    pub fn new(query: &'q ListQuery, lang: Lang, placeholder: impl Into<String>) -> Self {
        let kept = |name: &str| Some((name.to_owned(), query.get(name)?.to_owned()));
        Self {
            query,
            lang,
            toolbar: Toolbar {
                action: query.path().to_owned(),
                placeholder: placeholder.into(),
                search: query.search().unwrap_or_default().to_owned(),
                chips: Vec::new(),
                fields: Vec::new(),
                clear: query.search().map(|_| query.path().to_owned()),
                keep: ["sort", "size"].into_iter().filter_map(kept).collect(),
            },
            exports: None,
            views: None,
        }
    }

    /// A filter by the values of a repeatable parameter, each with its word.
    #[must_use]
    pub fn filter(
        mut self,
        name: &'static str,
        label: impl Into<String>,
        values: &[&str],
        word: impl Fn(&str) -> String,
    ) -> Self {
        let chosen = self.query.all(name, values);
        self.filtered(!chosen.is_empty());
        self.toolbar.chips.push(Chip {
            name,
            label: label.into(),
            choices: values
                .iter()
                .map(|value| Choice {
                    value: (*value).to_owned(),
                    label: word(value),
                    selected: chosen.contains(value),
                })
                .collect(),
            clear: self.query.without(name),
        });
        self
    }

    /// The filter by the state of what is listed, each by its label.
    #[must_use]
    pub fn states<S: FromStr>(self, codes: &[&str], label: fn(S) -> &'static str) -> Self {
        let lang = self.lang;
        let word = |code: &str| {
            let state = code.parse();
            state.map_or_else(
                |_| code.to_owned(),
                |state| lang.t(label(state)).into_owned(),
            )
        };
        self.filter("status", lang.t("State"), codes, word)
    }

    /// A filter that is typed, e.g. a date; the field takes its value from the address.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        let value = self.query.get(field.name).unwrap_or_default().to_owned();
        self.filtered(!value.is_empty());
        self.toolbar.fields.push(field.value(value));
        self
    }

    /// Offers what the filter shows as files; the handler at this address answers `format=csv` and `format=xlsx`.
    #[must_use]
    pub fn export(mut self, path: &str) -> Self {
        self.exports = Some(Exports::Files {
            csv: self.query.file(path, "csv"),
            xlsx: self.query.file(path, "xlsx"),
        });
        self
    }

    /// Tabs of the filters that are kept under a name, and the way to keep this one. Without either there is nothing to show.
    #[must_use]
    pub fn views(mut self, base: &str, list: &str, kept: Vec<KeptView>) -> Self {
        let filter = self.query.filter();
        let path = self.query.path();
        let tabs: Vec<SavedTab> = kept
            .into_iter()
            .map(|view| SavedTab {
                href: format!("{path}?{}", view.filter),
                is_current: view.filter == filter,
                remove: view
                    .may_remove
                    .then(|| format!("{base}/{}/remove", view.id)),
                name: view.name,
            })
            .collect();
        let is_kept = tabs.iter().any(|tab| tab.is_current);
        let asked: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let save = (!filter.is_empty() && !is_kept)
            .then(|| format!("{base}/new?list={list}&filter={asked}"));
        if !tabs.is_empty() || save.is_some() {
            self.views = Some(SavedTabs {
                all: path.to_owned(),
                is_all: filter.is_empty(),
                own: Vec::new(),
                tabs,
                save,
                key: new_key(),
            });
        }
        self
    }

    /// The list's own tabs, in one row with the kept filters: name, address, whether it is the one that shows.
    #[must_use]
    pub fn tabs(mut self, own: Vec<(String, String, bool)>) -> Self {
        let own = own
            .into_iter()
            .map(|(name, href, is_current)| SavedTab {
                name,
                href,
                is_current,
                remove: None,
            })
            .collect();
        match &mut self.views {
            Some(views) => views.own = own,
            None => {
                self.views = Some(SavedTabs {
                    all: self.query.path().to_owned(),
                    is_all: false,
                    own,
                    tabs: Vec::new(),
                    save: None,
                    key: new_key(),
                });
            }
        }
        self
    }

    /// The same by a job, for lists that may be long: the handler at this address takes the format by POST.
    #[must_use]
    pub fn export_by_job(mut self, path: &str) -> Self {
        self.exports = Some(Exports::ByJob {
            action: self.query.at(path),
            key: new_key(),
        });
        self
    }

    /// The list of a page of rows. `first`: what it says before there is anything; `no_match`: its heading when a filter hides all.
    pub fn finish<T>(
        self,
        page: &Page<T>,
        total: impl Into<Total>,
        first: Empty,
        no_match: impl Into<String>,
    ) -> Listing {
        let (lang, total): (Lang, Total) = (self.lang, total.into());
        let empty = match &self.toolbar.clear {
            None => first,
            Some(clear) => {
                // Where not all was looked at, nobody can say that nothing matches.
                let (heading, text) = if total.is_cut_search() {
                    (
                        lang.t("Too many fit the search to look at all of them")
                            .into_owned(),
                        lang.t(
                            "None of those that were looked at matches. Another word narrows it.",
                        ),
                    )
                } else {
                    (
                        no_match.into(),
                        lang.t("Change the search or clear the filters."),
                    )
                };
                Empty {
                    icon: first.icon,
                    heading,
                    text: text.into_owned(),
                    action: Some((lang.t("Clear filters").into_owned(), clear.clone())),
                }
            }
        };
        Listing {
            empty,
            is_empty: page.rows.is_empty(),
            pager: page.pager(self.query, lang, total),
            toolbar: self.toolbar,
            exports: self.exports,
            views: self.views,
            foot: None,
        }
    }

    fn filtered(&mut self, is_set: bool) {
        if is_set {
            self.toolbar.clear = Some(self.query.path().to_owned());
        }
    }
}
