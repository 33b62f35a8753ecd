//! The pages of documents: the sheet, and what can be done with it.

use super::sheet::{Beside, Sheet, Tongues};
use crate::accounting::model::Paper;
use crate::accounting::rules::document::{Family, Status};
use crate::kernel::language::{Lang, text};
use crate::platform::accounts::{CompanyDoor, SupplierDoor};
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;

/// How a company's documents look beside what their rows say.
pub struct Look {
    hue: u16,
    logo: Option<Vec<u8>>,
    logo_url: Option<String>,
}

impl Look {
    /// As its own people see them.
    pub fn of_company(company: &CompanyDoor, base: &str, logo: Option<Vec<u8>>) -> Self {
        Self {
            hue: hue(company.hue),
            logo,
            logo_url: company.logo.map(|file| format!("{base}/files/{file}")),
        }
    }

    /// As its customers see them.
    pub fn of_supplier(supplier: &SupplierDoor, base: &str, logo: Option<Vec<u8>>) -> Self {
        Self {
            hue: hue(supplier.hue),
            logo,
            logo_url: supplier.logo.map(|file| format!("{base}/files/{file}")),
        }
    }

    /// As a job sees them, which has no page.
    pub fn new(hue_of: i16, logo: Option<Vec<u8>>) -> Self {
        Self {
            hue: hue(hue_of),
            logo,
            logo_url: None,
        }
    }

    /// What a paper takes of it, for a copy.
    pub fn beside(&self, copy: usize) -> Beside {
        Beside {
            einvoice: None,
            open: None,
            logo: self.logo.clone(),
            logo_url: self.logo_url.clone(),
            hue: self.hue,
            copy,
        }
    }

    /// A copy of a document, from 1; `None` where it has fewer.
    pub fn sheet(&self, paper: &Paper, copy: usize, tongues: Tongues) -> Option<Sheet> {
        let beside = Beside {
            einvoice: paper.einvoice.clone(),
            open: paper.open,
            ..self.beside(copy)
        };
        let sheet = Sheet::of(&paper.document, &paper.lines, &beside, tongues);
        (copy == 1 || sheet.copy.is_some()).then_some(sheet)
    }
}

fn hue(degrees: i16) -> u16 {
    u16::try_from(degrees).unwrap_or_default()
}

/// Where a family of documents is in the office.
pub const fn folder(family: Family) -> &'static str {
    match family {
        Family::Bills => "invoices",
        Family::CreditNotes => "credit-notes",
        Family::DebitNotes => "debit-notes",
    }
}

/// What of a document a person sees at once.
fn pill(paper: &Paper, lang: Lang) -> Option<Pill> {
    if paper.document.status == Status::Cancelled {
        return Some(Pill::new(lang.t(text!("Cancelled")), "", "plain"));
    }
    let open = paper.open?;
    Some(if open.is_zero() {
        Pill::new(lang.t(text!("Paid")), "ok", "full")
    } else if open < paper.document.total {
        Pill::new(lang.t(text!("Part paid")), "warn", "half")
    } else {
        Pill::new(lang.t(text!("Unpaid")), "", "")
    })
}

/// A document in the office.
#[derive(Template)]
#[template(path = "accounting/document.html")]
pub struct DocumentPage {
    pub shell: Shell,
    pub back: Option<(String, String)>,
    pub pill: Option<Pill>,
    pub sheet: Sheet,
    pub pdf: String,
    pub other: (String, String),
}

impl DocumentPage {
    /// The page of a document.
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: &str,
        (paper, look): (&Paper, &Look),
        tongues: Tongues,
    ) -> Self {
        let folder = folder(paper.document.kind.family());
        let own = format!("{base}/{folder}/{}", paper.document.url_no);
        let year = format!("year={}", paper.document.year);
        Self {
            shell,
            back: order(paper, base),
            pill: pill(paper, lang),
            sheet: one(paper, look, tongues),
            pdf: address(&format!("{own}/pdf"), &year, tongues),
            other: other(&own, &year, tongues),
        }
    }
}

/// What an order is to cost, on the screen.
#[derive(Template)]
#[template(path = "accounting/proforma.html")]
pub struct ProformaPage {
    pub shell: Shell,
    pub number: String,
    pub back: String,
    pub sheet: Sheet,
    pub pdf: String,
}

/// A document as the shop that was billed sees it.
#[derive(Template)]
#[template(path = "portal/bill.html")]
pub struct BillPage {
    pub shell: Shell,
    pub back: Option<(String, String)>,
    pub pill: Option<Pill>,
    pub sheet: Sheet,
    pub pdf: String,
}

impl BillPage {
    /// The page of a bill or a note.
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: &str,
        (paper, look): (&Paper, &Look),
        tongues: Tongues,
    ) -> Self {
        let own = format!("{base}/bills/{}", paper.document.url_no);
        let kind = match paper.document.kind.family() {
            Family::Bills => String::new(),
            Family::CreditNotes => "kind=credit-note&".to_owned(),
            Family::DebitNotes => "kind=debit-note&".to_owned(),
        };
        let asked = format!("{kind}year={}", paper.document.year);
        Self {
            shell,
            back: order(paper, base),
            pill: pill(paper, lang),
            sheet: one(paper, look, tongues),
            pdf: address(&format!("{own}/pdf"), &asked, tongues),
        }
    }
}

/// The order that it is of: its number and where it is.
fn order(paper: &Paper, base: &str) -> Option<(String, String)> {
    let number = paper.document.parties().order_no?;
    let href = format!("{base}/orders/{number}");
    Some((number, href))
}

/// The first copy, which every document has.
fn one(paper: &Paper, look: &Look, tongues: Tongues) -> Sheet {
    let beside = Beside {
        einvoice: paper.einvoice.clone(),
        open: paper.open,
        ..look.beside(1)
    };
    Sheet::of(&paper.document, &paper.lines, &beside, tongues)
}

fn address(path: &str, asked: &str, tongues: Tongues) -> String {
    match tongues.second {
        Some(Lang::Hi) => format!("{path}?{asked}&lang=hi"),
        _ => format!("{path}?{asked}"),
    }
}

/// The same page with or without the second language: its label and where it is.
fn other(own: &str, asked: &str, tongues: Tongues) -> (String, String) {
    match tongues.second {
        Some(_) => (Lang::En.name().to_owned(), format!("{own}?{asked}")),
        None => (
            format!("{} + {}", Lang::En.name(), Lang::Hi.name()),
            format!("{own}?{asked}&lang=hi"),
        ),
    }
}
