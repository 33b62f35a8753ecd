//! E-way bills made from a registration: over HTTP, by the sandbox registrar.

use super::einvoices::{Trade, trade};
use crate::support::{Page, ask, until};
use mandi::accounting::actions::Issued;
use mandi::accounting::rules::einvoice::Outcome;
use mandi::accounting::rules::eway_bill::{Call, Past, call};

/// A document that is registered.
fn registered(trade: &Trade, sku: &str) -> Issued {
    let issued = trade.issue(sku);
    trade.becomes(&issued, "registered");
    issued
}

fn asks(trade: &Trade, issued: &Issued, vehicle: &str, distance: &str) -> Page {
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

fn bill(trade: &Trade, issued: &Issued, what: &str) -> String {
    ask(
        trade.tenant.app,
        &format!(
            "select coalesce((select ({what})::text from eway_bills where tenant_id = '{}' and document_id = '{}' order by id desc limit 1), '') as value",
            trade.tenant.id, issued.id
        ),
    )
}

#[track_caller]
fn becomes(trade: &Trade, issued: &Issued, status: &str) {
    until(&format!("the bill is {status}"), || {
        bill(trade, issued, "status") == status
    });
}

#[test]
fn a_bill_is_made_from_the_registration_and_stands_in_the_way_of_cancelling() {
    // given
    let trade = trade();
    let issued = registered(&trade, "ROAD");

    // when: a plate that is none
    let page = asks(&trade, &issued, "?", "far");

    // then
    page.is(422);
    assert_eq!(bill(&trade, &issued, "status"), "");

    // when
    asks(&trade, &issued, "tn 09 ab 1234", "120").is(200);

    // then
    becomes(&trade, &issued, "active");
    let there = trade.registrar.registered(&trade.gstin);
    assert_eq!(Some(bill(&trade, &issued, "number")), there[0].ewb_no);
    assert_eq!(bill(&trade, &issued, "vehicle_no"), "TN09AB1234");
    assert_eq!(bill(&trade, &issued, "valid_until is not null"), "true");
    let show = trade.tenant.path(&format!("/e-invoices/{}", issued.url_no));
    trade
        .tenant
        .owner
        .get(&show)
        .shows("main", &bill(&trade, &issued, "number"));
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
    trade.tenant.owner.get(&format!("{show}/cancel")).is(200);
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
            "The portal does not know such a number of a vehicle.",
        );

    // when: put right
    asks(&trade, &odd, "TN09AB1234", "40").is(200);

    // then
    becomes(&trade, &odd, "active");
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
