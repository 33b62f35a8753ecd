//! The register, and the documents behind its sums, as files.

use super::tables::rate_words;
use super::{AMOUNTS, RegisterFound};
use crate::accounting::model::{By, HsnSum, Mismatch, Part, Sums, Total};
use crate::kernel::language::{Lang, text};
use crate::web::export::Sheet;

fn heads(lang: Lang, before: &[&'static str], after: &[&'static str]) -> Vec<String> {
    before
        .iter()
        .chain(&AMOUNTS)
        .chain(after)
        .map(|head| lang.t(head).into_owned())
        .collect()
}

fn cells(before: Vec<String>, sums: &Sums) -> Vec<String> {
    let amounts = sums.amounts().into_iter();
    let amounts = amounts.map(|amount| amount.as_decimal().to_string());
    before.into_iter().chain(amounts).collect()
}

/// Documents behind a sum as a file.
pub fn parts_sheet(lang: Lang, rows: &[Part]) -> Sheet {
    let before = [
        text!("Number"),
        text!("Kind"),
        text!("Date"),
        text!("Customer code"),
        text!("Customer"),
    ];
    let row = |part: &Part| {
        let before = vec![
            part.number.clone(),
            lang.t(part.kind.label()).into_owned(),
            part.document_date.to_string(),
            part.code.clone(),
            part.customer.clone(),
        ];
        let mut cells = cells(before, &part.sums);
        cells.push(part.total.as_decimal().to_string());
        cells
    };
    Sheet {
        name: "tax-register-documents",
        heads: heads(lang, &before, &[text!("Total of the document")]),
        rows: rows.iter().map(row).collect(),
    }
}

/// What a sum is of, as a file has it: the breakdown, and the row.
fn named(lang: Lang, by: By) -> (String, String) {
    let (breakdown, row) = match by {
        By::Section(section) => ("By table of GSTR-1", lang.t(section.label()).into_owned()),
        By::Kind(kind) => ("By kind of document", lang.t(kind.label()).into_owned()),
        By::Rate(rate) => ("By rate", rate_words(lang, rate)),
        By::All => ("Together", String::new()),
    };
    (lang.t(breakdown).into_owned(), row)
}

/// A part of the register as a file.
pub fn register_sheet(lang: Lang, found: &RegisterFound) -> Sheet {
    let (name, heads, rows) = match found {
        RegisterFound::Nothing => (
            "tax-register",
            heads(lang, &[text!("Sums"), text!("Of"), text!("Documents")], &[]),
            Vec::new(),
        ),
        RegisterFound::Tables(totals, _) => {
            let row = |total: &Total| {
                let (breakdown, of) = named(lang, total.by);
                let documents = total.sums.documents.to_string();
                cells(vec![breakdown, of, documents], &total.sums)
            };
            (
                "tax-register",
                heads(lang, &[text!("Sums"), text!("Of"), text!("Documents")], &[]),
                totals.iter().map(row).collect(),
            )
        }
        RegisterFound::Hsn(sums) => {
            let before = [
                text!("Buyers"),
                text!("HSN"),
                text!("Unit"),
                text!("Quantity"),
                text!("Rate"),
            ];
            let row = |sum: &HsnSum| {
                let before = vec![
                    sum.buyers.clone(),
                    sum.hsn.clone(),
                    sum.unit.clone(),
                    sum.quantity.normalize().to_string(),
                    sum.rate.normalize().to_string(),
                ];
                cells(before, &sum.sums)
            };
            (
                "hsn-summary",
                heads(lang, &before, &[]),
                sums.iter().map(row).collect(),
            )
        }
        RegisterFound::Gstr1(found) => {
            let before = [
                text!("Number"),
                text!("Kind"),
                text!("Date"),
                text!("Customer"),
                text!("At the authority"),
                text!("Short codes"),
                text!("Units"),
            ];
            let row = |one: &Mismatch| {
                let status = one.authority.map(|status| status.as_str().to_owned());
                vec![
                    one.number.clone(),
                    lang.t(one.kind.label()).into_owned(),
                    one.document_date.to_string(),
                    one.customer.clone(),
                    status.unwrap_or_default(),
                    one.short_codes.clone().unwrap_or_default(),
                    one.units.clone().unwrap_or_default(),
                ]
            };
            (
                "before-gstr-1",
                before
                    .iter()
                    .map(|head| lang.t(head).into_owned())
                    .collect(),
                found.iter().map(row).collect(),
            )
        }
    };
    Sheet { name, heads, rows }
}
