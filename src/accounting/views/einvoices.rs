//! Documents at the authority, as people see them.

use super::eway_bills::{BillCard, need_of};
use super::papers::folder;
use super::silence::{self, Waited};
use super::ways_back::WaysBack;
use crate::accounting::actions::einvoices::{Goods, is_made_in_portal, may_have_bill};
use crate::accounting::fault::Fault;
use crate::accounting::model::{Attempt, Document, EInvoice, EInvoiceRow, EInvoiceRows};
use crate::accounting::rules::cancelling::Facts;
use crate::accounting::rules::document;
use crate::accounting::rules::einvoice::{Operation, Outcome, Status};
use crate::accounting::rules::eway_bill::Call as EWayCall;
use crate::accounting::rules::eway_vehicle::Call as VehicleCall;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::web::components::{Empty, Pill};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use chrono::{DateTime, Utc};
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
    /// The field, as people call it.
    pub field: String,
    pub said: String,
    pub fix: String,
    pub link: Option<String>,
}

fn wrongs(lang: Lang, base: &str, faults: Option<&Json>) -> Vec<Wrong> {
    let faults: Vec<Fault> = faults
        .and_then(|faults| serde_json::from_value(faults.clone()).ok())
        .unwrap_or_default();
    wrongs_of(lang, base, faults)
}

/// What is wrong, as it is read.
pub fn wrongs_of(lang: Lang, base: &str, faults: Vec<Fault>) -> Vec<Wrong> {
    faults
        .into_iter()
        .map(|fault| Wrong {
            field: lang.t(field_word(&fault.field)).into_owned(),
            said: lang.say(&fault.said),
            fix: lang.say(&fault.fix),
            link: (!fault.link.is_empty()).then(|| format!("{base}{}", fault.link)),
            code: fault.code,
            line: fault.line,
        })
        .collect()
}

/// A field as people call it; a key of the message catalogue.
fn field_word(field: &str) -> &'static str {
    match field {
        "hsn" => text!("HSN code"),
        "unit" => text!("Unit"),
        "quantity" => text!("Quantity"),
        "tax" | "tax_rate" => text!("Tax"),
        "place" => text!("Place of supply"),
        "gstin" | "delivery_gstin" => text!("GSTIN"),
        "pincode" => text!("PIN code"),
        "state" => text!("State"),
        "name" => text!("Name"),
        "street" => text!("Street"),
        "city" => text!("Town"),
        "number" => text!("Number"),
        "date" => text!("Date"),
        "lines" => text!("Lines"),
        "kind" | "taxpayer_type" => text!("Kind of taxpayer"),
        "account" | "session" | "client_id" | "password" | "user" => {
            text!("Account at the authority")
        }
        "eway_bill" => text!("E-way bill"),
        "vehicle" => text!("Vehicle"),
        "distance" => text!("Kilometres"),
        "transporter_id" => text!("GSTIN of the transporter"),
        "paper" => text!("Transport document"),
        "signature" => text!("Signature"),
        "cancel" => text!("Cancelling"),
        _ => text!("Document"),
    }
}

fn waited_in_list(row: &EInvoiceRow) -> Waited {
    Waited {
        status: row.status,
        waits: row.waits,
        unknown_since: row.unknown_since,
        tried_at: row.updated_at,
        next_try_at: row.next_try_at,
    }
}

/// How far a document has come that waits.
pub fn waited(row: &EInvoice) -> Waited {
    Waited {
        status: row.status,
        waits: row.waits,
        unknown_since: row.unknown_since,
        tried_at: row.updated_at,
        next_try_at: row.next_try_at,
    }
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
    pub may_send: bool,
}

/// What people look for most, one click away.
fn tabs(query: &ListQuery, lang: Lang) -> Vec<(String, String, bool)> {
    let path = query.path();
    let filter = query.filter();
    let tab = |label: &'static str, asked: &str| {
        let href = if asked.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{asked}")
        };
        (lang.t(label).into_owned(), href, filter == asked)
    };
    vec![
        tab(text!("All"), ""),
        tab(Status::FailedFix.label(), "status=failed_fix"),
        tab(
            text!("Waiting"),
            "status=pending&status=in_flight&status=unknown&status=failed_wait",
        ),
        tab(Status::Registered.label(), "status=registered"),
        tab(text!("Cancelled"), "status=cancelled"),
        tab(Status::ExpiredWindow.label(), "status=expired_window"),
        tab(Status::NotRequired.label(), "status=not_required"),
    ]
}

impl EInvoicesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_send): (String, bool),
        query: &ListQuery,
        ((page, count, total), now): (EInvoiceRows, DateTime<Utc>),
    ) -> Self {
        let first = Empty {
            icon: "receipt",
            heading: lang.t("No e-invoices yet").into_owned(),
            text: lang
                .t("Documents to buyers with a GSTIN are sent to the authority when they are issued, from the day on which the company has to.")
                .into_owned(),
            action: None,
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Number of the document"))
            .states(Status::CODES, Status::label)
            .tabs(tabs(query, lang))
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
            wrong: wrongs(lang, &base, row.faults.as_ref())
                .into_iter()
                .next()
                .or_else(|| waited_in_list(&row).silence(lang)),
            next: row.next_try_at.map(|at| silence::next(lang, at, now)),
            row,
        });
        Self {
            shell,
            list,
            rows: rows.collect(),
            base,
            may_send,
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

/// What was asked, in words.
fn asked(lang: Lang, attempt: &Attempt) -> String {
    let label = attempt
        .operation()
        .map(Operation::label)
        .or_else(|| attempt.operation.parse().ok().map(EWayCall::label))
        .or_else(|| attempt.operation.parse().ok().map(VehicleCall::label));
    label.map_or_else(
        || attempt.operation.clone(),
        |label| lang.t(label).into_owned(),
    )
}

#[derive(Template)]
#[template(path = "accounting/einvoices/show.html")]
pub struct EInvoicePage {
    pub shell: Shell,
    pub base: String,
    /// Where the document itself is.
    pub paper: String,
    pub document: Document,
    pub customer: String,
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
    /// What stands of a wish to cancel, in words.
    pub cancelling: Option<String>,
    /// How it is taken back, for whoever may.
    pub back: WaysBack,
    /// Whether the authority has cancelled it and the books have not.
    pub lags: bool,
    /// Its newest e-way bill.
    pub bill: Option<BillCard>,
    /// Whether one may be made of it.
    pub may_make_bill: bool,
    /// Whether its goods need one, in words; while it may have one.
    pub need: Option<(bool, String)>,
    /// Whether that bill is made in the portal alone.
    pub is_export: bool,
    pub key: Uuid,
}

/// What stands of a wish to cancel, in words.
fn cancelling_words(lang: Lang, row: &EInvoice) -> Option<String> {
    let asked_at = row.cancel_asked_at?;
    let said = match row.status {
        Status::Registered => Said::new(
            "{who} asked the authority on {at} to cancel it: {reason}. Until it answers, the goods stay, and no note can be written.",
        ),
        Status::Cancelled => {
            Said::new("{who} had it cancelled at the authority on {at}: {reason}.")
        }
        _ => return None,
    };
    let said = said
        .with("who", row.cancel_by_name.clone().unwrap_or_default())
        .with("at", dates::full_date_and_time(asked_at, lang))
        .with("reason", row.cancel_remark.clone().unwrap_or_default());
    Some(lang.say(&said))
}

impl EInvoicePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_send, may_cancel): (String, bool, bool),
        (document, goods): (Document, Goods),
        (attempts, facts, now): (Vec<Attempt>, Option<Facts>, DateTime<Utc>),
    ) -> Self {
        let row = &goods.row;
        let back = if may_cancel {
            WaysBack::of((lang, &base), (&document, row), facts.as_ref(), now)
        } else {
            WaysBack::default()
        };
        let call = |attempt: Attempt| Call {
            what: asked(lang, &attempt),
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
        let may_have_bill = may_have_bill(&document, &goods).is_ok();
        // The bill of an export is made elsewhere, and needed all the same.
        let is_export = is_made_in_portal(&document, &goods);
        let need = (may_have_bill || is_export).then(|| need_of(lang, &goods.consignment));
        let Goods {
            row, bill, changes, ..
        } = goods;
        let mut wrongs = wrongs(lang, &base, row.faults.as_ref());
        if wrongs.is_empty() {
            wrongs.extend(waited(&row).silence(lang));
        }
        let gstin = &document.supplier_gstin;
        let bill =
            bill.map(|bill| BillCard::new(lang, (&base, may_send), (bill, &changes, gstin), now));
        Self {
            paper: format!(
                "{base}/{}/{}?year={}",
                folder(document.kind.family()),
                document.url_no,
                document.year
            ),
            shell,
            bill,
            may_make_bill: may_send && may_have_bill,
            need,
            is_export,
            wrongs,
            base,
            pill: pill(lang, row.status),
            why: row.why.as_deref().map(|why| lang.t(why).into_owned()),
            total: document.total.to_string(),
            date: dates::date(document.document_date, lang),
            ack_no: row.ack_no.clone(),
            ack_at: row.ack_at.map(|at| dates::full_date_and_time(at, lang)),
            is_verified: row.is_verified,
            next: row.next_try_at.map(|at| silence::next(lang, at, now)),
            // The day is over with what it is for.
            last_day: row
                .last_day
                .filter(|_| !matches!(row.status, Status::Registered | Status::Cancelled))
                .map(|day| dates::date(day, lang)),
            calls: attempts.into_iter().rev().map(call).collect(),
            may_send: may_send && can_be_sent,
            cancelling: cancelling_words(lang, &row),
            back,
            lags: may_cancel
                && row.status == Status::Cancelled
                && document.status == document::Status::Issued,
            customer: document.parties().buyer.name,
            document,
            key: new_key(),
        }
    }
}
