//! The platform's page on which sandboxes are told how to behave.

use super::{invoice, noon, own, seller};
use crate::support::registrar::{registrar, registrar_of};
use crate::support::{admin_in, gstin, gstin_in};

#[test]
fn a_platform_admin_tells_the_registrar_how_to_behave_and_sees_what_it_was_asked() {
    // given
    let app = own("registrar_pages");
    let registrar = registrar_of(app);
    // Signed in today: sessions end by the database's own time.
    let admin = admin_in(registrar.app());
    app.state.db.clock().set(Some(noon("2026-10-02")));
    let session = seller(&registrar);
    let page = admin.open("/admin/sandboxes");
    page.shows("#moods", &registrar.base);

    // when: it is told wrongly
    let tell = |mood: &str, code: &str, calls: &str| {
        page.form("#mood")
            .fill("who", "registrar")
            .fill("mood", mood)
            .fill("operation", "generate")
            .fill("gstin", &session.login.gstin)
            .fill("delay_ms", "")
            .fill("code", code)
            .fill("calls_left", calls)
            .submit()
    };

    // then
    let wrong = tell("failing", "17", "1");
    assert_eq!(wrong.status, 422);
    wrong.shows("#code-e", "Enter a code of the authority, like 2146.");
    assert_eq!(tell("slow", "", "1").status, 422);
    assert_eq!(tell("losing", "", "0").status, 422);
    assert!(session.generate(&invoice(&session, "P/1")).is_done());

    // when: it is told rightly
    tell("failing", "2147", "5")
        .follow()
        .is(200)
        .shows("#moods", "2147");

    // then
    assert_eq!(
        session.generate(&invoice(&session, "P/2")).codes(),
        ["2147"]
    );
    let page = admin.open("/admin/sandboxes");
    page.shows("#calls", "INV P/1");
    page.shows("#calls", "2147");

    // when: it is to behave well again
    page.form(&format!(
        "#moods form:has([name='gstin'][value='{}'])",
        session.login.gstin
    ))
    .submit()
    .follow()
    .is(200);

    // then
    assert!(session.generate(&invoice(&session, "P/2")).is_done());
}

#[test]
fn a_taxpayer_is_enrolled_with_a_login_that_is_shown_once() {
    // given
    let registrar = registrar();
    let admin = admin_in(registrar.app());
    let number = gstin_in("27", &gstin()[2..12]);
    let page = admin.open("/admin/sandboxes/taxpayers");
    let enrol = |gstin: &str| {
        page.form("#enrol")
            .fill("gstin", gstin)
            .fill("name", "Kaveri Traders")
            .fill("taxpayer_type", "SEZ")
            .fill("status", "ACT")
            .fill("turnover", "120000000")
            .fill("is_einvoicing", "on")
            .submit()
    };

    // when, then: with a wrong check character it is not
    let wrong = format!(
        "{}{}",
        &number[..14],
        if number.ends_with('A') { 'B' } else { 'A' }
    );
    let refused = enrol(&wrong);
    assert_eq!(refused.status, 422);
    refused.shows("#gstin-e", "Enter a GSTIN with the right check character.");
    let enrolled = enrol(&number).follow();
    enrolled.is(200);
    enrolled.shows("tbody", "Kaveri Traders");
    enrolled.shows("tbody", "SEZ unit");
    enrolled.shows("body", "they are shown once");
    assert!(
        !admin
            .open("/admin/sandboxes/taxpayers")
            .html
            .contains("they are shown once")
    );
}
