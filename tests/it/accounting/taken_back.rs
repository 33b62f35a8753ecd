//! Documents taken back, on paper and at the authority: never one that the authority may have, and never one that the books can't follow.

use super::einvoices::{Trade, trade};
use super::notes_screens::{delivered, new_note};
use crate::support::trade as goods;
use crate::support::{own_app_set, run, tenant_in, until};
use chrono::{TimeZone as _, Utc};
use mandi::accounting::actions::{Issued, Issuing, einvoices, issue};
use mandi::kernel::dates::FinancialYear;
use mandi::platform::db::{Clock, Member, Meter};
use serde_json::Value;
use std::sync::Barrier;
use std::time::Duration;

impl Trade {
    /// The page that cancels a bill without the authority.
    fn on_paper(&self, issued: &Issued) -> String {
        format!("/invoices/{}/cancel", issued.url_no)
    }

    /// How it stands in the books, at the authority as we know it, and there.
    fn standing(&self, issued: &Issued) -> (String, String, String) {
        (
            self.document(issued, "status"),
            self.word(issued, "status"),
            self.there(issued),
        )
    }

    fn balance(&self) -> String {
        self.ask(&format!(
            "select balance from customer_accounts where tenant_id = '{}' and id = '{}'",
            self.tenant.id, self.shop.customer
        ))
    }
}

fn standing(books: &str, ours: &str, theirs: &str) -> (String, String, String) {
    (books.to_owned(), ours.to_owned(), theirs.to_owned())
}

#[test]
fn what_an_error_of_the_authority_left_unknown_is_not_cancelled_on_paper() {
    // given: the authority has it, and says that it has an error of its own
    let trade = trade();
    trade
        .registrar
        .mood(&trade.gstin, "failing 5001", "generate", 1);
    let issued = trade.issue("FIVE");
    trade.becomes(&issued, "unknown");
    assert_eq!(trade.attempts(&issued), "generate busy");
    let sent = trade.ask(&format!(
        "select convert_from(request, 'UTF8') from einvoice_attempts where document_id = '{}'",
        issued.id
    ));
    let sent: Value = serde_json::from_str(&sent).unwrap();
    let done = trade.registrar.sign_in(&trade.login()).generate(&sent);
    assert!(done.is_done(), "{}", done.json);

    // when: somebody cancels it on paper
    let paper = trade.on_paper(&issued);
    let words = format!(
        "{} is being registered at the authority. Wait until it is known",
        issued.number
    );
    trade.get(&paper).is(409).shows("main", &words);
    trade.wishes(&paper).is(409).shows("main", &words);

    // when: it is looked up, and somebody tries again meanwhile
    trade.registrar.mood(&trade.gstin, "slow 3000", "find", 1);
    trade.again(&issued);
    until("it is looked up", || {
        trade.attempts(&issued) == "generate busy, find runs"
    });
    trade.wishes(&paper).is(409).shows("main", &words);

    // then: it is registered, once, and stands
    trade.becomes(&issued, "registered");
    assert_eq!(trade.attempts(&issued), "generate busy, find done");
    assert_eq!(
        trade.standing(&issued),
        standing("issued", "registered", "ACT")
    );
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 1);
    assert_eq!(trade.balance(), "1512.00");

    // and at the authority it can be cancelled
    trade.cancel(&issued).is(200);
    until("the books follow", || {
        trade.document(&issued, "status") == "cancelled"
    });
    assert_eq!(trade.balance(), "0.00");
    trade.is_clean();
}

#[test]
fn what_the_authority_had_no_time_for_is_known_again_after_a_look() {
    // given: it does not have it, and says that it has an error of its own
    let trade = trade();
    trade
        .registrar
        .mood(&trade.gstin, "failing 5001", "generate", 1);
    let issued = trade.issue("BUSY");
    trade.becomes(&issued, "unknown");
    let paper = trade.on_paper(&issued);
    trade.get(&paper).is(409);

    // when
    trade.again(&issued);

    // then: a look says that it is not there, and it waits instead of being sent at once
    trade.becomes(&issued, "failed_wait");
    assert_eq!(trade.attempts(&issued), "generate busy, find not_found");
    assert_eq!(
        trade.word(
            &issued,
            "concat_ws(' ', unknown_since is null, next_try_at > now(), faults->0->>'code')"
        ),
        "t t 5001"
    );
    assert_eq!(trade.sent(), 1);
    trade.get(&paper).is(200);

    // when
    trade.again(&issued);

    // then
    trade.becomes(&issued, "registered");
    assert_eq!(
        trade.attempts(&issued),
        "generate busy, find not_found, generate done"
    );
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 1);
    trade.is_clean();
}

#[test]
fn a_look_that_is_refused_leaves_the_fate_unknown() {
    // given: nobody heard the answer, and the look for it is refused
    let trade = trade();
    trade.registrar.mood(&trade.gstin, "losing", "generate", 1);
    trade
        .registrar
        .mood(&trade.gstin, "failing 3095", "find", 1);

    // when
    let issued = trade.issue("CLOSED");
    until("the look was refused", || {
        trade.attempts(&issued) == "generate lost, find refused"
    });

    // then: it may be there, so it stays until somebody knows
    trade.becomes(&issued, "unknown");
    assert_eq!(trade.word(&issued, "faults->0->>'code'"), "3095");
    trade.wishes(&trade.on_paper(&issued)).is(409);
    assert_eq!(trade.document(&issued, "status"), "issued");

    // when
    trade.again(&issued);

    // then
    trade.becomes(&issued, "registered");
    assert_eq!(
        trade.attempts(&issued),
        "generate lost, find refused, find done"
    );
    trade.is_clean();
}

#[test]
fn while_a_call_is_made_nothing_is_cancelled_on_paper() {
    // given: a buyer that the authority does not know any more, and a look at the common portal that takes its time
    let trade = trade();
    trade.registrar.run(&format!(
        "update sandbox.taxpayers set status = 'CNL' where gstin = '{}'",
        trade.buyer
    ));
    trade
        .registrar
        .mood(&trade.gstin, "slow 3000", "taxpayer", 1);
    let issued = trade.issue("STRANGER");
    until("it is looked at", || {
        trade.attempts(&issued) == "generate refused, sync runs"
    });
    assert_eq!(trade.word(&issued, "status"), "failed_wait");

    // when
    let paper = trade.on_paper(&issued);
    let meanwhile = trade.wishes(&paper);

    // then
    let words = format!(
        "The authority is being asked about {} at this moment. Try again in a minute.",
        issued.number
    );
    meanwhile.is(409).shows("main", &words);
    assert_eq!(trade.document(&issued, "status"), "issued");
    trade.becomes(&issued, "failed_fix");
    assert_eq!(
        trade.attempts(&issued),
        "generate refused, sync done, generate refused"
    );

    // when: it is known that the authority does not have it
    trade.wishes(&paper).is(303);

    // then
    assert_eq!(
        trade.standing(&issued),
        standing("cancelled", "not_required", "")
    );
    assert_eq!(trade.balance(), "0.00");
    trade.is_clean();
}

#[test]
fn a_document_is_registered_or_cancelled_and_never_both() {
    // given: documents that wait for somebody to send them
    const RACES: u64 = 8;
    let trade = trade();
    trade.first();
    trade.switch_account(false);
    let documents: Vec<Issued> = (0..RACES)
        .map(|nth| trade.issue(&format!("RACE-{nth}")))
        .collect();
    for document in &documents {
        trade.becomes(document, "failed_fix");
    }
    trade.switch_account(true);

    // when: one sends each, and another cancels it on paper a little later, and later
    for (document, nth) in documents.iter().zip(0..) {
        let start = Barrier::new(2);
        let send = format!("/e-invoices/{}/send", document.url_no);
        let (sent, cancelled) = std::thread::scope(|threads| {
            let sends = threads.spawn(|| {
                start.wait();
                trade.wishes(&send).status
            });
            start.wait();
            std::thread::sleep(Duration::from_millis(nth * 12));
            let cancelled = trade.wishes(&trade.on_paper(document)).status;
            (sends.join().unwrap(), cancelled)
        });
        assert!([303, 409].contains(&sent), "{sent}");
        assert!([303, 409].contains(&cancelled), "{cancelled}");

        // then
        let ends = [
            standing("cancelled", "not_required", ""),
            standing("issued", "registered", "ACT"),
        ];
        until("it is one or the other", || {
            ends.contains(&trade.standing(document))
        });
        let is_cancelled = trade.document(document, "status") == "cancelled";
        assert_eq!(cancelled == 303, is_cancelled);
    }
    until("nobody works at any", || {
        trade.ask(&format!(
            "select count(*) from einvoice_attempts where tenant_id = '{}' and finished_at is null",
            trade.tenant.id
        )) == "0"
    });
    trade.is_clean();
}

#[test]
fn a_note_keeps_its_bill_from_being_cancelled_at_the_authority() {
    // given: a rupee more on each of twelve, ₹12.60 with tax
    let trade = trade();
    let issued = trade.first();
    let path = format!("/e-invoices/{}/cancel", issued.url_no);
    trade.get(&path).is(200);
    let note = goods::a_note(&trade.tenant, &issued, false);
    trade.becomes(&note, "registered");
    assert_eq!(trade.balance(), "1525.00");

    // when, then: neither asked nor done
    let words = format!("A note corrects {}. Cancel that note first.", issued.number);
    trade.get(&path).is(409).shows("main", &words);
    trade.wishes(&path).is(409).shows("main", &words);
    assert_eq!(trade.word(&issued, "cancel_asked_at"), "");
    assert_eq!(trade.attempts(&issued), "generate done");

    // when: the note first
    for document in [&note, &issued] {
        trade.cancel(document).is(200);
        until("the books follow", || {
            trade.document(document, "status") == "cancelled"
        });
        assert_eq!(trade.there(document), "CNL");
    }

    // then
    assert_eq!(trade.balance(), "0.00");
    trade.is_clean();
}

#[test]
fn a_credit_note_is_not_cancelled_at_the_authority() {
    // given: goods that were paid, and came back with their credit
    let trade = trade();
    let bill = trade.first();
    trade.pays("1512").is(200);
    delivered(&trade.tenant, &bill);
    let page = trade
        .tenant
        .owner
        .open(&new_note(&trade.tenant, "credit-notes", &bill));
    page.form("#note")
        .fill("goods", "on")
        .fill("reason", "return")
        .fill("words", "Wet bags")
        .press("op", "issue")
        .submit()
        .is(303);
    let word = |what: &str| {
        trade.ask(&format!(
            "select {what} from documents where tenant_id = '{}' and kind = 'credit_note'",
            trade.tenant.id
        ))
    };
    let note = Issued {
        id: word("id").parse().unwrap(),
        number: word("number"),
        url_no: word("url_no"),
        ..bill.clone()
    };
    trade.becomes(&note, "registered");
    assert_eq!(trade.balance(), "-1512.00");

    // when, then: it is not offered, and not done
    let page = |issued: &Issued| trade.get(&format!("/e-invoices/{}", issued.url_no));
    page(&note)
        .is(200)
        .shows_not("main", "Cancel at the authority");
    // Neither of the bill, which the note corrects; of another one it is.
    page(&bill)
        .is(200)
        .shows_not("main", "Cancel at the authority");
    let other = trade.issue("OTHER");
    trade.becomes(&other, "registered");
    page(&other)
        .is(200)
        .shows("main", "Cancel at the authority");
    let path = format!("/e-invoices/{}/cancel", note.url_no);
    let words = format!(
        "{} is a credit note, and those are not cancelled.",
        note.number
    );
    trade.get(&path).is(409).shows("main", &words);
    trade.wishes(&path).is(409).shows("main", &words);
    assert_eq!(trade.attempts(&note), "generate done");
    trade.is_clean();

    // given: a wish of an older version
    run(
        trade.tenant.app,
        &format!(
            "update einvoices set cancel_asked_at = now(), cancel_code = 2, cancel_remark = 'Wrong', cancel_by_name = 'Asha Owner' where id = '{}'",
            note.id
        ),
    );
    let member = Member::system(trade.tenant.id, "test");
    let db = &trade.tenant.app.state.db;
    db.write(&member, &Meter::default(), |scope| {
        einvoices::cancel_later(scope, note.id)
    })
    .unwrap();

    // then: the authority has cancelled it, and why the books can't follow is kept in words for a person
    trade.becomes(&note, "cancelled");
    until("it is kept why", || {
        trade.word(&note, "faults->0->>'field'") == "cancel"
    });
    page(&note).is(200).shows(
        "main",
        "Its goods are in stock again, so it can't be taken back.",
    );
    assert_eq!(
        trade.standing(&note),
        standing("issued", "cancelled", "CNL")
    );
    until("the job has ended", || {
        trade.ask(&format!(
            "select string_agg(state, ' ') from jobs where tenant_id = '{}' and kind = 'einvoices.cancel'",
            trade.tenant.id
        )) == "done"
    });
}

#[test]
fn what_is_being_cancelled_is_not_written_off() {
    // given: an authority that takes its time
    let trade = trade();
    let issued = trade.first();
    trade.registrar.mood(&trade.gstin, "slow 4000", "cancel", 1);
    let question = |issued: &Issued| {
        trade
            .get(&format!("/receivables/{}/write-off", issued.id))
            .is(200)
            .form("#confirm")
            .fill("amount", "10")
            .fill("reason", "Shop closed")
    };
    let asked = question(&issued);

    // when
    trade.cancel(&issued).is(200);
    let meanwhile = asked.submit();

    // then: it is not given up, and the books follow
    let words = format!(
        "The authority is asked to cancel {}: wait for its answer.",
        issued.number
    );
    meanwhile.is(409).shows("main", &words);
    assert_eq!(trade.balance(), "1512.00");
    until("the books follow", || {
        trade.document(&issued, "status") == "cancelled"
    });
    assert_eq!(trade.balance(), "0.00");

    // and of another it is
    let second = trade.issue("SECOND");
    trade.becomes(&second, "registered");
    question(&second).submit().is(303);
    assert_eq!(trade.balance(), "1502.00");
    let path = format!("/e-invoices/{}/cancel", second.url_no);
    let words = format!("₹10.00 of {} is paid or credited.", second.number);
    trade.get(&path).is(409).shows("main", &words);
    trade.wishes(&path).is(409).shows("main", &words);
    trade.is_clean();
}

#[test]
fn a_number_of_two_years_names_two_documents() {
    // given: numbers without the year in them, and a document of each of two years
    let app = own_app_set("einvoices_of_two_years", &[]);
    let trade = super::einvoices::trade_of(tenant_in(app));
    run(
        app,
        &format!(
            "insert into document_series (tenant_id, id, registration_id, kind, template)
               select tenant_id, gen_random_uuid(), id, 'invoice', 'BILL-{{SEQ:4}}' from gst_registrations where tenant_id = '{}'",
            trade.tenant.id
        ),
    );
    let first = trade.first();
    let this = FinancialYear::of(mandi::kernel::dates::today(app.state.db.clock().now()));
    let clock = Clock::default();
    let april = Utc.with_ymd_and_hms(this.first_year() + 1, 4, 10, 6, 0, 0);
    clock.set(Some(april.unwrap()));
    let later = app.state.db.with_clock(clock);
    let soap = goods::goods(&trade.tenant, "SOAP", "60", "100");
    run(
        app,
        "update products set hsn = '100630', unit = 'KGS' where sku = 'SOAP'",
    );
    let order = goods::confirmed(&trade.tenant, &trade.shop, &[(soap, "12")]);
    let issuing = Issuing {
        shipment: goods::packed(&trade.tenant, &order),
        ..Issuing::default()
    };
    let member = Member::system(trade.tenant.id, "test");
    let second = later
        .write(&member, &Meter::default(), |scope| {
            issue(scope, "Asha Owner", &issuing)
        })
        .unwrap()
        .unwrap();
    assert_eq!(
        (first.number.as_str(), second.number.as_str()),
        ("BILL-0001", "BILL-0001")
    );
    let years = [this.code(), this.next().code()];
    let address = |year: &str| format!("/e-invoices/BILL-0001?year={year}");

    // when, then: each has its own page, and the list leads to both; without a year it is the newest
    trade
        .get(&address(&years[0]))
        .is(200)
        .shows("main", "₹1,512.00")
        .shows(".pill", "Registered");
    for path in [address(&years[1]), "/e-invoices/BILL-0001".to_owned()] {
        trade
            .get(&path)
            .is(200)
            .shows("main", "₹756.00")
            .shows_not("main", "Cancel at the authority");
    }
    trade.get(&address("2001-02")).is(404);
    let links = trade
        .get("/e-invoices")
        .attributes("#list tbody th a", "href");
    for year in &years {
        let link = trade.path(&address(year));
        assert!(links.contains(&link), "{link} in {links:?}");
    }

    // when: the older one is cancelled from its page
    let question = trade
        .get(&address(&years[0]))
        .click("Cancel at the authority");
    question.is(200);
    question
        .form("#confirm")
        .fill("code", "2")
        .fill("reason", "Wrong rate")
        .submit()
        .follow()
        .is(200)
        .shows("main", "₹1,512.00");

    // then: that one, and no other
    until("the books follow", || {
        trade.document(&first, "status") == "cancelled"
    });
    assert_eq!(trade.document(&second, "status"), "issued");
    // Its day has not come at the authority, which refuses it, if it was asked already.
    let standing = trade.word(&second, "status");
    assert!(
        ["pending", "in_flight", "failed_fix"].contains(&standing.as_str()),
        "{standing}"
    );

    // when: the newer one is sent from its page, and the older one can't be
    let send = |year: &str| {
        let path = format!("/e-invoices/BILL-0001/send?year={year}");
        trade.wishes(&path)
    };
    send(&years[0])
        .is(409)
        .shows("main", "need not be sent: Cancelled at the authority.");
    send(&years[1]).is(303);
}
