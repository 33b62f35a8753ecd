//! Lists of documents.

use super::papers::pill_of;
use crate::accounting::model::{BILL_STATES, Document, DocumentList};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::web::components::{Empty, Field, Pill, SortHead};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use chrono::NaiveDate;

/// A document in a list.
pub struct Row {
    pub href: String,
    pub number: String,
    pub kind: String,
    pub customer: String,
    pub code: String,
    pub date: String,
    pub due: Option<String>,
    pub amount: String,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "accounting/invoices.html")]
pub struct InvoicesPage {
    pub shell: Shell,
    pub list: Listing,
    pub date: SortHead,
    pub amount: SortHead,
    pub rows: Vec<Row>,
    pub base: String,
    pub may_issue: bool,
}

#[derive(Template)]
#[template(path = "portal/bills.html")]
pub struct BillsPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<Row>,
}

fn word(lang: Lang, state: &str) -> String {
    match state {
        "open" => lang.t("To pay"),
        "overdue" => lang.t("Overdue"),
        "paid" => lang.t("Paid"),
        _ => lang.t("Cancelled"),
    }
    .into_owned()
}

fn rows(lang: Lang, at: &str, found: &DocumentList, today: NaiveDate) -> Vec<Row> {
    let row = |document: &Document| {
        let (code, customer) = found
            .customers
            .get(&document.customer_id)
            .cloned()
            .unwrap_or_default();
        let open = found.open.get(&document.id.uuid()).copied();
        Row {
            href: format!("{at}/{}?year={}", document.url_no, document.year),
            number: document.number.clone(),
            kind: lang.t(document.kind.label()).into_owned(),
            customer,
            code,
            date: dates::date(document.document_date, lang),
            due: document.due_on.map(|day| dates::date(day, lang)),
            amount: document.total.to_string(),
            pill: pill_of(lang, document, open, today),
        }
    };
    found.page.rows.iter().map(row).collect()
}

impl InvoicesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_issue): (String, bool),
        (query, kept): (&ListQuery, Vec<KeptView>),
        (found, today): (DocumentList, NaiveDate),
    ) -> Self {
        let sort = query.sort(&Document::SORTS, Document::BY_DATE);
        let first = Empty {
            icon: "receipt",
            heading: lang.t("No invoices yet").into_owned(),
            text: lang
                .t("An invoice is issued for a packed shipment, before it leaves.")
                .into_owned(),
            action: None,
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Number, order or customer"))
            .filter("status", lang.t("Status"), &BILL_STATES, |state| {
                word(lang, state)
            })
            .field(Field::text("customer", lang.t("Customer code")))
            .field(Field::new("date", "from", lang.t("From")))
            .field(Field::new("date", "to", lang.t("To")))
            .export(&format!("{base}/invoices/export"))
            .views(&format!("{base}/settings/views"), "invoices", kept)
            .finish(&found.page, found.count, first, lang.t("No invoices match"));
        list.pager.text = lang.say(
            &Said::new("{pager} · {total} together")
                .with("pager", &list.pager.text)
                .with("total", found.total),
        );
        let mut amount = query.head(lang.t("Amount").into_owned(), "amount", sort, true);
        amount.numeric = true;
        Self {
            date: query.head(lang.t("Date").into_owned(), "date", sort, true),
            amount,
            rows: rows(lang, &format!("{base}/invoices"), &found, today),
            shell,
            list,
            base,
            may_issue,
        }
    }
}

impl BillsPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        query: &ListQuery,
        (found, today): (DocumentList, NaiveDate),
    ) -> Self {
        let first = Empty {
            icon: "receipt",
            heading: lang.t("No bills yet").into_owned(),
            text: lang
                .t("Bills of what was packed for you appear here.")
                .into_owned(),
            action: None,
        };
        Self {
            list: ListBuilder::new(query, lang, lang.t("Number of a bill, or your own"))
                .filter("status", lang.t("Status"), &BILL_STATES, |state| {
                    word(lang, state)
                })
                .finish(&found.page, found.count, first, lang.t("No bills match")),
            rows: rows(lang, &format!("{base}/bills"), &found, today),
            shell,
        }
    }
}

/// Documents as a file.
pub fn invoices_sheet(lang: Lang, documents: Vec<Document>) -> Sheet {
    let heads = [
        "Number",
        "Kind",
        "Date",
        "Due on",
        "Customer",
        "GSTIN",
        "Place of supply",
        "Taxable value",
        "CGST",
        "SGST",
        "IGST",
        "Cess",
        "Discount",
        "Other charges",
        "Round-off",
        "Total",
        "Status",
        "Order",
        "Shipment",
    ];
    let row = |document: Document| {
        let text = |path: &str| {
            let found = document.parties.pointer(path);
            found
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let amount = |money: crate::kernel::money::Money| money.as_decimal().to_string();
        let status = match document.cancelled_at {
            Some(_) => lang.t("Cancelled"),
            None => lang.t("Issued"),
        };
        vec![
            document.number.clone(),
            lang.t(document.kind.label()).into_owned(),
            document.document_date.to_string(),
            document
                .due_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            text("/buyer/name"),
            document.buyer_gstin.clone().unwrap_or_default(),
            document.place_of_supply.to_string(),
            amount(document.taxable),
            amount(document.cgst),
            amount(document.sgst),
            amount(document.igst),
            amount(document.cess),
            amount(document.late_discount),
            amount(document.other_charges),
            amount(document.round_off),
            amount(document.total),
            status.into_owned(),
            text("/order"),
            text("/shipment"),
        ]
    };
    Sheet {
        name: "invoices",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: documents.into_iter().map(row).collect(),
    }
}
