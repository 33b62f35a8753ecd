//! Lists of documents.

use super::instalments::instalment_words;
use super::papers::{due_on, folder, pill_of};
use crate::accounting::model::{BILL_STATES, Document, DocumentList, NOTE_STATES};
use crate::accounting::rules::document::Family;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::web::bulk::{BulkBar, BulkButton};
use crate::web::components::{Empty, Field, Pill, SortHead};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

/// A document in a list.
pub struct Row {
    pub id: Uuid,
    pub href: String,
    pub number: String,
    pub kind: String,
    pub customer: String,
    pub code: String,
    pub date: String,
    pub due: Option<String>,
    /// The instalment that is asked for.
    pub instalment: Option<String>,
    /// Number of the document that it corrects.
    pub corrects: Option<String>,
    pub amount: String,
    pub pill: Pill,
}

/// Invoices, credit notes or debit notes.
#[derive(Template)]
#[template(path = "accounting/invoices.html")]
pub struct InvoicesPage {
    pub shell: Shell,
    pub list: Listing,
    pub bulk: BulkBar,
    pub ticked: Vec<Uuid>,
    pub heading: String,
    pub is_credit: bool,
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

fn word(lang: Lang, family: Family, state: &str) -> String {
    match (family, state) {
        (Family::CreditNotes, "open") => return lang.t("Not used up").into_owned(),
        (Family::CreditNotes, "paid") => return lang.t("Used up").into_owned(),
        _ => {}
    }
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
        let owed = found.open.get(&document.id.uuid());
        let due_on = due_on(document, owed);
        Row {
            id: document.id.uuid(),
            corrects: document.parties().original.map(|original| original.number),
            href: format!("{at}/{}?year={}", document.url_no, document.year),
            number: document.number.clone(),
            kind: lang.t(document.kind.label()).into_owned(),
            customer,
            code,
            date: dates::date(document.document_date, lang),
            due: due_on.map(|day| dates::date(day, lang)),
            instalment: owed.and_then(|owed| instalment_words(lang, owed, today)),
            amount: document.total.to_string(),
            pill: pill_of(lang, document, owed, today),
        }
    };
    found.page.rows.iter().map(row).collect()
}

/// What an empty list says.
fn first(lang: Lang, family: Family) -> Empty {
    let (heading, text) = match family {
        Family::Bills => (
            lang.t("No invoices yet"),
            lang.t("An invoice is issued for a packed shipment, before it leaves."),
        ),
        Family::CreditNotes => (
            lang.t("No credit notes yet"),
            lang.t("A credit note is written on the page of the invoice that it corrects."),
        ),
        Family::DebitNotes => (
            lang.t("No debit notes yet"),
            lang.t("A debit note is written on the page of the invoice that it corrects."),
        ),
    };
    Empty {
        icon: "receipt",
        heading: heading.into_owned(),
        text: text.into_owned(),
        action: None,
    }
}

/// The name of a list.
pub fn title(lang: Lang, family: Family) -> String {
    match family {
        Family::Bills => lang.t("Invoices"),
        Family::CreditNotes => lang.t("Credit notes"),
        Family::DebitNotes => lang.t("Debit notes"),
    }
    .into_owned()
}

/// The three lists, one beside the other.
fn tabs(lang: Lang, base: &str, shown: Family) -> Vec<(String, String, bool)> {
    [Family::Bills, Family::CreditNotes, Family::DebitNotes]
        .into_iter()
        .map(|family| {
            let href = format!("{base}/{}", folder(family));
            (title(lang, family), href, family == shown)
        })
        .collect()
}

impl InvoicesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, family, may_issue): (String, Family, bool),
        (query, kept): (&ListQuery, Vec<KeptView>),
        (found, today): (DocumentList, NaiveDate),
    ) -> Self {
        let sort = query.sort(&Document::SORTS, Document::BY_DATE);
        let room = folder(family);
        let (heading, none, states): (_, _, &[&str]) = match family {
            Family::Bills => (lang.t("Invoice"), lang.t("No invoices match"), &BILL_STATES),
            Family::CreditNotes => (
                lang.t("Credit note"),
                lang.t("No credit notes match"),
                &NOTE_STATES,
            ),
            Family::DebitNotes => (
                lang.t("Debit note"),
                lang.t("No debit notes match"),
                &BILL_STATES,
            ),
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Number, order or customer"))
            .filter("status", lang.t("Status"), states, |state| {
                word(lang, family, state)
            })
            .field(Field::text("customer", lang.t("Customer code")))
            .field(Field::new("date", "from", lang.t("From")))
            .field(Field::new("date", "to", lang.t("To")))
            .export(&format!("{base}/{room}/export"))
            .views(&format!("{base}/settings/views"), room, kept)
            .tabs(tabs(lang, &base, family))
            .finish(&found.page, found.count, first(lang, family), none);
        let button = BulkButton {
            action: "pdf",
            label: lang.t("PDFs").into_owned(),
            icon: "print",
        };
        let mut bulk = BulkBar::new(query, &found.page, found.count, vec![button]);
        bulk.action = format!("{base}/invoices/pdfs?of={room}");
        if let Some(total) = found.total {
            let said = Said::new("{pager} · {total} together without cancelled")
                .with("pager", &list.pager.text);
            list.pager.text = lang.say(&said.with("total", total));
        }
        let mut amount = query.head(lang.t("Amount").into_owned(), "amount", sort, true);
        amount.numeric = true;
        Self {
            date: query.head(lang.t("Date").into_owned(), "date", sort, true),
            amount,
            rows: rows(lang, &format!("{base}/{room}"), &found, today),
            heading: heading.into_owned(),
            is_credit: family == Family::CreditNotes,
            ticked: query.ticked(),
            bulk,
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
                    word(lang, Family::Bills, state)
                })
                .finish(&found.page, found.count, first, lang.t("No bills match")),
            rows: rows(lang, &format!("{base}/bills"), &found, today),
            shell,
        }
    }
}

/// Documents as a file.
pub fn invoices_sheet(lang: Lang, family: Family, documents: Vec<Document>) -> Sheet {
    let is_note = family != Family::Bills;
    let mut heads = vec![
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
    if is_note {
        heads.extend(["Corrects", "Reason", "Reason in words"]);
    }
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
        let mut row = vec![
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
            text("/order_no"),
            text("/shipment_no"),
        ];
        if is_note {
            let reason = document.reason.map(|reason| lang.t(reason.label()));
            row.extend([
                text("/original/number"),
                reason.unwrap_or_default().into_owned(),
                document.reason_note.clone().unwrap_or_default(),
            ]);
        }
        row
    };
    Sheet {
        name: folder(family),
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: documents.into_iter().map(row).collect(),
    }
}
