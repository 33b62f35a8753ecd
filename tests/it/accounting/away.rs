//! The authority is away for a day, or for weeks: nothing is sent twice, and people hear of it before the window closes.

use super::einvoices::{Trade, trade_of};
use crate::support::{own_app_set, run, tenant_in, until};
use chrono::{DateTime, Duration, Utc};
use mandi::accounting::actions::Issued;
use mandi::app::checks;
use mandi::platform::verify;
use std::time::Instant;

/// A company at an application whose clock the test turns.
fn ground(database: &str) -> Trade {
    trade_of(tenant_in(own_app_set(database, &[])))
}

/// It is this moment: whatever is due is worked off, and the watch goes round.
fn now_it_is(trade: &Trade, moment: DateTime<Utc>) {
    let app = trade.tenant.app;
    app.state.db.clock().set(Some(moment));
    run(
        app,
        &format!(
            "insert into jobs (id, kind, title, payload) values ('{}', 'einvoices.watch', 'Watch', 'null')",
            uuid::Uuid::now_v7()
        ),
    );
    // What waits for somebody's login comes again within a minute or so.
    let busy = format!(
        "select count(*) from jobs where kind like 'einvoices.%' and (state = 'running' or state = 'queued' and run_at <= '{}')",
        moment + Duration::minutes(2)
    );
    // Time goes by meanwhile, faster than outside: what was cut off by the leap is taken up again when its lease ends.
    let began = Instant::now();
    until(&format!("{moment}: everything is worked off"), || {
        let later = Duration::milliseconds(10 * began.elapsed().as_millis() as i64);
        app.state.db.clock().set(Some(moment + later));
        run(app, "notify mandi_jobs");
        trade.ask(&busy) == "0"
    });
}

/// How it stands, and what people were told of it.
fn stands(trade: &Trade, issued: &Issued) -> String {
    trade.word(issued, "concat_ws(' ', status, alarm)")
}

fn is_back(trade: &Trade) {
    trade.registrar.run(&format!(
        "delete from sandbox.moods where gstin = '{}'",
        trade.gstin
    ));
}

fn books_are_sound(trade: &Trade) {
    for finding in verify::run(&trade.tenant.app.owner_url, &checks::all()).unwrap() {
        assert_eq!(finding.faults, [], "{}", finding.check.name);
    }
}

#[test]
fn away_for_a_day_and_back_nothing_is_sent_twice() {
    // given: an authority that lets people sign in, and answers nothing else
    let trade = ground("away_a_day");
    let first = trade.issue("FIRST");
    trade.becomes(&first, "registered");
    for operation in ["generate", "find"] {
        trade.registrar.mood(&trade.gstin, "down", operation, 1000);
    }
    let silent = ["LOST", "WAITS"].map(|sku| {
        let issued = trade.issue(sku);
        until("it was looked up in vain", || {
            trade
                .attempts(&issued)
                .starts_with("generate lost, find lost")
        });
        trade.becomes(&issued, "unknown");
        issued
    });
    // and the lists say so, of these and of no other
    let since = "The authority has not answered since ";
    let waits = trade.get("/e-invoices?status=unknown");
    waits.is(200).shows("#list", since).shows("#list", "Again ");
    trade
        .get("/e-invoices?status=registered")
        .shows("#list", &first.number)
        .shows_not("#list", since);
    trade
        .get(&format!("/e-invoices/{}", silent[0].url_no))
        .shows("[aria-labelledby=s-wrong]", since)
        .shows(
            "[aria-labelledby=s-wrong]",
            "Nothing has to be done: it is asked again by itself ",
        );

    // when: 21 looks, 70 minutes apart, for longer than any of its waits
    let begin = Utc::now();
    for step in 1..=21 {
        now_it_is(&trade, begin + Duration::minutes(70 * step));
    }

    // then: looked up again and again, sent once, and people know
    for issued in &silent {
        let tried = trade.attempts(issued);
        assert_eq!(tried.matches("generate").count(), 1, "{tried}");
        assert!(tried.matches("find lost").count() > 10, "{tried}");
        assert_eq!(stands(&trade, issued), "unknown 4");
    }
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 1);

    // when: it is back
    is_back(&trade);
    now_it_is(&trade, begin + Duration::minutes(70 * 22));

    // then: looked up before it was sent again, and each is there once
    for issued in &silent {
        trade.becomes(issued, "registered");
        let tried = trade.attempts(issued);
        assert!(tried.ends_with("find not_found, generate done"), "{tried}");
        assert_eq!(tried.matches("generate").count(), 2, "{tried}");
    }
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 3);
    books_are_sound(&trade);
}

#[test]
fn a_lost_answer_that_is_looked_up_too_late_ends_without_a_person() {
    // given: an authority that registers a document, loses its answer, and answers no look for two days
    let trade = ground("away_two_days");
    let first = trade.issue("FIRST");
    trade.becomes(&first, "registered");
    trade.registrar.mood(&trade.gstin, "losing", "generate", 1);
    trade.registrar.mood(&trade.gstin, "down", "find", 1000);
    let issued = trade.issue("LATE");
    until("it was looked up in vain", || {
        trade
            .attempts(&issued)
            .starts_with("generate lost, find lost")
            && trade.word(&issued, "status") == "unknown"
    });
    let there = trade.registrar.registered(&trade.gstin);
    assert_eq!(there.len(), 2);
    let begin = Utc::now();
    now_it_is(&trade, begin + Duration::hours(49));
    assert_eq!(trade.word(&issued, "status"), "unknown");

    // when: it is back, and tells no more of what is older than 48 hours
    is_back(&trade);
    now_it_is(&trade, begin + Duration::hours(51));

    // then: sent for the answer, which names the registration; there is still one
    trade.becomes(&issued, "registered");
    let tried = trade.attempts(&issued);
    assert!(
        tried.ends_with("find lost, find refused, generate duplicate, fetch done"),
        "{tried}"
    );
    assert_eq!(tried.matches("generate").count(), 2, "{tried}");
    assert_eq!(trade.word(&issued, "ack_no"), there[1].ack_no.to_string());
    assert_eq!(
        trade.word(
            &issued,
            "concat_ws(' ', is_verified::text, (signed_qr is null)::text, why)"
        ),
        "false true It was registered too long ago to be fetched: the signed texts are in the authority's portal."
    );
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 2);
    books_are_sound(&trade);
}

#[test]
fn people_hear_of_it_before_the_window_closes() {
    // given: an authority that is away from the beginning; the document may be reported for thirty days, its own among them
    let trade = ground("away_for_weeks");
    trade.registrar.mood(&trade.gstin, "down", "", 100_000);
    let issued = trade.issue("RICE");
    until("it can't be sent", || {
        trade.word(&issued, "next_try_at is not null or status = 'unknown'") == "true"
    });
    let begin = Utc::now();
    let days = trade.word(&issued, "last_day - document_date");
    assert_eq!(days, "29");

    // when, then: three days, twenty, and the day before the last
    for (day, alarm) in [
        (1, "0"),
        (3, "1"),
        (19, "1"),
        (20, "2"),
        (27, "2"),
        (28, "3"),
    ] {
        now_it_is(&trade, begin + Duration::days(day));
        let stands = stands(&trade, &issued);
        assert!(stands.ends_with(alarm), "day {day}: {stands}");
    }

    // when: it is back on the last day
    is_back(&trade);
    now_it_is(&trade, begin + Duration::days(29));

    // then
    trade.becomes(&issued, "registered");
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 1);
    books_are_sound(&trade);
}

#[test]
fn people_hear_when_the_window_has_closed() {
    // given: an authority that is away for longer than the thirty days; of two documents one waits, the other was left to a person
    let trade = ground("away_too_long");
    trade.registrar.mood(&trade.gstin, "down", "", 100_000);
    let [waits, left] = ["WAITS", "LEFT"].map(|sku| {
        let issued = trade.issue(sku);
        until("it can't be sent", || {
            trade.word(&issued, "next_try_at is not null or status = 'unknown'") == "true"
        });
        issued
    });
    run(
        trade.tenant.app,
        &format!(
            "update einvoices set status = 'failed_fix', faults = '[]', next_try_at = null where id = '{}'",
            left.id
        ),
    );
    let closed = || {
        trade.ask(&format!(
            "select concat_ws(' ', count(*), min(subject)) from mails where kind = 'einvoices-waiting' and recipient = '{}' and text_body like '%is over. Ask your tax adviser%'",
            trade.tenant.owner_email
        ))
    };
    let begin = Utc::now();
    now_it_is(&trade, begin + Duration::days(29));
    for issued in [&waits, &left] {
        assert!(
            stands(&trade, issued).ends_with(" 3"),
            "{}",
            stands(&trade, issued)
        );
    }
    assert_eq!(closed(), "0");

    // when: the day after the last, hour by hour
    for hours in 0..4 {
        now_it_is(&trade, begin + Duration::days(30) + Duration::hours(hours));
    }

    // then: both are told of, each once
    for issued in [&waits, &left] {
        assert_eq!(stands(&trade, issued), "expired_window 5");
        let letters = trade.ask(&format!(
            "select count(*) from mails where kind = 'einvoices-waiting' and recipient = '{}' and text_body like '%is over. Ask your tax adviser%' and text_body like '%{}%'",
            trade.tenant.owner_email, issued.number
        ));
        assert_eq!(letters, "1", "{}", issued.number);
    }
    let told = closed();
    now_it_is(&trade, begin + Duration::days(31));
    assert_eq!(closed(), told);
    assert!(
        told.contains("are not registered at the authority"),
        "{told}"
    );
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 0);
    books_are_sound(&trade);
}
