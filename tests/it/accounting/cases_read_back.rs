//! What paper and payload of an issued case say, compared with what somebody else worked out: to the paisa, and nothing of it from here.

use super::cases_on_paper::amounts;
use crate::support::gst_cases::Case;
use mandi::accounting::rules::document::Kind;
use mandi::kernel::language::Lang;
use mandi::kernel::money::Money;
use mandi::kernel::words;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::LazyLock;

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(include_str!(
        "../../../src/integrations/gst/registrar/inv01.schema.json"
    ))
    .unwrap();
    jsonschema::validator_for(&schema).unwrap()
});

/// Without spaces and ends of lines; two letters in one are two.
fn squeezed(text: &str) -> String {
    text.replace('\u{fb00}', "ff")
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect()
}

/// From the taxable value to the total, as a paper names them.
pub fn foot(case: &Case) -> Vec<(String, String)> {
    let (expected, sums) = (&case.expected, &case.expected.totals);
    let mut foot = Vec::new();
    let mut says = |label: &str, amount: Decimal| {
        foot.push((label.to_owned(), Money::rounded(amount).to_string()));
    };
    says("Taxable value", sums.ass_val);
    if expected.supply_nature == "inter" {
        says("IGST", sums.igst_val);
    } else {
        says("CGST", sums.cgst_val);
        says(&expected.tax_heads[1], sums.sgst_val);
    }
    if !sums.ces_val.is_zero() {
        says("Cess", sums.ces_val);
    }
    if case.input.reverse_charge {
        let tax = sums.cgst_val + sums.sgst_val + sums.igst_val + sums.ces_val;
        says("Tax, paid by the buyer", -tax);
    }
    if !sums.discount.is_zero() {
        says("Discount after tax", -sums.discount);
    }
    if !sums.oth_chrg.is_zero() {
        says("Other charges", sums.oth_chrg);
    }
    if !sums.rnd_off_amt.is_zero() {
        says("Round off", sums.rnd_off_amt);
    }
    says("Total", sums.tot_inv_val);
    foot
}

/// The text of a paper holds every amount of every line as often as the case has it, and its foot word by word.
pub fn paper(case: &Case, kind: Kind, text: &str) {
    let id = &case.id;
    let mut wanted: HashMap<String, usize> = HashMap::new();
    for line in &case.expected.lines {
        for amount in amounts(line, case, kind) {
            *wanted.entry(amount).or_default() += 1;
        }
    }
    for (amount, times) in wanted {
        let found = text.lines().filter(|line| *line == amount).count();
        assert!(
            found >= times,
            "{id}: {amount} is there {found} times of {times} on\n{text}"
        );
    }
    let whole = squeezed(text);
    let mut said: Vec<String> = foot(case)
        .into_iter()
        .map(|(label, amount)| format!("{label}{amount}"))
        .collect();
    let total = Money::rounded(case.expected.totals.tot_inv_val);
    said.push(words::rupees(total, Lang::En));
    said.push(case.input.doc_no.clone());
    if let (Some(fx), Some(total)) = (&case.input.fx, case.expected.totals.tot_inv_val_fc) {
        let plain = Money::rounded(total).plain();
        said.push(format!("Total in {0}{0} {plain}", fx.currency));
    }
    for said in said {
        assert!(
            whole.contains(&squeezed(&said)),
            "{id}: {said} is not on\n{text}"
        );
    }
}

fn number(of: &Value, field: &str) -> Decimal {
    of[field].to_string().parse().unwrap()
}

/// The payload for the authority holds every amount of every line and of the whole, under the names that the form has for them, and is valid.
pub fn payload(case: &Case, bytes: &[u8]) {
    let (id, expected) = (&case.id, &case.expected);
    let sent: Value = serde_json::from_slice(bytes).unwrap();
    assert!(SCHEMA.is_valid(&sent), "{id}: {sent:#}");
    assert_eq!(sent["TranDtls"]["SupTyp"], *expected.sup_typ, "{id}");
    let is_reverse = if case.input.reverse_charge { "Y" } else { "N" };
    assert_eq!(sent["TranDtls"]["RegRev"], is_reverse, "{id}");
    assert_eq!(sent["DocDtls"]["Typ"], *case.input.doc_type, "{id}");
    assert_eq!(sent["DocDtls"]["No"], *case.input.doc_no, "{id}");
    assert_eq!(sent["SellerDtls"]["Gstin"], *case.input.supplier.gstin);
    assert_eq!(
        sent["BuyerDtls"]["Gstin"], *case.input.recipient.gstin,
        "{id}"
    );
    assert_eq!(sent["BuyerDtls"]["Pos"], *expected.place_of_supply, "{id}");
    if let Some(original) = &case.input.original {
        let named = &sent["RefDtls"]["PrecDocDtls"][0]["InvNo"];
        assert_eq!(*named, *original.doc_no, "{id}");
    }
    let (whole, sums) = (&sent["ValDtls"], &expected.totals);
    for (field, wanted) in [
        ("AssVal", sums.ass_val),
        ("CgstVal", sums.cgst_val),
        ("SgstVal", sums.sgst_val),
        ("IgstVal", sums.igst_val),
        ("CesVal", sums.ces_val),
        ("Discount", sums.discount),
        ("OthChrg", sums.oth_chrg),
        ("RndOffAmt", sums.rnd_off_amt),
        ("TotInvVal", sums.tot_inv_val),
    ] {
        assert_eq!(number(whole, field), wanted, "{id}: {field}");
    }
    match sums.tot_inv_val_fc {
        Some(wanted) => assert_eq!(number(whole, "TotInvValFc"), wanted, "{id}"),
        None => assert_eq!(whole.get("TotInvValFc"), None, "{id}"),
    }
    let items = sent["ItemList"].as_array().unwrap();
    assert_eq!(items.len(), expected.lines.len(), "{id}");
    for (item, line) in items.iter().zip(&expected.lines) {
        assert_eq!(item["HsnCd"], *line.hsn, "{id}");
        assert_eq!(item["IsServc"], *line.is_service, "{id}");
        for (field, wanted) in [
            ("Qty", line.qty),
            ("FreeQty", line.free_qty),
            ("UnitPrice", line.unit_price),
            ("TotAmt", line.tot_amt),
            ("Discount", line.discount),
            ("AssAmt", line.ass_amt),
            ("GstRt", line.gst_rt),
            ("IgstAmt", line.igst_amt),
            ("CgstAmt", line.cgst_amt),
            ("SgstAmt", line.sgst_amt),
            ("CesRt", line.ces_rt),
            ("CesAmt", line.ces_amt),
            ("CesNonAdvlAmt", line.ces_non_advl_amt),
            ("TotItemVal", line.tot_item_val),
        ] {
            assert_eq!(number(item, field), wanted, "{id}: {field} of {item}");
        }
    }
}
