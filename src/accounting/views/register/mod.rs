//! The tax register of a month: its sums, each with the way to the documents behind it, and what to mend before it is filed.

mod documents;
mod mending;
mod sheets;
mod tables;

pub use documents::PartsPage;
pub use sheets::{parts_sheet, register_sheet};

use crate::accounting::model::{Filing, HsnSum, Mismatch, Numbers, Total};
use crate::accounting::rules::gstr1::Month;
use crate::companies::model::Registration;
use crate::kernel::language::{Lang, Said, text};
use crate::web::Remarks;
use crate::web::components::{Choice, Empty, Exports, Field};
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use askama::Template;
use mending::{MismatchRow, mismatch_row, told};
use tables::{SumTable, codes, tables};

/// Heads of the amounts.
const AMOUNTS: [&str; 5] = [
    text!("Taxable value"),
    text!("IGST"),
    text!("CGST"),
    text!("SGST"),
    text!("Cess"),
];

/// Which registration and month a register is of.
pub struct RegisterPlace {
    pub registrations: Vec<Registration>,
    /// None where the company has no registration.
    pub chosen: Option<Registration>,
    pub month: Month,
}

impl RegisterPlace {
    /// What is asked of the books.
    pub fn filing(&self) -> Option<Filing> {
        let registration = self.chosen.as_ref()?.id;
        Some(Filing {
            registration,
            month: self.month,
        })
    }

    /// What addresses say of it.
    fn asked(&self) -> String {
        let gstin = self.chosen.as_ref().map(|one| one.gstin.as_str());
        let month = self.month.code();
        format!("month={month}&registration={}", gstin.unwrap_or_default())
    }
}

/// The parts of the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterTab {
    Tables,
    Hsn,
    Gstr1,
}

impl RegisterTab {
    const ALL: [Self; 3] = [Self::Tables, Self::Hsn, Self::Gstr1];

    /// The part that an address asks for.
    pub fn asked(query: &ListQuery) -> Self {
        match query.get("show") {
            Some("hsn") => Self::Hsn,
            Some("gstr1") => Self::Gstr1,
            _ => Self::Tables,
        }
    }

    fn code(self) -> Option<&'static str> {
        match self {
            Self::Tables => None,
            Self::Hsn => Some("hsn"),
            Self::Gstr1 => Some("gstr1"),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Tables => text!("Totals"),
            Self::Hsn => text!("HSN summary"),
            Self::Gstr1 => text!("GSTR-1"),
        }
    }
}

/// What a part shows.
pub enum RegisterFound {
    Nothing,
    Tables(Vec<Total>, Vec<Numbers>),
    Hsn(Vec<HsnSum>),
    Gstr1(Vec<Mismatch>),
}

/// Numbers of a series.
pub struct NumbersRow {
    pub kind: String,
    pub first: String,
    pub last: String,
    pub issued: i64,
    pub cancelled: i64,
}

#[derive(Template)]
#[template(path = "accounting/register/index.html")]
pub struct RegisterPage {
    pub shell: Shell,
    pub path: String,
    pub fields: Vec<Field>,
    /// The part that shows, which the form keeps.
    pub show: Option<&'static str>,
    pub tabs: Vec<(String, String, bool)>,
    pub exports: Exports,
    pub heads: Vec<String>,
    pub tables: Vec<SumTable>,
    pub numbers: Vec<NumbersRow>,
    pub mismatches: Vec<MismatchRow>,
    /// What is said above the mismatches, and where the file is.
    pub file: Option<(String, String)>,
    pub empty: Option<Empty>,
}

fn numbers_row(lang: Lang, numbers: &Numbers) -> NumbersRow {
    NumbersRow {
        kind: lang.t(numbers.kind.label()).into_owned(),
        first: numbers.first_number.clone(),
        last: numbers.last_number.clone(),
        issued: numbers.issued,
        cancelled: numbers.cancelled,
    }
}

/// The fields that say which month of which registration.
fn fields(lang: Lang, query: &ListQuery, place: &RegisterPlace) -> Vec<Field> {
    let typed = query.get("month");
    let wrong = typed.filter(|typed| Month::parse(typed).is_none());
    let remarks = wrong.map_or_else(Remarks::default, |_| {
        Remarks::from((
            "month",
            Said::new("Enter a month as year and month, like 2026-10."),
        ))
    });
    let current = place.chosen.as_ref().map(|one| one.gstin.as_str());
    let choice = |one: &Registration| {
        Choice::new(&one.gstin, one.gstin.clone(), current.unwrap_or_default())
    };
    // A field of months drops what is none; as text it stays to be corrected.
    let kind = if wrong.is_some() { "text" } else { "month" };
    vec![
        Field::new(kind, "month", lang.t("Month"))
            .value(wrong.map_or_else(|| place.month.code(), str::to_owned))
            .remarks(&remarks, lang),
        Field::new("select", "registration", lang.t("GSTIN"))
            .choices(place.registrations.iter().map(choice).collect()),
    ]
}

impl RegisterPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: &str,
        (query, place): (&ListQuery, RegisterPlace),
        (tab, found): (RegisterTab, RegisterFound),
    ) -> Self {
        let path = format!("{base}/tax-register");
        let behind = format!("{path}/documents?{}", place.asked());
        let tabs = RegisterTab::ALL.iter().map(|one| {
            let href = query.with(&[("show", one.code())]);
            (lang.t(one.label()).into_owned(), href, *one == tab)
        });
        let export = format!("{path}/export");
        let mut page = Self {
            fields: fields(lang, query, &place),
            show: tab.code(),
            tabs: tabs.collect(),
            exports: Exports::Files {
                csv: query.file(&export, "csv"),
                xlsx: query.file(&export, "xlsx"),
            },
            heads: AMOUNTS
                .iter()
                .map(|head| lang.t(head).into_owned())
                .collect(),
            tables: Vec::new(),
            numbers: Vec::new(),
            mismatches: Vec::new(),
            file: None,
            empty: None,
            path: path.clone(),
            shell,
        };
        match found {
            RegisterFound::Nothing => page.empty = Some(no_registration(lang)),
            RegisterFound::Tables(totals, numbers) => {
                page.tables = tables(lang, &behind, &totals);
                page.numbers = numbers.iter().map(|its| numbers_row(lang, its)).collect();
            }
            RegisterFound::Hsn(sums) => {
                page.empty = sums.is_empty().then(|| nothing(lang));
                page.tables = codes(lang, &behind, &sums);
            }
            RegisterFound::Gstr1(rows) => {
                let href = format!("{path}/gstr1?{}", place.asked());
                page.file = Some((told(lang, &rows), href));
                page.mismatches = rows
                    .iter()
                    .map(|one| mismatch_row(lang, base, one))
                    .collect();
            }
        }
        page
    }
}

fn no_registration(lang: Lang) -> Empty {
    Empty {
        icon: "receipt",
        heading: lang.t("No GST registration yet").into_owned(),
        text: lang
            .t("The register is kept for each registration of the company.")
            .into_owned(),
        action: None,
    }
}

fn nothing(lang: Lang) -> Empty {
    Empty {
        icon: "receipt",
        heading: lang.t("No documents in this month").into_owned(),
        text: lang
            .t("Codes of invoices and notes of the month appear here, with what they come to.")
            .into_owned(),
        action: None,
    }
}
