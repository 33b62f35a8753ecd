//! Which authority an installation speaks to: the one it is told of, its own sandbox, or none.

use super::einvoices::trade_in;
use crate::support::registrar::registrar;
use crate::support::{app, app_without_workers, ask, own_app_set, postgres, run};
use mandi::accounting::outside::Outside;
use mandi::integrations::gst::nic::Client;
use mandi::web::State;
use std::sync::Arc;

#[test]
fn what_is_configured_is_spoken_to_with_the_keys_that_are_pinned() {
    // given: an authority on another port, with other books, named without a slash at its end; a company's account there, and its keys
    let there = registrar();
    let url = there.base.trim_end_matches('/').to_owned();
    let trade = trade_in(own_app_set(
        "authority_elsewhere",
        &[("MANDI_GST_URL", &url)],
    ));
    assert_ne!(trade.registrar.base, there.base);
    let login = there.enrol(&trade.gstin, "REG");
    there.know(&trade.buyer, "REG");
    let pins = ask(
        app(),
        "select string_agg(format('insert into authority_keys (environment, kid, purpose, modulus, exponent) values (''live'', %L, %L, decode(%L, ''hex''), %s)',
                kid, purpose, encode(modulus, 'hex'), exponent), '; ') as value from authority_keys where environment = 'sandbox'",
    );
    run(trade.tenant.app, &pins);
    trade
        .get(&format!("/settings/e-invoices/{}", trade.gstin))
        .is(200)
        .form("#account")
        .fill("client_id", &login.client_id)
        .fill("client_secret", &login.client_secret)
        .fill("user_name", &login.user_name)
        .fill("password", &login.password)
        .submit()
        .is(303);

    // when
    let issued = trade.issue("RICE");

    // then: registered there, verified by the pinned key, and unknown to the sandbox of this process
    trade.becomes(&issued, "registered");
    assert_eq!(
        trade.word(&issued, "environment || ' ' || is_verified"),
        "live true"
    );
    let found = there.registered(&trade.gstin);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].doc_no, issued.number);
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 0);
    assert_eq!(trade.attempts(&issued), "generate done");
}

#[test]
fn without_an_authority_documents_wait_and_say_so() {
    // given: jobs of an installation that is told of no authority
    let urls = postgres::server().database("authority_none");
    let app = app_without_workers(&urls);
    let trade = trade_in(app);
    let lonely = app.state.clone().with(Outside {
        authority_at: None,
        authority: Arc::new(Client::default()),
    });
    let work = |state: &State| {
        let registry = mandi::app::work::registry(state).unwrap();
        let whose = (trade.tenant.id, "einvoices.send");
        registry.work_off(&app.state.db, whose, &[]).unwrap()
    };
    let issued = trade.issue("RICE");

    // when
    assert_eq!(work(&lonely), 1);

    // then: it waits, is not refused, and the words say for whom
    assert_eq!(trade.word(&issued, "status"), "pending");
    assert_eq!(trade.attempts(&issued), "");
    let page = trade.get(&format!("/e-invoices/{}", issued.url_no));
    page.is(200)
        .shows(".head .pill", "To be sent")
        .shows("main", "No authority is configured, so nothing is sent.");
    trade
        .get("/e-invoices?status=pending")
        .is(200)
        .shows("tbody", "No authority is configured, so nothing is sent.");

    // when: there is one
    trade.again(&issued);
    assert_eq!(work(&app.state), 1);

    // then
    assert_eq!(trade.word(&issued, "status"), "registered");
    assert_eq!(trade.word(&issued, "faults is null"), "true");
}
