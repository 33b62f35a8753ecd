//! Documents at the authority, as people see them.

use crate::accounting::fault::Fault;
use crate::accounting::model::{Attempt, Document, EInvoice, EInvoiceRow};
use crate::accounting::rules::einvoice::{Operation, Outcome, Status};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::web::components::{Empty, Pill};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use serde_json::Value as Json;
use uuid::Uuid;

/// How a document stands, as a pill.
pub fn pill(lang: Lang, status: Status) -> Pill {
    let (tone, shape) = status.pill();
    Pill::new(lang.t(status.label()), tone, shape)
}

/// Something wrong, in the reader's language.
pub struct Wrong {
    pub code: Option<String>,
    pub line: Option<i32>,
    pub said: String,
    pub fix: String,
    pub link: Option<String>,
}

fn wrongs(lang: Lang, base: &str, faults: Option<&Json>) -> Vec<Wrong> {
    let faults: Vec<Fault> = faults
        .and_then(|faults| serde_json::from_value(faults.clone()).ok())
        .unwrap_or_default();
    faults
        .into_iter()
        .map(|fault| Wrong {
            said: lang.say(&fault.said),
            fix: lang.say(&fault.fix),
            link: (!fault.link.is_empty()).then(|| format!("{base}{}", fault.link)),
            code: fault.code,
            line: fault.line,
        })
        .collect()
}

/// A document in the list.
pub struct Row {
    pub row: EInvoiceRow,
    pub pill: Pill,
    pub date: String,
    pub total: String,
    pub wrong: Option<Wrong>,
    pub next: Option<String>,
}

#[derive(Template)]
#[template(path = "accounting/einvoices/list.html")]
pub struct EInvoicesPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<Row>,
    pub base: String,
}

impl EInvoicesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: String,
        query: &ListQuery,
        (page, count, total): (Page<EInvoiceRow>, i64, Option<Money>),
    ) -> Self {
        let codes: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
        let word = |code: &str| {
            code.parse::<Status>().map_or_else(
                |_| code.to_owned(),
                |status| lang.t(status.label()).into_owned(),
            )
        };
        let first = Empty {
            icon: "receipt",
            heading: lang.t("No e-invoices yet").into_owned(),
            text: lang
                .t("Documents to buyers with a GSTIN are sent to the authority when they are issued, from the day on which the company has to.")
                .into_owned(),
            action: None,
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Number of the document"))
            .filter("status", lang.t("State"), &codes, word)
            .finish(&page, count, first, lang.t("No e-invoices match"));
        list.foot = total.map(|total| {
            lang.say(
                &Said::new("{count} documents come to {amount}.")
                    .with("count", count)
                    .with("amount", total),
            )
        });
        let rows = page.rows.into_iter().map(|row| Row {
            pill: pill(lang, row.status),
            date: dates::date(row.date, lang),
            total: row.total.to_string(),
            wrong: wrongs(lang, &base, row.faults.as_ref()).into_iter().next(),
            next: row.next_try_at.map(|at| dates::date_and_time(at, lang)),
            row,
        });
        Self {
            shell,
            list,
            rows: rows.collect(),
            base,
        }
    }
}

/// A call, as the page shows it.
pub struct Call {
    pub what: String,
    pub came_of_it: String,
    pub codes: String,
    pub said: String,
    pub at: String,
}

#[derive(Template)]
#[template(path = "accounting/einvoices/show.html")]
pub struct EInvoicePage {
    pub shell: Shell,
    pub base: String,
    pub document: Document,
    pub pill: Pill,
    pub why: Option<String>,
    pub total: String,
    pub date: String,
    pub ack_no: Option<String>,
    pub ack_at: Option<String>,
    pub is_verified: bool,
    pub next: Option<String>,
    pub last_day: Option<String>,
    pub wrongs: Vec<Wrong>,
    pub calls: Vec<Call>,
    pub may_send: bool,
    pub key: Uuid,
}

impl EInvoicePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_send): (String, bool),
        (document, row): (Document, EInvoice),
        attempts: Vec<Attempt>,
    ) -> Self {
        let call = |attempt: Attempt| Call {
            what: attempt.operation().map_or_else(
                || attempt.operation.clone(),
                |operation: Operation| lang.t(operation.label()).into_owned(),
            ),
            came_of_it: attempt.outcome.map_or_else(
                || lang.t("Running").into_owned(),
                |outcome: Outcome| lang.t(outcome.label()).into_owned(),
            ),
            codes: attempt.codes.join(", "),
            said: attempt.said.unwrap_or_default(),
            at: dates::full_date_and_time(attempt.started_at, lang),
        };
        let can_be_sent = matches!(
            row.status,
            Status::Pending | Status::Unknown | Status::FailedFix | Status::FailedWait
        );
        Self {
            shell,
            wrongs: wrongs(lang, &base, row.faults.as_ref()),
            base,
            pill: pill(lang, row.status),
            why: row.why.as_deref().map(|why| lang.t(why).into_owned()),
            total: document.total.to_string(),
            date: dates::date(document.document_date, lang),
            ack_no: row.ack_no,
            ack_at: row.ack_at.map(|at| dates::full_date_and_time(at, lang)),
            is_verified: row.is_verified,
            next: row.next_try_at.map(|at| dates::date_and_time(at, lang)),
            last_day: row.last_day.map(|day| dates::date(day, lang)),
            calls: attempts.into_iter().rev().map(call).collect(),
            may_send: may_send && can_be_sent,
            document,
            key: new_key(),
        }
    }
}
