//! The lines, one by one. Of each line the first fault is told; lines with the same fault share one entry of the answer.

use super::number::{amount, is_near};
use super::shape::{serial, serials};
use super::{Document, Facts, Refusal, masters};
use rust_decimal::Decimal;
use serde_json::Value;

/// What is wrong with the lines.
pub fn refusals(document: &Document, facts: &Facts) -> Vec<Refusal> {
    let has_igst = document.is_inter_state(facts) || document.is_igst_on_intra();
    let mut found: Vec<(&'static str, Vec<&str>)> = Vec::new();
    for item in document.items() {
        let Some(code) = goods(item).or_else(|| values(document, item, has_igst)) else {
            continue;
        };
        match found.iter_mut().find(|(known, _)| *known == code) {
            Some((_, numbers)) => numbers.push(serial(item)),
            None => found.push((code, vec![serial(item)])),
        }
    }
    found
        .into_iter()
        .map(|(code, numbers)| Refusal::about(code, serials(&numbers)))
        .collect()
}

/// What is supplied: code, unit, rate.
fn goods(item: &Value) -> Option<&'static str> {
    let word = |field: &str| item.get(field).and_then(Value::as_str).unwrap_or_default();
    let hsn = word("HsnCd");
    let is_service = word("IsServc") == "Y";
    let faults = [
        (!masters::is_hsn(hsn), "2176"),
        (
            !word("Unit").is_empty() && !masters::is_unit(word("Unit")),
            "2177",
        ),
        (!is_service && masters::is_service(hsn), "3047"),
        (is_service && !masters::is_service(hsn), "3048"),
        (!masters::is_rate(amount(item, "GstRt")), "2240"),
    ];
    first(&faults)
}

/// What it costs: heads, values, total.
fn values(document: &Document, item: &Value, has_igst: bool) -> Option<&'static str> {
    let field = |name: &str| amount(item, name);
    let (value, rate) = (field("AssAmt"), field("GstRt"));
    let (igst, cgst, sgst) = (field("IgstAmt"), field("CgstAmt"), field("SgstAmt"));
    let share = |percent: Decimal| value * percent / Decimal::ONE_HUNDRED;
    // On notes the tax isn't compared with value and rate; without payment it may be zero at any rate.
    let tallies = |passed: Decimal, calculated: Decimal| {
        document.is_note()
            || (document.is_without_payment() && passed.is_zero())
            || is_near(passed, calculated)
    };
    let half = share(rate) / Decimal::TWO;
    let faults = [
        (cgst != sgst, "2227"),
        (!is_near(value, field("TotAmt") - field("Discount")), "2193"),
        (!has_igst && !igst.is_zero(), "2172"),
        (has_igst && !(cgst.is_zero() && sgst.is_zero()), "2174"),
        (
            !(has_igst || tallies(cgst, half) && tallies(sgst, half)),
            "2234",
        ),
        (has_igst && !tallies(igst, share(rate)), "2235"),
        (!tallies(field("CesAmt"), share(field("CesRt"))), "2266"),
        (
            !tallies(field("StateCesAmt"), share(field("StateCesRt"))),
            "2267",
        ),
        (!is_total(document, item), "2194"),
    ];
    first(&faults)
}

/// Whether the line's total fits; where the tax is not collected here it may be in it or not.
fn is_total(document: &Document, item: &Value) -> bool {
    const TAXES: [&str; 7] = [
        "CgstAmt",
        "SgstAmt",
        "IgstAmt",
        "CesAmt",
        "CesNonAdvlAmt",
        "StateCesAmt",
        "StateCesNonAdvlAmt",
    ];
    let passed = amount(item, "TotItemVal");
    let without = amount(item, "AssAmt") + amount(item, "OthChrg");
    let with: Decimal = without + TAXES.iter().map(|tax| amount(item, tax)).sum::<Decimal>();
    let may_leave_out = document.is_reverse_charge() || document.supply() == "EXPWP";
    is_near(passed, with) || (may_leave_out && is_near(passed, without))
}

fn first(faults: &[(bool, &'static str)]) -> Option<&'static str> {
    faults
        .iter()
        .find(|(is_wrong, _)| *is_wrong)
        .map(|(_, code)| *code)
}
