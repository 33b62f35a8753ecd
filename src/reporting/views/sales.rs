//! The list of documents behind the sales of a period.

use crate::accounting::rules::document::{Family, Kind};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::reporting::model::{KINDS, Sale, Sales, SalesPeriod};
use crate::web::components::{Empty, Field, SortHead};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;

/// A document in the list.
pub struct SaleRow {
    pub href: String,
    pub number: String,
    pub kind: String,
    pub customer: String,
    pub code: String,
    pub date: String,
    pub before_tax: Money,
    pub amount: Money,
}

#[derive(Template)]
#[template(path = "reporting/sales.html")]
pub struct SalesPage {
    pub shell: Shell,
    pub list: Listing,
    pub date: SortHead,
    pub rows: Vec<SaleRow>,
}

fn word(lang: Lang, code: &str) -> String {
    let kind = code.parse::<Kind>();
    kind.map_or_else(
        |_| code.to_owned(),
        |kind| lang.t(kind.label()).into_owned(),
    )
}

/// Where a document stands.
fn path(base: &str, sale: &Sale) -> String {
    let room = match sale.kind.family() {
        Family::Bills => "invoices",
        Family::CreditNotes => "credit-notes",
        Family::DebitNotes => "debit-notes",
    };
    format!("{base}/{room}/{}?year={}", sale.url_no, sale.year)
}

impl SalesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: String,
        (query, period): (&ListQuery, SalesPeriod),
        found: Sales,
    ) -> Self {
        let first = Empty {
            icon: "chart",
            heading: lang.t("No sales in these days").into_owned(),
            text: lang
                .t("Invoices and notes of the days above appear here; what was cancelled does not.")
                .into_owned(),
            action: None,
        };
        let sort = query.sort(&Sale::SORTS, Sale::BY_DATE);
        let mut list = ListBuilder::new(query, lang, lang.t("Number, order or customer"))
            .filter("kind", lang.t("Kind"), &KINDS, |kind| word(lang, kind))
            .field(Field::text("customer", lang.t("Customer code")))
            .field(Field::new("date", "from", lang.t("From")))
            .field(Field::new("date", "to", lang.t("To")))
            .export(&format!("{base}/reports/sales/export"))
            .finish(&found.page, found.count, first, lang.t("No sales match"));
        // Without days in the address it is the last thirty, and the fields say so.
        for (name, day) in [("from", period.from), ("to", period.to)] {
            for field in &mut list.toolbar.fields {
                if field.name == name {
                    field.value = day.to_string();
                }
            }
        }
        list.foot = found.sums.map(|(count, amount)| {
            let foot = Said::new("{count} documents come to {amount}.")
                .with("count", count)
                .with("amount", amount);
            lang.say(&foot)
        });
        let row = |sale: &Sale| SaleRow {
            href: path(&base, sale),
            number: sale.number.clone(),
            kind: lang.t(sale.kind.label()).into_owned(),
            customer: sale.customer.clone(),
            code: sale.code.clone(),
            date: dates::date(sale.date, lang),
            before_tax: sale.before_tax(),
            amount: sale.amount(),
        };
        Self {
            date: query.head(lang.t("Date").into_owned(), "date", sort, true),
            rows: found.page.rows.iter().map(row).collect(),
            shell,
            list,
        }
    }
}

/// Sales as a file.
pub fn sales_sheet(lang: Lang, rows: &[Sale]) -> Sheet {
    let heads = [
        "Number",
        "Kind",
        "Date",
        "Customer code",
        "Customer",
        "Before tax",
        "With tax",
    ];
    let row = |sale: &Sale| {
        vec![
            sale.number.clone(),
            lang.t(sale.kind.label()).into_owned(),
            sale.date.to_string(),
            sale.code.clone(),
            sale.customer.clone(),
            sale.before_tax().as_decimal().to_string(),
            sale.amount().as_decimal().to_string(),
        ]
    };
    Sheet {
        name: "sales",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows.iter().map(row).collect(),
    }
}
