//! Letters about documents that wait too long for the authority.

use crate::accounting::fault::Fault;
use crate::accounting::model::{Document, EInvoice};
use crate::accounting::rules::einvoice::{CLOSED, alarm_words};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::web::filters;
use askama::Template;

/// So many documents stand in a letter; the rest is counted.
const MOST: usize = 20;

/// An alarm that was just raised.
pub struct Alarm<'a> {
    pub document: &'a Document,
    pub row: &'a EInvoice,
    pub alarm: i16,
}

/// A document in a letter.
pub struct AlarmRow {
    pub number: String,
    pub date: String,
    pub words: String,
    pub last_day: Option<String>,
    /// What was wrong last.
    pub why: Option<String>,
}

/// A letter in its reader's language.
pub struct AlarmLetter {
    pub subject: String,
    pub name: String,
    pub headline: String,
    pub rows: Vec<AlarmRow>,
    pub others: usize,
    pub link: String,
}

fn row(lang: Lang, alarm: &Alarm) -> AlarmRow {
    let faults: Vec<Fault> = alarm
        .row
        .faults
        .clone()
        .and_then(|faults| serde_json::from_value(faults).ok())
        .unwrap_or_default();
    AlarmRow {
        number: alarm.document.number.clone(),
        date: dates::date(alarm.document.document_date, lang),
        words: lang.t(alarm_words(alarm.alarm)).into_owned(),
        last_day: alarm.row.last_day.map(|day| {
            let said = if alarm.alarm == CLOSED {
                Said::new("The last day on which it could be reported was {day}.")
            } else {
                Said::new("It has to be reported by {day}.")
            };
            lang.say(&said.with("day", dates::date(day, lang)))
        }),
        // That the last day is over is said already.
        why: faults
            .first()
            .filter(|fault| alarm.alarm != CLOSED || fault.field != "date")
            .map(|fault| lang.say(&fault.said)),
    }
}

impl AlarmLetter {
    pub fn new(lang: Lang, (name, company): (String, &str), alarms: &[Alarm], link: &str) -> Self {
        let headline =
            Said::new("Documents of {company} are not registered at the authority: {count}")
                .with("company", company)
                .with("count", alarms.len().to_string());
        let headline = lang.say(&headline);
        Self {
            subject: headline.clone(),
            name,
            headline,
            rows: alarms
                .iter()
                .take(MOST)
                .map(|alarm| row(lang, alarm))
                .collect(),
            others: alarms.len().saturating_sub(MOST),
            link: link.to_owned(),
        }
    }
}

/// The letter as text.
#[derive(Template)]
#[template(path = "mail/einvoices.txt")]
pub struct AlarmText<'a> {
    pub letter: &'a AlarmLetter,
}

/// The letter as HTML.
#[derive(Template)]
#[template(path = "mail/einvoices.html")]
pub struct AlarmHtml<'a> {
    pub lang: Lang,
    pub letter: &'a AlarmLetter,
}
