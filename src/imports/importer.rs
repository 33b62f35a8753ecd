//! What a domain says about its rows, so that this room can bring them in.

use super::rules::short;
use crate::error::AppError;
use crate::kernel::ids::ImportId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::{Company, Permission, Role, role_has};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A kind of import, in names and words.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What is stored: `products`.
    pub code: &'static str,
    /// Its address under the company's: `/products/import`.
    pub path: &'static str,
    /// The list that the rows go to, under the company's: `/products`.
    pub list: &'static str,
    /// The permission to bring such a file in.
    pub needs: &'static str,
    /// Kind of the job that checks.
    pub check: &'static str,
    /// Kind of the job that writes.
    pub apply: &'static str,
    /// The heading, marked as a text.
    pub title: &'static str,
    /// What the file should hold, marked as a text.
    pub about: &'static str,
    /// The list's name, marked as a text.
    pub list_label: &'static str,
    /// What is brought in after it, if anything: words, marked as a text, and the address under the company's.
    pub next: Option<(&'static str, &'static str)>,
}

/// A field that a column can be.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// Its name in forms and settings.
    pub name: &'static str,
    /// What it is called, marked as a text.
    pub label: &'static str,
    /// How heads of columns call it, in small letters and digits alone; the likeliest first.
    pub synonyms: &'static [&'static str],
    /// What may stand beside one of these in a head and says nothing more, in small letters: `rs`, `excl gst`. A longer one comes before those
    /// that are part of it.
    pub beside: &'static [&'static str],
    /// Words that no head of this field has, in small letters: `incl`.
    pub unless: &'static [&'static str],
    /// Whether a file without it makes no sense.
    pub is_required: bool,
    /// Whether what is new can't do without it, from its row or for the whole file.
    pub is_needed_by_new: bool,
    /// Whether a value for the whole file can be given, where a row has none.
    pub has_default: bool,
    /// That value, until somebody says otherwise.
    pub preset: &'static str,
    /// Whether a blank cell may take the value of the row above (see [`Settings::fills_down`]).
    pub fills_down: bool,
    /// Whether it may do so in a row that begins something new, as headings over groups of rows do.
    pub carries_on: bool,
    /// Whether a row with it may lack everything else, because what is there is found by it.
    pub finds: bool,
    /// Whether a row with it may be one of several that a row above has begun.
    pub goes_on: bool,
    /// The permission to set it, beside that to bring the file in; empty: none.
    pub needs: &'static str,
}

impl FieldSpec {
    /// A field that may be left out.
    pub const fn new(
        name: &'static str,
        label: &'static str,
        synonyms: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            label,
            synonyms,
            beside: &[],
            unless: &[],
            is_required: false,
            is_needed_by_new: false,
            has_default: false,
            preset: "",
            fills_down: false,
            carries_on: false,
            finds: false,
            goes_on: false,
            needs: "",
        }
    }

    /// These may stand beside its names in a head.
    #[must_use]
    pub const fn beside(mut self, phrases: &'static [&'static str]) -> Self {
        self.beside = phrases;
        self
    }

    /// A head with one of these words is another field.
    #[must_use]
    pub const fn unless(mut self, words: &'static [&'static str]) -> Self {
        self.unless = words;
        self
    }

    /// Only whoever has this permission may set it.
    #[must_use]
    pub const fn needing(mut self, permission: &'static str) -> Self {
        self.needs = permission;
        self
    }

    /// Whether a role may set it.
    pub fn is_for(&self, role: Role) -> bool {
        self.needs.is_empty() || role_has(role, self.needs)
    }

    /// A file without it makes no sense.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// What is new can't do without it.
    #[must_use]
    pub const fn needed_by_new(mut self) -> Self {
        self.is_needed_by_new = true;
        self
    }

    /// One value may be given for the whole file.
    #[must_use]
    pub const fn or(mut self, preset: &'static str) -> Self {
        self.has_default = true;
        self.preset = preset;
        self
    }

    /// What is there is found by it.
    #[must_use]
    pub const fn finding(mut self) -> Self {
        self.finds = true;
        self
    }

    /// It tells one from another of several that begin in one row.
    #[must_use]
    pub const fn going_on(mut self) -> Self {
        self.goes_on = true;
        self
    }

    /// A blank cell may take the value of the row above.
    #[must_use]
    pub const fn filled_down(mut self) -> Self {
        self.fills_down = true;
        self
    }

    /// The same, also in a row that begins something new.
    #[must_use]
    pub const fn carried_on(mut self) -> Self {
        self.carries_on = true;
        self.filled_down()
    }
}

/// A choice about the whole file, ticked or not.
#[derive(Clone, Copy, Debug)]
pub struct OptionSpec {
    /// Its name in forms and settings.
    pub name: &'static str,
    /// What it is called, marked as a text.
    pub label: &'static str,
    /// What it does, marked as a text.
    pub hint: &'static str,
}

/// Blank cells take the value of the row above.
pub const FILL_DOWN: &str = "fill_down";

/// Where the heads of the columns stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    /// The last row of the heads, counted from 1; 0 when there are none.
    pub last: u32,
    /// How many rows they take.
    pub rows: u32,
}

/// How a file is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Which sheet of a workbook.
    pub sheet: String,
    /// Where the heads stand.
    pub heads: Heads,
    /// Field by field, its column, counted from 0.
    pub columns: BTreeMap<String, usize>,
    /// Field by field, what is taken where a row has nothing.
    pub defaults: BTreeMap<String, String>,
    /// Options that are ticked.
    pub options: BTreeSet<String>,
}

impl Settings {
    /// Whether an option is ticked.
    pub fn has(&self, option: &str) -> bool {
        self.options.contains(option)
    }

    /// Whether blank cells take the value of the row above.
    pub fn fills_down(&self) -> bool {
        self.has(FILL_DOWN)
    }

    /// What the whole file has of a field; empty when nothing was said.
    pub fn default_of(&self, field: &str) -> &str {
        self.defaults.get(field).map_or("", String::as_str)
    }
}

/// A row of the file, cell by field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// The row as a spreadsheet numbers it.
    pub number: u32,
    /// Cells by field: what the file has, cleaned; a field without a cell is not in it.
    pub cells: BTreeMap<&'static str, String>,
    /// Those of the cells that are blank in the file and have the value of the row above.
    pub filled: BTreeSet<&'static str>,
}

impl Line {
    /// The cell of a field; empty when there is none.
    pub fn cell(&self, field: &str) -> &str {
        self.cells.get(field).map_or("", String::as_str)
    }

    /// The cell, or what the whole file has; empty when neither says anything.
    pub fn value<'a>(&'a self, settings: &'a Settings, field: &str) -> &'a str {
        match self.cell(field) {
            "" => settings.default_of(field),
            cell => cell,
        }
    }
}

/// Whether rows are only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Says what would come of them.
    Check,
    /// Writes them.
    Write,
}

/// What came of a row, or would.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Something new.
    Created,
    /// Part of something that was there, in words.
    Merged(Said),
    /// The same, and some of its words are not taken: which, in words.
    Kept(Said),
    /// Comes in, new or not, and this must be known of it.
    Warned {
        /// Whether it is something new.
        is_new: bool,
        /// What must be known.
        said: Said,
    },
    /// Left out, with the reason.
    Refused(Said),
}

/// The import that a batch belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The import; none when the rows come from no file of a person.
    pub import: Option<ImportId>,
    /// How the file is read.
    pub settings: &'a Settings,
    /// Whether to write.
    pub mode: Mode,
}

/// What a domain does with rows of files.
pub trait Importer: 'static {
    /// Who may.
    type Permission: Permission<Door = Company>;
    /// What has to be known of earlier rows of the file.
    type Memory: Default;
    /// Its names and words.
    const KIND: Kind;

    /// The fields, in the order in which they are asked for.
    fn fields() -> &'static [FieldSpec];

    /// Choices about the whole file.
    fn options() -> &'static [OptionSpec] {
        &[]
    }

    /// A row as it will be stored, field by field, or why it can't be.
    ///
    /// # Errors
    /// The reason, for the person who sent the file.
    fn preview(line: &Line, settings: &Settings) -> Result<Vec<(&'static str, String)>, Said>;

    /// Which of these rows, by number, are about something that is there already. One statement at most.
    ///
    /// # Errors
    /// When the database refuses.
    fn standing(
        _scope: &mut Scope,
        _settings: &Settings,
        _lines: &[Line],
    ) -> Result<BTreeSet<u32>, AppError> {
        Ok(BTreeSet::new())
    }

    /// What such a row changes, field by field; nothing for a field that stays as it is.
    ///
    /// # Errors
    /// The reason why it can't be taken.
    fn preview_change(
        line: &Line,
        settings: &Settings,
    ) -> Result<Vec<(&'static str, String)>, Said> {
        Self::preview(line, settings)
    }

    /// What somebody should know before a file is brought in so, though no row is wrong.
    fn warnings(_settings: &Settings) -> Vec<Said> {
        Vec::new()
    }

    /// What is said above the rows that come in though something must be known of them: what it is, and what to do. `is_written`: whether
    /// they have come in already.
    fn warned(count: i32, _is_written: bool) -> Said {
        Said::new("Of {count} rows something must be known.").with("count", count)
    }

    /// What is brought in after such a file: as [`Kind::next`], unless the file has it.
    fn next(_settings: &Settings) -> Option<(&'static str, &'static str)> {
        Self::KIND.next
    }

    /// What a row is recognised by beside its number: its first two fields, as the file has them.
    fn called(line: &Line) -> String {
        let cells = Self::fields().iter().take(2);
        let cells: Vec<String> = cells
            .map(|field| short(line.cell(field.name)))
            .filter(|cell| !cell.is_empty())
            .collect();
        cells.join(" · ")
    }

    /// What comes of each row, in their order; written when the mode says so. Its statements don't grow with the rows.
    ///
    /// # Errors
    /// When the database refuses: then nothing of the batch is kept.
    fn batch(
        scope: &mut Scope,
        run: &Run,
        lines: &[Line],
        memory: &mut Self::Memory,
    ) -> Result<Vec<Outcome>, AppError>;

    /// Rows that an earlier try has written, without those that it refused: what has to be known of them.
    fn recall(run: &Run, lines: &[Line], memory: &mut Self::Memory);
}
