//! The letter about documents that the authority would refuse, found at night.

use super::einvoices::wrongs_of;
use crate::accounting::actions::einvoices::Judged;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::web::filters;
use askama::Template;

/// So many things that are wrong stand below a document; the rest is counted.
const MOST: usize = 5;

/// What a letter tells.
pub struct Unsound<'a> {
    /// The documents that stand in it.
    pub shown: &'a [&'a Judged],
    /// How many have something wrong.
    pub documents: usize,
    /// How many of them something that no letter has told.
    pub fresh: usize,
}

/// Something wrong with a document.
pub struct UnsoundWords {
    /// Line and field.
    pub place: String,
    pub said: String,
    pub fix: String,
    pub link: Option<String>,
}

/// A document in a letter.
pub struct UnsoundRow {
    pub number: String,
    pub date: String,
    pub customer: String,
    pub wrongs: Vec<UnsoundWords>,
    /// That more is wrong with it.
    pub more: Option<String>,
}

/// A letter in its reader's language.
pub struct UnsoundLetter {
    pub subject: String,
    pub name: String,
    pub headline: String,
    pub lead: String,
    pub rows: Vec<UnsoundRow>,
    pub others: usize,
    pub link: String,
    pub verb: String,
}

fn row(lang: Lang, office: &str, one: &Judged) -> UnsoundRow {
    let wrongs = wrongs_of(lang, office, one.faults.clone());
    let others = wrongs.len().saturating_sub(MOST);
    let words = wrongs.into_iter().take(MOST).map(|wrong| UnsoundWords {
        place: match wrong.line {
            Some(line) => lang.say(
                &Said::new("Line {line}, {field}")
                    .with("line", line.to_string())
                    .with("field", &wrong.field),
            ),
            None => wrong.field,
        },
        said: wrong.said,
        fix: wrong.fix,
        link: wrong.link,
    });
    UnsoundRow {
        number: one.document.number.clone(),
        date: dates::date(one.document.document_date, lang),
        customer: one.sides.buyer.name.clone(),
        wrongs: words.collect(),
        more: (others > 0).then(|| {
            let said = Said::new("And more that is wrong with it: {count}");
            lang.say(&said.with("count", others))
        }),
    }
}

impl UnsoundLetter {
    /// To somebody of a company; `office` is the address of the company.
    pub fn new(
        lang: Lang,
        (name, company): (String, &str),
        unsound: &Unsound,
        office: &str,
    ) -> Self {
        let headline =
            Said::new("Unsent documents of {company} that have to be put right: {count}")
                .with("company", company)
                .with("count", unsound.documents);
        let headline = lang.say(&headline);
        let lead = Said::new(
            "What is not sent yet is looked through every night. The authority would refuse these, or has refused them. New since the last letter: {count}",
        );
        Self {
            subject: headline.clone(),
            name,
            headline,
            lead: lang.say(&lead.with("count", unsound.fresh)),
            rows: unsound
                .shown
                .iter()
                .map(|one| row(lang, office, one))
                .collect(),
            others: unsound.documents.saturating_sub(unsound.shown.len()),
            link: format!("{office}/e-invoices/ready"),
            verb: lang.t("See them all").into_owned(),
        }
    }
}

/// The letter as text.
#[derive(Template)]
#[template(path = "mail/unsound.txt")]
pub struct UnsoundText<'a> {
    pub letter: &'a UnsoundLetter,
}

/// The letter as HTML.
#[derive(Template)]
#[template(path = "mail/unsound.html")]
pub struct UnsoundHtml<'a> {
    pub lang: Lang,
    pub letter: &'a UnsoundLetter,
}
