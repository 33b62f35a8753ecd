//! What the registrar does with time: its own clock decides, on Indian days.

use super::{invoice, noon, own, seller};
use crate::support::registrar::registrar_of;
use chrono::Duration;
use serde_json::json;

#[test]
fn logins_cancelling_fetching_and_reporting_have_their_times() {
    // given
    let app = own("registrar_clock");
    let clock = app.state.db.clock();
    let start = noon("2026-10-01");
    clock.set(Some(start));
    let registrar = registrar_of(app);
    let session = seller(&registrar);
    let irn = session.generate(&invoice(&session, "T/1")).word("Irn");
    let bill =
        json!({"Irn": irn, "Distance": 10, "TransMode": "1", "VehNo": "KA12A1234", "VehType": "R"});
    let fetch = format!("eicore/v1.03/Invoice/irn/{irn}");

    // when, then: forced before its last ten minutes, a login stays; then it changes, and the old one ends
    clock.set(Some(start + Duration::minutes(49)));
    registrar.login(&session.login, &[("ForceRefreshAccessToken", json!(true))]);
    assert!(session.get(&fetch).is_done());
    clock.set(Some(start + Duration::minutes(51)));
    registrar.login(&session.login, &[("ForceRefreshAccessToken", json!(true))]);
    assert_eq!(session.get(&fetch).codes(), ["1005"]);
    let session = registrar.sign_in(&session.login);
    assert_eq!(session.expires_at, "2026-10-01 13:51:00");
    clock.set(Some(start + Duration::minutes(111)));
    assert_eq!(session.get(&fetch).codes(), ["1005"]);

    // a day for cancelling, of the bill and of the document; two days for fetching
    let session = registrar.sign_in(&session.login);
    let made = session.post("eiewb/v1.03/ewaybill", &bill);
    clock.set(Some(start + Duration::hours(24) + Duration::seconds(1)));
    let session = registrar.sign_in(&session.login);
    assert_eq!(session.cancel(&irn).codes(), ["2270"]);
    assert!(session.get(&fetch).is_done());
    clock.set(Some(start + Duration::hours(26)));
    let session = registrar.sign_in(&session.login);
    let late = session.cancel_bill(&made.word("EwbNo"));
    assert_eq!(late.json["status"], "0");
    clock.set(Some(start + Duration::hours(48)));
    let session = registrar.sign_in(&session.login);
    assert!(session.get(&fetch).is_done());
    clock.set(Some(start + Duration::hours(48) + Duration::seconds(1)));
    assert_eq!(session.get(&fetch).codes(), ["2283"]);
    assert_eq!(session.find("INV", "T/1", "01/10/2026").codes(), ["2283"]);

    // thirty days for reporting, the document's own counted: until Indian midnight
    let midnight = noon("2026-10-30") + Duration::hours(12);
    clock.set(Some(midnight - Duration::seconds(1)));
    let session = registrar.sign_in(&session.login);
    assert!(session.generate(&invoice(&session, "T/2")).is_done());
    clock.set(Some(midnight));
    assert_eq!(
        session.generate(&invoice(&session, "T/3")).codes(),
        ["2305"]
    );

    // nobody with less turnover has that limit
    registrar.run(&format!(
        "update sandbox.taxpayers set turnover = 99999999.99 where gstin = '{}'",
        session.login.gstin
    ));
    assert!(session.generate(&invoice(&session, "T/3")).is_done());

    // and tomorrow is tomorrow in India
    let mut tomorrow = invoice(&session, "T/4");
    tomorrow["DocDtls"]["Dt"] = json!("01/11/2026");
    clock.set(Some(midnight + Duration::hours(24) - Duration::seconds(1)));
    let session = registrar.sign_in(&session.login);
    assert_eq!(session.generate(&tomorrow).codes(), ["2163"]);
    clock.set(Some(midnight + Duration::hours(24)));
    assert!(session.generate(&tomorrow).is_done());
}
