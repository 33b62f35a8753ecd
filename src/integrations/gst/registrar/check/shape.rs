//! The shape of a document: first the faults that have a code of their own, then the schema.

use super::number::decimal;
use super::{Refusal, day, masters};
use jsonschema::Validator;
use serde_json::Value;
use std::collections::BTreeSet;

/// Form INV-01, version 1.1.
const INV01: &str = include_str!("../inv01.schema.json");
/// So many faults of the schema are told at once.
const TOLD: usize = 5;
const ITEMS: usize = 1000;
/// Fields with three decimals; all other numbers have two.
const THREE: [&str; 6] = [
    "Qty",
    "FreeQty",
    "UnitPrice",
    "GstRt",
    "CesRt",
    "StateCesRt",
];

/// The schema, ready to be asked.
pub struct Schema(Validator);

impl Schema {
    /// Reads the form that the program carries.
    ///
    /// # Errors
    /// When that is no schema.
    pub fn new() -> Result<Self, String> {
        let schema: Value = serde_json::from_str(INV01).map_err(|error| error.to_string())?;
        jsonschema::draft202012::new(&schema)
            .map(Self)
            .map_err(|error| error.to_string())
    }

    /// What is wrong with the shape.
    pub fn refusals(&self, document: &Value) -> Vec<Refusal> {
        let mut named = Vec::new();
        header(document, &mut named);
        recipient(document, &mut named);
        lines(document, &mut named);
        if !named.is_empty() {
            return named;
        }
        let mut refusals: Vec<Refusal> = self
            .0
            .iter_errors(document)
            .take(TOLD)
            .map(|error| {
                let at = error.instance_path().to_string();
                Refusal::about(
                    "2140",
                    format!("{} {error}", if at.is_empty() { "/" } else { &at }),
                )
            })
            .collect();
        if refusals.is_empty() {
            decimals(document, "", "", &mut refusals);
        }
        refusals
    }
}

/// Version, document, and what depends on the type of supply.
fn header(document: &Value, refusals: &mut Vec<Refusal>) {
    let mut refuse = |is_wrong: bool, code: &str| {
        if is_wrong {
            refusals.push(Refusal::of(code));
        }
    };
    if document.is_object() {
        refuse(word(document, "/Version") != Some("1.1"), "2279");
    }
    if let Some(flag) = document.pointer("/TranDtls/RegRev") {
        refuse(
            !flag.is_null() && !matches!(flag.as_str(), Some("Y" | "N")),
            "2159",
        );
    }
    refuse(word(document, "/SellerDtls/Gstin") == Some("URP"), "2213");
    if document.get("DocDtls").is_some_and(Value::is_object) {
        refuse(
            !matches!(word(document, "/DocDtls/Typ"), Some("INV" | "CRN" | "DBN")),
            "2280",
        );
        refuse(
            !word(document, "/DocDtls/No").is_some_and(is_number),
            "2281",
        );
        match word(document, "/DocDtls/Dt") {
            None | Some("") => refuse(true, "2282"),
            Some(date) if !is_date(date) => refuse(true, "2292"),
            Some(date) => refuse(day(date).is_none(), "2282"),
        }
    }
    let preceding = document
        .pointer("/RefDtls/PrecDocDtls")
        .and_then(Value::as_array);
    for reference in preceding.into_iter().flatten() {
        if let Some(date) = reference.get("InvDt").and_then(Value::as_str) {
            refuse(!is_date(date), "2293");
        }
    }
}

/// The recipient, whose fields follow from the type of supply.
fn recipient(document: &Value, refusals: &mut Vec<Refusal>) {
    if !document.get("BuyerDtls").is_some_and(Value::is_object) {
        return;
    }
    let mut refuse = |is_wrong: bool, code: &str| {
        if is_wrong {
            refusals.push(Refusal::of(code));
        }
    };
    let place = word(document, "/BuyerDtls/Pos").map(masters::two_digits);
    let gstin = word(document, "/BuyerDtls/Gstin");
    let is_export = matches!(word(document, "/TranDtls/SupTyp"), Some("EXPWP" | "EXPWOP"));
    let is_abroad = place.as_deref() == Some("96");
    if is_export {
        refuse(gstin.is_some_and(|gstin| gstin != "URP"), "2248");
        refuse(place.is_some() && !is_abroad, "2232");
        refuse(
            word(document, "/BuyerDtls/Stcd").is_some_and(|code| code != "96"),
            "2261",
        );
        return;
    }
    refuse(gstin == Some("URP"), "2212");
    refuse(
        document
            .pointer("/BuyerDtls/Pin")
            .is_none_or(Value::is_null),
        "2244",
    );
    let is_transport = document
        .get("ItemList")
        .and_then(Value::as_array)
        .is_some_and(|items| {
            items.iter().all(|item| {
                let hsn = item.get("HsnCd").and_then(Value::as_str).unwrap_or("");
                hsn.starts_with("9965") || hsn.starts_with("9968")
            })
        });
    match (is_abroad, word(document, "/TranDtls/SupTyp")) {
        (true, Some("B2B")) => refuse(!is_transport, "2303"),
        (true, _) => refuse(true, "2242"),
        (false, _) => refuse(
            place.is_some_and(|place| !masters::is_place_of_supply(&place)),
            "2243",
        ),
    }
}

/// The list of items as a whole, and what goods need.
fn lines(document: &Value, refusals: &mut Vec<Refusal>) {
    if !document.is_object() {
        return;
    }
    let items = match document.get("ItemList") {
        Some(Value::Array(items)) if !items.is_empty() => items,
        None | Some(Value::Array(_) | Value::Null) => {
            return refusals.push(Refusal::of("2228"));
        }
        Some(_) => return,
    };
    if items.len() > ITEMS {
        refusals.push(Refusal::about("2173", items.len()));
    }
    let mut seen = BTreeSet::new();
    let twice: Vec<&str> = items
        .iter()
        .filter_map(|item| item.get("SlNo").and_then(Value::as_str))
        .filter(|number| !seen.insert(number.trim_start_matches('0')))
        .collect();
    if !twice.is_empty() {
        refusals.push(Refusal::about("2233", serials(&twice)));
    }
    for (field, code) in [("Qty", "2238"), ("Unit", "2239")] {
        let missing: Vec<&str> = items
            .iter()
            .filter(|item| item.get("IsServc").and_then(Value::as_str) == Some("N"))
            .filter(|item| match item.get(field) {
                None | Some(Value::Null) => true,
                Some(Value::String(text)) => text.trim().is_empty(),
                Some(_) => false,
            })
            .map(serial)
            .collect();
        if !missing.is_empty() {
            refusals.push(Refusal::about(code, serials(&missing)));
        }
    }
}

/// Numbers with more decimals than they may have, wherever they stand.
fn decimals(value: &Value, field: &str, at: &str, refusals: &mut Vec<Refusal>) {
    match value {
        Value::Number(_) => {
            let most = if THREE.contains(&field) { 3 } else { 2 };
            if decimal(value).is_none_or(|number| number.normalize().scale() > most) {
                refusals.push(Refusal::about(
                    "2140",
                    format!("{at} {value} has more than {most} decimals"),
                ));
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                decimals(value, field, &format!("{at}/{index}"), refusals);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                decimals(value, name, &format!("{at}/{name}"), refusals);
            }
        }
        _ => {}
    }
}

/// The serial number of an item.
pub(super) fn serial(item: &Value) -> &str {
    item.get("SlNo").and_then(Value::as_str).unwrap_or("?")
}

/// Which items are meant.
pub(super) fn serials(numbers: &[&str]) -> String {
    format!("Sl. No. {}", numbers.join(", "))
}

fn word<'a>(document: &'a Value, pointer: &str) -> Option<&'a str> {
    document.pointer(pointer).and_then(Value::as_str)
}

/// One to sixteen letters, digits, hyphens and slashes, the first a letter or a digit other than 0.
fn is_number(number: &str) -> bool {
    let is_first = |c: u8| c.is_ascii_alphanumeric() && c != b'0';
    let is_other = |c: u8| c.is_ascii_alphanumeric() || c == b'/' || c == b'-';
    number.len() <= 16
        && number.bytes().next().is_some_and(is_first)
        && number.bytes().all(is_other)
}

/// Ten characters `dd/mm/yyyy`, whether or not there is such a day.
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            2 | 5 => byte == b'/',
            _ => byte.is_ascii_digit(),
        })
}
