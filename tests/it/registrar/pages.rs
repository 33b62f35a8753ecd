//! The platform's page on which sandboxes are told how to behave.

use super::{invoice, noon, own, seller};
use crate::support::registrar::{registrar, registrar_of};
use crate::support::{admin_in, gstin, gstin_in};
use std::time::{Duration, Instant};

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
        page.form("#tell")
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
fn told_by_its_page_the_registrar_is_late_loses_its_answers_and_behaves_well_again() {
    // given
    let app = own("registrar_told");
    let registrar = registrar_of(app);
    // Signed in today: sessions end by the database's own time.
    let admin = admin_in(app);
    app.state.db.clock().set(Some(noon("2026-10-02")));
    let (session, other) = (seller(&registrar), seller(&registrar));
    let tell = |mood: &str, delay: &str| {
        let told = admin
            .open("/admin/sandboxes")
            .form("#tell")
            .fill("who", "registrar")
            .fill("mood", mood)
            .fill("operation", "generate")
            .fill("gstin", &session.login.gstin)
            .fill("delay_ms", delay)
            .submit();
        told.is(303);
        told.follow()
    };
    let late = Duration::from_secs(3);

    // when: late, until told otherwise
    tell("slow", "3000")
        .shows("#moods", "Answers late")
        .shows("#moods", "3000 ms");

    // then: each time, and to nobody else
    for number in ["T/1", "T/2"] {
        let began = Instant::now();
        assert!(session.generate(&invoice(&session, number)).is_done());
        assert!(began.elapsed() >= late, "{:?}", began.elapsed());
    }
    let began = Instant::now();
    assert!(other.generate(&invoice(&other, "T/1")).is_done());
    assert!(began.elapsed() < late, "{:?}", began.elapsed());

    // when: it is to lose its answers instead
    tell("losing", "")
        .shows("#moods", "Loses its answer")
        .shows_not("#moods", "Answers late");

    // then: what nobody hears of has happened
    let lost = invoice(&session, "T/3");
    for _ in 0..2 {
        let answer = session.try_post("eicore/v1.03/Invoice", &lost);
        assert!(answer.is_none(), "{answer:?}");
    }
    assert_eq!(registrar.registered(&session.login.gstin).len(), 3);
    admin.open("/admin/sandboxes").shows("#calls .pill", "Lost");

    // when: it is to behave well, by the same form
    tell("well", "").shows("#moods", "All sandboxes behave well.");

    // then: it answers, and at once
    let began = Instant::now();
    assert_eq!(session.generate(&lost).codes(), ["2150"]);
    assert!(session.generate(&invoice(&session, "T/4")).is_done());
    assert!(began.elapsed() < late, "{:?}", began.elapsed());
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
