//! Many documents at once: how many are looked through, sent and queued.

use super::einvoices::{Trade, trade, trade_in};
use crate::support::{own_app_set, run, until};
use mandi::accounting::actions::Issued;
use mandi::accounting::actions::einvoices::{judge_after, judge_some};
use mandi::accounting::outside::Environment;
use mandi::platform::db::{Member, Meter};
use uuid::Uuid;

/// Makes more documents of one, numbered X1, X2 and so on. From then on this application's triggers of documents are off.
pub(super) fn more_of(trade: &Trade, document: &Issued, count: usize) {
    let copy = |table: &str, which: &str, other: &str| {
        format!(
            "select string_agg(quote_ident(column_name), ', ') into names from information_schema.columns
               where table_schema = 'public' and table_name = '{table}' and is_generated = 'NEVER';
             execute 'insert into {table} (' || names || ') select ' || names || ' from (select (jsonb_populate_record(d, jsonb_build_object({other}))).*
               from {table} d cross join n where d.{which} = ''{}'') copies';",
            document.id
        )
    };
    run(
        trade.tenant.app,
        &format!(
            "alter table documents disable trigger user; alter table document_lines disable trigger user; alter table einvoices disable trigger user;
             create temp table n as select g as n, gen_random_uuid() as id from generate_series(1, {count}) g;
             do $$ declare names text; begin {} {} {} end $$;",
            copy(
                "documents",
                "id",
                "''id'', n.id, ''number'', ''X'' || n.n, ''url_no'', ''X'' || n.n, ''sequence'', 1000 + n.n, ''shipment_id'', null, ''order_id'', null"
            ),
            copy(
                "document_lines",
                "document_id",
                "''id'', gen_random_uuid(), ''document_id'', n.id, ''shipment_line_id'', null, ''order_line_id'', null"
            ),
            copy("einvoices", "id", "''id'', n.id"),
        ),
    );
}

fn jobs(trade: &Trade, which: &str) -> String {
    trade.ask(&format!(
        "select count(*) from jobs where tenant_id = '{}' and kind = 'einvoices.send' and {which}",
        trade.tenant.id
    ))
}

#[test]
fn pressing_send_again_and_again_queues_each_document_once() {
    // given: an authority that lets nobody in, and five documents that are put off
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
        .mood(&trade.gstin, "down", "sign_in", 100_000);
    let documents: [Issued; 5] = std::array::from_fn(|nth| trade.issue(&format!("MANY-{nth}")));
    let put_off = || {
        until("all are put off", || {
            jobs(&trade, "state = 'queued' and run_at > now()") == "5"
                && jobs(&trade, "state in ('queued', 'running')") == "5"
        });
    };
    put_off();

    // when
    for _ in 0..10 {
        trade
            .get("/e-invoices/ready")
            .form("#send-ready")
            .submit()
            .follow()
            .shows(".toast", "5 documents are on their way to the authority.");
    }
    trade.again(&documents[0]);
    trade.again(&documents[0]);

    // then: one job for each, which tried again at once and is put off anew
    put_off();

    // when: the authority is back, and somebody presses once more, before they would go by themselves
    trade.registrar.mood(&trade.gstin, "well", "sign_in", 1);
    trade
        .get("/e-invoices/ready")
        .form("#send-ready")
        .submit()
        .is(303);

    // then
    for document in &documents {
        trade.becomes(document, "registered");
    }
    assert_eq!(trade.sent(), 6);
    until("nothing is queued", || {
        jobs(&trade, "state in ('queued', 'running')") == "0"
    });
}

#[test]
fn documents_are_looked_through_up_to_a_number_of_lines() {
    // given: five documents of a line each, which wait
    let trade = trade_in(own_app_set("einvoices_lines", &[]));
    trade.first();
    trade.switch_account(false);
    let one = trade.issue("ONE");
    trade.becomes(&one, "failed_fix");
    trade.switch_account(true);
    more_of(&trade, &one, 4);

    // when, then: as many documents, and as many lines; one at least
    for (most, found) in [
        ((2_000, 20_000), (5, false)),
        ((5, 5), (5, false)),
        ((4, 20_000), (4, true)),
        ((2_000, 4), (4, true)),
        ((2_000, 1), (1, true)),
        ((2_000, 0), (1, true)),
    ] {
        let member = Member::system(trade.tenant.id, "test");
        let db = &trade.tenant.app.state.db;
        let (judged, has_more) = db
            .read(&member, &Meter::default(), |scope| {
                judge_some(scope, Some(Environment::Sandbox), most)
            })
            .unwrap();
        assert_eq!((judged.len(), has_more), found, "{most:?}");
    }

    // when, then: in pages of two each comes once, though all are of one day
    let mut seen = Vec::new();
    let mut after = (chrono::NaiveDate::default(), Uuid::nil());
    loop {
        let member = Member::system(trade.tenant.id, "test");
        let db = &trade.tenant.app.state.db;
        let (judged, has_more) = db
            .read(&member, &Meter::default(), |scope| {
                judge_after(scope, Some(Environment::Sandbox), (2, 20_000), after)
            })
            .unwrap();
        assert!((1..=2).contains(&judged.len()));
        let last = judged.last().unwrap();
        after = (last.row.document_date, last.row.id.uuid());
        seen.extend(judged.into_iter().map(|one| one.document.number));
        if !has_more {
            break;
        }
    }
    seen.sort();
    let mut all = vec![one.number.clone()];
    all.extend((1..=4).map(|n| format!("X{n}")));
    all.sort();
    assert_eq!(seen, all);

    // when: the third of them has as many lines as make 20,000, and one more
    let lines = |count: u32| {
        run(
            trade.tenant.app,
            &format!(
                "update documents set item_count = {count} where id = (select id from einvoices where tenant_id = '{}' and status = 'failed_fix' order by document_date, id offset 2 limit 1)",
                trade.tenant.id
            ),
        );
    };
    lines(19_998);
    let page = trade.get("/e-invoices/ready");

    // then: the page stops after it, or before it
    page.is(200)
        .shows("#summary", "3 ready · 0 refused · 0 to be put right")
        .shows(".notice", "These are the oldest 3.");
    lines(19_999);
    trade
        .get("/e-invoices/ready")
        .shows("#summary", "2 ready · 0 refused · 0 to be put right")
        .shows(".notice", "These are the oldest 2.");
    lines(1);
    let page = trade.get("/e-invoices/ready");
    page.shows("#summary", "5 ready · 0 refused · 0 to be put right");
    assert_eq!(page.count(".notice.warn"), 0);
}

#[test]
fn more_than_a_page_can_change_are_refused_and_a_page_of_the_skipped_stays_ticked() {
    // given: 601 documents that are ready
    let trade = trade_in(own_app_set("einvoices_bulk", &[]));
    trade.first();
    trade.switch_account(false);
    let one = trade.issue("ONE");
    trade.becomes(&one, "failed_fix");
    trade.switch_account(true);
    more_of(&trade, &one, 600);
    let page = trade.get("/e-invoices/ready");
    page.shows("#summary", "601 ready · 0 refused · 0 to be put right");
    let ids = page.attributes("#bulk tbody .check", "value");
    assert_eq!(ids.len(), 25);
    let send = |query: &str| {
        let key = Uuid::new_v4().to_string();
        let mut fields = vec![
            ("_key", key.as_str()),
            ("action", "send"),
            ("all", "1"),
            ("shown", "25"),
            ("query", query),
        ];
        fields.extend(ids.iter().map(|id| ("id", id.as_str())));
        trade
            .tenant
            .owner
            .post(&trade.path("/e-invoices/send"), &fields)
    };

    // when: all that match
    let refused = send("");

    // then: as everywhere, and nothing happens
    refused.is(409).shows(
        "main",
        "At most 500 rows can be changed at once. Narrow the list by a filter first.",
    );
    let failed = "select count(*) from einvoices where status = 'failed_fix'";
    assert_eq!(trade.ask(failed), "601");
    assert_eq!(jobs(&trade, "state in ('queued', 'running')"), "0");

    // when: all of forty that have something wrong
    run(
        trade.tenant.app,
        "update document_lines set hsn = '1006' where document_id in (select id from documents where number in (select 'X' || n from generate_series(1, 40) n))",
    );
    let skipped = send("state=faulty");

    // then: none is sent, and the address stays short
    skipped.is(303);
    let to = skipped.header("location").to_owned();
    assert_eq!(to.matches("ticked=").count(), 25, "{to}");
    assert!(to.len() < 2_000, "{to}");
    let page = skipped.follow();
    page.is(200).shows(
        ".toast",
        "0 documents are on their way to the authority. 40 skipped:",
    );
    assert_eq!(trade.ask(failed), "601");

    // when: everything that is ready, which is one press of its own; the authority does not answer
    trade.registrar.mood(&trade.gstin, "down", "", 100_000);
    let page = page.form("#send-ready").submit().follow();

    // then
    page.is(200)
        .shows(".toast", "561 documents are on their way to the authority.");
    assert_eq!(trade.ask(failed), "40");
    run(
        trade.tenant.app,
        "update jobs set run_at = now() + interval '1 day' where kind = 'einvoices.send' and state = 'queued'",
    );
}
