//! The parts that pages are made of: a struct each, printed with `{{ field }}`.

use super::filters;
use super::forms::Remarks;
use crate::kernel::language::Lang;
use askama::Template;
use askama::filters::HtmlSafe;

/// A labelled control, with hint and error.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/field.html")]
pub struct Field {
    /// Name, and id, of the control.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// text, email, password, tel, number, date, url, search, file, textarea, select, checkbox, radio or hidden-like kinds of `<input>`.
    pub kind: &'static str,
    /// What is in it.
    pub value: String,
    /// What helps to fill it in.
    pub hint: Option<String>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Whether it may be left empty.
    pub optional: bool,
    /// Token of what a browser may fill in.
    pub autocomplete: &'static str,
    /// Which keys a phone shows.
    pub inputmode: &'static str,
    /// Choices of a select or of radios.
    pub choices: Vec<Choice>,
    /// Whether a checkbox is ticked.
    pub checked: bool,
    /// Whether it only shows.
    pub readonly: bool,
    /// What somebody else saved meanwhile, beside what was typed.
    pub theirs: Option<String>,
    /// Media types that a file field takes.
    pub accept: &'static str,
}
impl HtmlSafe for Field {}

/// A choice of a select or of radios.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
}

impl Choice {
    /// A choice; `current` is the value that is chosen.
    pub fn new(value: &str, label: impl Into<String>, current: &str) -> Self {
        Self {
            value: value.to_owned(),
            label: label.into(),
            selected: value == current,
        }
    }
}

impl Field {
    /// A control of a kind, e.g. `text`.
    pub fn new(kind: &'static str, name: &'static str, label: impl Into<String>) -> Self {
        Self {
            kind,
            name,
            label: label.into(),
            ..Self::default()
        }
    }

    /// One line of text.
    pub fn text(name: &'static str, label: impl Into<String>) -> Self {
        Self::new("text", name, label)
    }

    /// What is in it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// What helps to fill it in.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong with it, if anything is.
    #[must_use]
    pub fn remarks(mut self, remarks: &Remarks, lang: Lang) -> Self {
        self.error = remarks.on(self.name, lang);
        self
    }

    /// May be left empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// What a browser may fill in, e.g. `email`.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }

    /// Which keys a phone shows, e.g. `numeric`.
    #[must_use]
    pub fn inputmode(mut self, mode: &'static str) -> Self {
        self.inputmode = mode;
        self
    }

    /// Choices.
    #[must_use]
    pub fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// Whether a checkbox is ticked.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    /// Only shows.
    #[must_use]
    pub fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }

    /// What somebody else saved meanwhile.
    #[must_use]
    pub fn theirs(mut self, theirs: Option<String>) -> Self {
        self.theirs = theirs;
        self
    }

    /// Media types that a file field takes.
    #[must_use]
    pub fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// Ids of what describes the control.
    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-h", self.name));
        }
        if self.theirs.is_some() {
            ids.push(format!("{}-t", self.name));
        }
        if self.error.is_some() {
            ids.push(format!("{}-e", self.name));
        }
        ids.join(" ")
    }
}

/// The problems of a form, above it; takes the focus.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/summary.html")]
pub struct Summary {
    /// Id of the field, and what is wrong with it.
    pub problems: Vec<(String, String)>,
}
impl HtmlSafe for Summary {}

/// A status: the shape says how far, the tone who must act.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="pill{% if !tone.is_empty() %} {{ tone }}{% endif %}{% if !shape.is_empty() %} {{ shape }}{% endif %}">{{ text }}</span>"#,
    ext = "html"
)]
pub struct Pill {
    /// One or two words.
    pub text: String,
    /// Nothing, `ok`, `info`, `warn` or `bad`.
    pub tone: &'static str,
    /// Nothing (not begun), `half`, `full` or `plain` (ended without result).
    pub shape: &'static str,
}
impl HtmlSafe for Pill {}

impl Pill {
    /// A status.
    pub fn new(text: impl Into<String>, tone: &'static str, shape: &'static str) -> Self {
        Self {
            text: text.into(),
            tone,
            shape,
        }
    }
}

/// A fact that stays true while the page is open.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<div class="notice {{ tone }}">{{ "info"|icon }}<span>{{ text }}</span></div>"#,
    ext = "html"
)]
pub struct Notice {
    /// Nothing, `ok`, `warn` or `bad`.
    pub tone: &'static str,
    /// What is true.
    pub text: String,
}
impl HtmlSafe for Notice {}

/// What an empty list says.
#[derive(Clone, Debug, Template)]
#[template(path = "components/empty.html")]
pub struct Empty {
    /// Its icon.
    pub icon: &'static str,
    /// "No people yet", "No people match".
    pub heading: String,
    /// One sentence.
    pub text: String,
    /// The next step: words and address.
    pub action: Option<(String, String)>,
}
impl HtmlSafe for Empty {}

/// A column's head that sorts.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<th role="columnheader" scope="col"{% if numeric %} class="num"{% endif %}{% if let Some(direction) = direction %} aria-sort="{{ direction }}"{% endif %}><a href="{{ href }}">{{ label }} {{ "down"|icon }}</a></th>"#,
    ext = "html"
)]
pub struct SortHead {
    /// Its words.
    pub label: String,
    /// The list sorted by it.
    pub href: String,
    /// `ascending` or `descending`, when the list is sorted by it.
    pub direction: Option<&'static str>,
    /// Whether figures stand below it.
    pub numeric: bool,
}
impl HtmlSafe for SortHead {}

/// A filter of a list.
#[derive(Clone, Debug, Template)]
#[template(path = "components/chip.html")]
pub struct Chip {
    /// Name of the parameter.
    pub name: &'static str,
    /// What it filters by.
    pub label: String,
    /// Its values.
    pub choices: Vec<Choice>,
    /// The list without this filter.
    pub clear: String,
}
impl HtmlSafe for Chip {}

impl Chip {
    /// The first chosen value, in words.
    fn chosen(&self) -> Option<&str> {
        self.choices
            .iter()
            .find(|choice| choice.selected)
            .map(|choice| choice.label.as_str())
    }

    /// How many values are chosen.
    fn count(&self) -> usize {
        self.choices.iter().filter(|choice| choice.selected).count()
    }
}

/// Search and filters above a list.
#[derive(Clone, Debug, Template)]
#[template(path = "components/toolbar.html")]
pub struct Toolbar {
    /// Address of the list.
    pub action: String,
    /// What the search matches ("Name or e-mail").
    pub placeholder: String,
    /// What is searched for.
    pub search: String,
    /// Filters.
    pub chips: Vec<Chip>,
    /// Filters that are typed.
    pub fields: Vec<Field>,
    /// The list without search and filters, when there are any.
    pub clear: Option<String>,
    /// The parameters that are not in the form itself: sort and size.
    pub keep: Vec<(String, String)>,
}
impl HtmlSafe for Toolbar {}

/// What a list shows, as files.
#[derive(Clone, Debug, Template)]
#[template(path = "components/exports.html")]
pub enum Exports {
    /// At once.
    Files {
        /// As CSV.
        csv: String,
        /// As a workbook.
        xlsx: String,
    },
    /// By a job.
    ByJob {
        /// Where the form goes.
        action: String,
        /// One-time key.
        key: uuid::Uuid,
    },
}
impl HtmlSafe for Exports {}

/// Filters that people keep under a name, as tabs above a list.
#[derive(Clone, Debug, Template)]
#[template(path = "components/saved_tabs.html")]
pub struct SavedTabs {
    /// The list without a filter.
    pub all: String,
    /// Whether there is none now.
    pub is_all: bool,
    /// The list's own tabs, in the place of "All".
    pub own: Vec<SavedTab>,
    /// A tab for each.
    pub tabs: Vec<SavedTab>,
    /// Where this filter is given a name, if it has none.
    pub save: Option<String>,
    /// One-time key.
    pub key: uuid::Uuid,
}
impl HtmlSafe for SavedTabs {}

/// A tab of a saved filter.
#[derive(Clone, Debug)]
pub struct SavedTab {
    /// Its name.
    pub name: String,
    /// The list with the filter.
    pub href: String,
    /// Whether the list is filtered so now.
    pub is_current: bool,
    /// Where it is removed, if the reader may.
    pub remove: Option<String>,
}

/// The foot of a list.
#[derive(Clone, Debug, Template)]
#[template(path = "components/pager.html")]
pub struct Pager {
    /// How many there are.
    pub text: String,
    /// Where more of them are counted, if there are more than were.
    pub count: Option<String>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}
impl HtmlSafe for Pager {}

/// A question before something that can't be undone: a page of its own, and the content of the dialog.
#[derive(Clone, Debug, Template)]
#[template(path = "components/confirm.html")]
pub struct Confirm {
    /// "Suspend Annapurna?"
    pub question: String,
    /// What will happen.
    pub effect: String,
    /// Where the form goes.
    pub action: String,
    /// The verb on the button.
    pub verb: String,
    /// Where "keep" leads.
    pub back: String,
    /// The way out, in words.
    pub keep: String,
    /// One-time key.
    pub key: uuid::Uuid,
    /// A field that has to be filled in (a reason), if any.
    pub fields: Vec<Field>,
}
impl HtmlSafe for Confirm {}
