//! Logins, bodies, signatures, and what becomes of a document.

use super::{invoice, october, seller};
use crate::support::openssl::{hex, openssl};
use crate::support::registrar::{Login, verified};
use crate::support::{ask, gstin, gstin_in};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn a_login_gives_a_key_that_only_the_caller_can_read() {
    // given
    let registrar = october();
    let session = seller(&registrar);

    // then: 32 bytes, an hour of Indian time, and both public keys are pinned
    assert_eq!(session.sek.len(), 64);
    assert_eq!(session.expires_at, "2026-10-02 13:00:00");
    for purpose in ["encryption", "signing"] {
        let kid = ask(
            registrar.app(),
            &format!(
                "select k.kid || ' ' || length(a.modulus) || ' ' || a.exponent as value from sandbox.keys k
                 join authority_keys a on a.kid = k.kid and a.environment = 'sandbox' and a.purpose = k.purpose where k.purpose = '{purpose}'"
            ),
        );
        assert_eq!((kid.len(), &kid[40..]), (50, " 256 65537"));
    }

    // when: the same user signs in again
    let again = registrar.sign_in(&session.login);

    // then: it is the same login
    assert_eq!((&again.token, &again.sek), (&session.token, &session.sek));
}

#[test]
fn a_login_is_refused_for_the_right_reason() {
    // given
    let registrar = october();
    let session = seller(&registrar);
    let good = session.login.clone();
    let refused = |change: &dyn Fn(&mut Login), fields: &[(&str, Value)]| {
        let mut login = good.clone();
        change(&mut login);
        let answer = registrar.login(&login, fields);
        assert!(!answer.is_done() && answer.json["Data"].is_null());
        answer.codes().join(",")
    };
    let other = seller(&registrar).login;

    // when, then: the headers
    assert_eq!(
        refused(&|login| login.client_id = String::new(), &[]),
        "1011"
    );
    assert_eq!(
        refused(&|login| login.client_secret = String::new(), &[]),
        "1012"
    );
    assert_eq!(refused(&|login| login.gstin = String::new(), &[]), "1004");
    assert_eq!(
        refused(&|login| login.client_secret = "wrong".into(), &[]),
        "1010"
    );
    assert_eq!(
        refused(&|login| login.gstin = other.gstin.clone(), &[]),
        "1018"
    );
    assert_eq!(
        refused(&|login| login.gstin = "27AAAAA0000A1Z5".into(), &[]),
        "1015"
    );

    // what they say inside
    assert_eq!(
        refused(&|login| login.user_name = "somebody".into(), &[]),
        "1017"
    );
    assert_eq!(
        refused(&|login| login.password = "wrong".into(), &[]),
        "1008"
    );
    assert_eq!(refused(&|_| (), &[("AppKey", json!("c2hvcnQ="))]), "1016");

    // bodies that are none, and one that is encrypted for nobody
    let by_hand = |body: Value| registrar.login_with(&good, &body).codes().join(",");
    assert_eq!(by_hand(json!({})), "1007");
    assert_eq!(by_hand(json!({"Data": STANDARD.encode([1; 256])})), "1013");

    // a taxpayer whose registration is suspended
    registrar.run(&format!(
        "update sandbox.taxpayers set status = 'SUS' where gstin = '{}'",
        good.gstin
    ));
    assert_eq!(refused(&|_| (), &[]), "1014");
}

#[test]
fn a_call_is_refused_unless_its_headers_belong_together() {
    // given
    let registrar = october();
    let (one, two) = (seller(&registrar), seller(&registrar));
    let document = invoice(&one, "H/1");
    let body = json!({"Data": one.sealed(&document)});
    let refused = |change: &[(&str, &str)], body: &Value| {
        let mut headers = one.headers();
        for header in &mut headers {
            if let Some((_, value)) = change.iter().find(|(name, _)| *name == header.0) {
                header.1 = value;
            }
        }
        let answer = registrar
            .call("POST", "eicore/v1.03/Invoice", &headers, Some(body), None)
            .unwrap();
        answer.codes().join(",")
    };

    // when, then
    assert_eq!(refused(&[("user_name", "")], &body), "1006");
    assert_eq!(refused(&[("AuthToken", "")], &body), "1005");
    assert_eq!(refused(&[("AuthToken", "nonsense")], &body), "1005");
    assert_eq!(refused(&[("user_name", "somebody")], &body), "1005");
    assert_eq!(
        refused(
            &[
                ("client_id", &two.login.client_id),
                ("client_secret", &two.login.client_secret),
                ("Gstin", &two.login.gstin)
            ],
            &body
        ),
        "1015"
    );
    // Not in whole blocks, so that no key opens it.
    let nonsense = STANDARD.encode([1; 20]);
    for wrong in [json!({}), json!({"Data": ""}), json!({"Data": nonsense})] {
        assert_eq!(refused(&[], &wrong), "2255");
    }
    assert_eq!(registrar.registered(&one.login.gstin).len(), 0);

    // and the control
    assert_eq!(refused(&[], &body), "");
    assert_eq!(registrar.registered(&one.login.gstin).len(), 1);
}

#[test]
fn a_registered_document_is_signed_whole_and_in_short() {
    // given
    let registrar = october();
    let session = seller(&registrar);
    let document = invoice(&session, "mh/26-27/7");

    // when
    let answer = session.generate(&document);

    // then
    let gstin = &session.login.gstin;
    assert_eq!(answer.word("AckNo").len(), 15);
    assert_eq!(answer.word("AckDt"), "2026-10-02 12:00:00");
    assert_eq!(answer.word("Status"), "ACT");
    let hashed = openssl(
        &["dgst", "-sha256", "-r"],
        format!("{gstin}2026-27INVMH/26-27/7").as_bytes(),
    );
    assert_eq!(answer.word("Irn"), String::from_utf8_lossy(&hashed[..64]));

    // the code: ten fields, and a header that says which key
    let (header, payload) = verified(&registrar, &answer.word("SignedQRCode"));
    let kid = header["kid"].as_str().unwrap();
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&json!("RS256"), &json!("JWT"))
    );
    let thumbprint = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(header["x5t"].as_str().unwrap())
        .unwrap();
    assert_eq!(hex(&thumbprint).to_uppercase(), kid);
    assert_eq!(payload["iss"], "NIC Sandbox");
    let data: Value = serde_json::from_str(payload["data"].as_str().unwrap()).unwrap();
    assert_eq!(
        data,
        json!({
            "SellerGstin": gstin, "BuyerGstin": "27ZZZPR1111M1Z2", "DocNo": "MH/26-27/7", "DocTyp": "INV", "DocDt": "01/10/2026",
            "TotInvVal": 2357.00, "ItemCnt": 2, "MainHsnCode": "340250", "Irn": answer.word("Irn"), "IrnDt": "2026-10-02 12:00:00",
        })
    );

    // the invoice: what was sent, and three fields more
    let (_, payload) = verified(&registrar, &answer.word("SignedInvoice"));
    let mut data: Value = serde_json::from_str(payload["data"].as_str().unwrap()).unwrap();
    for field in ["AckNo", "AckDt", "Irn"] {
        assert_eq!(data[field], answer.opened[field]);
        data.as_object_mut().unwrap().remove(field);
    }
    assert_eq!(data, document);

    // and the books have the same
    let kept = registrar.registered(gstin).remove(0);
    assert_eq!(
        (
            kept.doc_type.as_str(),
            kept.doc_no.as_str(),
            kept.status.as_str()
        ),
        ("INV", "MH/26-27/7", "ACT")
    );
    assert_eq!(
        (&kept.irn, kept.ack_no.to_string()),
        (&answer.word("Irn"), answer.word("AckNo"))
    );
    assert_eq!(
        (kept.payload, kept.ewb_no, kept.ewb_status),
        (document, None, None)
    );
}

#[test]
fn a_document_is_found_and_never_registered_twice() {
    // given
    let registrar = october();
    let (session, stranger) = (seller(&registrar), seller(&registrar));
    let document = invoice(&session, "F/26-27/1");
    let missing = session.find("INV", "F/26-27/1", "01/10/2026");
    let first = session.generate(&document);

    // then: it was not there before, and is there now, by number and by IRN
    assert_eq!(missing.codes(), ["2154"]);
    let irn = first.word("Irn");
    let by_number = session.find("INV", "f/26-27/1", "01/10/2026");
    let by_irn = session.get(&format!("eicore/v1.03/Invoice/irn/{irn}"));
    for found in [&by_number, &by_irn] {
        assert_eq!(found.opened, first.opened);
    }
    assert_eq!(
        session.find("INV", "F/26-27/1", "02/10/2026").codes(),
        ["2154"]
    );
    assert_eq!(
        session.find("CRN", "F/26-27/1", "01/10/2026").codes(),
        ["2154"]
    );

    // nobody else reads it
    assert_eq!(
        stranger
            .get(&format!("eicore/v1.03/Invoice/irn/{irn}"))
            .codes(),
        ["2226"]
    );
    assert_eq!(
        stranger.find("INV", "F/26-27/1", "01/10/2026").codes(),
        ["2154"]
    );
    assert_eq!(
        session
            .get(&format!("eicore/v1.03/Invoice/irn/{}", "0".repeat(64)))
            .codes(),
        ["2148"]
    );

    // a second time, and as another document under the same number
    let mut other = document.clone();
    other["BuyerDtls"]["LglNm"] = json!("Another Name Stores");
    for again in [session.generate(&document), session.generate(&other)] {
        assert_eq!(again.codes(), ["2150"]);
        let known = again.note("DUPIRN");
        assert_eq!(
            (&known["Irn"], &known["AckNo"]),
            (&first.opened["Irn"], &first.opened["AckNo"])
        );
    }
    assert_eq!(registrar.registered(&session.login.gstin).len(), 1);
}

#[test]
fn of_many_who_send_one_document_one_registers_it() {
    // given
    let registrar = october();
    let session = seller(&registrar);
    let document = invoice(&session, "R/1");

    // when
    let answers: Vec<_> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| session.generate(&document)))
            .collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).collect()
    });

    // then
    let done = answers.iter().filter(|answer| answer.is_done()).count();
    let refused = answers
        .iter()
        .filter(|answer| answer.codes() == ["2150"])
        .count();
    assert_eq!((done, refused), (1, 7));
    assert_eq!(registrar.registered(&session.login.gstin).len(), 1);
}

#[test]
fn answers_come_in_every_shape_that_the_authority_has() {
    // given
    let registrar = october();
    let session = seller(&registrar);
    let gstin = session.login.gstin.clone();

    // when: answers of both kinds, until each shape was seen
    let mut lengths = BTreeSet::new();
    let mut shapes = BTreeSet::new();
    for _ in 0..200 {
        let done = session.get(&format!("eivital/v1.04/Master/gstin/{gstin}"));
        assert_eq!(done.word("Gstin"), gstin);
        lengths.insert(done.json["Data"].as_str().unwrap().len());
        let refused = session.find("INV", "NONE", "01/10/2026");
        assert_eq!(refused.codes(), ["2154"]);
        let (details, status) = (&refused.json["ErrorDetails"], &refused.json["Status"]);
        shapes.insert((details.is_string(), status.to_string()));
        if lengths.len() == 2 && shapes.len() == 2 {
            break;
        }
    }

    // then: data in one layer of Base64 and in two; a list and status 0, and both as text
    assert_eq!(lengths.len(), 2);
    let both = [(false, "0".to_owned()), (true, "\"0\"".to_owned())];
    assert_eq!(shapes, BTreeSet::from(both));
}

#[test]
fn a_cancelled_number_is_burnt() {
    // given
    let registrar = october();
    let (session, stranger) = (seller(&registrar), seller(&registrar));
    let document = invoice(&session, "C/1");
    let irn = session.generate(&document).word("Irn");

    // when, then: only the owner cancels, and once
    assert_eq!(stranger.cancel(&irn).codes(), ["2143"]);
    assert_eq!(session.cancel(&"0".repeat(64)).codes(), ["2154"]);
    assert_eq!(session.cancel("short").codes(), ["2140"]);
    let cancelled = session.cancel(&irn);
    assert_eq!(
        (cancelled.word("Irn"), cancelled.word("CancelDate")),
        (irn.clone(), "2026-10-02 12:00:00".to_owned())
    );
    assert_eq!(session.cancel(&irn).codes(), ["9999"]);
    assert_eq!(session.generate(&document).codes(), ["2278"]);
    assert_eq!(
        session.find("INV", "C/1", "01/10/2026").word("Status"),
        "CNL"
    );
}

#[test]
fn an_eway_bill_comes_with_the_document_or_after_it_and_goes_first() {
    // given: one that asks for its bill, one whose wish can't be met
    let registrar = october();
    let session = seller(&registrar);
    let bought = |number: &str| {
        let mut document = invoice(&session, number);
        document["BuyerDtls"]["Pin"] = json!(400_001);
        document
    };
    let mut with = bought("E/1");
    with["EwbDtls"] =
        json!({"Distance": 120, "TransMode": "1", "VehNo": "MH12AB1234", "VehType": "R"});
    let mut without = bought("E/2");
    without["EwbDtls"] = json!({"Distance": 120, "TransMode": "2"});

    // when
    let (one, two) = (session.generate(&with), session.generate(&without));

    // then: both are registered; the second is told why it has no bill
    assert_eq!(one.word("EwbNo").len(), 12);
    assert_eq!(one.word("EwbValidTill"), "2026-10-03 23:59:00");
    assert!(two.is_done() && two.opened["EwbNo"].is_null());
    assert_eq!(two.note("EWBERR")[0]["ErrorCode"], "4012");

    // when: the second gets it by its IRN
    let irn = two.word("Irn");
    let make = |part: Value| session.post("eiewb/v1.03/ewaybill", &part);
    let wish =
        json!({"Irn": irn, "Distance": 0, "TransMode": "1", "VehNo": "KA12A1234", "VehType": "R"});
    assert_eq!(
        make(json!({"Irn": "0".repeat(64), "Distance": 10})).codes(),
        ["4003"]
    );
    let found = || session.get(&format!("eiewb/v1.03/ewaybill/irn/{irn}"));
    assert_eq!(found().codes(), ["3001"]);
    let made = make(wish.clone());

    // then
    assert_eq!(found().word("EwbNo"), made.word("EwbNo"));
    assert!(
        made.word("Remarks")
            .contains("Distance between these two pincodes")
    );
    assert_eq!(make(wish.clone()).codes(), ["4002"]);

    // when, then: the document can't go before its bill
    assert_eq!(session.cancel(&irn).codes(), ["2230"]);
    let number = made.word("EwbNo");
    let stranger = seller(&registrar);
    for refused in [
        stranger.cancel_bill(&number),
        session.cancel_bill("391999999999"),
    ] {
        assert_eq!(refused.json["status"], "0");
    }
    let cancelled = session.cancel_bill(&number);
    assert_eq!(cancelled.json["status"], "1");
    assert_eq!(cancelled.word("cancelDate"), "02/10/2026 12:00:00 PM");
    let again = session.cancel_bill(&number).json["error"].clone();
    let error = match &again {
        Value::String(text) => serde_json::from_slice(&STANDARD.decode(text).unwrap()).unwrap(),
        other => other.clone(),
    };
    assert_eq!(error, json!({"errorCodes": "312,"}));
    assert!(session.cancel(&irn).is_done());
    assert_eq!(make(wish).codes(), ["4000"]);

    // a credit note has none
    let mut note = bought("E/3");
    note["DocDtls"]["Typ"] = json!("CRN");
    let irn = session.generate(&note).word("Irn");
    assert_eq!(
        make(json!({"Irn": irn, "Distance": 10, "TransMode": "1", "VehNo": "KA12A1234"})).codes(),
        ["4010"]
    );
}

#[test]
fn another_vehicle_is_named_in_a_bill_that_stands_and_is_valid() {
    // given: a bill with a vehicle, of 120 km, and one without
    let registrar = october();
    let (session, stranger) = (seller(&registrar), seller(&registrar));
    let made = |number: &str, part: Value| {
        let mut document = invoice(&session, number);
        document["BuyerDtls"]["Pin"] = json!(400_001);
        document["EwbDtls"] = part;
        session.generate(&document).word("EwbNo")
    };
    let number = made(
        "V/1",
        json!({"Distance": 120, "TransMode": "1", "VehNo": "MH12AB1234", "VehType": "R"}),
    );
    let slip = made(
        "V/2",
        json!({"Distance": 420, "TransId": "27AAACT2727Q1ZU"}),
    );
    let good = json!({
        "ewbNo": number.parse::<u64>().unwrap(), "vehicleNo": "MH14CD5678", "fromPlace": "Pune", "fromState": 27,
        "reasonCode": "1", "reasonRem": "Broken axle", "transMode": "1", "vehicleType": "R",
    });
    let refused = |field: &str, value: Value| {
        let mut asked = good.clone();
        asked[field] = value;
        session.act("VEHEWB", &asked).older_codes()
    };
    let vehicles = |number: &str| {
        let shown = session.bill_by_number(number).opened;
        let listed = shown["VehiclListDetails"].as_array().unwrap().clone();
        let plates: Vec<String> = listed
            .iter()
            .map(|one| one["vehicleNo"].as_str().unwrap().to_owned())
            .collect();
        (plates, shown["validUpto"].clone())
    };

    // when, then: each wrong field has its code, and a stranger's bill is none
    for (field, value, codes) in [
        ("ewbNo", json!(1), "301,"),
        ("ewbNo", json!(391_999_999_999_u64), "312,"),
        ("transMode", json!("7"), "302,"),
        ("vehicleNo", json!(""), "303,"),
        ("vehicleNo", json!("ABCDEFGH"), "304,"),
        ("fromPlace", json!(" "), "305,"),
        ("fromState", json!(77), "306,"),
        ("reasonCode", json!("5"), "307,"),
        ("reasonRem", json!("x".repeat(51)), "308,"),
    ] {
        assert_eq!(refused(field, value), codes, "{field}");
    }
    assert_eq!(stranger.act("VEHEWB", &good).older_codes(), "312,");
    assert_eq!(stranger.bill_by_number(&number).older_codes(), "312,");
    let day = json!("03/10/2026 11:59:00 PM");
    assert_eq!(
        vehicles(&number),
        (vec!["MH12AB1234".to_owned()], day.clone())
    );

    // when: it is named rightly
    let named = session.act("VEHEWB", &good);

    // then: the bill stays valid as long as it was, and shows both, the newest first
    assert_eq!(named.json["status"], "1");
    assert_eq!(named.word("vehUpdDate"), "02/10/2026 12:00:00 PM");
    assert_eq!(named.word("validUpto"), "03/10/2026 11:59:00 PM");
    assert_eq!(
        vehicles(&number),
        (vec!["MH14CD5678".to_owned(), "MH12AB1234".to_owned()], day)
    );

    // and: one without a vehicle is valid from now on, three days for 420 km
    assert_eq!(vehicles(&slip), (Vec::new(), Value::Null));
    let mut first = good.clone();
    first["ewbNo"] = json!(slip);
    first["reasonCode"] = json!(4);
    assert_eq!(
        session.act("VEHEWB", &first).word("validUpto"),
        "05/10/2026 11:59:00 PM"
    );

    // when, then: not once it is no longer valid, nor when it is cancelled
    registrar.run(&format!(
        "update sandbox.invoices set ewb_valid_until = '2026-10-02T00:00:00Z' where ewb_no = '{slip}'"
    ));
    assert_eq!(session.act("VEHEWB", &first).older_codes(), "311,");
    assert_eq!(session.cancel_bill(&number).json["status"], "1");
    assert_eq!(session.act("VEHEWB", &good).older_codes(), "312,");
    assert_eq!(session.bill_by_number(&number).word("status"), "CNL");
}

#[test]
fn a_taxpayer_who_is_not_known_is_after_a_look_at_the_common_portal() {
    // given: a buyer whom nobody enrolled
    let registrar = october();
    let session = seller(&registrar);
    let buyer = gstin_in("27", &gstin()[2..12]);
    let mut document = invoice(&session, "S/1");
    document["BuyerDtls"]["Gstin"] = json!(buyer);
    assert_eq!(session.generate(&document).codes(), ["3028"]);

    // when
    let synced = session.get(&format!("eivital/v1.04/Master/syncgstin/{buyer}"));

    // then
    assert_eq!(
        (synced.word("TxpType"), synced.word("Status")),
        ("REG".to_owned(), "ACT".to_owned())
    );
    assert!(session.generate(&document).is_done());
    let wrong = format!(
        "{}{}",
        &buyer[..14],
        if buyer.ends_with('A') { 'B' } else { 'A' }
    );
    assert_eq!(
        session
            .get(&format!("eivital/v1.04/Master/syncgstin/{wrong}"))
            .codes(),
        ["3001"]
    );
    assert_eq!(
        session
            .get(&format!("eivital/v1.04/Master/gstin/{wrong}"))
            .codes(),
        ["3028"]
    );

    // and one whose registration is cancelled gets nothing any more
    registrar.run(&format!(
        "update sandbox.taxpayers set status = 'CNL' where gstin = '{buyer}'"
    ));
    document["DocDtls"]["No"] = json!("S/2");
    assert_eq!(session.generate(&document).codes(), ["3029"]);
}
