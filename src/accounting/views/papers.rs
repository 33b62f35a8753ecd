//! The pages of documents: the sheet, and what can be done with it.

use super::instalments::{InstalmentRow, instalment_rows, instalment_words};
use super::sheet::{Beside, Sheet, Tongues, copies};
use super::ways_back::may_cancel_here;
use crate::accounting::model::{Around, Document, Other, Paper};
use crate::accounting::rules::document::{Family, Status};
use crate::accounting::rules::einvoice;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::{Lang, text};
use crate::kernel::money::Money;
use crate::ledger::model::Owed;
use crate::ledger::rules::standing;
use crate::platform::accounts::{CompanyDoor, SupplierDoor};
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

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

/// When a document is to be paid: with the first instalment that is open, where some are agreed. `None` for what nobody pays.
pub fn due_on(document: &Document, owed: Option<&Owed>) -> Option<NaiveDate> {
    let agreed = owed.filter(|owed| owed.has_parts()).map(|owed| owed.due_on);
    document.due_on.map(|own| agreed.unwrap_or(own))
}

/// How far a document is paid, or that it was taken back.
pub fn pill_of(lang: Lang, document: &Document, owed: Option<&Owed>, today: NaiveDate) -> Pill {
    if document.status == Status::Cancelled {
        return Pill::new(lang.t("Cancelled"), "", "plain");
    }
    let open = owed.map(|owed| owed.open);
    let due_on = due_on(document, owed).unwrap_or(document.document_date);
    let standing = standing(document.total, open.unwrap_or_default(), due_on, today);
    let (tone, shape) = standing.pill();
    if document.due_on.is_none() {
        let is_open = open.is_some_and(|open| !open.is_zero());
        let label = if is_open {
            lang.t("Not used up")
        } else {
            lang.t("Used up")
        };
        return Pill::new(label, "", "plain");
    }
    Pill::new(lang.t(standing.label()), tone, shape)
}

fn pill(paper: &Paper, lang: Lang, today: NaiveDate) -> Pill {
    pill_of(lang, &paper.document, paper.remains.as_ref(), today)
}

/// How a document stands at the authority, where it has to be there; a key of the message catalogue.
const fn at_the_authority(status: einvoice::Status) -> Option<&'static str> {
    use einvoice::Status;
    match status {
        Status::NotRequired => None,
        Status::Registered => Some(text!("Registered as an e-invoice")),
        Status::Cancelled => Some(text!("Cancelled as an e-invoice")),
        Status::FailedFix | Status::ExpiredWindow => Some(text!(
            "Not registered as an e-invoice: something has to be put right"
        )),
        Status::Pending | Status::InFlight | Status::Unknown | Status::FailedWait => {
            Some(text!("Waits to be registered as an e-invoice"))
        }
    }
}

/// A way to another document: what it is, its number, its address, and what it comes to.
pub struct OtherPaper {
    pub label: String,
    pub number: String,
    pub href: String,
    pub total: String,
    pub is_void: bool,
}

fn other_paper(lang: Lang, base: &str, other: &Other) -> Option<OtherPaper> {
    let kind = other.kind().ok()?;
    let room = folder(kind.family());
    Some(OtherPaper {
        label: lang.t(kind.label()).into_owned(),
        number: other.number.clone(),
        href: format!("{base}/{room}/{}?year={}", other.url_no, other.year),
        total: other.total.to_string(),
        is_void: !other.stands(),
    })
}

/// What can be done about a document: the addresses of its corrections.
#[derive(Default)]
pub struct Corrections {
    pub credit: Option<String>,
    pub debit: Option<String>,
    pub cancel: Option<String>,
    /// Why a document that stands can't be cancelled.
    pub why_not: Option<String>,
}

impl Corrections {
    fn of(
        (lang, base): (Lang, &str),
        paper: &Paper,
        (around, notes): (&Around, &[Other]),
        now: DateTime<Utc>,
    ) -> Self {
        let document = &paper.document;
        let family = document.kind.family();
        let (url_no, year) = (&document.url_no, &document.year);
        let stands = document.status == Status::Issued;
        let is_bill = stands && family == Family::Bills;
        let note = |room: &str| format!("{base}/{room}/new?invoice={url_no}&year={year}");
        let is_left = around.credited < document.total;
        let einvoice = paper.einvoice.as_ref();
        let asked = (stands && family != Family::CreditNotes)
            .then(|| may_cancel_here((document, einvoice), (around, notes), now));
        let own = format!("{base}/{}/{url_no}/cancel?year={year}", folder(family));
        Self {
            credit: (is_bill && is_left).then(|| note("credit-notes")),
            debit: is_bill.then(|| note("debit-notes")),
            why_not: asked
                .as_ref()
                .and_then(|asked| Some(lang.say(asked.as_ref().err()?))),
            cancel: asked.is_some_and(|asked| asked.is_ok()).then_some(own),
        }
    }
}

/// A document in the office.
#[derive(Template)]
#[template(path = "accounting/document.html")]
pub struct DocumentPage {
    pub shell: Shell,
    pub back: (String, String),
    pub pill: Pill,
    /// How it stands at the authority, and where that is told.
    pub authority: Option<(String, String)>,
    pub shipment: Option<String>,
    pub sheet: Sheet,
    pub pdf: String,
    /// Its copies: the name of each, where it is, and whether it is this one.
    pub copies: Vec<(String, String, bool)>,
    /// All of them as one PDF.
    pub all_copies: String,
    pub other: (String, String),
    pub original: Option<OtherPaper>,
    pub notes: Vec<OtherPaper>,
    pub may: Corrections,
    /// The instalment that is asked for.
    pub instalment: Option<String>,
    /// Where instalments are agreed on, for whoever may, while something is open.
    pub agree: Option<String>,
    /// What nothing was set against yet of a note that gives back, for whoever may set it.
    pub unused: Option<Money>,
}

impl DocumentPage {
    /// The page of a document; whoever may correct it finds the ways to do so.
    ///
    /// # Errors
    /// When what stands around it can't be read.
    pub fn new(
        shell: Shell,
        (lang, may_correct, may_agree): (Lang, bool, bool),
        base: &str,
        (paper, look, around): (&Paper, &Look, &Around),
        (tongues, copy, now): (Tongues, usize, DateTime<Utc>),
    ) -> Result<Self, AppError> {
        let today = dates::today(now);
        let (original, notes) = around.others()?;
        let may = if may_correct {
            Corrections::of((lang, base), paper, (around, &notes), now)
        } else {
            Corrections::default()
        };
        let family = paper.document.kind.family();
        let own = format!("{base}/{}/{}", folder(family), paper.document.url_no);
        let authority = paper.einvoice.as_ref();
        let authority = authority.and_then(|einvoice| at_the_authority(einvoice.status));
        let shipment = paper.document.parties().shipment_no;
        let year = format!("year={}", paper.document.year);
        let list = super::list_title(lang, family);
        let names = copies(&paper.lines);
        let copy = copy.min(names.len());
        let asked = |copy: usize| match copy {
            1 => year.clone(),
            copy => format!("{year}&copy={copy}"),
        };
        let pdf = format!("{own}/pdf");
        let owed = paper.remains.as_ref();
        let is_open_bill = family == Family::Bills
            && paper.document.status == Status::Issued
            && owed.is_some_and(|owed| !owed.open.is_zero());
        let copies = (1..).zip(names).map(|(number, name)| {
            let href = address(&own, &asked(number), tongues);
            (lang.t(name).into_owned(), href, number == copy)
        });
        Ok(Self {
            shell,
            back: (list, format!("{base}/{}", folder(family))),
            original: original.and_then(|other| other_paper(lang, base, &other)),
            notes: notes
                .iter()
                .filter_map(|other| other_paper(lang, base, other))
                .collect(),
            may,
            instalment: owed.and_then(|owed| instalment_words(lang, owed, today)),
            unused: owed
                .map(|owed| owed.open)
                .filter(|open| may_agree && family == Family::CreditNotes && !open.is_zero()),
            agree: (may_agree && is_open_bill).then(|| format!("{own}/instalments?{year}")),
            pill: pill(paper, lang, today),
            authority: authority.map(|words| {
                let url_no = &paper.document.url_no;
                let told = format!("{base}/e-invoices/{url_no}?{year}");
                (lang.t(words).into_owned(), told)
            }),
            shipment: shipment.map(|number| format!("{base}/shipments/{number}")),
            sheet: one(paper, look, copy, tongues),
            copies: copies.collect(),
            all_copies: address(&pdf, &format!("{year}&copy=all"), tongues),
            pdf: address(&pdf, &asked(copy), tongues),
            other: other(&own, &asked(copy), tongues),
        })
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
    pub back: String,
    pub pill: Pill,
    pub sheet: Sheet,
    pub pdf: String,
    /// Where it is paid, while something of it is open.
    pub pay: Option<String>,
    /// The instalment that is asked for.
    pub instalment: Option<String>,
    /// All of them.
    pub instalments: Vec<InstalmentRow>,
}

impl BillPage {
    /// The page of a bill or a note, for somebody who may pay it or not.
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_pay): (&str, bool),
        (paper, look): (&Paper, &Look),
        (tongues, today): (Tongues, NaiveDate),
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
            back: format!("{base}/bills"),
            pill: pill(paper, lang, today),
            sheet: one(paper, look, 1, tongues),
            pdf: address(&format!("{own}/pdf"), &asked, tongues),
            instalment: paper
                .remains
                .as_ref()
                .and_then(|owed| instalment_words(lang, owed, today)),
            instalments: paper
                .remains
                .as_ref()
                .map(|owed| instalment_rows(lang, &owed.parts(), today))
                .unwrap_or_default(),
            pay: paper
                .open
                .filter(|open| may_pay && *open > Money::ZERO)
                .map(|_| format!("{base}/pay?bill={}", paper.document.id)),
        }
    }
}

/// A copy, of those that it has.
fn one(paper: &Paper, look: &Look, copy: usize, tongues: Tongues) -> Sheet {
    let beside = Beside {
        einvoice: paper.einvoice.clone(),
        open: paper.open,
        ..look.beside(copy)
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
