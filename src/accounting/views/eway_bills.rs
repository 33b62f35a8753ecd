//! E-way bills, as people see them.

use super::einvoices::{Wrong, wrongs_of};
use crate::accounting::fault::Fault;
use crate::accounting::forms::{CancelForm, EWayForm};
use crate::accounting::model::{Document, EWayBill};
use crate::accounting::rules::eway_bill::{MODES, Status, until};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::web::components::{Choice, Confirm, Empty, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Why a bill is cancelled, as the portal counts: another order than that of documents.
const REASONS: [(&str, &str); 4] = [
    ("1", text!("There are two of it")),
    ("2", text!("The order was cancelled")),
    ("3", text!("Something in it is wrong")),
    ("4", text!("Another reason")),
];

/// A bill.
pub struct BillCard {
    pub id: Uuid,
    pub document: String,
    pub url_no: String,
    pub number: Option<String>,
    pub pill: Pill,
    pub vehicle: String,
    pub distance: i32,
    pub valid_until: Option<String>,
    pub wrongs: Vec<Wrong>,
    pub may_cancel: bool,
}

impl BillCard {
    pub fn new(
        lang: Lang,
        (base, may_send): (&str, bool),
        (bill, document, url_no): (EWayBill, String, String),
        now: DateTime<Utc>,
    ) -> Self {
        let (tone, shape) = bill.status.pill();
        let faults: Vec<Fault> = bill
            .faults
            .and_then(|faults| serde_json::from_value(faults).ok())
            .unwrap_or_default();
        let is_asked = bill.cancel_asked_at.is_some() && bill.status == Status::Active;
        let label = if is_asked {
            text!("Being cancelled")
        } else {
            bill.status.label()
        };
        Self {
            id: bill.id.uuid(),
            document,
            url_no,
            pill: Pill::new(lang.t(label), tone, shape),
            vehicle: bill
                .vehicle_no
                .or(bill.transport_doc_no)
                .or(bill.transporter_id)
                .unwrap_or_default(),
            distance: bill.distance_km,
            valid_until: bill
                .valid_until
                .map(|at| dates::full_date_and_time(at, lang)),
            wrongs: wrongs_of(lang, base, faults),
            may_cancel: may_send
                && bill.status == Status::Active
                && bill.cancel_asked_at.is_none()
                && bill.made_at.is_some_and(|at| now <= until(at)),
            number: bill.number,
        }
    }
}

#[derive(Template)]
#[template(path = "accounting/einvoices/eway_bills.html")]
pub struct EWayBillsPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<BillCard>,
    pub base: String,
}

impl EWayBillsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_send): (String, bool),
        query: &ListQuery,
        ((page, total), now): ((Page<(EWayBill, String, String)>, i64), DateTime<Utc>),
    ) -> Self {
        let codes: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
        let word = |code: &str| {
            code.parse::<Status>().map_or_else(
                |_| code.to_owned(),
                |status| lang.t(status.label()).into_owned(),
            )
        };
        let first = Empty {
            icon: "truck",
            heading: lang.t("No e-way bills yet").into_owned(),
            text: lang
                .t("An e-way bill is made from a registered document, on its page.")
                .into_owned(),
            action: None,
        };
        let list = ListBuilder::new(query, lang, lang.t("Number of the bill or the document"))
            .filter("status", lang.t("State"), &codes, word)
            .finish(&page, total, first, lang.t("No e-way bills match"));
        let rows = page
            .rows
            .into_iter()
            .map(|found| BillCard::new(lang, (&base, may_send), found, now));
        Self {
            shell,
            list,
            rows: rows.collect(),
            base,
        }
    }
}

#[derive(Template)]
#[template(path = "accounting/einvoices/eway_bill.html")]
pub struct EWayPage {
    pub shell: Shell,
    pub path: String,
    pub document: Document,
    pub fields: Vec<Field>,
    pub summary: Option<Summary>,
    pub key: Uuid,
}

impl EWayPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, &str),
        document: Document,
        form: &EWayForm,
    ) -> Self {
        let typed = |kind, name, label: &str, value: &str| {
            Field::new(kind, name, lang.t(label))
                .value(value)
                .autocomplete("off")
                .remarks(&form.remarks, lang)
        };
        let modes = MODES.map(|(code, label)| Choice::new(code, lang.t(label), &form.mode));
        Self {
            path: format!("{base}/e-invoices/{}", document.url_no),
            fields: vec![
                Field::new("select", "mode", lang.t("How the goods travel"))
                    .choices(modes.into())
                    .remarks(&form.remarks, lang),
                typed("text", "vehicle", text!("Vehicle"), &form.vehicle)
                    .optional()
                    .hint(lang.t("Number plate. Without one the transporter adds it later.")),
                typed("text", "distance", text!("Kilometres"), &form.distance)
                    .optional()
                    .inputmode("numeric")
                    .hint(lang.t("Empty: the portal works it out from the PIN codes.")),
                typed(
                    "text",
                    "transporter_id",
                    text!("GSTIN of the transporter"),
                    &form.transporter_id,
                )
                .optional(),
                typed(
                    "text",
                    "transporter",
                    text!("Transporter"),
                    &form.transporter,
                )
                .optional(),
                typed("text", "paper", text!("Transport document"), &form.paper).optional(),
                typed("date", "paper_date", text!("Its date"), &form.paper_date).optional(),
            ],
            summary: form.remarks.summary(lang),
            shell,
            document,
            key: new_key(),
        }
    }
}

/// The question before an e-way bill is cancelled.
pub fn eway_cancel_question(lang: Lang, base: &str, bill: &EWayBill, form: &CancelForm) -> Confirm {
    let number = bill.number.clone().unwrap_or_default();
    let reasons = REASONS.map(|(code, label)| Choice::new(code, lang.t(label), &form.code));
    Confirm {
        question: lang.say(&Said::new("Cancel the e-way bill {number}?").with("number", &number)),
        effect: lang
            .t("The goods may not travel with it any more. This can't be undone.")
            .into_owned(),
        action: format!("{base}/e-way-bills/{}/cancel", bill.id),
        verb: lang.t("Cancel it").into_owned(),
        back: format!("{base}/e-way-bills"),
        keep: lang.t("Keep it").into_owned(),
        key: new_key(),
        fields: vec![
            Field::new("select", "code", lang.t("Reason"))
                .choices(reasons.into())
                .remarks(&form.remarks, lang),
            Field::text("reason", lang.t("In words"))
                .value(&form.reason)
                .hint(lang.t("The authority keeps it: at most 100 letters."))
                .autocomplete("off")
                .remarks(&form.remarks, lang),
        ],
    }
}
