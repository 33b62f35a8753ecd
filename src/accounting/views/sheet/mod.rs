//! A document as it is read. The screen's template and the PDF take this struct and nothing else, so they can't differ: whatever is
//! decided about a document (which columns, which legends, how an amount is written) is decided before it becomes a sheet.

use crate::kernel::language::{Lang, Said};
use crate::kernel::qr::{Grid, Strength};
use crate::web::filters;
use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, Utc};

mod goods;
mod lines;
mod of;
mod people;
mod sums;

pub use goods::{Challan, Proforma};
pub use lines::with_places;
pub use of::{Beside, copies};
pub use sums::{upi_code, upi_text};

/// The languages of a sheet: documents are in one, and in a second one beside it when asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tongues {
    /// The language of the document.
    pub first: Lang,
    /// The one beside it.
    pub second: Option<Lang>,
}

impl Tongues {
    /// A label of the catalogue in both.
    pub fn label(self, key: &'static str) -> Label {
        self.say(&Said::new(key))
    }

    /// A sentence in both.
    pub fn say(self, said: &Said) -> Label {
        let text = self.first.say(said);
        let second = self
            .second
            .map(|lang| lang.say(said))
            .filter(|second| *second != text);
        Label { text, second }
    }
}

/// Words that stand in one or two languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "accounting/_label.html")]
pub struct Label {
    /// In the document's language.
    pub text: String,
    /// In the second one, where it differs.
    pub second: Option<String>,
}

impl Label {
    /// Words that are the same in every language: a name, an abbreviation of the law.
    pub fn plain(text: impl Into<String>) -> Label {
        Label {
            text: text.into(),
            second: None,
        }
    }

    /// Both on one line: `Date / दिनांक`.
    pub fn inline(&self) -> String {
        match &self.second {
            Some(second) => format!("{} / {second}", self.text),
            None => self.text.clone(),
        }
    }
}

/// Who issues: the head of every page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The name customers know.
    pub name: String,
    /// Legal name, address, GSTIN, mail, telephone: as printed.
    pub lines: Vec<String>,
    /// Two letters for the tile, where there is no logo.
    pub initials: String,
    /// The logo as a PNG.
    pub logo: Option<Vec<u8>>,
    /// Where the screen finds the logo.
    pub logo_url: Option<String>,
    /// The company's colour, in degrees.
    pub hue: u16,
}

/// Someone on the paper: whom it bills, to whom it goes, whence it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// What they are on it.
    pub label: Label,
    /// Name.
    pub name: String,
    /// Address, GSTIN, telephone.
    pub lines: Vec<String>,
}

/// A line of a list of facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// What.
    pub label: Label,
    /// How much, when, which.
    pub value: String,
    /// How it stands out.
    pub weight: Weight,
}

/// How a line of facts or totals stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// Not at all.
    #[default]
    Plain,
    /// It is what is looked for.
    Strong,
    /// It is what the whole paper is about; once on it.
    Grand,
}

impl Weight {
    /// Whether it is printed in bold.
    pub fn is_bold(self) -> bool {
        self != Weight::Plain
    }

    /// Whether it is the one that the paper is about.
    pub fn is_grand(self) -> bool {
        self == Weight::Grand
    }
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub label: Label,
    /// Figures end at the right.
    pub is_number: bool,
    /// It takes the room that the others leave, and its texts wrap.
    pub grows: bool,
}

impl Column {
    /// A column of words.
    pub fn words(label: Label) -> Column {
        Column {
            label,
            ..Column::default()
        }
    }

    /// A column of figures.
    pub fn figures(label: Label) -> Column {
        Column {
            label,
            is_number: true,
            grows: false,
        }
    }

    /// The column that takes the room the others leave.
    pub fn growing(label: Label) -> Column {
        Column {
            label,
            is_number: false,
            grows: true,
        }
    }
}

/// A cell: its text, and what stands small below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Below it, smaller.
    pub below: Vec<String>,
}

impl Cell {
    /// A cell with one text.
    pub fn of(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            below: Vec::new(),
        }
    }

    /// The same with one more line below.
    #[must_use]
    pub fn with(mut self, below: impl Into<String>) -> Cell {
        self.below.push(below.into());
        self
    }
}

/// A table. Each row and the foot have a cell for each column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "accounting/_sheet_table.html")]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// The sums below.
    pub foot: Option<Vec<Cell>>,
}

/// A code to be scanned.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "accounting/_qr.html")]
pub struct Qr {
    /// What it holds.
    pub text: String,
    /// What it is, for readers who can't see it.
    pub label: String,
    /// Its modules.
    pub grid: Grid,
}

impl Qr {
    /// The code of a text; `None` where it is longer than a code can hold.
    pub fn of(text: &str, strength: Strength, label: String) -> Option<Qr> {
        Some(Qr {
            text: text.to_owned(),
            label,
            grid: Grid::of(text, strength)?,
        })
    }
}

/// That the authority knows the document, or does not know it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Irn {
    /// Number, acknowledgement and its time, as printed; a line without a value is a sentence.
    pub lines: Vec<Fact>,
    /// The signed code; `None` where the authority's answer had none, or none that was verified.
    pub qr: Option<Qr>,
}

/// How to pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pay {
    /// What it says above.
    pub label: Label,
    /// UPI address, bank, account, IFSC.
    pub lines: Vec<String>,
    /// The UPI code for what is open.
    pub qr: Option<Qr>,
}

/// A document, ready to be read.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "accounting/_sheet.html")]
pub struct Sheet {
    /// In which languages.
    pub tongues: Tongues,
    /// What it is.
    pub title: Label,
    /// Which copy: original for recipient, and so on.
    pub copy: Option<Label>,
    /// Its number; on every page.
    pub number: String,
    /// Its date; on every page.
    pub date: String,
    /// When it was made: the PDF of it says so, and is the same each time.
    pub made_at: DateTime<Utc>,
    /// Who issues.
    pub head: Head,
    /// Number, date, due date, order, place of supply, reverse charge, original.
    pub facts: Vec<Fact>,
    /// Billed to, delivered to, dispatched from.
    pub parties: Vec<Party>,
    /// What the law wants said.
    pub legends: Vec<Label>,
    /// Why it counts no more.
    pub cancelled: Option<Cancelled>,
    /// Number and code of the authority.
    pub irn: Option<Irn>,
    /// What was supplied.
    pub lines: Table,
    /// Tax by HSN.
    pub by_hsn: Option<(Label, Table)>,
    /// From the taxable value to the total, and what is open of it.
    pub totals: Vec<Fact>,
    /// The total in words.
    pub words: Option<Label>,
    /// How to pay what is open.
    pub pay: Option<Pay>,
    /// The small print.
    pub terms: Vec<String>,
    /// Whom the signature binds, and who signs.
    pub signature: Option<(Label, Label)>,
    /// The last line: that it was made by a computer.
    pub closing: Label,
}

impl Sheet {
    /// Whether the authority's code stands beside the facts.
    pub fn has_code(&self) -> bool {
        self.irn.as_ref().is_some_and(|irn| irn.qr.is_some())
    }
}

// Each prints itself through its own template, which escapes what it prints.
impl HtmlSafe for Label {}
impl HtmlSafe for Table {}
impl HtmlSafe for Qr {}
impl HtmlSafe for Sheet {}

/// The mark across a document that counts no more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cancelled {
    /// The word across each page.
    pub mark: Label,
    /// When and why.
    pub why: Label,
}

/// A list on paper under the company's head: a statement, an ageing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSheet {
    /// In which languages.
    pub tongues: Tongues,
    /// What it is.
    pub title: Label,
    /// Of what time; on every page.
    pub period: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Whose it is.
    pub head: Head,
    /// Whom it is for.
    pub parties: Vec<Party>,
    /// What it starts from.
    pub facts: Vec<Fact>,
    /// The rows and their sums.
    pub table: Table,
    /// What it comes to.
    pub totals: Vec<Fact>,
    /// How to pay what is open.
    pub pay: Option<Pay>,
    /// The last line.
    pub closing: Label,
}
