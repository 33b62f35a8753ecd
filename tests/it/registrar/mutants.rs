//! A document changed in one thing, for each code that the document itself can earn.

use super::{documents, noon, own};
use crate::support::registrar::{Session, registrar_of};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A change to a good document, and the code that it earns.
pub struct Mutant {
    pub code: &'static str,
    /// The case that is changed.
    pub case: &'static str,
    pub change: fn(&mut Value),
}

const fn mutant(code: &'static str, case: &'static str, change: fn(&mut Value)) -> Mutant {
    Mutant { code, case, change }
}

/// The heads of line 1 as if the supply were of the other kind.
fn other_heads(document: &mut Value, igst: f64, half: f64) {
    let item = &mut document["ItemList"][0];
    item["IgstAmt"] = json!(igst);
    item["CgstAmt"] = json!(half);
    item["SgstAmt"] = json!(half);
}

/// The table. INV-01 is within a state, INV-02 between two; INV-11 and INV-12 are exports, INV-13 goes to a special economic zone.
pub const MUTANTS: &[Mutant] = &[
    mutant("2140", "INV-01", |d| d["SellerDtls"]["LglNm"] = json!("AB")),
    mutant("2140", "INV-01", |d| d["Irn"] = json!("0".repeat(64))),
    mutant("2140", "INV-01", |d| {
        d["ItemList"][0]["TotAmt"] = json!(896.404)
    }),
    mutant("2140", "INV-01", |d| {
        d["ItemList"][0]["TotAmt"] = json!("896.40")
    }),
    mutant("2140", "INV-01", |d| {
        d["BuyerDtls"]["LglNm"] = json!("The \"Best\" Stores")
    }),
    mutant("2140", "INV-01", |d| {
        drop(d.as_object_mut().unwrap().remove("ValDtls"))
    }),
    mutant("2159", "INV-01", |d| d["TranDtls"]["RegRev"] = json!("X")),
    mutant("2162", "INV-12", |d| d["TranDtls"]["RegRev"] = json!("Y")),
    mutant("2163", "INV-01", |d| {
        d["DocDtls"]["Dt"] = json!("02/10/2026")
    }),
    mutant("2169", "INV-01", |d| {
        d["SellerDtls"] = json!({"Gstin": "04ZZZCV0001K1Z6", "LglNm": "Example Vendor", "Addr1": "Sector 17", "Loc": "Chandigarh", "Pin": 160017, "Stcd": "04"});
    }),
    mutant("2172", "INV-01", |d| other_heads(d, 44.82, 0.0)),
    mutant("2173", "INV-01", |d| {
        let item = d["ItemList"][0].clone();
        let items: Vec<Value> = (1..=1001)
            .map(|number| {
                let mut item = item.clone();
                item["SlNo"] = json!(number.to_string());
                item
            })
            .collect();
        d["ItemList"] = json!(items);
    }),
    mutant("2174", "INV-02", |d| other_heads(d, 0.0, 6028.02)),
    mutant("2176", "INV-01", |d| {
        d["ItemList"][0]["HsnCd"] = json!("771000")
    }),
    mutant("2177", "INV-01", |d| {
        d["ItemList"][0]["Unit"] = json!("PKT")
    }),
    mutant("2182", "INV-01", |d| {
        d["ValDtls"]["AssVal"] = json!(2099.30)
    }),
    mutant("2183", "INV-01", |d| {
        d["ValDtls"]["SgstVal"] = json!(133.40)
    }),
    mutant("2184", "INV-01", |d| {
        d["ValDtls"]["CgstVal"] = json!(127.40)
    }),
    mutant("2185", "INV-02", |d| {
        d["ValDtls"]["IgstVal"] = json!(12423.54)
    }),
    mutant("2186", "INV-07", |d| d["ValDtls"]["CesVal"] = json!(0)),
    mutant("2187", "INV-01", |d| d["ValDtls"]["StCesVal"] = json!(5)),
    mutant("2189", "INV-01", |d| {
        d["ValDtls"]["TotInvVal"] = json!(2360)
    }),
    mutant("2193", "INV-01", |d| {
        d["ItemList"][0]["Discount"] = json!(10)
    }),
    mutant("2194", "INV-01", |d| {
        d["ItemList"][0]["TotItemVal"] = json!(945.22)
    }),
    mutant("2195", "INV-01", |d| {
        d["TranDtls"]["EcmGstin"] = json!("29ZZZCR2222N1ZH")
    }),
    mutant("2200", "INV-17", |d| d["ShipDtls"]["Stcd"] = json!("88")),
    mutant("2211", "INV-01", |d| {
        d["BuyerDtls"]["Gstin"] = d["SellerDtls"]["Gstin"].clone()
    }),
    mutant("2212", "INV-01", |d| d["BuyerDtls"]["Gstin"] = json!("URP")),
    mutant("2213", "INV-01", |d| {
        d["SellerDtls"]["Gstin"] = json!("URP")
    }),
    mutant("2227", "INV-01", |d| {
        d["ItemList"][0]["SgstAmt"] = json!(22.40)
    }),
    mutant("2228", "INV-01", |d| d["ItemList"] = json!([])),
    mutant("2232", "INV-11", |d| d["BuyerDtls"]["Pos"] = json!("27")),
    mutant("2233", "INV-01", |d| d["ItemList"][1]["SlNo"] = json!("1")),
    mutant("2234", "INV-01", |d| other_heads(d, 0.0, 26.41)),
    mutant("2235", "INV-02", |d| other_heads(d, 12059.04, 0.0)),
    mutant("2238", "INV-01", |d| {
        drop(d["ItemList"][0].as_object_mut().unwrap().remove("Qty"))
    }),
    mutant("2239", "INV-01", |d| {
        drop(d["ItemList"][1].as_object_mut().unwrap().remove("Unit"))
    }),
    mutant("2240", "INV-01", |d| d["ItemList"][0]["GstRt"] = json!(4.5)),
    mutant("2242", "INV-13", |d| d["BuyerDtls"]["Pos"] = json!("96")),
    mutant("2243", "INV-01", |d| d["BuyerDtls"]["Pos"] = json!("25")),
    mutant("2244", "INV-01", |d| {
        drop(d["BuyerDtls"].as_object_mut().unwrap().remove("Pin"))
    }),
    mutant("2246", "INV-13", |d| d["TranDtls"]["SupTyp"] = json!("B2B")),
    mutant("2247", "INV-02", |d| {
        d["TranDtls"]["SupTyp"] = json!("SEZWP")
    }),
    mutant("2248", "INV-11", |d| {
        d["BuyerDtls"]["Gstin"] = json!("29ZZZCR2222N1ZH")
    }),
    mutant("2258", "INV-01", |d| {
        d["SellerDtls"]["Stcd"] = json!("29");
        d["SellerDtls"]["Pin"] = json!(560025);
    }),
    mutant("2259", "INV-01", |d| d["SellerDtls"]["Stcd"] = json!("45")),
    mutant("2260", "INV-01", |d| d["BuyerDtls"]["Stcd"] = json!("45")),
    mutant("2261", "INV-11", |d| d["BuyerDtls"]["Stcd"] = json!("27")),
    mutant("2262", "INV-01", |d| {
        d["TranDtls"]["IgstOnIntra"] = json!("Y")
    }),
    mutant("2265", "INV-01", |d| {
        d["BuyerDtls"]["Stcd"] = json!("29");
        d["BuyerDtls"]["Pin"] = json!(560025);
    }),
    mutant("2266", "INV-06", |d| {
        d["ItemList"][0]["CesAmt"] = json!(5630)
    }),
    mutant("2268", "INV-13", |d| {
        d["TranDtls"]["IgstOnIntra"] = json!("Y")
    }),
    mutant("2274", "INV-01", |d| d["BuyerDtls"]["Pin"] = json!(999999)),
    mutant("2275", "INV-01", |d| d["SellerDtls"]["Pin"] = json!(999999)),
    mutant("2279", "INV-01", |d| d["Version"] = json!("1.03")),
    mutant("2280", "INV-01", |d| d["DocDtls"]["Typ"] = json!("BIL")),
    mutant("2281", "INV-01", |d| d["DocDtls"]["No"] = json!("0001")),
    mutant("2282", "INV-01", |d| {
        d["DocDtls"]["Dt"] = json!("31/02/2026")
    }),
    mutant("2284", "INV-06", |d| {
        d["DocDtls"]["Dt"] = json!("31/03/2025")
    }),
    mutant("2292", "INV-01", |d| {
        d["DocDtls"]["Dt"] = json!("2026-10-01")
    }),
    mutant("2293", "CRN-01", |d| {
        d["RefDtls"]["PrecDocDtls"][0]["InvDt"] = json!("6 October 2026")
    }),
    mutant("2294", "INV-02", |d| {
        d["TranDtls"]["IgstOnIntra"] = json!("Y");
        d["TranDtls"]["RegRev"] = json!("Y");
    }),
    mutant("2303", "INV-02", |d| d["BuyerDtls"]["Pos"] = json!("96")),
    mutant("2305", "INV-01", |d| {
        d["DocDtls"]["Dt"] = json!("01/09/2026")
    }),
    mutant("2323", "INV-17", |d| {
        d["ShipDtls"]["Gstin"] = d["BuyerDtls"]["Gstin"].clone();
        d["ShipDtls"]["Stcd"] = json!("29");
        d["ShipDtls"]["Pin"] = json!(560025);
    }),
    mutant("2325", "INV-17", |d| {
        d["ShipDtls"]["Gstin"] = json!("24ZZZCZ7777R1ZH")
    }),
    mutant("3028", "INV-01", |d| {
        d["BuyerDtls"]["Gstin"] = json!("27AAPFU0939F1ZV")
    }),
    mutant("3038", "INV-01", |d| d["BuyerDtls"]["Pin"] = json!(990001)),
    mutant("3039", "INV-01", |d| d["BuyerDtls"]["Pin"] = json!(560025)),
    mutant("3047", "INV-01", |d| {
        d["ItemList"][0]["HsnCd"] = json!("998719")
    }),
    mutant("3048", "INV-15", |d| {
        d["ItemList"][0]["HsnCd"] = json!("190531")
    }),
];

/// The taxpayers of the cases: sellers sign in, the others are known.
const BUYERS: &[(&str, &str)] = &[
    ("27ZZZPR1111M1Z2", "REG"),
    ("29ZZZCR2222N1ZH", "REG"),
    ("04ZZZFR3333P1ZD", "REG"),
    ("27ZZZCZ7777R2ZA", "SEZ"),
    ("24ZZZCZ7777R1ZH", "SEZ"),
    ("27ZZZCS5555Q1ZW", "REG"),
    ("33ZZZCT9999W1Z2", "REG"),
];

#[test]
fn every_good_document_is_registered_and_every_mutant_is_refused_with_its_code() {
    // given: the cases' own taxpayers, and a clock that stands at noon of each document's day
    let app = own("registrar_mutants");
    let registrar = registrar_of(app);
    for (gstin, kind) in BUYERS {
        registrar.know(gstin, kind);
    }
    let at = |document: &Value| {
        let day = document["DocDtls"]["Dt"].as_str().unwrap();
        let day = format!("{}-{}-{}", &day[6..], &day[3..5], &day[..2]);
        app.state.db.clock().set(Some(noon(&day)));
    };
    let logins: BTreeMap<&str, _> = ["27ZZZCV0001K1ZY", "04ZZZCV0001K1Z6"]
        .map(|gstin| (gstin, registrar.enrol(gstin, "REG")))
        .into();
    let sign_in = |document: &Value| -> Session {
        at(document);
        registrar.sign_in(&logins[document["SellerDtls"]["Gstin"].as_str().unwrap()])
    };

    // when, then: no mutant of them is registered
    let mut codes = BTreeSet::new();
    for mutant in MUTANTS {
        let mut document = documents::of(mutant.case);
        let session = sign_in(&document);
        (mutant.change)(&mut document);
        let answer = session.generate(&document);
        assert_eq!(
            (answer.status, answer.codes(), answer.is_done()),
            (200, vec![mutant.code.to_owned()], false),
            "{} changed for {}: {}",
            mutant.case,
            mutant.code,
            answer.json
        );
        codes.insert(mutant.code);
    }
    assert!(codes.len() >= 60, "{} codes", codes.len());
    for gstin in logins.keys() {
        assert_eq!(registrar.registered(gstin).len(), 0);
    }

    // and every one that is as it should be is, under the number that the cases give
    let cases = documents::cases();
    let cases = cases["invoice_cases"].as_array().unwrap();
    let good = documents::registrable();
    for (id, document) in &good {
        let answer = sign_in(document).generate(document);
        assert!(answer.is_done(), "{id}: {}", answer.json);
        let case = cases.iter().find(|case| case["id"] == id.as_str()).unwrap();
        assert_eq!(
            answer.word("Irn"),
            case["expected"]["irn"].as_str().unwrap()
        );
    }
    let count: usize = logins
        .keys()
        .map(|gstin| registrar.registered(gstin).len())
        .sum();
    assert_eq!((count, good.len()), (16, 16));

    // and the whole payloads of the file are good, too: they are the same documents again
    for (id, document) in documents::examples() {
        let answer = sign_in(&document).generate(&document);
        assert_eq!(answer.codes(), ["2150"], "{id}: {}", answer.json);
    }
}
