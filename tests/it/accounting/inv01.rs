//! The payload of e-invoices: the same as the examples that somebody else worked out, and valid by the schema.

use chrono::{NaiveDate, Utc};
use mandi::accounting::inv01::{Sides, payload};
use mandi::accounting::model::{Document, DocumentLine};
use mandi::accounting::rules::document::{Kind, Reason, Status};
use mandi::accounting::rules::readiness;
use mandi::kernel::ids::{CustomerId, DocumentId, DocumentLineId, RegistrationId, SeriesId};
use mandi::kernel::money::{Money, UnitPrice};
use mandi::kernel::state::State;
use mandi::tax::rules::{BuyerKind, SupplyType, Treatment};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::sync::LazyLock;

pub static CASES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/gst-cases.json")).unwrap());

fn text(value: &Value, at: &str) -> String {
    value
        .pointer(at)
        .and_then(Value::as_str)
        .unwrap()
        .to_owned()
}

fn number(value: &Value, at: &str) -> Decimal {
    let found = value.pointer(at).unwrap().to_string();
    found.parse().unwrap()
}

fn money(value: &Value, at: &str) -> Money {
    Money::rounded(number(value, at))
}

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%d/%m/%Y").unwrap()
}

fn side(payload: &Value, at: &str) -> Value {
    let party = payload.pointer(at).unwrap();
    json!({
        "name": party["LglNm"], "gstin": party["Gstin"], "street": party["Addr1"], "city": party["Loc"],
        "pincode": party["Pin"].to_string(), "state": party["Stcd"], "code": "C1",
        "country": payload.pointer("/ExpDtls/CntCode").cloned().unwrap_or_else(|| "IN".into()),
    })
}

/// The rows that an example was worked out from.
pub fn rows(payload: &Value) -> (Document, Vec<DocumentLine>, Option<(String, NaiveDate)>) {
    let id = DocumentId::new();
    let typ = text(payload, "/DocDtls/Typ");
    let original = payload
        .pointer("/RefDtls/PrecDocDtls/0")
        .map(|original| (text(original, "/InvNo"), day(&text(original, "/InvDt"))));
    let buyer = text(payload, "/BuyerDtls/Gstin");
    let is_abroad = buyer == "URP";
    let kind = if typ == "CRN" {
        Kind::CreditNote
    } else {
        Kind::Invoice
    };
    let igst = money(payload, "/ValDtls/IgstVal");
    let document = Document {
        id,
        kind,
        gst_type: Some(typ),
        status: Status::Issued,
        registration_id: RegistrationId::new(),
        series_id: SeriesId::new(),
        year: "2026-27".to_owned(),
        sequence: 1,
        number: text(payload, "/DocDtls/No"),
        url_no: text(payload, "/DocDtls/No").replace('/', "-"),
        document_date: day(&text(payload, "/DocDtls/Dt")),
        due_on: None,
        customer_id: CustomerId::new(),
        order_id: None,
        shipment_id: None,
        original_id: original.as_ref().map(|_| DocumentId::new()),
        reason: original.as_ref().map(|_| Reason::Return),
        reason_note: None,
        supplier_gstin: text(payload, "/SellerDtls/Gstin"),
        supplier_type: "regular".to_owned(),
        buyer_kind: if is_abroad {
            BuyerKind::Overseas
        } else {
            BuyerKind::Registered
        },
        buyer_gstin: (!is_abroad).then_some(buyer),
        supply_type: text(payload, "/TranDtls/SupTyp")
            .parse::<SupplyType>()
            .unwrap(),
        place_of_supply: text(payload, "/BuyerDtls/Pos").parse::<State>().unwrap(),
        place_reason: None,
        is_inter_state: !igst.is_zero(),
        half: None,
        is_reverse_charge: false,
        undertaking_id: None,
        currency: payload.pointer("/ExpDtls/ForCur").map(|_| "USD".to_owned()),
        fx_rate: None,
        fx_source: None,
        fx_on: None,
        po_number: None,
        parties: json!({"seller": side(payload, "/SellerDtls"), "buyer": side(payload, "/BuyerDtls")}),
        discount: Money::ZERO,
        taxable: money(payload, "/ValDtls/AssVal"),
        cgst: money(payload, "/ValDtls/CgstVal"),
        sgst: money(payload, "/ValDtls/SgstVal"),
        igst,
        cess: money(payload, "/ValDtls/CesVal"),
        late_discount: money(payload, "/ValDtls/Discount"),
        other_charges: money(payload, "/ValDtls/OthChrg"),
        round_off: money(payload, "/ValDtls/RndOffAmt"),
        total: money(payload, "/ValDtls/TotInvVal"),
        total_fc: payload
            .pointer("/ValDtls/TotInvValFc")
            .map(|found| found.to_string().parse().unwrap()),
        item_count: 1,
        main_hsn: String::new(),
        issued_at: Utc::now(),
        issued_by: None,
        issued_by_name: "Asha Owner".to_owned(),
        cancelled_at: None,
        cancelled_by_name: None,
        cancel_code: None,
        cancel_reason: None,
        irn: None,
    };
    let items = payload["ItemList"].as_array().unwrap();
    let lines = items.iter().map(|item| line(&document, item)).collect();
    (document, lines, original)
}

fn line(document: &Document, item: &Value) -> DocumentLine {
    DocumentLine {
        id: DocumentLineId::new(),
        document_id: document.id,
        kind: document.kind,
        customer_id: document.customer_id,
        position: text(item, "/SlNo").parse().unwrap(),
        order_line_id: None,
        shipment_line_id: None,
        original_line_id: None,
        product_id: None,
        sku: "SKU".to_owned(),
        name: text(item, "/PrdDesc"),
        name_hi: None,
        hsn: text(item, "/HsnCd"),
        is_service: item["IsServc"] == "Y",
        unit: item["Unit"].as_str().map(str::to_owned),
        pack_size: Decimal::ONE,
        pack_name: None,
        quantity: number(item, "/Qty"),
        free_quantity: number(item, "/FreeQty"),
        price: "1.00".parse::<UnitPrice>().unwrap(),
        includes_tax: false,
        net_price: number(item, "/UnitPrice"),
        gross: money(item, "/TotAmt"),
        line_discount: Money::ZERO,
        shared_discount: Money::ZERO,
        discount: money(item, "/Discount"),
        treatment: Treatment::Taxable,
        tax_rate: number(item, "/GstRt"),
        cess_rate: number(item, "/CesRt"),
        cess_per_unit: Decimal::ZERO,
        taxable: money(item, "/AssAmt"),
        cgst: money(item, "/CgstAmt"),
        sgst: money(item, "/SgstAmt"),
        igst: money(item, "/IgstAmt"),
        cess: money(item, "/CesAmt"),
        cess_fixed: money(item, "/CesNonAdvlAmt"),
        total: money(item, "/TotItemVal"),
        created_at: Utc::now(),
    }
}

#[test]
fn the_payload_is_the_one_of_the_examples_and_valid() {
    // given
    let schema: Value = serde_json::from_str(include_str!(
        "../../../src/integrations/gst/registrar/inv01.schema.json"
    ))
    .unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let examples = CASES["inv01_examples"].as_array().unwrap();
    assert_eq!(examples.len(), 4);
    for example in examples {
        let mut expected = example["payload"].clone();
        // What an e-way bill adds is asked for on its own.
        expected.as_object_mut().unwrap().remove("EwbDtls");
        let (document, lines, original) = rows(&expected);

        // when
        let bytes = payload(&document, &lines, original.as_ref()).unwrap();

        // then: the same, to the last digit; the same bytes each time; nothing wrong with it
        let found: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(
            comparable(&found),
            comparable(&expected),
            "{}",
            example["case"]
        );
        assert!(schema.is_valid(&found), "{}", example["case"]);
        assert_eq!(
            payload(&document, &lines, original.as_ref()).unwrap(),
            bytes
        );
        let faults = readiness::faults(&document, &lines, &Sides::of(&document).unwrap());
        assert_eq!(faults, [], "{}", example["case"]);
    }
}

/// Numbers by their worth: `2357` and `2357.0` are the same.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            let exact: Decimal = number.to_string().parse().unwrap();
            exact.normalize().to_string().into()
        }
        Value::Array(list) => list.iter().map(comparable).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), comparable(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

#[test]
fn amounts_are_exact_and_text_is_what_the_authority_takes() {
    // given
    let (mut document, mut lines, _) = rows(&CASES["inv01_examples"][0]["payload"]);
    document.total = "999999999999.99".parse().unwrap();
    lines[0].name = "Say \"hello\" \\ \n there".to_owned();
    document.parties["buyer"]["street"] = "Long lane, ".repeat(14).into();

    // when
    let bytes = payload(&document, &lines, None).unwrap();

    // then
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("\"TotInvVal\":999999999999.99"), "{text}");
    assert!(
        text.contains("\"Qty\":12.375,") && text.contains("\"FreeQty\":0,"),
        "{text}"
    );
    assert!(text.contains("Say 'hello' / there"), "{text}");
    let found: Value = serde_json::from_str(&text).unwrap();
    let buyer = &found["BuyerDtls"];
    assert!(buyer["Addr1"].as_str().unwrap().len() <= 100);
    assert!(
        buyer["Addr2"].as_str().unwrap().starts_with("lane, ")
            || buyer["Addr2"].as_str().unwrap().starts_with("Long lane")
    );
}

#[test]
fn what_the_authority_would_refuse_is_found_before_it_is_sent() {
    // given
    let example = &CASES["inv01_examples"][0]["payload"];
    let found = |change: &dyn Fn(&mut Document, &mut Vec<DocumentLine>)| {
        let (mut document, mut lines, _) = rows(example);
        change(&mut document, &mut lines);
        let faults = readiness::faults(&document, &lines, &Sides::of(&document).unwrap());
        faults
            .iter()
            .map(|fault| format!("{:?} {} {}", fault.line, fault.field, fault.link))
            .collect::<Vec<_>>()
            .join(", ")
    };

    // when, then
    assert_eq!(found(&|_, _| {}), "");
    assert_eq!(
        found(&|_, lines| lines[1].hsn = "3824".to_owned()),
        "Some(2) hsn /products/SKU"
    );
    assert_eq!(
        found(&|_, lines| lines[0].unit = Some("XYZ".to_owned())),
        "Some(1) unit /products/SKU"
    );
    assert_eq!(
        found(&|document, _| document.parties["buyer"]["pincode"] = "".into()),
        "None pincode /customers/C1"
    );
    assert_eq!(
        found(&|document, _| document.parties["seller"]["city"] = "P".into()),
        "None city /settings/e-invoices/27ZZZCV0001K1ZY"
    );
    assert_eq!(
        found(&|document, _| document.buyer_gstin = Some(document.supplier_gstin.clone())),
        "None gstin /customers/C1, None state /customers/C1"
    );
}

#[test]
fn a_warehouse_that_the_authority_would_not_take_is_found() {
    // given: goods from elsewhere than the seller's own address
    let example = &CASES["inv01_examples"][0]["payload"];
    let found = |name: &str, city: &str| {
        let (mut document, lines, _) = rows(example);
        document.parties["dispatch"] = serde_json::json!({
            "name": name, "street": "Gala 7, Bhiwandi Road", "city": city, "pincode": "421302", "state": "27"
        });
        let sides = Sides::of(&document).unwrap();
        assert!(sides.dispatched_from().is_some());
        let faults = readiness::faults(&document, &lines, &sides);
        let say = |fault: &mandi::accounting::fault::Fault| {
            format!("{} {} {}", fault.field, fault.link, fault.said)
        };
        faults.iter().map(say).collect::<Vec<_>>()
    };

    // when, then
    assert_eq!(found("Bhiwandi", "Thane"), Vec::<String>::new());
    assert_eq!(
        found("W2", "Thane"),
        ["name /warehouses The name of the warehouse needs at least 3 letters."]
    );
    assert_eq!(
        found("Bhiwandi", "Th"),
        ["city /warehouses The town of the warehouse needs at least 3 letters."]
    );
}

#[test]
fn what_the_authority_may_refuse_is_doubted() {
    // given
    let example = &CASES["inv01_examples"][0]["payload"];
    let doubts = |change: &dyn Fn(&mut Document), strange: &[i32]| {
        let (mut document, lines, _) = rows(example);
        change(&mut document);
        let sides = Sides::of(&document).unwrap();
        let doubts = readiness::doubts(&document, (&lines, strange), &sides);
        let say = |fault: &mandi::accounting::fault::Fault| {
            format!(
                "{:?} {} {} {}",
                fault.line, fault.field, fault.link, fault.said
            )
        };
        doubts.iter().map(say).collect::<Vec<_>>()
    };
    let (document, lines, _) = rows(example);
    let seller = document.parties["seller"].clone();
    assert_eq!(seller["state"], "27");

    // when, then: as it is, with another PIN code, with a code that nobody knows
    assert_eq!(doubts(&|_| {}, &[]), Vec::<String>::new());
    let elsewhere =
        |document: &mut Document| document.parties["seller"]["pincode"] = "600002".into();
    assert_eq!(
        doubts(&elsewhere, &[]),
        [format!(
            "None pincode /settings/e-invoices/{} The PIN code 600002 of the supplier does not look like one of Maharashtra.",
            document.supplier_gstin
        )]
    );
    assert_eq!(
        doubts(&|_| {}, &[2]),
        [format!(
            "Some(2) hsn /products/{} The authority may not know the HSN code {} of {}.",
            lines[1].sku, lines[1].hsn, lines[1].name
        )]
    );
    // Neither keeps a document from being sent.
    let (mut document, lines, _) = rows(example);
    elsewhere(&mut document);
    let sides = Sides::of(&document).unwrap();
    assert_eq!(readiness::faults(&document, &lines, &sides), []);
}
