//! Letters about money: receipts and refunds, notes, and what was cancelled.

use super::letters::amount_of;
use crate::accounting::model::{Allocated, Document, Payment};
use crate::accounting::rules::document::{Family, Kind};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::orders::model::Readers;
use crate::web::filters;
use askama::Template;

/// So many bills stand in a receipt.
pub const MOST: i64 = 20;

/// What a letter about a payment is made of.
pub struct PaidTold<'a> {
    pub payment: &'a Payment,
    /// What it was set against.
    pub bills: &'a [Allocated],
    /// What of it is left.
    pub left: Money,
    /// What the customer owes now; below zero is its money.
    pub owed: Money,
    pub readers: &'a Readers,
    /// Address of the installation, without a slash at the end.
    pub base: &'a str,
}

/// A letter in its reader's language.
pub struct MoneyLetter {
    pub subject: String,
    pub name: String,
    pub headline: String,
    pub more: Vec<String>,
    /// What was paid: the number, and how much of it.
    pub rows: Vec<(String, String)>,
    /// What stands under the rows.
    pub after: Vec<String>,
    /// Words of a link, and where it leads.
    pub link: Option<(String, String)>,
}

/// Where a customer with a login finds its side.
fn portal(readers: &Readers, base: &str, rest: &str) -> Option<String> {
    let retailer = readers.retailer.as_ref()?;
    Some(format!("{base}/r/{retailer}/{}{rest}", readers.slug))
}

fn paper_link(
    (document, readers): (&Document, &Readers),
    base: &str,
    lang: Lang,
) -> Option<(String, String)> {
    let kind = match document.kind.family() {
        Family::Bills => "",
        Family::CreditNotes => "kind=credit-note&",
        Family::DebitNotes => "kind=debit-note&",
    };
    let rest = format!("/bills/{}?{kind}year={}", document.url_no, document.year);
    let words = match document.kind.family() {
        Family::Bills => lang.t(text!("See the bill")),
        Family::CreditNotes | Family::DebitNotes => lang.t(text!("See the note")),
    };
    Some((words.into_owned(), portal(readers, base, &rest)?))
}

fn ledger_link(told: &PaidTold, lang: Lang) -> Option<(String, String)> {
    let words = lang.t(text!("See your ledger")).into_owned();
    Some((words, portal(told.readers, told.base, "/ledger")?))
}

/// How it was paid and when, and by which reference.
fn how(payment: &Payment, lang: Lang) -> Vec<String> {
    let mut how = Vec::new();
    let day = payment.paid_on.map(|day| dates::date(day, lang));
    let said = Said::new("How: {method}, on {date}.")
        .naming("method", payment.method.label())
        .with("date", day.unwrap_or_default());
    how.push(lang.say(&said));
    if let Some(reference) = &payment.reference {
        how.push(lang.say(&Said::new("Reference: {reference}").with("reference", reference)));
    }
    how
}

/// What the customer owes after it.
fn owes(told: &PaidTold, lang: Lang) -> Option<String> {
    let (owed, company) = (told.owed, &told.readers.company);
    if owed > Money::ZERO {
        let said = Said::new("You owe {company} {amount} now.");
        return Some(lang.say(&said.with("company", company).with("amount", owed)));
    }
    owed.is_zero()
        .then(|| lang.say(&Said::new("You owe {company} nothing now.").with("company", company)))
}

fn rows(told: &PaidTold, lang: Lang) -> Vec<(String, String)> {
    let row = |bill: &Allocated| {
        let number = bill.number.clone();
        let name = number.unwrap_or_else(|| lang.t(text!("Opening balance")).into_owned());
        (name, bill.amount.to_string())
    };
    told.bills.iter().map(row).collect()
}

impl MoneyLetter {
    /// A bill or a note was cancelled.
    pub fn cancelled((document, readers): (&Document, &Readers), base: &str, lang: Lang) -> Self {
        let about = |said: Said| {
            said.naming("kind", document.kind.label())
                .with("number", &document.number)
                .with("company", &readers.company)
                .with("total", amount_of(document))
        };
        let mut more = Vec::new();
        if let Some(reason) = &document.cancel_reason {
            more.push(lang.say(&Said::new("Why: {reason}").with("reason", reason)));
        }
        more.push(
            match document.kind {
                Kind::CreditNote | Kind::CommercialNote => {
                    lang.t(text!("It takes nothing off what you owe any more."))
                }
                Kind::Invoice | Kind::BillOfSupply | Kind::DebitNote => {
                    lang.t(text!("Nothing is to be paid for it."))
                }
            }
            .into_owned(),
        );
        Self {
            subject: lang.say(&about(Said::new(
                "{kind} {number} of {company} is cancelled",
            ))),
            name: readers.name.clone(),
            headline: lang.say(&about(Said::new(
                "{company} has cancelled this: {kind} {number}, {total}.",
            ))),
            more,
            rows: Vec::new(),
            after: Vec::new(),
            link: paper_link((document, readers), base, lang),
        }
    }

    /// A credit or debit note was issued.
    pub fn note((document, readers): (&Document, &Readers), base: &str, lang: Lang) -> Self {
        let about = |said: Said| {
            said.naming("kind", document.kind.label())
                .with("number", &document.number)
                .with("company", &readers.company)
                .with("total", amount_of(document))
        };
        let mut more = Vec::new();
        if let Some(original) = document.parties().original {
            let said = Said::new("It corrects {number} of {date}.")
                .with("number", &original.number)
                .with("date", dates::date(original.date, lang));
            more.push(lang.say(&said));
        }
        if let Some(reason) = &document.reason_note {
            more.push(lang.say(&Said::new("Why: {reason}").with("reason", reason)));
        }
        let changes = match document.kind {
            Kind::DebitNote => Said::new("You owe {total} more."),
            Kind::Invoice | Kind::BillOfSupply | Kind::CreditNote | Kind::CommercialNote => {
                Said::new("You owe {total} less.")
            }
        };
        more.push(lang.say(&changes.with("total", document.total)));
        if let Some(due) = document.due_on {
            let said = Said::new("Please pay by {date}.");
            more.push(lang.say(&said.with("date", dates::date(due, lang))));
        }
        Self {
            subject: lang.say(&about(Said::new("{kind} {number} of {company}"))),
            name: readers.name.clone(),
            headline: lang.say(&about(Said::new(
                "{company} has written this for you: {kind} {number}, {total}.",
            ))),
            more,
            rows: Vec::new(),
            after: Vec::new(),
            link: paper_link((document, readers), base, lang),
        }
    }

    /// Money came: the customer's receipt.
    pub fn received(told: &PaidTold, lang: Lang) -> Self {
        let about = |said: Said| named(said, told);
        let mut after = Vec::new();
        if !told.left.is_zero() {
            let said = Said::new("{amount} of it are not set against a bill and stay yours.");
            after.push(lang.say(&said.with("amount", told.left)));
        }
        after.extend(owes(told, lang));
        Self {
            subject: lang.say(&about(Said::new("Receipt {number} of {company}: {amount}"))),
            name: told.readers.name.clone(),
            headline: lang.say(&about(Said::new(
                "{company} has received {amount} from you: receipt {number}.",
            ))),
            more: how(told.payment, lang),
            rows: rows(told, lang),
            after,
            link: ledger_link(told, lang),
        }
    }

    /// Money went back to the customer.
    pub fn given_back(told: &PaidTold, original: Option<&str>, lang: Lang) -> Self {
        let about = |said: Said| named(said, told);
        let mut more = how(told.payment, lang);
        if let Some(original) = original {
            let said = Said::new("It is money of receipt {number}.");
            more.push(lang.say(&said.with("number", original)));
        }
        Self {
            subject: lang.say(&about(Said::new("Refund {number} of {company}: {amount}"))),
            name: told.readers.name.clone(),
            headline: lang.say(&about(Said::new(
                "{company} has given {amount} back to you: refund {number}.",
            ))),
            more,
            rows: Vec::new(),
            after: owes(told, lang).into_iter().collect(),
            link: ledger_link(told, lang),
        }
    }

    /// A customer paid online, as somebody of the company reads it: in English.
    pub fn online(told: &PaidTold, name: &str, slug: &str) -> Self {
        let lang = Lang::En;
        let about = |said: Said| named(said, told).with("customer", &told.readers.name);
        let number = told.payment.number.as_deref().unwrap_or_default();
        let mut after = Vec::new();
        if !told.left.is_zero() {
            let said = Said::new("{amount} of it are not set against a bill.");
            after.push(lang.say(&said.with("amount", told.left)));
        }
        Self {
            subject: lang.say(&about(Said::new("{customer} paid {amount} online"))),
            name: name.to_owned(),
            headline: lang.say(&about(Said::new(
                "{customer} has paid {amount} online: receipt {number}.",
            ))),
            more: how(told.payment, lang),
            rows: rows(told, lang),
            after,
            link: Some((
                lang.t(text!("See the payment")).into_owned(),
                format!("{}/c/{slug}/payments/{number}", told.base),
            )),
        }
    }
}

fn named(said: Said, told: &PaidTold) -> Said {
    said.with("company", &told.readers.company)
        .with("number", told.payment.number.clone().unwrap_or_default())
        .with("amount", told.payment.amount)
}

/// The letter as text.
#[derive(Template)]
#[template(path = "mail/money.txt")]
pub struct MoneyText<'a> {
    pub letter: &'a MoneyLetter,
}

/// The letter as HTML.
#[derive(Template)]
#[template(path = "mail/money.html")]
pub struct MoneyHtml<'a> {
    pub lang: Lang,
    pub letter: &'a MoneyLetter,
}
