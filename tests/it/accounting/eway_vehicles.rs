//! Another vehicle for the e-way bills of a vehicle: over HTTP, by the sandbox registrar.

use super::einvoices::{Trade, trade};
use super::eway_bills::{asks, becomes, bill, registered};
use super::eway_trucks::{loads, press, states, truck};
use crate::support::trade::{fleet, wholly_sound};
use crate::support::{Page, run, tenant, until};
use diesel::connection::SimpleConnection;
use mandi::accounting::actions::Issued;
use mandi::accounting::rules::einvoice::Outcome;
use mandi::accounting::rules::eway_bill::After;
use mandi::accounting::rules::eway_vehicle::{Call, Past, after, call, is_clear, outcome};
use mandi::platform::permissions::Role;
use serde_json::{Value, json};
use std::sync::Barrier;

/// The page on which the vehicle of a document's bill is changed.
fn page(trade: &Trade, issued: &Issued) -> Page {
    let id = bill(trade, issued, "id");
    trade.get(&format!("/e-way-bills/{id}/vehicle"))
}

/// Asks for another vehicle as the page does.
#[track_caller]
fn changes(trade: &Trade, issued: &Issued, plate: &str) -> Page {
    page(trade, issued)
        .is(200)
        .form("#change")
        .fill("plate", plate)
        .fill("place", "Vellore")
        .fill("reason", "1")
        .fill("remark", "Broken axle")
        .submit()
}

/// The history of a bill as it is stored, the oldest first.
fn history(trade: &Trade, issued: &Issued) -> String {
    trade.ask(&format!(
        "select coalesce(string_agg(concat_ws(' ', coalesce(v.from_vehicle_no, '-'), v.vehicle_no, v.place, v.state_code, v.reason_code, v.remark, v.asked_by_name,
                    case when v.done_at is not null then 'done' when v.refused_at is not null then 'refused' else 'open' end), '; ' order by v.id), '')
           from eway_vehicles v join eway_bills b on b.id = v.eway_bill_id and b.tenant_id = v.tenant_id where b.document_id = '{}'",
        issued.id
    ))
}

/// The vehicles of a document's bill in the portal, the newest first.
fn there(trade: &Trade, issued: &Issued) -> Vec<String> {
    let number = bill(trade, issued, "number");
    let session = trade.registrar.sign_in(&trade.login());
    let shown = session.bill_by_number(&number).opened;
    shown["VehiclListDetails"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["vehicleNo"].as_str().unwrap().to_owned())
        .collect()
}

/// A bill of TN09AB1234 that stands.
fn made(trade: &Trade, sku: &str) -> Issued {
    let issued = registered(trade, sku);
    asks(trade, &issued, "TN09AB1234", "120").is(200);
    becomes(trade, &issued, "active");
    issued
}

const DONE: &str = "TN09AB1234 TN09XY4321 Vellore 33 1 Broken axle Asha Owner done";

#[test]
fn a_change_of_vehicle_updates_all_its_bills() {
    // given: a truck with three bills, and a bill of another vehicle
    let trade = trade();
    let (vehicle, driver) = truck(&trade, "TN09AB1234");
    let issued: [Issued; 3] = loads(&trade);
    press(&trade).is(303);
    until("all are made", || states(&trade) == "3 active");
    let other = registered(&trade, "OTHER");
    asks(&trade, &other, "TN01ZZ1111", "120").is(200);
    becomes(&trade, &other, "active");
    let until_when = bill(&trade, &issued[0], "valid_until");

    // when: the vehicle of one of them is changed
    let show = format!("/e-invoices/{}", issued[0].url_no);
    trade.get(&show).is(200).shows("main", "Change the vehicle");
    let form = page(&trade, &issued[0]);
    form.is(200).shows(
        "main",
        "3 e-way bills that stand and are valid name the vehicle TN09AB1234.",
    );
    assert_eq!(form.count("#aboard tbody tr"), 3);
    form.shows_not("#aboard", &other.number);
    changes(&trade, &issued[0], "tn 09 xy 4321")
        .follow()
        .is(200)
        .shows(
            ".toast",
            "The portal is asked to name TN09XY4321 in 3 e-way bills.",
        );

    // then: all three name the new one, here and there, and the other bill its own
    until("all are changed", || {
        trade.ask(&format!(
            "select count(*) from eway_vehicles where tenant_id = '{}' and done_at is not null",
            trade.tenant.id
        )) == "3"
    });
    for one in &issued {
        assert_eq!(bill(&trade, one, "vehicle_no"), "TN09XY4321");
        assert_eq!(history(&trade, one), DONE);
        assert_eq!(there(&trade, one), ["TN09XY4321", "TN09AB1234"]);
        assert_eq!(
            trade.attempts(one),
            "generate done, eway_bill done, change_vehicle done"
        );
        // It stays valid as long as it was: the portal says so.
        assert_eq!(bill(&trade, one, "valid_until"), until_when);
        let sent = trade.ask(&format!(
            "select convert_from(request, 'UTF8') from einvoice_attempts where document_id = '{}' and operation = 'change_vehicle'",
            one.id
        ));
        assert_eq!(
            serde_json::from_str::<Value>(&sent).unwrap(),
            json!({
                "ewbNo": bill(&trade, one, "number").parse::<u64>().unwrap(), "vehicleNo": "TN09XY4321", "fromPlace": "Vellore",
                "fromState": 33, "reasonCode": "1", "reasonRem": "Broken axle", "transMode": "1", "vehicleType": "R",
            })
        );
    }
    assert_eq!(bill(&trade, &other, "vehicle_no"), "TN01ZZ1111");
    assert_eq!(history(&trade, &other), "");

    // and the page tells it
    trade
        .get(&show)
        .shows("#vehicles", "TN09AB1234 → TN09XY4321")
        .shows("#vehicles", "Changed")
        .shows("#vehicles", "Vellore, Tamil Nadu · Breakdown: Broken axle")
        .shows("#vehicles", "Asked for by Asha Owner");

    // and: goods leave with the vehicle that the bill names now, and not with the one before
    let shipment = trade.ask(&format!(
        "select number from shipments where invoice_id = '{}'",
        issued[1].id
    ));
    let sends = |vehicle: &str| {
        trade
            .get(&format!("/shipments/{shipment}/send"))
            .form("#send")
            .fill("vehicle", vehicle)
            .fill("driver", &driver)
            .submit()
    };
    sends(&vehicle).is(422).shows(
        "#eway_known-e",
        "names the vehicle TN09XY4321, and TN09AB1234 is chosen.",
    );
    run(
        trade.tenant.app,
        &format!("update vehicles set registration_no = 'TN09XY4321' where id = '{vehicle}'"),
    );
    sends(&vehicle).is(303);
    wholly_sound(&trade.tenant);
}

#[test]
fn a_lost_answer_is_looked_up_and_the_vehicle_is_not_named_twice() {
    // given: the portal does it, and nobody hears of it
    let trade = trade();
    let issued = made(&trade, "LOST");
    trade.registrar.mood(&trade.gstin, "losing", "eway_bill", 1);

    // when
    changes(&trade, &issued, "TN09XY4321").is(303);

    // then: found, and written down once, here and there
    until("it is changed", || {
        bill(&trade, &issued, "vehicle_no") == "TN09XY4321"
    });
    assert_eq!(
        trade.attempts(&issued),
        "generate done, eway_bill done, change_vehicle lost, fetch_eway_bill done"
    );
    assert_eq!(history(&trade, &issued), DONE);
    assert_eq!(there(&trade, &issued), ["TN09XY4321", "TN09AB1234"]);

    // given: it never arrives
    trade.registrar.mood(&trade.gstin, "down", "eway_bill", 1);

    // when
    changes(&trade, &issued, "TN09XY7777").is(303);

    // then: the look says so, and it is sent again
    until("it is changed", || {
        bill(&trade, &issued, "vehicle_no") == "TN09XY7777"
    });
    assert!(
        trade
            .attempts(&issued)
            .ends_with("change_vehicle lost, fetch_eway_bill done, change_vehicle done"),
        "{}",
        trade.attempts(&issued)
    );
    assert_eq!(
        there(&trade, &issued),
        ["TN09XY7777", "TN09XY4321", "TN09AB1234"]
    );
    assert_eq!(
        history(&trade, &issued),
        format!("{DONE}; TN09XY4321 TN09XY7777 Vellore 33 1 Broken axle Asha Owner done")
    );
    wholly_sound(&trade.tenant);
}

#[test]
fn a_refusal_is_said_in_words_and_the_bill_keeps_its_vehicle() {
    // given
    let trade = trade();
    let issued = made(&trade, "ODD");
    let refused = |count: &str| {
        until("it is refused", || {
            trade.ask(&format!(
                "select count(*) from eway_vehicles where tenant_id = '{}' and refused_at is not null",
                trade.tenant.id
            )) == count
        });
        trade.get(&format!("/e-invoices/{}", issued.url_no))
    };

    // when: a plate of a shape that no State gives
    changes(&trade, &issued, "ABCDEFGH").is(303);

    // then
    refused("1")
        .shows("#vehicles", "TN09AB1234 → ABCDEFGH")
        .shows("#vehicles", "Refused")
        .shows(
            "#vehicles",
            "The portal does not know such a number of a vehicle.",
        )
        .shows("#vehicles", "Type it as on the registration certificate");
    assert_eq!(bill(&trade, &issued, "vehicle_no"), "TN09AB1234");
    assert_eq!(
        trade.attempts(&issued),
        "generate done, eway_bill done, change_vehicle refused"
    );
    assert_eq!(there(&trade, &issued), ["TN09AB1234"]);

    // given: it is over by the portal's clock, and not by ours
    run(
        trade.tenant.app,
        &format!(
            "update sandbox.invoices set ewb_valid_until = now() - interval '1 minute' where gstin = '{}'",
            trade.gstin
        ),
    );

    // when
    changes(&trade, &issued, "TN09XY4321").is(303);

    // then
    refused("2").shows(
        "#vehicles",
        "The e-way bill is no longer valid, so its vehicle can't be changed.",
    );

    // when: it is over here, too
    run(
        trade.tenant.app,
        &format!(
            "update eway_bills set made_at = now() - interval '2 days', valid_until = now() - interval '1 minute' where document_id = '{}'",
            issued.id
        ),
    );

    // then
    page(&trade, &issued)
        .is(409)
        .shows("main", "The e-way bill is no longer valid.");
    assert_eq!(bill(&trade, &issued, "vehicle_no"), "TN09AB1234");

    // and: what was answered is kept as it is
    let kept = trade.tenant.app.owner().batch_execute(&format!(
        "update eway_vehicles set vehicle_no = 'TN09XY4321' where tenant_id = '{}'",
        trade.tenant.id
    ));
    assert!(
        kept.unwrap_err()
            .to_string()
            .contains("a change of vehicle is answered once and then kept")
    );
    assert!(
        history(&trade, &issued)
            .starts_with("TN09AB1234 ABCDEFGH Vellore 33 1 Broken axle Asha Owner refused; ")
    );
}

#[test]
fn what_is_wrong_with_a_change_stands_beside_the_field() {
    // given
    let trade = trade();
    let issued = made(&trade, "FORM");
    let page = page(&trade, &issued);
    assert_eq!(
        page.is(200)
            .attribute("#state option[selected]", "value")
            .as_deref(),
        Some("33")
    );

    // when
    let wrong = page
        .form("#change")
        .fill("plate", "tn09ab1234")
        .fill("place", " ")
        .fill("remark", &"x".repeat(51))
        .forge("state", "77")
        .forge("reason", "5")
        .submit();

    // then
    wrong
        .is(422)
        .shows(
            "#plate-e",
            "That is the vehicle that the e-way bill names already.",
        )
        .shows("#state-e", "Choose the State that the place is in.")
        .shows("#reason-e", "Choose why another vehicle takes the goods.");
    assert_eq!(wrong.count("#place-e"), 1);
    assert_eq!(wrong.count("#remark-e"), 1);
    assert_eq!(
        wrong.attribute("#plate", "value").as_deref(),
        Some("tn09ab1234")
    );
    assert_eq!(history(&trade, &issued), "");

    // when: the goods have arrived
    let (vehicle, driver) = fleet(&trade.tenant, 500);
    run(
        trade.tenant.app,
        &format!(
            "update shipments set status = 'out', out_at = now(), vehicle_id = '{vehicle}', driver_id = '{driver}' where invoice_id = '{0}';
             update shipments set status = 'delivered', ended_at = now(), received_by = 'Mani' where invoice_id = '{0}'",
            issued.id
        ),
    );

    // then: no vehicle carries them
    let id = bill(&trade, &issued, "id");
    trade
        .get(&format!("/e-way-bills/{id}/vehicle"))
        .is(409)
        .shows("main", "There is no e-way bill of it to change");
}

#[test]
fn two_who_change_at_once_ask_once_for_each_bill() {
    // given: two clerks who have the form open
    let trade = trade();
    let issued = made(&trade, "RACE");
    let id = bill(&trade, &issued, "id");
    let path = trade.tenant.path(&format!("/e-way-bills/{id}/vehicle"));
    let (_, accounts) = trade.tenant.employee(Role::Accounts);
    let forms = [&trade.tenant.owner, &accounts].map(|clerk| {
        clerk
            .get(&path)
            .is(200)
            .form("#change")
            .fill("plate", "TN09XY4321")
            .fill("place", "Vellore")
            .fill("remark", "Broken axle")
    });
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

    // then: the second finds that it is asked for or, if he is slow, that it is done
    statuses.sort_unstable();
    assert_eq!(statuses[0], 303);
    assert!([409, 422].contains(&statuses[1]), "{statuses:?}");
    until("it is changed", || {
        bill(&trade, &issued, "vehicle_no") == "TN09XY4321"
    });
    assert_eq!(
        trade.attempts(&issued),
        "generate done, eway_bill done, change_vehicle done"
    );
    assert_eq!(there(&trade, &issued), ["TN09XY4321", "TN09AB1234"]);
}

#[test]
fn who_may_not_and_rivals_change_no_vehicle() {
    // given
    let trade = trade();
    let issued = made(&trade, "MINE");
    let rival = tenant();
    let id = bill(&trade, &issued, "id");
    let path = trade.tenant.path(&format!("/e-way-bills/{id}/vehicle"));
    let (_, sales) = trade.tenant.employee(Role::Sales);
    let typed = [
        ("plate", "TN09XY4321"),
        ("place", "Vellore"),
        ("state", "33"),
        ("reason", "1"),
        ("remark", "Broken axle"),
    ];

    // when, then
    sales.get(&path).is(403);
    sales.post(&path, &typed).is(403);
    rival.owner.get(&path).is(404);
    rival.owner.post(&path, &typed).is(404);
    let theirs = rival.path(&format!("/e-way-bills/{id}/vehicle"));
    rival.owner.get(&theirs).is(404);
    rival.owner.post(&theirs, &typed).is(404);
    sales
        .get(&trade.tenant.path(&format!("/e-invoices/{}", issued.url_no)))
        .is(200)
        .shows_not("main", "Change the vehicle");
    assert_eq!(history(&trade, &issued), "");
    assert_eq!(bill(&trade, &issued, "vehicle_no"), "TN09AB1234");

    // and: a bill that a transporter has is his
    run(
        trade.tenant.app,
        &format!("update eway_bills set transporter_id = '33AAACT2727Q1ZV' where id = '{id}'"),
    );
    trade.tenant.owner.get(&path).is(409).shows(
        "main",
        "The transporter 33AAACT2727Q1ZV has this e-way bill",
    );
    let shown = format!("/e-invoices/{}", issued.url_no);
    for seen in [shown.as_str(), "/e-way-bills"] {
        trade
            .get(seen)
            .is(200)
            .shows_not("main", "Change the vehicle");
    }
    run(
        trade.tenant.app,
        &format!("update eway_bills set transporter_id = null where id = '{id}'"),
    );

    // and the control
    for seen in [shown.as_str(), "/e-way-bills"] {
        trade.get(seen).is(200).shows("main", "Change the vehicle");
    }
    trade.tenant.owner.post(&path, &typed).is(303);
    until("it is changed", || {
        bill(&trade, &issued, "vehicle_no") == "TN09XY4321"
    });
}

#[test]
fn one_that_nobody_works_at_is_looked_up_before_it_is_sent_again() {
    // given: a call that arrived, a worker that is gone, and nobody who works at it
    let trade = trade();
    let issued = made(&trade, "DEAD");
    let session = trade.registrar.sign_in(&trade.login());
    let number = bill(&trade, &issued, "number");
    let named = session.act(
        "VEHEWB",
        &json!({"ewbNo": number, "vehicleNo": "TN09XY4321", "fromPlace": "Vellore", "fromState": 33,
                "reasonCode": "1", "reasonRem": "Broken axle", "transMode": "1"}),
    );
    assert_eq!(named.json["status"], "1");
    run(
        trade.tenant.app,
        &format!(
            "with change as (
                 insert into eway_vehicles (tenant_id, id, eway_bill_id, from_vehicle_no, vehicle_no, place, state_code, reason_code, remark, asked_by_name, asked_at)
                   select tenant_id, gen_random_uuid(), id, vehicle_no, 'TN09XY4321', 'Vellore', '33', 1, 'Broken axle', 'Asha Owner', now() - interval '3 hours'
                     from eway_bills where document_id = '{document}'
                   returning tenant_id, id, eway_bill_id)
             insert into einvoice_attempts (tenant_id, id, document_id, eway_bill_id, eway_vehicle_id, operation, environment, started_at)
               select tenant_id, '01900000-0000-7000-8000-000000000001', '{document}', eway_bill_id, id, 'change_vehicle', 'sandbox', now() - interval '3 hours' from change",
            document = issued.id
        ),
    );

    // when: the hourly watch looks
    run(
        trade.tenant.app,
        "select enqueue_job(gen_random_uuid(), 'einvoices.watch', 'Watch', '{}', null, 100::smallint, now(), 8)",
    );

    // then
    until("it is changed", || {
        bill(&trade, &issued, "vehicle_no") == "TN09XY4321"
    });
    let calls = trade.ask(&format!(
        "select string_agg(operation || ' ' || outcome, ', ' order by started_at) from einvoice_attempts where document_id = '{}' and eway_vehicle_id is not null",
        issued.id
    ));
    assert_eq!(calls, "change_vehicle lost, fetch_eway_bill done");
    assert_eq!(there(&trade, &issued), ["TN09XY4321", "TN09AB1234"]);
}

#[test]
fn no_vehicle_is_named_again_before_somebody_has_looked() {
    // given: every history of up to four calls
    let mut histories: Vec<Vec<Past>> = vec![Vec::new()];
    for _ in 0..4 {
        let mut longer = Vec::new();
        for history in &histories {
            let next = call(history);
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
                step.call == Call::Change && matches!(step.outcome, Outcome::Lost | Outcome::Busy)
            });

            // then
            if let Some(lost) = lost
                && call(history) == Call::Change
            {
                assert!(
                    history[lost..].iter().any(|step| step.call == Call::Look),
                    "{history:?}"
                );
            }
        }
        histories = longer;
    }

    // and: what a look finds decides
    let step = |call, outcome| Past { call, outcome };
    let lost = [step(Call::Change, Outcome::Lost)];
    let looked = [lost[0], step(Call::Look, Outcome::Done)];
    assert_eq!(after(&lost, false), After::Go);
    assert!(!is_clear(&lost) && is_clear(&looked));
    assert_eq!(after(&looked, true), After::Made);
    assert_eq!(after(&looked, false), After::Go);
    assert_eq!(call(&looked), Call::Change);
    assert_eq!(after(&[looked, looked].concat(), false), After::Later);
    let refused = [step(Call::Change, Outcome::Refused)];
    assert_eq!(after(&refused, false), After::Stop);
    let unseen = [lost[0], step(Call::Look, Outcome::Refused)];
    assert_eq!(after(&unseen, false), After::Later);
    assert_eq!(call(&unseen), Call::Look);
    let codes = |code: &str| vec![(code.to_owned(), String::new())];
    assert_eq!(outcome(&codes("304")), Outcome::Refused);
    assert_eq!(outcome(&codes("309")), Outcome::Busy);
    assert_eq!(outcome(&codes("238")), Outcome::SignedOut);
    assert_eq!(outcome(&[]), Outcome::Done);
}
