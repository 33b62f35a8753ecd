//! The foot of the document against its lines.

use super::number::{amount, is_near};
use super::{Document, Facts, Refusal};
use rust_decimal::Decimal;
use serde_json::Value;

/// A sum of the foot, the fields of a line that make it up, and the code when they don't.
const SUMS: [(&str, &[&str], &str); 6] = [
    ("AssVal", &["AssAmt"], "2182"),
    ("SgstVal", &["SgstAmt"], "2183"),
    ("CgstVal", &["CgstAmt"], "2184"),
    ("IgstVal", &["IgstAmt"], "2185"),
    ("CesVal", &["CesAmt", "CesNonAdvlAmt"], "2186"),
    ("StCesVal", &["StateCesAmt", "StateCesNonAdvlAmt"], "2187"),
];

/// What is wrong with the totals.
pub fn refusals(document: &Document, _: &Facts) -> Vec<Refusal> {
    let nothing = Value::Null;
    let foot = document.root().get("ValDtls").unwrap_or(&nothing);
    let sum = |fields: &[&str]| -> Decimal {
        document
            .items()
            .iter()
            .flat_map(|item| fields.iter().map(|field| amount(item, field)))
            .sum()
    };
    let mut refusals: Vec<Refusal> = SUMS
        .iter()
        .filter(|(field, parts, _)| !is_near(amount(foot, field), sum(parts)))
        .map(|(field, parts, code)| {
            Refusal::about(code, format!("{} for {}", amount(foot, field), sum(parts)))
        })
        .collect();
    let total = sum(&["TotItemVal"]) - amount(foot, "Discount")
        + amount(foot, "OthChrg")
        + amount(foot, "RndOffAmt");
    if !is_near(amount(foot, "TotInvVal"), total) {
        refusals.push(Refusal::about(
            "2189",
            format!("{} for {total}", amount(foot, "TotInvVal")),
        ));
    }
    refusals
}
