//! The sums of the register as tables, each row with the way to the documents behind it.

use crate::accounting::model::{By, HsnSum, Sums, Total};
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::gstr1::Section;
use crate::kernel::language::{Lang, text};
use crate::kernel::money::Money;
use rust_decimal::Decimal;

/// A sum, and where the documents behind it are.
pub struct SumRow {
    pub label: String,
    pub about: String,
    pub href: String,
    pub documents: i64,
    pub amounts: Vec<Money>,
}

/// Sums that come to one.
pub struct SumTable {
    pub id: &'static str,
    pub heading: String,
    pub head: String,
    pub rows: Vec<SumRow>,
}

/// A rate as people say it.
pub fn rate_words(lang: Lang, rate: Option<Decimal>) -> String {
    match rate {
        Some(rate) => format!("{}%", rate.normalize()),
        None => lang.t("Without GST").into_owned(),
    }
}

fn row(label: String, href: String, sums: &Sums) -> SumRow {
    SumRow {
        label,
        about: String::new(),
        href,
        documents: sums.documents,
        amounts: sums.amounts().to_vec(),
    }
}

/// The sums by table, kind and rate, each table with the whole below it.
pub fn tables(lang: Lang, behind: &str, totals: &[Total]) -> Vec<SumTable> {
    let all = totals.iter().find(|total| total.by == By::All);
    let table = |id, heading: &str, head: &str, mut rows: Vec<SumRow>| {
        let whole = all.map(|all| {
            row(
                lang.t("Together").into_owned(),
                behind.to_owned(),
                &all.sums,
            )
        });
        rows.extend(whole);
        SumTable {
            id,
            heading: lang.t(heading).into_owned(),
            head: lang.t(head).into_owned(),
            rows,
        }
    };
    let section = |section: &Section| {
        let its = totals
            .iter()
            .find(|total| total.by == By::Section(*section))?;
        let href = format!("{behind}&table={}", section.as_str());
        Some(row(lang.t(section.label()).into_owned(), href, &its.sums))
    };
    let kind = |kind: &Kind| {
        let its = totals.iter().find(|total| total.by == By::Kind(*kind))?;
        let href = format!("{behind}&kind={}", kind.as_str());
        Some(row(lang.t(kind.label()).into_owned(), href, &its.sums))
    };
    let rate = |total: &Total| {
        let By::Rate(rate) = total.by else {
            return None;
        };
        let code = rate.map_or_else(|| "none".to_owned(), |rate| rate.to_string());
        let href = format!("{behind}&rate={code}");
        Some(row(rate_words(lang, rate), href, &total.sums))
    };
    vec![
        table(
            "sections",
            text!("By table of GSTR-1"),
            text!("Table"),
            Section::ALL.iter().filter_map(section).collect(),
        ),
        table(
            "kinds",
            text!("By kind of document"),
            text!("Kind"),
            Kind::ALL.iter().filter_map(kind).collect(),
        ),
        table(
            "rates",
            text!("By rate"),
            text!("Rate"),
            totals.iter().filter_map(rate).collect(),
        ),
    ]
}

/// The HSN summary, in the parts that the return has.
pub fn codes(lang: Lang, behind: &str, sums: &[HsnSum]) -> Vec<SumTable> {
    let parts = [
        ("all", text!("All buyers")),
        ("b2b", text!("Buyers with GSTIN")),
        ("b2c", text!("Buyers without GSTIN, and exports")),
    ];
    let code = |sum: &HsnSum| SumRow {
        about: format!(
            "{} {} · {}",
            sum.quantity.normalize(),
            sum.unit,
            rate_words(lang, Some(sum.rate))
        ),
        ..row(
            sum.hsn.clone(),
            format!(
                "{behind}&hsn={}&unit={}&rate={}&buyers={}",
                sum.hsn,
                sum.unit,
                sum.rate.normalize(),
                sum.buyers
            ),
            &sum.sums,
        )
    };
    let part = |(id, heading): (&'static str, &'static str)| {
        let its = sums.iter().filter(|sum| sum.buyers == id);
        let rows: Vec<SumRow> = its.map(code).collect();
        (!rows.is_empty()).then(|| SumTable {
            id,
            heading: lang.t(heading).into_owned(),
            head: lang.t("HSN").into_owned(),
            rows,
        })
    };
    parts.into_iter().filter_map(part).collect()
}
