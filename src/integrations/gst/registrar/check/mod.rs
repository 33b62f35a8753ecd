//! What the registrar tests of a document before it registers it, in the authority's order: shape, parties, kind of supply, dates, items, totals.
//!
//! A stage is asked only when the one before has nothing to say, so an answer names what is to be mended first. Amounts may differ from what the
//! registrar calculates: by the rest of a rupee, and one more.

mod dates;
mod items;
mod kind;
pub mod masters;
mod number;
mod parties;
mod shape;
mod totals;

use super::codes::Refusal;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

pub use number::{amount, decimal, is_near};
pub use shape::Schema;

/// A taxpayer, as the registrar's books have it.
#[derive(Clone, Debug)]
pub struct Taxpayer {
    pub gstin: String,
    pub name: String,
    /// `REG`, `COM`, `SEZ` (unit), `SED` (developer), `ISD`, `CAS`, `TDS`, `TCS`, `UIN`.
    pub taxpayer_type: String,
    /// `ACT`, `SUS`, `CNL`.
    pub status: String,
    pub state_code: String,
    pub is_einvoicing: bool,
    /// Aggregate turnover in rupees: from ten crore on, documents are reported within 30 days.
    pub turnover: Decimal,
}

impl Taxpayer {
    /// Whether it is in a special economic zone, as unit or developer.
    pub fn is_sez(&self) -> bool {
        matches!(self.taxpayer_type.as_str(), "SEZ" | "SED")
    }
}

/// What the registrar knows beside the document.
pub struct Facts<'a> {
    /// Who is signed in.
    pub gstin: &'a str,
    /// Today in India.
    pub today: NaiveDate,
    /// The taxpayers that the document names, by GSTIN, as far as they are known.
    pub taxpayers: &'a BTreeMap<String, Taxpayer>,
}

/// What is wrong with a document; nothing when it can be registered.
pub fn check(schema: &Schema, document: &Value, facts: &Facts) -> Vec<Refusal> {
    let refusals = schema.refusals(document);
    if !refusals.is_empty() {
        return refusals;
    }
    let document = Document::new(document);
    let stages: [fn(&Document, &Facts) -> Vec<Refusal>; 5] = [
        parties::refusals,
        kind::refusals,
        dates::refusals,
        items::refusals,
        totals::refusals,
    ];
    stages
        .iter()
        .map(|stage| stage(&document, facts))
        .find(|refusals| !refusals.is_empty())
        .unwrap_or_default()
}

/// The number that a document is registered under: SHA-256 over supplier, year, type and number in upper case.
pub fn irn(document: &Document) -> String {
    let year = document.date().map(fin_year).unwrap_or_default();
    irn_of(
        document.seller(),
        &year,
        document.doc_type(),
        &document.number(),
    )
}

/// The same from its four parts.
pub fn irn_of(gstin: &str, fin_year: &str, doc_type: &str, number: &str) -> String {
    let text = format!("{gstin}{fin_year}{doc_type}{}", number.to_uppercase());
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// The financial year of a day, `2026-27`.
pub fn fin_year(day: NaiveDate) -> String {
    let first = if day.month() >= 4 {
        day.year()
    } else {
        day.year() - 1
    };
    format!("{first}-{:02}", (first + 1).rem_euclid(100))
}

/// A day as the payload writes it; `None` when the calendar has none such.
pub fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%d/%m/%Y").ok()
}

/// A document of the right shape.
pub struct Document<'a>(&'a Value);

impl<'a> Document<'a> {
    /// Of JSON that `Schema` has nothing against; of anything else it reads blanks.
    pub fn new(root: &'a Value) -> Self {
        Self(root)
    }

    /// All of it.
    pub fn root(&self) -> &'a Value {
        self.0
    }

    /// A text by its pointer; empty when there is none.
    pub fn text(&self, pointer: &str) -> &'a str {
        self.0
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// An object by its pointer, unless it is left out or null.
    pub fn part(&self, pointer: &str) -> Option<&'a Value> {
        self.0.pointer(pointer).filter(|part| part.is_object())
    }

    /// The supplier's GSTIN.
    pub fn seller(&self) -> &'a str {
        self.text("/SellerDtls/Gstin")
    }

    /// The recipient's GSTIN, or `URP`.
    pub fn buyer(&self) -> &'a str {
        self.text("/BuyerDtls/Gstin")
    }

    /// `INV`, `CRN` or `DBN`.
    pub fn doc_type(&self) -> &'a str {
        self.text("/DocDtls/Typ")
    }

    /// The number in upper case.
    pub fn number(&self) -> String {
        self.text("/DocDtls/No").to_uppercase()
    }

    /// The document's date.
    pub fn date(&self) -> Option<NaiveDate> {
        day(self.text("/DocDtls/Dt"))
    }

    /// `B2B`, `SEZWP` and so on.
    pub fn supply(&self) -> &'a str {
        self.text("/TranDtls/SupTyp")
    }

    /// Goods or services that leave India.
    pub fn is_export(&self) -> bool {
        matches!(self.supply(), "EXPWP" | "EXPWOP")
    }

    /// A supply to a special economic zone.
    pub fn is_for_sez(&self) -> bool {
        matches!(self.supply(), "SEZWP" | "SEZWOP")
    }

    /// Zero-rated, and no tax is paid first.
    pub fn is_without_payment(&self) -> bool {
        matches!(self.supply(), "EXPWOP" | "SEZWOP")
    }

    /// The recipient pays the tax.
    pub fn is_reverse_charge(&self) -> bool {
        self.text("/TranDtls/RegRev") == "Y"
    }

    /// Taxed as inter-state although it stays within the state.
    pub fn is_igst_on_intra(&self) -> bool {
        self.text("/TranDtls/IgstOnIntra") == "Y"
    }

    /// A note, whose tax the registrar doesn't compare with value and rate.
    pub fn is_note(&self) -> bool {
        matches!(self.doc_type(), "CRN" | "DBN")
    }

    /// Whether the supply crosses a border between states, as the law sees it.
    pub fn is_inter_state(&self, facts: &Facts) -> bool {
        let is_developer = facts
            .taxpayers
            .get(self.seller())
            .is_some_and(|seller| seller.taxpayer_type == "SED");
        self.is_export()
            || self.is_for_sez()
            || is_developer
            || masters::two_digits(self.text("/BuyerDtls/Pos"))
                != masters::two_digits(self.text("/SellerDtls/Stcd"))
    }

    /// The lines.
    pub fn items(&self) -> &'a [Value] {
        self.0
            .get("ItemList")
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// The HSN of the line with the highest taxable value; of several the first.
    pub fn main_hsn(&self) -> &'a str {
        let mut best: Option<(&Value, Decimal)> = None;
        for item in self.items() {
            let value = amount(item, "AssAmt");
            if best.is_none_or(|(_, highest)| value > highest) {
                best = Some((item, value));
            }
        }
        best.and_then(|(item, _)| item.get("HsnCd"))
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}
