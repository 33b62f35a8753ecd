//! One document, as it is read.

use crate::accounting::model::{Document, DocumentLine};
use crate::accounting::rules::document::{Kind, Status};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::kernel::words::rupees;
use crate::ledger::rules::standing;
use crate::products::packs::figure;
use crate::tax::rules::{Half, SupplyType};
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::Value as Json;

/// Somebody on a document.
pub struct Side {
    pub heading: String,
    pub name: String,
    pub lines: Vec<String>,
}

/// A line of a document.
pub struct Row {
    pub position: i32,
    pub name: String,
    pub sku: String,
    pub hsn: String,
    pub quantity: String,
    pub free: Option<String>,
    pub price: String,
    pub discount: Option<String>,
    pub taxable: String,
    pub rate: String,
    pub tax: String,
    pub total: String,
}

/// What a document says.
pub struct DocumentView {
    pub heading: String,
    pub number: String,
    pub pill: Pill,
    pub facts: Vec<(String, String)>,
    pub sides: Vec<Side>,
    pub legend: Option<String>,
    pub cancelled: Option<String>,
    pub rows: Vec<Row>,
    pub totals: Vec<(String, String)>,
    pub total: String,
    pub words: String,
}

fn per_cent(rate: Decimal) -> String {
    format!("{} %", rate.normalize())
}

/// How far a document is paid, or that it was taken back.
pub fn pill_of(lang: Lang, document: &Document, open: Option<Money>, today: NaiveDate) -> Pill {
    if document.status == Status::Cancelled {
        return Pill::new(lang.t("Cancelled"), "", "plain");
    }
    let due_on = document.due_on.unwrap_or(document.document_date);
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

fn side(lang: Lang, heading: &str, party: Option<&Json>) -> Option<Side> {
    let party = party?;
    let text = |field: &str| party.get(field).and_then(Json::as_str).map(str::to_owned);
    let town = [text("city"), text("pin")];
    let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let gstin = text("gstin").map(|gstin| format!("GSTIN {gstin}"));
    let lines = [text("line1"), Some(town), gstin, text("phone")];
    Some(Side {
        heading: lang.t(heading).into_owned(),
        name: text("name").unwrap_or_default(),
        lines: lines
            .into_iter()
            .flatten()
            .filter(|line| !line.is_empty())
            .collect(),
    })
}

/// What rule 46 wants on a supply that bears no tax in the end.
const fn legend(supply: SupplyType) -> Option<&'static str> {
    match supply {
        SupplyType::SezWithPayment | SupplyType::ExportWithPayment => Some(
            "SUPPLY MEANT FOR EXPORT/SUPPLY TO SEZ UNIT OR SEZ DEVELOPER FOR AUTHORISED OPERATIONS ON PAYMENT OF INTEGRATED TAX",
        ),
        SupplyType::SezWithoutPayment | SupplyType::ExportWithoutPayment => Some(
            "SUPPLY MEANT FOR EXPORT/SUPPLY TO SEZ UNIT OR SEZ DEVELOPER FOR AUTHORISED OPERATIONS UNDER BOND OR LETTER OF UNDERTAKING WITHOUT PAYMENT OF INTEGRATED TAX",
        ),
        SupplyType::B2b | SupplyType::B2c | SupplyType::DeemedExport => None,
    }
}

impl DocumentView {
    pub fn new(
        lang: Lang,
        document: &Document,
        lines: &[DocumentLine],
        open: Option<Money>,
        today: NaiveDate,
    ) -> Self {
        let parties = &document.parties;
        let sides = [
            side(lang, "From", parties.get("seller")),
            side(lang, "Billed to", parties.get("buyer")),
            side(lang, "Delivered to", parties.get("delivery")),
        ];
        let is_composition = document.supplier_type == "composition";
        let legend = if is_composition && document.kind == Kind::BillOfSupply {
            Some("COMPOSITION TAXABLE PERSON, NOT ELIGIBLE TO COLLECT TAX ON SUPPLIES")
        } else {
            legend(document.supply_type)
        };
        let cancelled = document
            .cancel_reason
            .as_ref()
            .map(|reason| lang.say(&Said::new("Cancelled: {reason}").with("reason", reason)));
        Self {
            heading: lang.t(document.kind.label()).into_owned(),
            number: document.number.clone(),
            pill: pill_of(lang, document, open, today),
            facts: facts(lang, document),
            sides: sides.into_iter().flatten().collect(),
            legend: legend.map(str::to_owned),
            cancelled,
            rows: lines.iter().map(|line| row(lang, line)).collect(),
            totals: totals(lang, document, open),
            total: document.total.to_string(),
            words: rupees(document.total, lang),
        }
    }
}

fn facts(lang: Lang, document: &Document) -> Vec<(String, String)> {
    let fact = |label: &str, value: String| (lang.t(label).into_owned(), value);
    let text = |path: &str| {
        let found = document.parties.pointer(path).and_then(Json::as_str);
        found.map(str::to_owned)
    };
    let place = format!(
        "{} ({})",
        lang.t(document.place_of_supply.name()),
        document.place_of_supply
    );
    let answer = if document.is_reverse_charge {
        "Yes"
    } else {
        "No"
    };
    let mut facts = vec![fact("Date", dates::date(document.document_date, lang))];
    if let Some(due) = document.due_on {
        facts.push(fact("Due on", dates::date(due, lang)));
    }
    for (label, value) in [
        ("Order", text("/order")),
        ("Shipment", text("/shipment")),
        ("Purchase order", document.po_number.clone()),
        ("Corrects", text("/original/0")),
    ] {
        facts.extend(value.map(|value| fact(label, value)));
    }
    facts.push(fact("Place of supply", place));
    facts.push(fact("Reverse charge", lang.t(answer).into_owned()));
    if let Some(reason) = document.reason {
        facts.push(fact("Reason", lang.t(reason.label()).into_owned()));
    }
    facts.extend(document.reason_note.clone().map(|note| fact("Note", note)));
    facts
}

fn row(lang: Lang, line: &DocumentLine) -> Row {
    let unit = line.unit.as_deref().unwrap_or_default();
    let counted = |quantity: Decimal| format!("{} {unit}", figure(quantity)).trim().to_owned();
    let tax = line.sums().tax();
    let own = lang == Lang::Hi;
    Row {
        position: line.position,
        name: line
            .name_hi
            .clone()
            .filter(|_| own)
            .unwrap_or_else(|| line.name.clone()),
        sku: line.sku.clone(),
        hsn: line.hsn.clone(),
        quantity: counted(line.quantity),
        free: (!line.free_quantity.is_zero()).then(|| {
            lang.say(&Said::new("{quantity} free").with("quantity", counted(line.free_quantity)))
        }),
        price: line.price.to_string(),
        discount: (!line.discount.is_zero()).then(|| line.discount.to_string()),
        taxable: line.taxable.to_string(),
        rate: per_cent(line.tax_rate),
        tax: tax.to_string(),
        total: line.total.to_string(),
    }
}

fn totals(lang: Lang, document: &Document, open: Option<Money>) -> Vec<(String, String)> {
    let half = match document.half {
        Some(Half::Utgst) => "UTGST",
        _ => "SGST",
    };
    let mut rows = vec![(
        lang.t("Taxable value").into_owned(),
        document.taxable.to_string(),
    )];
    for (label, amount) in [
        ("CGST", document.cgst),
        (half, document.sgst),
        ("IGST", document.igst),
        ("Cess", document.cess),
        ("Discount", -document.late_discount),
        ("Other charges", document.other_charges),
        ("Round-off", document.round_off),
    ] {
        if !amount.is_zero() {
            rows.push((lang.t(label).into_owned(), amount.to_string()));
        }
    }
    if let Some(open) = open.filter(|open| *open != document.total) {
        rows.push((
            lang.t("Settled").into_owned(),
            (document.total - open).to_string(),
        ));
        rows.push((lang.t("Still open").into_owned(), open.to_string()));
    }
    rows
}

#[derive(Template)]
#[template(path = "accounting/invoice.html")]
pub struct DocumentPage {
    pub shell: Shell,
    pub base: String,
    pub list: &'static str,
    pub list_name: String,
    pub document: DocumentView,
    pub shipment: Option<String>,
    pub authority: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/bill.html")]
pub struct PortalDocumentPage {
    pub shell: Shell,
    pub base: String,
    pub document: DocumentView,
}
