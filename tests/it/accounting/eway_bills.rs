//! E-way bills made from a registration: over HTTP, by the sandbox registrar.

use super::einvoices::{Trade, trade};
use crate::support::trade::{fleet, wholly_sound};
use crate::support::{Page, ask, run, tenant, until};
use mandi::accounting::actions::Issued;
use mandi::accounting::rules::einvoice::Outcome;
use mandi::accounting::rules::eway_bill::{After, Call, Past, after, call, is_clear};
use mandi::kernel::dates;
use mandi::platform::permissions::Role;
use serde_json::json;
use std::sync::Barrier;

/// A document that is registered.
pub fn registered(trade: &Trade, sku: &str) -> Issued {
    let issued = trade.issue(sku);
    trade.becomes(&issued, "registered");
    issued
}

pub fn asks(trade: &Trade, issued: &Issued, vehicle: &str, distance: &str) -> Page {
    let path = format!("/e-invoices/{}/e-way-bill", issued.url_no);
    trade
        .tenant
        .owner
        .get(&trade.tenant.path(&path))
        .is(200)
        .form("#eway")
        .fill("vehicle", vehicle)
        .fill("distance", distance)
        .submit()
        .follow()
}

pub fn bill(trade: &Trade, issued: &Issued, what: &str) -> String {
    ask(
        trade.tenant.app,
        &format!(
            "select coalesce((select ({what})::text from eway_bills where tenant_id = '{}' and document_id = '{}' order by id desc limit 1), '') as value",
            trade.tenant.id, issued.id
        ),
    )
}

#[track_caller]
pub fn becomes(trade: &Trade, issued: &Issued, status: &str) {
    until(&format!("the bill is {status}"), || {
        bill(trade, issued, "status") == status
    });
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one bill from the registration until another takes its place"
)]
fn a_bill_is_made_from_the_registration_and_stands_in_the_way_of_cancelling() {
    // given
    let trade = trade();
    let issued = registered(&trade, "ROAD");
    let page = trade.get(&format!("/e-invoices/{}", issued.url_no));
    page.shows("main", "Cancel at the authority");
    assert_eq!(page.count("#no-cancel"), 0);

    // when: a plate that is none
    let page = asks(&trade, &issued, "?", "far");

    // then: said beside the fields, and nothing is lost
    page.is(422)
        .shows("main", "Type the number plate as it is registered")
        .shows("main", "A distance is between 0 and 4,000 km.");
    assert_eq!(page.attribute("#distance", "value").as_deref(), Some("far"));
    assert_eq!(bill(&trade, &issued, "status"), "");

    // when
    asks(&trade, &issued, "tn 09 ab 1234", "120").is(200);

    // then
    becomes(&trade, &issued, "active");
    let there = trade.registrar.registered(&trade.gstin);
    assert_eq!(Some(bill(&trade, &issued, "number")), there[0].ewb_no);
    assert_eq!(bill(&trade, &issued, "vehicle_no"), "TN09AB1234");
    let sent = trade.ask(&format!(
        "select convert_from(request, 'UTF8') from einvoice_attempts where document_id = '{}' and operation = 'eway_bill'",
        issued.id
    ));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&sent).unwrap(),
        json!({"Irn": there[0].irn, "Distance": 120, "TransMode": "1", "VehNo": "TN09AB1234", "VehType": "R"})
    );
    // 120 km are one day: until the end of tomorrow, in India.
    assert_eq!(
        bill(
            &trade,
            &issued,
            "valid_until = ((made_at at time zone 'Asia/Kolkata')::date + 1 + time '23:59') at time zone 'Asia/Kolkata'"
        ),
        "true"
    );
    let show = trade.tenant.path(&format!("/e-invoices/{}", issued.url_no));
    trade
        .tenant
        .owner
        .get(&show)
        .shows("main", &bill(&trade, &issued, "number"))
        .shows("main", "Valid until")
        .shows("main", "Can be cancelled until");
    // Until when the document can be cancelled still stands there, and what has to go first, on both of its pages.
    let first = format!(
        "{} has the e-way bill {}. Cancel that first.",
        issued.number,
        bill(&trade, &issued, "number")
    );
    trade
        .get(&format!("/e-invoices/{}", issued.url_no))
        .shows("[aria-labelledby=s-state]", "Can be cancelled until")
        .shows("#no-cancel", &first)
        .shows_not("main", "Cancel at the authority");
    trade
        .get(&format!("/invoices/{}", issued.url_no))
        .shows("#no-cancel", &first)
        .shows_not("#no-cancel", "Within 24 hours");
    trade
        .tenant
        .owner
        .get(&format!("{show}/cancel"))
        .is(409)
        .shows("main", "Cancel that first.");
    trade
        .tenant
        .owner
        .get(&format!("{show}/e-way-bill"))
        .is(409);

    // when: it is cancelled, the answer is lost
    trade.registrar.mood(&trade.gstin, "losing", "eway_bill", 1);
    let id = bill(&trade, &issued, "id");
    trade
        .tenant
        .owner
        .get(&trade.tenant.path(&format!("/e-way-bills/{id}/cancel")))
        .is(200)
        .form("#confirm")
        .fill("reason", "Another vehicle")
        .submit()
        .follow()
        .is(200);

    // then: looked up, and not asked again
    becomes(&trade, &issued, "cancelled");
    assert_eq!(
        trade.attempts(&issued),
        "generate done, eway_bill done, cancel_eway_bill lost, find_eway_bill done"
    );
    assert_eq!(
        trade.registrar.registered(&trade.gstin)[0]
            .ewb_status
            .as_deref(),
        Some("CNL")
    );
    let sent = trade.ask(&format!(
        "select convert_from(request, 'UTF8') from einvoice_attempts where document_id = '{}' and operation = 'cancel_eway_bill'",
        issued.id
    ));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&sent).unwrap(),
        json!({"ewbNo": bill(&trade, &issued, "number").parse::<u64>().unwrap(), "cancelRsnCode": 3, "cancelRmrk": "Another vehicle"})
    );
    trade.tenant.owner.get(&format!("{show}/cancel")).is(200);

    // when: another one is made
    asks(&trade, &issued, "TN09AB9999", "120").is(200);

    // then: the cancelled one is not taken for it
    becomes(&trade, &issued, "active");
    assert_eq!(
        trade.ask(&format!(
            "select string_agg(status, ', ' order by id) from eway_bills where document_id = '{}'",
            issued.id
        )),
        "cancelled, active"
    );

    // and the list finds both by the document, each naming it, and one by its own number
    let found = |words: &str| {
        let path = trade.tenant.path(&format!("/e-way-bills?q={words}"));
        let page = trade.tenant.owner.get(&path);
        (
            page.is(200).count("tbody tr"),
            page.attributes("tbody .go", "href"),
        )
    };
    let to = trade.ask(&format!(
        "select '?year=' || year from documents where id = '{}'",
        issued.id
    ));
    let to = format!("{show}{to}");
    assert_eq!(found(&issued.url_no), (2, vec![to.clone(), to.clone()]));
    let number = bill(&trade, &issued, "number");
    assert_eq!(found(&number), (1, vec![to.clone()]));
    assert_eq!(found(&format!("{number}&status=active")), (1, vec![to]));
    assert_eq!(found(&format!("{number}&status=cancelled")), (0, vec![]));
    wholly_sound(&trade.tenant);
}

/// Whoever works at a bill has put it off, and now its time has come.
#[track_caller]
fn its_time_has_come(trade: &Trade, issued: &Issued) {
    until("it is put off", || {
        trade.ask(&format!(
            "select count(*) filter (where state = 'queued') || ' ' || count(*) from jobs where tenant_id = '{}' and kind = 'eway_bills.work' and state in ('queued', 'running')",
            trade.tenant.id
        )) == "1 1"
    });
    run(
        trade.tenant.app,
        &format!(
            "update eway_bills set next_try_at = null where document_id = '{}';
             update jobs set run_at = now() where tenant_id = '{}' and kind = 'eway_bills.work' and state = 'queued';
             notify mandi_jobs",
            issued.id, trade.tenant.id
        ),
    );
}

#[test]
fn a_look_that_is_refused_leaves_the_fate_of_a_bill_unknown() {
    // given: the portal makes it and nobody hears of it, then it refuses the look for it
    let trade = trade();
    let issued = registered(&trade, "LOOK");
    trade.registrar.mood(&trade.gstin, "losing", "eway_bill", 1);
    trade.registrar.mood(&trade.gstin, "failing 3095", "", 1);

    // when
    asks(&trade, &issued, "TN09AB1234", "120").is(200);
    until("the look was refused", || {
        trade.attempts(&issued) == "generate done, eway_bill lost, find_eway_bill refused"
    });

    // then: it may be there, so nobody asks for another one
    becomes(&trade, &issued, "unknown");
    assert_eq!(bill(&trade, &issued, "faults->0->>'code'"), "3095");
    let form = format!("/e-invoices/{}/e-way-bill", issued.url_no);
    trade
        .tenant
        .owner
        .get(&trade.tenant.path(&form))
        .is(409)
        .shows("main", "has an e-way bill: Being looked up.");

    // when: the portal answers again
    its_time_has_come(&trade, &issued);

    // then: found, and with the vehicle that it was asked for with
    becomes(&trade, &issued, "active");
    assert_eq!(
        trade.attempts(&issued),
        "generate done, eway_bill lost, find_eway_bill refused, find_eway_bill done"
    );
    assert_eq!(bill(&trade, &issued, "vehicle_no"), "TN09AB1234");

    // given: the same of its cancelling
    trade.registrar.mood(&trade.gstin, "losing", "eway_bill", 1);
    trade.registrar.mood(&trade.gstin, "failing 3095", "", 1);
    let id = bill(&trade, &issued, "id");

    // when
    trade
        .tenant
        .owner
        .get(&trade.tenant.path(&format!("/e-way-bills/{id}/cancel")))
        .form("#confirm")
        .fill("reason", "Another vehicle")
        .submit()
        .is(303);
    until("the look was refused", || {
        trade
            .attempts(&issued)
            .ends_with("cancel_eway_bill lost, find_eway_bill refused")
    });

    // then: the wish stays
    its_time_has_come(&trade, &issued);
    becomes(&trade, &issued, "cancelled");
    assert!(
        trade
            .attempts(&issued)
            .ends_with("cancel_eway_bill lost, find_eway_bill refused, find_eway_bill done"),
        "{}",
        trade.attempts(&issued)
    );
    wholly_sound(&trade.tenant);
}

#[test]
fn one_that_the_portal_has_no_time_for_three_times_is_left_to_a_person() {
    // given: a bill that it had no time for; two tries before that were written by a process whose clock was a day behind
    let trade = trade();
    let issued = registered(&trade, "BUSY");
    trade
        .registrar
        .mood(&trade.gstin, "failing 5002", "eway_bill", 1);
    asks(&trade, &issued, "TN09AB1234", "120").is(200);
    until("it had no time", || {
        trade.attempts(&issued) == "generate done, eway_bill busy"
    });
    run(
        trade.tenant.app,
        &format!(
            "insert into einvoice_attempts (tenant_id, id, document_id, eway_bill_id, operation, environment, started_at, finished_at, outcome)
               select b.tenant_id, ('01900000-0000-7000-8000-00000000000' || n)::uuid, b.document_id, b.id,
                      case n % 2 when 1 then 'eway_bill' else 'find_eway_bill' end, 'sandbox',
                      now() - interval '1 day', now() - interval '1 day', case n % 2 when 1 then 'busy' else 'not_found' end
                 from eway_bills b, generate_series(1, 4) n where b.document_id = '{}'",
            issued.id
        ),
    );

    // when: it is looked for, and is not there
    its_time_has_come(&trade, &issued);

    // then: nobody repeats it by itself, and the portal's words stand there
    becomes(&trade, &issued, "refused");
    let calls = "eway_bill busy, find_eway_bill not_found";
    assert_eq!(
        trade.attempts(&issued),
        format!("{calls}, {calls}, generate done, {calls}")
    );
    assert_eq!(bill(&trade, &issued, "faults->0->>'code'"), "5002");
    trade
        .tenant
        .owner
        .get(&trade.tenant.path(&format!("/e-invoices/{}", issued.url_no)))
        .shows(
            "main",
            "The authority refused it: Application error: the JSON does not match the schema",
        )
        .shows("main", "Put it right, then ask again.");
    assert_eq!(trade.registrar.registered(&trade.gstin)[0].ewb_no, None);

    // when: a person asks again
    asks(&trade, &issued, "TN09AB1234", "121").is(200);

    // then: calls of the one before are none of this one's
    becomes(&trade, &issued, "active");
    assert_eq!(
        trade.attempts(&issued),
        format!("{calls}, {calls}, generate done, {calls}, eway_bill done")
    );
    wholly_sound(&trade.tenant);
}

#[test]
fn a_transport_document_has_a_number_as_the_portal_takes_it() {
    // given
    let trade = trade();
    let issued = registered(&trade, "RAIL");
    let today = dates::today(trade.tenant.app.state.db.clock().now());
    let sends = |number: &str| {
        let path = format!("/e-invoices/{}/e-way-bill", issued.url_no);
        trade
            .tenant
            .owner
            .get(&trade.tenant.path(&path))
            .form("#eway")
            .fill("mode", "2")
            .fill("distance", "120")
            .fill("paper", number)
            .fill("paper_date", &today.to_string())
            .submit()
    };

    // when, then: said beside the field, and nothing is lost
    for number in ["RR 4711", "RR_4711", "RR.4711", "आर4711"] {
        let page = sends(number);
        page.is(422).shows(
            "#paper-e",
            "The portal takes letters, digits, hyphens and slashes.",
        );
        assert_eq!(page.attribute("#paper", "value").as_deref(), Some(number));
    }
    sends("RR-4711/2026-27/8").is(422);
    assert_eq!(bill(&trade, &issued, "status"), "");

    // and the portal itself refuses it
    let irn = trade.registrar.registered(&trade.gstin)[0].irn.clone();
    let session = trade.registrar.sign_in(&trade.login());
    let makes = |number: &str| {
        let day = today.format("%d/%m/%Y").to_string();
        session.post(
            "eiewb/v1.03/ewaybill",
            &json!({"Irn": irn, "Distance": 90, "TransMode": "2", "TransDocNo": number, "TransDocDt": day}),
        )
    };
    for number in ["RR 4711", "RR_4711", "RR-4711/2026-278"] {
        assert_eq!(makes(number).codes(), ["5002"], "{number}");
    }
    assert_eq!(trade.registrar.registered(&trade.gstin)[0].ewb_no, None);

    // when
    sends("rr-4711/26-27").is(303);

    // then
    becomes(&trade, &issued, "active");
    assert_eq!(bill(&trade, &issued, "transport_doc_no"), "rr-4711/26-27");
}

#[test]
fn a_lost_answer_is_looked_up_and_a_refusal_says_what_to_do() {
    // given
    let trade = trade();
    let issued = registered(&trade, "LOST");
    trade.registrar.mood(&trade.gstin, "losing", "eway_bill", 1);

    // when
    asks(&trade, &issued, "TN09AB1234", "").is(200);

    // then
    becomes(&trade, &issued, "active");
    assert_eq!(
        trade.attempts(&issued),
        "generate done, eway_bill lost, find_eway_bill done"
    );

    // given: a plate of a shape that no state gives
    let odd = registered(&trade, "ODD");

    // when
    asks(&trade, &odd, "ABCDEFGH", "40").is(200);

    // then
    becomes(&trade, &odd, "refused");
    assert_eq!(bill(&trade, &odd, "faults->0->>'code'"), "4014");
    trade
        .tenant
        .owner
        .get(&trade.tenant.path(&format!("/e-invoices/{}", odd.url_no)))
        .shows(
            "main",
            "Vehicle: The portal does not know such a number of a vehicle.",
        )
        .shows("main", "Type it as on the registration certificate");

    // and the form has what was typed, with that beside its field
    let form = trade.tenant.owner.get(
        &trade
            .tenant
            .path(&format!("/e-invoices/{}/e-way-bill", odd.url_no)),
    );
    assert_eq!(
        form.attribute("#vehicle", "value").as_deref(),
        Some("ABCDEFGH")
    );
    assert_eq!(
        form.attribute("#vehicle", "aria-invalid").as_deref(),
        Some("true")
    );

    // when: put right
    asks(&trade, &odd, "TN09AB1234", "40").is(200);

    // then
    becomes(&trade, &odd, "active");
}

#[test]
fn one_that_is_there_already_is_taken_as_our_own() {
    // given: somebody made it in the portal
    let trade = trade();
    let issued = registered(&trade, "THERE");
    let irn = trade.registrar.registered(&trade.gstin)[0].irn.clone();
    let session = trade.registrar.sign_in(&trade.login());
    let made = session.post(
        "eiewb/v1.03/ewaybill",
        &json!({"Irn": irn, "Distance": 90, "TransMode": "1", "VehNo": "TN09AB1234", "VehType": "R"}),
    );
    assert!(made.is_done(), "{}", made.json);

    // when
    asks(&trade, &issued, "TN09AB1234", "90").is(200);

    // then
    becomes(&trade, &issued, "active");
    assert_eq!(
        trade.attempts(&issued),
        "generate done, eway_bill duplicate, find_eway_bill done"
    );
    let there = trade.registrar.registered(&trade.gstin);
    assert_eq!(Some(bill(&trade, &issued, "number")), there[0].ewb_no);
    // What it names is what was typed there, and that is not known here.
    assert_eq!(bill(&trade, &issued, "vehicle_no"), "");
    wholly_sound(&trade.tenant);
}

#[test]
fn two_who_ask_at_once_make_one_and_the_same_form_counts_once() {
    // given: two clerks who have the form open
    let trade = trade();
    let issued = registered(&trade, "RACE");
    let path = trade
        .tenant
        .path(&format!("/e-invoices/{}/e-way-bill", issued.url_no));
    let (_, accounts) = trade.tenant.employee(Role::Accounts);
    let form = |page: Page| page.form("#eway").fill("vehicle", "TN09AB1234");
    let forms = [&trade.tenant.owner, &accounts].map(|clerk| form(clerk.get(&path)));
    let again = form(trade.tenant.owner.get(&path));
    let barrier = Barrier::new(2);

    // when
    let mut statuses: Vec<u16> = std::thread::scope(|threads| {
        let asked = forms.map(|form| {
            let barrier = &barrier;
            threads.spawn(move || {
                barrier.wait();
                form.submit().status
            })
        });
        asked
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });

    // then
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    becomes(&trade, &issued, "active");
    let count = || {
        trade.ask(&format!(
            "select count(*) from eway_bills where document_id = '{}'",
            issued.id
        ))
    };
    assert_eq!(count(), "1");
    assert_eq!(trade.attempts(&issued), "generate done, eway_bill done");

    // when: another form is sent, which comes too late, and for another document the same form twice
    again.submit().is(409);
    let second = registered(&trade, "TWICE");
    let path = trade
        .tenant
        .path(&format!("/e-invoices/{}/e-way-bill", second.url_no));
    let form = trade
        .tenant
        .owner
        .get(&path)
        .form("#eway")
        .fill("vehicle", "TN09AB1234");
    let same = form.clone();
    form.submit().is(303);
    same.submit().is(303);

    // then
    becomes(&trade, &second, "active");
    assert_eq!(trade.attempts(&second), "generate done, eway_bill done");
}

#[test]
fn who_may_not_and_rivals_make_none() {
    // given
    let trade = trade();
    let issued = registered(&trade, "MINE");
    let rival = tenant();
    let path = |rest: &str| trade.tenant.path(rest);
    let form = path(&format!("/e-invoices/{}/e-way-bill", issued.url_no));
    let (_, sales) = trade.tenant.employee(Role::Sales);
    let typed = [("mode", "1"), ("vehicle", "TN09AB1234")];

    // when, then: sales people see none of it, and another company's people nothing at all
    sales.get(&form).is(403);
    sales.post(&form, &typed).is(403);
    rival.owner.get(&form).is(404);
    rival.owner.post(&form, &typed).is(404);
    let theirs = rival.path(&format!("/e-invoices/{}/e-way-bill", issued.url_no));
    rival.owner.get(&theirs).is(404);
    assert_eq!(bill(&trade, &issued, "status"), "");

    // given: it is made
    asks(&trade, &issued, "TN09AB1234", "").is(200);
    becomes(&trade, &issued, "active");
    let id = bill(&trade, &issued, "id");

    // when, then
    rival
        .owner
        .get(&rival.path(&format!("/e-way-bills/{id}/cancel")))
        .is(404);
    sales
        .post(
            &path(&format!("/e-way-bills/{id}/cancel")),
            &[("code", "3"), ("reason", "Wrong")],
        )
        .is(403);
    assert_eq!(bill(&trade, &issued, "status"), "active");
    rival
        .owner
        .get(&rival.path("/e-way-bills"))
        .shows_not("main", &bill(&trade, &issued, "number"));
    let number = bill(&trade, &issued, "number");
    let found = trade
        .tenant
        .owner
        .get(&path(&format!("/e-way-bills?q={number}")));
    assert_eq!(found.count("tbody tr"), 1);
    found.shows("main", &issued.number);
    let none = trade.tenant.owner.get(&path("/e-way-bills?q=391999999999"));
    none.shows("main", "No e-way bills match");
    assert_eq!(
        trade
            .tenant
            .owner
            .get(&path("/e-way-bills?status=refused"))
            .count("tbody tr"),
        0
    );
}

#[test]
fn after_a_day_it_stands_and_the_portal_s_own_clock_says_so_too() {
    // given: one that was made a day ago by our clock
    let trade = trade();
    let issued = registered(&trade, "LATE");
    asks(&trade, &issued, "TN09AB1234", "").is(200);
    becomes(&trade, &issued, "active");
    let id = bill(&trade, &issued, "id");
    let path = trade.tenant.path(&format!("/e-way-bills/{id}/cancel"));
    let aged = |table: &str, column: &str, by: &str| {
        run(
            trade.tenant.app,
            &format!(
                "update {table} set {column} = now() - interval '{by}' where {}",
                match table {
                    "eway_bills" => format!("id = '{id}'"),
                    _ => format!("gstin = '{}'", trade.gstin),
                }
            ),
        );
    };
    aged("eway_bills", "made_at", "24 hours 1 minute");

    // when, then
    trade.tenant.owner.get(&path).is(409).shows(
        "main",
        "The 24 hours in which it could be cancelled are over.",
    );

    // given: an hour is left by our clock, and none by the portal's
    aged("eway_bills", "made_at", "23 hours");
    aged("sandbox.invoices", "ewb_at", "24 hours 1 minute");

    // when
    trade
        .tenant
        .owner
        .get(&path)
        .form("#confirm")
        .fill("reason", "Another vehicle")
        .submit()
        .follow()
        .is(200);

    // then: it stands, and it is said why
    until("it was asked", || {
        trade
            .attempts(&issued)
            .ends_with("cancel_eway_bill refused")
    });
    assert_eq!(
        bill(
            &trade,
            &issued,
            "status || ' ' || (cancel_asked_at is null)"
        ),
        "active true"
    );
    trade
        .tenant
        .owner
        .get(&trade.tenant.path(&format!("/e-invoices/{}", issued.url_no)))
        .shows(
            "main",
            "The 24 hours in which it could be cancelled are over.",
        )
        .shows("main", "It stands until it is no longer valid.");
    wholly_sound(&trade.tenant);
}

#[test]
fn one_whose_worker_died_is_looked_up_before_it_is_asked_for_again() {
    // given: a call that was made, a worker that is gone, and nobody who works at it; the portal had got it
    let trade = trade();
    let issued = registered(&trade, "DEAD");
    let irn = trade.registrar.registered(&trade.gstin)[0].irn.clone();
    let session = trade.registrar.sign_in(&trade.login());
    session.post(
        "eiewb/v1.03/ewaybill",
        &json!({"Irn": irn, "Distance": 90, "TransMode": "1", "VehNo": "TN09AB1234", "VehType": "R"}),
    );
    run(
        trade.tenant.app,
        &format!(
            "with bill as (
                 insert into eway_bills (tenant_id, id, document_id, customer_id, status, distance_km, vehicle_no, created_at, updated_at)
                   values ('{company}', gen_random_uuid(), '{document}', '{customer}', 'in_flight', 90, 'TN09AB1234', now() - interval '4 hours', now() - interval '3 hours')
                   returning id)
             insert into einvoice_attempts (tenant_id, id, document_id, eway_bill_id, operation, environment, started_at)
               select '{company}', '01900000-0000-7000-8000-000000000001', '{document}', id, 'eway_bill', 'sandbox', now() - interval '3 hours' from bill",
            company = trade.tenant.id,
            document = issued.id,
            customer = trade.shop.customer
        ),
    );

    // when: the hourly watch looks
    run(
        trade.tenant.app,
        "select enqueue_job(gen_random_uuid(), 'einvoices.watch', 'Watch', '{}', null, 100::smallint, now(), 8)",
    );

    // then
    becomes(&trade, &issued, "active");
    let calls = trade.ask(&format!(
        "select string_agg(operation || ' ' || outcome, ', ' order by started_at) from einvoice_attempts where document_id = '{}' and operation like '%eway%'",
        issued.id
    ));
    assert_eq!(calls, "eway_bill lost, find_eway_bill done");
}

#[test]
fn goods_leave_with_their_bill_or_when_somebody_says_that_it_is_in_order() {
    // given: goods that need a bill, and goods that need none
    let trade = trade();
    let (much, little) = (trade.issue_at("MUCH", "8000.00"), trade.issue("LITTLE"));
    for issued in [&much, &little] {
        trade.becomes(issued, "registered");
    }
    let (vehicle, driver) = fleet(&trade.tenant, 500);
    let of = |issued: &Issued, what: &str| {
        trade.ask(&format!(
            "select {what} from shipments where invoice_id = '{}'",
            issued.id
        ))
    };
    let open = |issued: &Issued| trade.get(&format!("/shipments/{}/send", of(issued, "number")));
    let send = |page: &Page| {
        page.form("#send")
            .fill("vehicle", &vehicle)
            .fill("driver", &driver)
            .submit()
    };

    // when: none is made
    let page = open(&much);

    // then: it is said before, with where to make it, and the goods stay
    page.is(200).shows(
        "#eway",
        "Goods worth ₹1,00,800.00 need an e-way bill before they leave by motor: it is more than ₹1,00,000.00.",
    );
    let make = page.attribute("#eway a", "href").unwrap();
    trade
        .tenant
        .owner
        .get(&make)
        .is(200)
        .shows("h1", "E-way bill of");
    send(&page).is(422).shows(
        "#eway_known-e",
        &format!(
            "The goods of {} need an e-way bill, and none is made here. Make it first, or tick that it is in order.",
            much.number
        ),
    );
    assert_eq!(of(&much, "status"), "packed");

    // when: one is made, and it names another vehicle than the one that is chosen
    asks(&trade, &much, "TN09AB1234", "120").is(200);
    becomes(&trade, &much, "active");
    let number = bill(&trade, &much, "number");
    let page = open(&much);
    page.shows(
        "#eway",
        &format!("Its e-way bill {number} names the vehicle TN09AB1234."),
    );
    assert_eq!(page.count("#eway_known"), 0);
    let refused = send(&page);

    // then
    let plate = trade.ask(&format!(
        "select registration_no from vehicles where id = '{vehicle}'"
    ));
    refused.is(422).shows(
        "#eway_known-e",
        &format!("The e-way bill {number} names the vehicle TN09AB1234, and {plate} is chosen."),
    );
    assert_eq!(of(&much, "status"), "packed");

    // when: whoever sends it has changed the vehicle in the portal
    refused
        .form("#send")
        .fill("eway_known", "on")
        .submit()
        .is(303);

    // then: the order keeps it, for the company's own eyes
    assert_eq!(of(&much, "status"), "out");
    assert_eq!(
        trade.ask(&format!(
            "select concat_ws(' ', is_internal::text, (said::text like '%{plate}%')::text) from order_events
               where tenant_id = '{}' and kind = 'note' and said->>'key' like '%its e-way bill was said to be in order.'",
            trade.tenant.id
        )),
        "true true"
    );

    // and goods that need none leave without a word of it
    let page = open(&little);
    assert_eq!(page.is(200).count("#eway"), 0);
    send(&page).is(303);
    assert_eq!(of(&little, "status"), "out");
    trade.is_clean();
}

#[test]
fn the_vehicle_that_the_bill_names_is_the_one_that_is_chosen_already() {
    // given
    let trade = trade();
    let issued = registered(&trade, "ROAD");
    let (_, driver) = fleet(&trade.tenant, 500);
    let (vehicle, _) = fleet(&trade.tenant, 900);
    run(
        trade.tenant.app,
        &format!("update vehicles set registration_no = 'TN09AB1234' where id = '{vehicle}'"),
    );
    asks(&trade, &issued, "TN09AB1234", "120").is(200);
    becomes(&trade, &issued, "active");

    // when
    let number = trade.ask(&format!(
        "select number from shipments where invoice_id = '{}'",
        issued.id
    ));
    let page = trade.get(&format!("/shipments/{number}/send"));

    // then
    assert_eq!(
        page.attribute("#vehicle option[selected]", "value")
            .as_deref(),
        Some(vehicle.as_str())
    );
    page.form("#send").fill("driver", &driver).submit().is(303);
}

#[test]
fn it_is_said_which_goods_need_one_and_a_transporter_may_add_the_vehicle() {
    // given: goods within Tamil Nadu, where a lakh is the limit; 12 at 7,900 with 5 per cent are 99,540, at 8,000 they are 1,00,800
    let trade = trade();
    let (little, much) = (
        trade.issue_at("LITTLE", "7900.00"),
        trade.issue_at("MUCH", "8000.00"),
    );
    for issued in [&little, &much] {
        trade.becomes(issued, "registered");
    }
    let show = |issued: &Issued| {
        trade
            .tenant
            .owner
            .get(&trade.tenant.path(&format!("/e-invoices/{}", issued.url_no)))
    };

    // when, then
    show(&little).shows(
        "main",
        "Goods worth ₹99,540.00 need no e-way bill: it is not more than ₹1,00,000.00.",
    );
    show(&much).shows("main", "Goods worth ₹1,00,800.00 need an e-way bill before they leave by motor: it is more than ₹1,00,000.00.");

    // when: by rail without a document
    let form = || {
        trade
            .tenant
            .owner
            .get(
                &trade
                    .tenant
                    .path(&format!("/e-invoices/{}/e-way-bill", much.url_no)),
            )
            .form("#eway")
    };
    form().fill("mode", "2").submit().is(422).shows(
        "main",
        "By rail, air or ship, type the transport document and its date.",
    );

    // when: the transporter will name the vehicle
    form()
        .fill("transporter_id", "33AAACT2727Q1ZV")
        .fill("transporter", "Nilgiri Roadways")
        .submit()
        .follow()
        .is(200);

    // then: made, valid for nothing yet, and that is said
    becomes(&trade, &much, "active");
    assert_eq!(bill(&trade, &much, "valid_until is null"), "true");
    show(&much).shows("main", "It names no vehicle yet");
    wholly_sound(&trade.tenant);
}

#[test]
fn what_the_portal_says_both_ways_ends_with_a_person() {
    // given: a step, by what was asked and what came of it
    let step = |call, outcome| Past { call, outcome };
    let (make, find, cancel) = (Call::Make, Call::Find, Call::Cancel);

    // when: it has one already, and does not show it; or has none of ours, and shows it
    let made = [
        step(make, Outcome::Duplicate),
        step(find, Outcome::NotFound),
    ];
    let gone = [step(cancel, Outcome::Duplicate), step(find, Outcome::Done)];

    // then
    assert_eq!(after(&made, false, false), After::Stop);
    assert_eq!(after(&gone, true, true), After::Stop);
    assert_eq!(after(&gone, true, false), After::Cancelled);

    // and: an answer that is lost again and again is not chased without a pause
    let lost = [step(make, Outcome::Lost), step(find, Outcome::NotFound)];
    assert_eq!(after(&lost, false, false), After::Go);
    assert_eq!(after(&[lost, lost].concat(), false, false), After::Later);
    assert!(is_clear(&lost) && !is_clear(&lost[..1]));
    // and: nor is a portal that has no time asked again and again
    let busy = [step(make, Outcome::Busy), step(find, Outcome::NotFound)];
    assert_eq!(after(&busy, false, false), After::Go);
    assert_eq!(after(&[busy; 2].concat(), false, false), After::Later);
    assert_eq!(after(&[busy; 3].concat(), false, false), After::Stop);
    assert_eq!(after(&[lost; 3].concat(), false, false), After::Later);
    assert_eq!(
        after(&[busy, busy, busy, lost].concat(), false, false),
        After::Later
    );

    // and: a look that is refused says nothing
    for deed in [make, cancel] {
        let refused = [step(deed, Outcome::Lost), step(find, Outcome::Refused)];
        let is_cancelled = deed == cancel;
        assert_eq!(after(&refused, is_cancelled, false), After::Later);
        assert_eq!(call(&refused, is_cancelled), find);
        assert!(!is_clear(&refused));
        let deed = [step(deed, Outcome::Refused)];
        assert_eq!(after(&deed, is_cancelled, false), After::Stop);
    }
    let signed_out = [
        step(make, Outcome::SignedOut),
        step(make, Outcome::SignedOut),
    ];
    assert_eq!(after(&signed_out[..1], false, false), After::Go);
    assert_eq!(after(&signed_out, false, false), After::Later);
}

#[test]
fn no_bill_is_asked_for_twice_before_somebody_has_looked() {
    // given: every history of up to four calls
    for is_cancelled in [false, true] {
        let deed = call(&[], is_cancelled);
        let mut histories: Vec<Vec<Past>> = vec![Vec::new()];
        for _ in 0..4 {
            let mut longer = Vec::new();
            for history in &histories {
                let next = call(history, is_cancelled);
                for outcome in Outcome::ALL {
                    let mut history = history.clone();
                    history.push(Past {
                        call: next,
                        outcome: *outcome,
                    });
                    longer.push(history);
                }
            }
            for history in &longer {
                // when
                let lost = history.iter().rposition(|step| {
                    step.call == deed && matches!(step.outcome, Outcome::Lost | Outcome::Busy)
                });

                // then
                if let Some(lost) = lost
                    && call(history, is_cancelled) == deed
                {
                    assert!(
                        history[lost..].iter().any(|step| step.call == Call::Find),
                        "{history:?}"
                    );
                }
            }
            histories = longer;
        }
    }
}
