//! Documents that the authority takes: the cases of gst-cases.json written as INV-01 by this file's own hand.

use serde_json::{Map, Value, json};

/// The cases, as given.
pub fn cases() -> Value {
    serde_json::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/gst-cases.json"
    )))
    .unwrap()
}

/// Those that need a registration, as payloads, by the name of the case.
pub fn registrable() -> Vec<(String, Value)> {
    cases()["invoice_cases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|case| case["expected"]["irn_required"] == true)
        .map(|case| (case["id"].as_str().unwrap().to_owned(), payload(case)))
        .collect()
}

/// The payload of one case.
pub fn of(id: &str) -> Value {
    registrable()
        .into_iter()
        .find(|(known, _)| known == id)
        .unwrap()
        .1
}

/// The whole payloads that the file gives.
pub fn examples() -> Vec<(String, Value)> {
    cases()["inv01_examples"]
        .as_array()
        .unwrap()
        .iter()
        .map(|example| {
            (
                example["case"].as_str().unwrap().to_owned(),
                example["payload"].clone(),
            )
        })
        .collect()
}

fn payload(case: &Value) -> Value {
    let (given, expected) = (&case["input"], &case["expected"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut payload = json!({
        "Version": "1.1",
        "TranDtls": {
            "TaxSch": "GST",
            "SupTyp": expected["sup_typ"],
            "RegRev": if given["reverse_charge"] == true { "Y" } else { "N" },
            "IgstOnIntra": "N",
        },
        "DocDtls": {"Typ": given["doc_type"], "No": given["doc_no"], "Dt": day(&given["doc_date"])},
        "SellerDtls": place(&text(&given["supplier"]["gstin"])[..2]),
        "BuyerDtls": place(&text(&given["recipient"]["state"])),
        "ItemList": expected["lines"].as_array().unwrap().iter().map(item).collect::<Vec<_>>(),
    });
    payload["SellerDtls"]["Gstin"] = given["supplier"]["gstin"].clone();
    payload["SellerDtls"]["LglNm"] = json!("Example Vendor Foods Private Limited");
    payload["BuyerDtls"]["Gstin"] = given["recipient"]["gstin"].clone();
    payload["BuyerDtls"]["LglNm"] = json!("Example Retail Stores Private Limited");
    payload["BuyerDtls"]["Pos"] = expected["place_of_supply"].clone();
    let totals = &expected["totals"];
    let mut foot = Map::new();
    for (field, total) in [
        ("AssVal", "ass_val"),
        ("CgstVal", "cgst_val"),
        ("SgstVal", "sgst_val"),
        ("IgstVal", "igst_val"),
        ("CesVal", "ces_val"),
        ("Discount", "discount"),
        ("OthChrg", "oth_chrg"),
        ("RndOffAmt", "rnd_off_amt"),
        ("TotInvVal", "tot_inv_val"),
    ] {
        foot.insert(field.into(), number(&totals[total]));
    }
    payload["ValDtls"] = Value::Object(foot);
    if let Some(state) = given["ship_to_state"].as_str() {
        payload["ShipDtls"] = place(state);
        payload["ShipDtls"]["LglNm"] = json!("Third Person Traders");
        payload["ShipDtls"]["Gstin"] = json!("URP");
    }
    if given["original"].is_object() {
        payload["RefDtls"] = json!({"PrecDocDtls": [{"InvNo": given["original"]["doc_no"], "InvDt": day(&given["original"]["doc_date"])}]});
    }
    payload
}

fn item(line: &Value) -> Value {
    let mut item = json!({"SlNo": line["sl_no"], "PrdDesc": "Goods or services", "IsServc": line["is_service"], "HsnCd": line["hsn"]});
    for (field, name) in [
        ("Qty", "qty"),
        ("FreeQty", "free_qty"),
        ("UnitPrice", "unit_price"),
        ("TotAmt", "tot_amt"),
        ("Discount", "discount"),
        ("AssAmt", "ass_amt"),
        ("GstRt", "gst_rt"),
        ("IgstAmt", "igst_amt"),
        ("CgstAmt", "cgst_amt"),
        ("SgstAmt", "sgst_amt"),
        ("CesRt", "ces_rt"),
        ("CesAmt", "ces_amt"),
        ("CesNonAdvlAmt", "ces_non_advl_amt"),
        ("TotItemVal", "tot_item_val"),
    ] {
        item[field] = number(&line[name]);
    }
    if line["unit"].is_string() {
        item["Unit"] = line["unit"].clone();
    }
    item
}

/// A number written as the decimal text says.
fn number(text: &Value) -> Value {
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

/// `2026-10-01` as `01/10/2026`.
fn day(text: &Value) -> String {
    let text = text.as_str().unwrap();
    format!("{}/{}/{}", &text[8..], &text[5..7], &text[..4])
}

/// An address in a state.
fn place(state: &str) -> Value {
    let (town, pin) = match state {
        "27" => ("Pune", 411_019),
        "29" => ("Bengaluru", 560_025),
        "04" => ("Chandigarh", 160_017),
        "24" => ("Ahmedabad", 380_001),
        "33" => ("Chennai", 600_001),
        "96" => ("Newark", 999_999),
        other => panic!("no place in {other}"),
    };
    json!({"Addr1": "Plot 14, MIDC Road 3", "Loc": town, "Pin": pin, "Stcd": state})
}
