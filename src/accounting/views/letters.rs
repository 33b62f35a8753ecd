//! The letter about a bill.

use crate::accounting::model::{Document, DocumentLine};
use crate::accounting::views::sheet::with_places;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::number::indian;
use crate::orders::model::Readers;
use crate::web::filters;
use askama::Template;

/// So many lines stand in a letter; the rest is counted.
const MOST: usize = 20;

/// What the letter is made of.
pub struct Told<'a> {
    pub document: &'a Document,
    pub lines: &'a [DocumentLine],
    pub readers: &'a Readers,
    /// Address of the installation, without a slash at the end.
    pub base: &'a str,
}

/// A line in the letter.
pub struct LetterRow {
    pub name: String,
    pub quantity: String,
    pub amount: String,
}

/// The letter in its reader's language.
pub struct BillLetter {
    pub subject: String,
    pub name: String,
    pub headline: String,
    pub more: Vec<String>,
    pub rows: Vec<LetterRow>,
    pub others: usize,
    pub total: String,
    pub link: Option<String>,
}

/// What a document comes to: in its currency first, where that is not rupees.
pub(super) fn amount_of(document: &Document) -> String {
    match (&document.currency, document.total_fc) {
        (Some(currency), Some(total)) => {
            format!("{currency} {} ({})", with_places(total), document.total)
        }
        _ => document.total.to_string(),
    }
}

fn row(lang: Lang, line: &DocumentLine) -> LetterRow {
    let name = line.name_hi.as_ref().filter(|_| lang == Lang::Hi);
    let units = indian(line.quantity + line.free_quantity);
    LetterRow {
        name: name.unwrap_or(&line.name).clone(),
        quantity: match &line.unit {
            Some(unit) => format!("{units} {unit}"),
            None => units,
        },
        amount: line.total.to_string(),
    }
}

fn more(told: &Told, lang: Lang) -> Vec<String> {
    let mut more = Vec::new();
    let parties = told.document.parties();
    if let Some(order) = parties.order_no {
        more.push(lang.say(&Said::new("It is about order {number}.").with("number", order)));
    }
    if let Some(due) = told.document.due_on {
        let said = Said::new("Please pay by {date}.");
        more.push(lang.say(&said.with("date", dates::date(due, lang))));
    }
    more
}

impl BillLetter {
    pub fn new(told: &Told, lang: Lang) -> Self {
        let (document, readers) = (told.document, told.readers);
        let headline = lang.say(
            &Said::new("{company} has written bill {number} for you: {total}.")
                .with("company", &readers.company)
                .with("number", &document.number)
                .with("total", amount_of(document)),
        );
        let subject = Said::new("Bill {number} of {company}")
            .with("number", &document.number)
            .with("company", &readers.company);
        let link = readers.retailer.as_ref().map(|retailer| {
            let (base, slug) = (told.base, &readers.slug);
            let (url_no, year) = (&document.url_no, &document.year);
            format!("{base}/r/{retailer}/{slug}/bills/{url_no}?year={year}")
        });
        Self {
            subject: lang.say(&subject),
            name: readers.name.clone(),
            headline,
            more: more(told, lang),
            rows: told
                .lines
                .iter()
                .take(MOST)
                .map(|line| row(lang, line))
                .collect(),
            others: told.lines.len().saturating_sub(MOST),
            total: amount_of(document),
            link,
        }
    }
}

/// The letter as text.
#[derive(Template)]
#[template(path = "mail/bill.txt")]
pub struct BillText<'a> {
    pub letter: &'a BillLetter,
}

/// The letter as HTML.
#[derive(Template)]
#[template(path = "mail/bill.html")]
pub struct BillHtml<'a> {
    pub lang: Lang,
    pub letter: &'a BillLetter,
}
