//! A login that the authority refuses is tried once, however many documents wait for it: it blocks who goes on.

use super::einvoices::{Trade, trade};
use crate::support::{Page, run, tenant, until};
use chrono::Duration;
use mandi::accounting::actions::Issued;
use mandi::accounting::rules::einvoice::wait_for_login;

impl Trade {
    /// How often the registrar was asked to let the company in.
    fn logins(&self) -> usize {
        let calls = self.registrar.calls(&self.gstin);
        calls
            .iter()
            .filter(|call| call.path.ends_with("/auth"))
            .count()
    }

    fn settings(&self) -> Page {
        self.get(&format!("/settings/e-invoices/{}", self.gstin))
    }

    fn enter(&self, password: &str) {
        self.settings()
            .is(200)
            .form("#account")
            .fill("password", password)
            .submit()
            .is(303);
    }

    /// Nobody works at a document any more, now or later.
    #[track_caller]
    fn rests(&self) {
        until("nobody works at a document", || {
            self.ask(&format!(
                "select count(*) from jobs where tenant_id = '{}' and kind = 'einvoices.send' and state in ('queued', 'running')",
                self.tenant.id
            )) == "0"
        });
    }

    /// Documents that wait because the account may not be used, which it may afterwards.
    fn wait_for_account<const COUNT: usize>(&self) -> [Issued; COUNT] {
        self.switch_account(false);
        let documents = std::array::from_fn(|nth| self.issue(&format!("WAITS-{nth}")));
        for document in &documents {
            self.becomes(document, "failed_fix");
        }
        self.switch_account(true);
        documents
    }
}

#[test]
fn a_wrong_password_is_tried_once_however_many_documents_wait() {
    // given: five documents that are ready, and a password that somebody has mistyped
    let trade = trade();
    trade.first();
    let right = trade.login().password;
    let documents: [Issued; 5] = trade.wait_for_account();
    trade.enter("not the password");
    let ready = trade.get("/e-invoices/ready");
    ready
        .is(200)
        .shows("#summary", "5 ready · 0 refused · 0 to be put right");
    assert_eq!(trade.logins(), 1);

    // when
    ready
        .form("#send-ready")
        .submit()
        .follow()
        .shows(".toast", "5 documents are on their way to the authority.");
    trade.rests();

    // then: one login, and every place says why nothing goes
    assert_eq!(trade.logins(), 2);
    let words = "The authority does not know this user and password.";
    for document in &documents {
        assert_eq!(trade.word(document, "status"), "failed_fix");
    }
    trade
        .get("/e-invoices/ready")
        .shows("#summary", "0 ready · 0 refused · 5 to be put right")
        .shows(
            "#list",
            &format!("The authority does not let {} in: {words}", trade.gstin),
        );
    trade
        .settings()
        .shows("#refused", words)
        .shows("#refused", "Nothing is sent with these secrets any more")
        .shows(".pill", "Not let in");
    trade
        .get("/settings/e-invoices")
        .shows("tbody td", "Not let in");

    // when: one of them is sent again, and somebody changes something else of the account
    trade.again(&documents[0]);
    trade.settings().form("#account").submit().is(303);
    trade.again(&documents[1]);
    trade.rests();

    // then: no login
    assert_eq!(trade.logins(), 2);
    assert_eq!(trade.word(&documents[0], "status"), "failed_fix");
    assert_eq!(trade.word(&documents[1], "status"), "failed_fix");
    trade
        .get(&format!("/e-invoices/{}", documents[0].url_no))
        .shows(
            "main",
            &format!("The authority does not let {} in: {words}", trade.gstin),
        );

    // and another company neither sees it nor is kept from anything
    let rival = tenant();
    rival
        .owner
        .get(&rival.path(&format!("/settings/e-invoices/{}", trade.gstin)))
        .is(404);

    // when: put right
    trade.enter(&right);
    let page = trade.settings();
    assert_eq!(page.count("#refused"), 0);
    let ready = trade.get("/e-invoices/ready");
    ready.shows("#summary", "5 ready · 0 refused · 0 to be put right");
    ready.form("#send-ready").submit().is(303);

    // then: one more login, and all are there
    for document in &documents {
        trade.becomes(document, "registered");
    }
    assert_eq!(trade.logins(), 3);
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 6);
}

#[test]
fn a_try_that_holds_lets_documents_go_again_and_one_that_does_not_keeps_them() {
    // given
    let trade = trade();
    trade.first();
    trade.enter("not the password");

    // when: a person tries it
    let tried = trade.settings().form("#try").submit();

    // then: it was said once, and a document does not try again
    tried
        .is(422)
        .shows("#tried", "The authority did not let it in");
    assert_eq!(tried.count("#refused"), 0);
    trade.settings().shows("#refused", "Nothing is sent");
    let document = trade.issue("WAITS");
    trade.becomes(&document, "failed_fix");
    assert_eq!(trade.word(&document, "faults->0->>'field'"), "account");
    assert_eq!(trade.logins(), 2);

    // when: it is put right at the authority, where nobody here enters anything
    trade.registrar.run(&format!(
        "update sandbox.taxpayers set password = 'not the password' where gstin = '{}'",
        trade.gstin
    ));
    trade.settings().form("#try").submit().is(303);
    trade.again(&document);

    // then
    trade.becomes(&document, "registered");
    assert_eq!(trade.settings().count("#refused"), 0);
    assert_eq!(trade.logins(), 3);
}

#[test]
fn an_authority_that_has_no_time_refuses_nobody() {
    // given: nobody is signed in, and the next login is told to come later
    let trade = trade();
    trade.first();
    run(
        trade.tenant.app,
        &format!(
            "delete from einvoice_sessions where tenant_id = '{}'",
            trade.tenant.id
        ),
    );
    trade
        .registrar
        .mood(&trade.gstin, "failing 3108", "sign_in", 1);

    // when
    let document = trade.issue("LATER");
    until("it waits", || {
        trade.word(&document, "next_try_at is not null") == "true"
    });

    // then: it waits by itself, and the account is as good as before
    assert_eq!(trade.word(&document, "status"), "pending");
    assert_eq!(trade.settings().count("#refused"), 0);
    trade.again(&document);
    trade.becomes(&document, "registered");
}

/// Nobody is signed in, so that the next document needs a login.
fn signed_out(trade: &Trade) {
    run(
        trade.tenant.app,
        &format!(
            "delete from einvoice_sessions where tenant_id = '{}'",
            trade.tenant.id
        ),
    );
}

#[test]
fn a_no_without_a_code_refuses_nobody() {
    // given: something between us and the authority says no, and not why
    let trade = trade();
    trade.first();
    signed_out(&trade);
    trade.registrar.mood(&trade.gstin, "failing ", "sign_in", 1);

    // when
    let document = trade.issue("LATER");
    until("it waits", || {
        trade.word(&document, "next_try_at is not null") == "true"
    });

    // then: it waits by itself, and the account is as good as before
    assert_eq!(trade.word(&document, "status"), "pending");
    assert_eq!(trade.settings().count("#refused"), 0);
    assert_eq!(trade.logins(), 2);
    trade.again(&document);
    trade.becomes(&document, "registered");
    assert_eq!(trade.logins(), 3);
}

#[test]
fn a_code_that_nobody_knows_is_about_the_login_and_stops_one_document() {
    // given
    let trade = trade();
    trade.first();
    signed_out(&trade);
    trade
        .registrar
        .mood(&trade.gstin, "failing 9001", "sign_in", 1);

    // when
    let document = trade.issue("ODD");
    trade.becomes(&document, "failed_fix");

    // then: nobody is told to cancel the document
    assert_eq!(
        trade.word(
            &document,
            "concat_ws(' ', faults->0->>'code', faults->0->>'field', faults->0->>'link')"
        ),
        format!("9001 account /settings/e-invoices/{}", trade.gstin)
    );
    trade
        .get(&format!("/e-invoices/{}", document.url_no))
        .shows(
            "main",
            "The authority refused it: Application error, please try after some time",
        )
        .shows(
            "main",
            "Correct the account at the authority, then send it again.",
        )
        .shows_not("main", "Cancel this document");

    // and the account is as good as before: others go, and this one is ready
    assert_eq!(trade.settings().count("#refused"), 0);
    let other = trade.issue("OTHER");
    trade.becomes(&other, "registered");
    let ready = trade.get("/e-invoices/ready");
    ready.shows("#summary", "1 ready · 0 refused · 0 to be put right");
    ready.form("#send-ready").submit().is(303);
    trade.becomes(&document, "registered");
    assert_eq!(trade.logins(), 3);
}

#[test]
fn an_e_way_bill_and_a_cancelling_say_why_nobody_is_let_in() {
    // given: a registered document, and a password that somebody has mistyped
    let trade = trade();
    let issued = trade.first();
    let right = trade.login().password;
    trade.enter("not the password");
    let page = format!("/e-invoices/{}", issued.url_no);
    let asks = || {
        trade
            .get(&format!("{page}/e-way-bill"))
            .is(200)
            .form("#eway")
            .fill("vehicle", "TN09AB1234")
            .submit()
            .is(303);
    };
    let bill = || {
        trade.ask(&format!(
            "select count(*) || ' ' || min(status) filter (where status <> 'dropped') from eway_bills where document_id = '{}'",
            issued.id
        ))
    };
    let words = "The authority does not know this user and password.";

    // when: asked for, and asked for again
    asks();
    until("the first is refused", || bill() == "1 refused");
    let first = trade.get(&page);
    asks();
    until("the second is refused", || bill() == "2 refused");

    // then: one login, and the place to put it right
    let fix = "Correct the account at the authority, then ask again.";
    first.shows("main", words).shows("main", fix);
    trade
        .get(&page)
        .shows(
            "main",
            &format!("The authority does not let {} in: {words}", trade.gstin),
        )
        .shows("main", fix);
    assert_eq!(trade.logins(), 2);

    // when: it is to be cancelled
    trade.cancel(&issued).is(200);
    until("the wish ended", || {
        trade.word(&issued, "cancel_asked_at is null and faults is not null") == "true"
    });

    // then: the same, and no more logins
    assert_eq!(trade.word(&issued, "faults->0->>'field'"), "account");
    trade.get(&page).shows("main", fix);
    assert_eq!(trade.logins(), 2);
    assert_eq!(trade.attempts(&issued), "generate done");

    // when: put right
    trade.enter(&right);
    asks();

    // then
    until("it is made", || bill() == "3 active");
    assert_eq!(trade.attempts(&issued), "generate done, eway_bill done");
}

#[test]
fn who_waits_for_a_login_comes_again_the_later_the_longer_it_lasts() {
    let cases = [
        (0, 0, 2_000),
        (900, 0, 2_000),
        (3_000, 0, 6_000),
        (3_000, 255, 7_500),
        (15_000, 0, 30_000),
        (59_000, 0, 30_000),
        (59_000, 255, 37_500),
        // A clock that was set back.
        (-5_000, 0, 2_000),
    ];
    for (lasts, chance, wait) in cases {
        assert_eq!(
            wait_for_login(Duration::milliseconds(lasts), chance),
            Duration::milliseconds(wait),
            "{lasts} {chance}"
        );
    }
}
