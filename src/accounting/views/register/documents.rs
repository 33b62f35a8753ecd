//! The documents behind a sum of the tax register.

use super::{AMOUNTS, RegisterPlace};
use crate::accounting::model::{Behind, Part, Parts, Sums};
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::gstr1::Section;
use crate::accounting::views::papers::folder;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::web::components::{Empty, Field};
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Total};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use std::str::FromStr;

/// A document and what it adds to a sum.
pub struct PartRow {
    pub href: String,
    pub number: String,
    pub about: String,
    pub customer: String,
    pub code: String,
    pub amounts: Vec<Money>,
    pub total: Money,
}

#[derive(Template)]
#[template(path = "accounting/register/documents.html")]
pub struct PartsPage {
    pub shell: Shell,
    pub list: Listing,
    /// Where the register is.
    pub back: String,
    pub heads: Vec<String>,
    pub rows: Vec<PartRow>,
}

fn word<T: FromStr>(lang: Lang, code: &str, label: fn(T) -> &'static str) -> String {
    code.parse()
        .map_or_else(|_| code.to_owned(), |one| lang.t(label(one)).into_owned())
}

/// What the rows come to, in words: the figure that led here.
fn foot(lang: Lang, sums: &Sums) -> String {
    let tax: Money = sums.amounts().into_iter().skip(1).sum();
    let said = Said::new("{count} documents come to {taxable} before tax, and {tax} of tax.")
        .with("count", sums.documents)
        .with("taxable", sums.taxable)
        .with("tax", tax);
    lang.say(&said)
}

impl PartsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: &str,
        (query, place): (&ListQuery, &RegisterPlace),
        found: Parts,
    ) -> Self {
        let path = format!("{base}/tax-register");
        let first = Empty {
            icon: "receipt",
            heading: lang.t("No documents in this month").into_owned(),
            text: lang
                .t("Invoices and notes of the month appear here; what was cancelled does not.")
                .into_owned(),
            action: None,
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Number"))
            .filter("table", lang.t("Table"), Section::CODES, |code| {
                word(lang, code, Section::label)
            })
            .filter("kind", lang.t("Kind"), Kind::CODES, |code| {
                word(lang, code, Kind::label)
            })
            .field(Field::new("month", "month", lang.t("Month")))
            .export(&format!("{path}/documents/export"))
            .finish(
                &found.page,
                Total::all(found.sums.documents),
                first,
                lang.t("No documents match"),
            );
        for name in Behind::OTHERS.iter().chain(&["registration"]) {
            if let Some(value) = query.get(name) {
                let kept = ((*name).to_owned(), value.to_owned());
                list.toolbar.keep.push(kept);
            }
        }
        // Without a month in the address it is this one, and the field says so.
        for field in &mut list.toolbar.fields {
            field.value = place.month.code();
        }
        list.foot = Some(foot(lang, &found.sums));
        let row = |part: &Part| {
            let room = folder(part.kind.family());
            let day = dates::date(part.document_date, lang);
            PartRow {
                href: format!("{base}/{room}/{}?year={}", part.url_no, part.year),
                number: part.number.clone(),
                about: format!("{} · {day}", lang.t(part.kind.label())),
                customer: part.customer.clone(),
                code: part.code.clone(),
                amounts: part.sums.amounts().to_vec(),
                total: part.total,
            }
        };
        Self {
            back: format!("{path}?{}", place.asked()),
            heads: AMOUNTS
                .iter()
                .map(|head| lang.t(head).into_owned())
                .collect(),
            rows: found.page.rows.iter().map(row).collect(),
            shell,
            list,
        }
    }
}
