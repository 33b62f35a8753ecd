//! E-way bills for a whole truck: over HTTP, by the sandbox registrar.

use super::einvoices::{Trade, trade};
use super::eway_bills::{asks, bill};
use crate::support::trade::{fleet, wholly_sound};
use crate::support::{Page, run, tenant, until};
use mandi::accounting::actions::Issued;
use mandi::platform::permissions::Role;
use std::sync::Barrier;

/// Registered invoices over 1,00,800 rupees each, of packed goods that need a bill.
pub fn loads<const N: usize>(trade: &Trade) -> [Issued; N] {
    let issued: Vec<Issued> = (0..N)
        .map(|n| trade.issue_at(&format!("LOAD-{n}"), "8000.00"))
        .collect();
    for one in &issued {
        trade.becomes(one, "registered");
    }
    issued.try_into().unwrap()
}

/// The company's only vehicle: its id, and a driver's.
pub fn truck(trade: &Trade, plate: &str) -> (String, String) {
    let (vehicle, driver) = fleet(&trade.tenant, 5_000);
    run(
        trade.tenant.app,
        &format!("update vehicles set registration_no = '{plate}' where id = '{vehicle}'"),
    );
    (vehicle, driver)
}

/// The bills of the company: how many are in each state.
pub fn states(trade: &Trade) -> String {
    trade.ask(&format!(
        "select coalesce(string_agg(n || ' ' || status, ', ' order by status), '') from (select status, count(*) as n from eway_bills where tenant_id = '{}' group by status) s",
        trade.tenant.id
    ))
}

/// Presses the button for everything that the page ticks.
#[track_caller]
pub fn press(trade: &Trade) -> Page {
    let page = trade.get("/e-way-bills/truck");
    page.is(200).form("#truck").submit()
}

#[test]
fn one_press_makes_the_bills_of_a_truck() {
    // given: three invoices whose goods need a bill, one whose goods need none, one that is not billed, and the company's only vehicle
    let trade = trade();
    truck(&trade, "TN09AB1234");
    let [one, two, three] = loads(&trade);
    let little = trade.issue("LITTLE");
    trade.becomes(&little, "registered");

    // when
    let page = trade.get("/e-way-bills");
    page.is(200).shows("main", "Make for a truck…");
    let page = trade.get("/e-way-bills/truck");

    // then: the three stand there, ticked, with what is known of each, and the vehicle is chosen
    assert_eq!(page.is(200).count("tbody tr"), 3);
    assert_eq!(page.count("input[name=id][checked]"), 3);
    assert_eq!(
        page.attribute("#vehicle option[selected]", "value")
            .as_deref(),
        Some("TN09AB1234")
    );
    for issued in [&one, &two, &three] {
        let shipment = trade.ask(&format!(
            "select number from shipments where invoice_id = '{}'",
            issued.id
        ));
        page.shows("tbody tr", &issued.number)
            .shows("tbody tr", &shipment)
            .shows("tbody tr", "₹1,00,800.00");
    }
    page.shows_not("tbody", &little.number);

    // when: the portal takes no bill of one of them
    trade
        .registrar
        .mood(&trade.gstin, "failing 4015", "eway_bill", 1);
    let pressed = page
        .form("#truck")
        .fill(&format!("km-{}", one.id), "120")
        .submit();

    // then: the list of the vehicle's bills, and all are asked for
    assert_eq!(pressed.status, 303);
    pressed
        .follow()
        .is(200)
        .shows(".toast", "3 e-way bills are asked for with TN09AB1234.");
    until("the portal has answered", || {
        states(&trade) == "2 active, 1 refused"
    });
    assert_eq!(bill(&trade, &one, "distance_km"), "120");
    assert_eq!(bill(&trade, &two, "distance_km"), "0");
    for issued in [&one, &two, &three] {
        assert_eq!(
            bill(&trade, issued, "vehicle_no || ' ' || mode"),
            "TN09AB1234 1"
        );
    }
    let list = trade.get("/e-way-bills?q=tn09ab1234");
    assert_eq!(list.is(200).count("tbody tr"), 3);
    list.shows(
        "main",
        "The company has not filed its returns, so it gets no e-way bills.",
    );
    assert_eq!(trade.get("/e-way-bills?q=TN09ZZ9999").count("tbody tr"), 0);

    // when: pressed again, the refused one alone is left and goes
    let page = trade.get("/e-way-bills/truck");
    assert_eq!(page.count("tbody tr"), 1);
    page.form("#truck")
        .submit()
        .follow()
        .shows(".toast", "1 e-way bill is asked for with TN09AB1234.");

    // then: the refused one is given up, and nothing is left
    until("it is made", || states(&trade) == "3 active, 1 dropped");
    trade
        .get("/e-way-bills/truck")
        .is(200)
        .shows("#loads", "No goods wait for an e-way bill");
    wholly_sound(&trade.tenant);
}

#[test]
fn what_is_wrong_stands_beside_the_field_and_nothing_is_asked() {
    // given
    let trade = trade();
    truck(&trade, "TN09AB1234");
    let [one, two] = loads(&trade);
    let page = trade.get("/e-way-bills/truck");
    let form = || page.is(200).form("#truck");

    // when, then: no vehicle; a plate that is none; two vehicles
    form()
        .fill("vehicle", "")
        .submit()
        .is(422)
        .shows("#vehicle-e", "Choose a vehicle, or type its number plate.");
    let wrong = form().fill("vehicle", "").fill("plate", "?").submit();
    wrong.is(422).shows(
        "#plate-e",
        "Type the number plate as it is registered, e.g. TN09AB1234.",
    );
    assert_eq!(wrong.attribute("#plate", "value").as_deref(), Some("?"));
    form().fill("plate", "TN01XY1111").submit().is(422).shows(
        "#plate-e",
        "Choose a vehicle or type a number plate, not both.",
    );

    // when, then: nothing ticked
    let mut none = form();
    none.fields.retain(|(name, _)| name != "id");
    let none = none.submit();
    none.is(422)
        .shows("#loads-e", "Tick the goods that the truck takes.");
    assert_eq!(none.count("input[name=id][checked]"), 0);

    // when, then: kilometres that are none, of the one that stays ticked
    let km = format!("km-{}", one.id);
    let wrong = form()
        .fill("id", &one.id.to_string())
        .fill(&km, "far")
        .submit();
    wrong
        .is(422)
        .shows(&format!("#{km}-e"), "A distance is between 0 and 4,000 km.");
    assert_eq!(
        wrong.attribute(&format!("#{km}"), "value").as_deref(),
        Some("far")
    );
    assert_eq!(wrong.count("input[name=id][checked]"), 1);
    assert_eq!(states(&trade), "");

    // when: a plate is typed, of one that is ticked
    form()
        .fill("vehicle", "")
        .fill("plate", "tn 01 xy 1111")
        .fill("id", &two.id.to_string())
        .submit()
        .follow()
        .shows(".toast", "1 e-way bill is asked for with TN01XY1111.");

    // then: it alone is asked for
    until("it is made", || states(&trade) == "1 active");
    assert_eq!(bill(&trade, &two, "vehicle_no"), "TN01XY1111");
    assert_eq!(bill(&trade, &one, "status"), "");
}

#[test]
fn what_can_not_go_says_why_and_the_others_go() {
    // given: a page with three, of which one is asked for elsewhere, and one leaves
    let trade = trade();
    let (vehicle, driver) = truck(&trade, "TN09AB1234");
    let [one, two, three] = loads(&trade);
    let page = trade.get("/e-way-bills/truck");
    assert_eq!(page.is(200).count("tbody tr"), 3);
    asks(&trade, &one, "TN01XY1111", "120").is(200);
    super::eway_bills::becomes(&trade, &one, "active");
    let shipment = trade.ask(&format!(
        "select number from shipments where invoice_id = '{}'",
        two.id
    ));
    trade
        .get(&format!("/shipments/{shipment}/send"))
        .form("#send")
        .fill("vehicle", &vehicle)
        .fill("driver", &driver)
        .fill("eway_known", "on")
        .submit()
        .is(303);

    // when
    let pressed = page.form("#truck").submit();

    // then
    pressed
        .follow()
        .is(200)
        .shows(
            ".toast",
            "1 e-way bill is asked for with TN09AB1234. 2 skipped:",
        )
        .shows(
            ".toast",
            &format!("{} has an e-way bill: Made.", one.number),
        )
        .shows(
            ".toast",
            &format!(
                "The goods of {} do not stand packed in the house any more.",
                two.number
            ),
        );
    super::eway_bills::becomes(&trade, &three, "active");
    assert_eq!(bill(&trade, &one, "vehicle_no"), "TN01XY1111");
    assert_eq!(bill(&trade, &two, "status"), "");
    assert_eq!(states(&trade), "2 active");
    wholly_sound(&trade.tenant);
}

#[test]
fn two_who_press_at_once_ask_once_for_each_document() {
    // given: two clerks who have the page open
    let trade = trade();
    truck(&trade, "TN09AB1234");
    let issued: [Issued; 3] = loads(&trade);
    let (_, accounts) = trade.tenant.employee(Role::Accounts);
    let path = trade.tenant.path("/e-way-bills/truck");
    let forms =
        [&trade.tenant.owner, &accounts].map(|clerk| clerk.get(&path).is(200).form("#truck"));
    let barrier = Barrier::new(2);

    // when
    let pages: Vec<Page> = std::thread::scope(|threads| {
        let asked = forms.map(|form| {
            let barrier = &barrier;
            threads.spawn(move || {
                barrier.wait();
                form.submit()
            })
        });
        asked
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });

    // then: one has asked for all, the other is told so
    assert!(pages.iter().all(|page| page.status == 303));
    let mut told: Vec<String> = pages
        .into_iter()
        .map(|page| page.follow().texts(".toast").join(" "))
        .collect();
    told.sort();
    assert!(told[0].contains("0 e-way bills are asked for"), "{told:?}");
    assert!(told[0].contains("3 skipped:"), "{told:?}");
    assert!(told[0].contains("has an e-way bill:"), "{told:?}");
    assert!(told[1].contains("3 e-way bills are asked for"), "{told:?}");
    until("all are made", || states(&trade) == "3 active");
    for one in &issued {
        assert_eq!(trade.attempts(one), "generate done, eway_bill done");
    }
}

#[test]
fn who_may_not_and_rivals_load_no_truck() {
    // given
    let trade = trade();
    truck(&trade, "TN09AB1234");
    let [one] = loads(&trade);
    let rival = tenant();
    let (_, sales) = trade.tenant.employee(Role::Sales);
    let path = trade.tenant.path("/e-way-bills/truck");
    let id = one.id.to_string();
    let typed = [("plate", "TN09AB1234"), ("id", id.as_str())];

    // when, then: sales people see none of it, nor does another company; at home it names a row that is not there
    sales.get(&path).is(403);
    sales.post(&path, &typed).is(403);
    rival.owner.get(&path).is(404);
    rival.owner.post(&path, &typed).is(404);
    let theirs = rival.path("/e-way-bills/truck");
    rival
        .owner
        .get(&theirs)
        .is(200)
        .shows_not("main", &one.number);
    rival.owner.post(&theirs, &typed).is(404);
    sales
        .get(&trade.tenant.path("/e-way-bills"))
        .is(200)
        .shows_not("main", "Make for a truck…");
    assert_eq!(states(&trade), "");

    // and the control
    press(&trade).is(303);
    until("it is made", || states(&trade) == "1 active");
}
