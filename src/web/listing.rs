//! What stands around the rows of a list: search and filters above, words when it is empty, the pager below, downloads beside.
//!
//! Every list is made here and printed by `layouts/list.html`, so that they all behave alike.

use super::components::{Chip, Choice, Empty, Exports, Field, Pager, Toolbar};
use super::list::{ListQuery, Page};
use crate::kernel::language::Lang;

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
}

/// Puts a [`Listing`] together.
pub struct ListBuilder<'q> {
    query: &'q ListQuery,
    lang: Lang,
    toolbar: Toolbar,
    exports: Option<Exports>,
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
        self.exports = Some(Exports {
            csv: self.query.file(path, "csv"),
            xlsx: self.query.file(path, "xlsx"),
        });
        self
    }

    /// The list of a page of rows. `first`: what it says before there is anything; `no_match`: its heading when a filter hides all.
    pub fn finish<T>(
        self,
        page: &Page<T>,
        total: i64,
        first: Empty,
        no_match: impl Into<String>,
    ) -> Listing {
        let lang = self.lang;
        let empty = match &self.toolbar.clear {
            None => first,
            Some(clear) => Empty {
                icon: first.icon,
                heading: no_match.into(),
                text: lang
                    .t("Change the search or clear the filters.")
                    .into_owned(),
                action: Some((lang.t("Clear filters").into_owned(), clear.clone())),
            },
        };
        Listing {
            empty,
            is_empty: page.rows.is_empty(),
            pager: page.pager(self.query, lang, total),
            toolbar: self.toolbar,
            exports: self.exports,
        }
    }

    fn filtered(&mut self, is_set: bool) {
        if is_set {
            self.toolbar.clear = Some(self.query.path().to_owned());
        }
    }
}
