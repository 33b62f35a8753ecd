//! What is believed of a signed text: the authority's own key over exactly these words, with one algorithm, and the words are the document's.
//! Signed by the `openssl` command.

use super::einvoices::trade_of;
use super::inv01::{CASES, rows};
use crate::support::openssl::{modulus, rsa_key, signed};
use crate::support::{own_app_set, run, tenant_in};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as URL;
use mandi::accounting::actions::Issued;
use mandi::accounting::model::{Document, DocumentLine};
use mandi::accounting::outside::RsaKey;
use mandi::accounting::proof::{Signed, code_agrees, invoice_agrees};
use serde_json::{Value, json};
use std::sync::LazyLock;

const IRN: &str = "afdcc32a0eaa3a054cffcd251884d3e3f4f726b75c8943e7d35fbabc82f05d8a";
const KID: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

static KEY: LazyLock<Vec<u8>> = LazyLock::new(rsa_key);

fn public(key: &[u8]) -> RsaKey {
    RsaKey {
        modulus: modulus(key),
        exponent: 65_537,
    }
}

fn header(alg: &str) -> Value {
    json!({"alg": alg, "kid": KID, "typ": "JWT"})
}

/// A document, what the authority's code says of it, and what its signed invoice says.
fn registered() -> (Document, Vec<DocumentLine>, Value, Value) {
    let payload = &CASES["inv01_examples"][0]["payload"];
    let (mut document, lines, _) = rows(payload);
    document.irn = Some(IRN.to_owned());
    let code = json!({
        "SellerGstin": payload["SellerDtls"]["Gstin"],
        "BuyerGstin": payload["BuyerDtls"]["Gstin"],
        "DocNo": payload["DocDtls"]["No"],
        "DocTyp": payload["DocDtls"]["Typ"],
        "DocDt": payload["DocDtls"]["Dt"],
        "TotInvVal": payload["ValDtls"]["TotInvVal"],
        "ItemCnt": document.item_count,
        "MainHsnCode": payload["ItemList"][0]["HsnCd"],
        "Irn": IRN,
        "IrnDt": "2026-10-02 12:00:00",
    });
    let mut invoice = payload.clone();
    invoice["Irn"] = IRN.into();
    (document, lines, code, invoice)
}

#[test]
fn a_code_holds_under_the_key_that_signed_it_and_under_no_other() {
    // given
    let (_, _, code, _) = registered();
    let text = signed(&KEY, &header("RS256"), &code);
    let key = public(&KEY);
    let holds = |text: &str| Signed::read(text).unwrap().holds(&key);

    // when, then: as it came, under its own key and under another
    assert_eq!(Signed::read(&text).unwrap().kid, KID);
    assert!(holds(&text));
    assert!(!Signed::read(&text).unwrap().holds(&public(&rsa_key())));

    // when: other words under the same signature, and these words under a signature that is another in one letter
    let mut dearer = code.clone();
    dearer["TotInvVal"] = json!(1);
    let other = signed(&KEY, &header("RS256"), &dearer);
    let parts: Vec<&str> = text.split('.').collect();
    let words = other.split('.').nth(1).unwrap();
    assert_ne!(parts[1], words);
    let changed = format!("{}.{words}.{}", parts[0], parts[2]);
    let first = if parts[2].starts_with('A') { 'B' } else { 'A' };
    let flipped = format!("{}.{}.{first}{}", parts[0], parts[1], &parts[2][1..]);

    // then
    assert!(holds(&other));
    assert!(!holds(&changed));
    assert!(!holds(&flipped));
}

#[test]
fn no_other_algorithm_is_believed_whatever_the_signature() {
    // given
    let (_, _, code, _) = registered();
    let refusal = |text: &str| Signed::read(text).err().map(|said| said.to_string());
    let unsigned = |alg: &str| {
        let payload = json!({"data": code.to_string(), "iss": "NIC"});
        format!(
            "{}.{}.",
            URL.encode(header(alg).to_string()),
            URL.encode(payload.to_string())
        )
    };

    // when, then
    assert_eq!(refusal(&signed(&KEY, &header("RS256"), &code)), None);
    for alg in ["none", "HS256", "RS512", "rs256", ""] {
        let said = format!("The authority's text is signed with {alg}, which is not trusted.");
        assert_eq!(refusal(&unsigned(alg)), Some(said.clone()));
        assert_eq!(refusal(&signed(&KEY, &header(alg), &code)), Some(said));
    }
    // One that names the right algorithm and has no signature holds under no key.
    let bare = unsigned("RS256");
    assert!(!Signed::read(&bare).unwrap().holds(&public(&KEY)));
    // And what is no signed text at all is none.
    let none = "The authority's answer holds no signed text that can be read.";
    for text in ["", "a", "a.b", "a.b.c", "{}.{}.{}"] {
        assert_eq!(refusal(text).as_deref(), Some(none), "{text}");
    }
}

#[test]
fn a_code_that_says_something_else_than_the_document_is_refused() {
    // given
    let (document, _, code, _) = registered();
    let agrees = |code: &Value| {
        let text = signed(&KEY, &header("RS256"), code);
        let signed = Signed::read(&text).unwrap();
        assert!(signed.holds(&public(&KEY)));
        code_agrees(&signed, &document).map_err(|said| said.to_string())
    };
    assert_eq!(agrees(&code), Ok(()));

    // when, then: each field by itself
    for (field, other, word) in [
        ("Irn", json!(IRN.replace('a', "b")), "IRN"),
        ("SellerGstin", json!("27ZZZCX0001K1ZY"), "supplier"),
        ("BuyerGstin", json!("URP"), "buyer"),
        ("DocNo", json!("ANOTHER/1"), "number"),
        ("DocTyp", json!("CRN"), "type"),
        ("DocDt", json!("01/01/2020"), "date"),
        ("TotInvVal", json!(0.01), "total"),
        ("ItemCnt", json!(99), "number of lines"),
    ] {
        let mut foreign = code.clone();
        foreign[field] = other;
        let said = format!("The authority's signed text has another {word} than the document.");
        assert_eq!(agrees(&foreign), Err(said), "{field}");
    }
}

#[test]
fn a_signed_invoice_that_says_something_else_is_refused() {
    // given
    let (document, lines, _, invoice) = registered();
    let agrees = |invoice: &Value| {
        let text = signed(&KEY, &header("RS256"), invoice);
        invoice_agrees(&Signed::read(&text).unwrap(), &document, &lines)
            .map_err(|said| said.to_string())
    };
    assert_eq!(agrees(&invoice), Ok(()));

    // when, then
    for (at, other, word) in [
        ("/Irn", json!("0"), "IRN"),
        ("/DocDtls/No", json!("ANOTHER/1"), "number"),
        ("/ItemList", json!([{}]), "number of lines"),
        ("/ValDtls/AssVal", json!(0.01), "taxable value"),
        ("/ValDtls/CgstVal", json!(0.01), "tax"),
        ("/ValDtls/IgstVal", json!(0.01), "tax"),
        ("/ValDtls/TotInvVal", json!(0.01), "total"),
    ] {
        let mut foreign = invoice.clone();
        *foreign.pointer_mut(at).unwrap() = other;
        let said = format!("The authority's signed text has another {word} than the document.");
        assert_eq!(agrees(&foreign), Err(said), "{at}");
    }
}

#[test]
fn what_is_not_verified_is_kept_and_printed_without_its_code() {
    // given: an authority of its own, so that its keys can be changed here
    let trade = trade_of(tenant_in(own_app_set("proof_doubted", &[])));
    let sound = trade.issue("SOUND");
    trade.becomes(&sound, "registered");
    let keys = |change: &str| {
        run(
            trade.tenant.app,
            &format!(
                "update authority_keys set {change} where environment = 'sandbox' and purpose = 'signing'"
            ),
        );
    };
    let proof = |issued: &Issued| {
        trade.word(
            issued,
            "concat_ws(' ', is_verified::text, faults->0->>'field')",
        )
    };
    let sheet = |url_no: &str| trade.get(&format!("/invoices/{url_no}"));

    // then: the control is verified, and its code is printed
    assert_eq!(proof(&sound), "true");
    let page = sheet(&sound.url_no);
    page.is(200)
        .shows(".sheet .irn", "IRN")
        .shows_not(".sheet .irn", "not verified");
    assert_eq!(page.count(".sheet .info .qr"), 1);

    // when: signed by a key that nobody has pinned
    keys("kid = 'ANOTHER'");
    let unknown = trade.issue("UNKNOWN");
    trade.becomes(&unknown, "registered");

    // then: registered all the same, with the doubt, and no code on the paper
    assert_eq!(proof(&unknown), "false signature");
    trade
        .get(&format!("/e-invoices/{}", unknown.url_no))
        .shows("main", "which is not known here.");

    // when: under its name another key is pinned
    let kid = trade.word(&sound, "kid");
    keys(&format!(
        "kid = '{kid}', modulus = (select e.modulus from authority_keys e where e.environment = 'sandbox' and e.purpose = 'encryption' limit 1)"
    ));
    let wrong = trade.issue("WRONG");
    trade.becomes(&wrong, "registered");

    // then
    assert_eq!(proof(&wrong), "false signature");
    trade
        .get(&format!("/e-invoices/{}", wrong.url_no))
        .shows("main", "The authority's signature does not hold.");
    for issued in [&unknown, &wrong] {
        let page = sheet(&issued.url_no);
        page.is(200)
            .shows(".sheet .irn", "The authority's signed code is not verified");
        assert_eq!(page.count(".sheet .info .qr"), 0, "{}", issued.number);
        assert!(!page.html.contains("Code signed by the authority"));
    }
}
