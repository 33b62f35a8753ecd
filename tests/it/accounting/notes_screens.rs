//! Correcting an issued invoice through its screens: credit notes, debit notes, cancelling; what follows at once, and who may.

use crate::support::trade::{self, goods, placed, shop_of, wholly_sound};
use crate::support::{Page, Shop, Tenant, ask, retailer, run, tenant, until};
use mandi::accounting::actions::Issued;
use mandi::logistics::actions::{Delivery, Sending, deliver, send};
use mandi::platform::db::{Member, Meter};
use mandi::platform::permissions::Role;
use std::sync::Barrier;

/// A company, a shop, and a bill of 12 units at ₹40.00 with 5 % GST: ₹504.00.
pub fn ground() -> (Tenant, Shop, Issued) {
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let bill = trade::an_invoice(&tenant, &shop);
    (tenant, shop, bill)
}

/// The same with a second line, 3 units at ₹10.00: ₹535.50, rounded to ₹536.00.
fn two_lines() -> (Tenant, Shop, Issued) {
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let rice = goods(&tenant, "RICE", "40", "100");
    let salt = goods(&tenant, "SALT", "10", "100");
    let order = trade::confirmed(&tenant, &shop, &[(rice, "12"), (salt, "3")]);
    let bill = trade::billed(&tenant, &trade::packed(&tenant, &order));
    (tenant, shop, bill)
}

pub fn new_note(tenant: &Tenant, room: &str, bill: &Issued) -> String {
    tenant.path(&format!("/{room}/new?invoice={}", bill.url_no))
}

/// Names of the fields of the lines that begin so, in the order of the lines.
pub fn fields(page: &Page, first: &str) -> Vec<String> {
    page.attributes(&format!("#lines input[name^='{first}-']"), "name")
}

/// Everything that counts: notes with their sums, the balance, what is open of each side.
pub fn books(tenant: &Tenant, shop: &Shop) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', a.balance, (select coalesce(sum(open) filter (where side = 'debit'), 0.00) from open_items i where i.customer_id = a.id),
                    (select coalesce(sum(open) filter (where side = 'credit'), 0.00) from open_items i where i.customer_id = a.id),
                    (select count(*) from documents d where d.customer_id = a.id)) as value
               from customer_accounts a where a.tenant_id = '{}' and a.id = '{}'",
            tenant.id, shop.customer
        ),
    )
}

/// What the newest document says: kind, heads, round-off, total.
pub fn newest(tenant: &Tenant) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', kind, taxable, cgst, sgst, igst, round_off, total) as value from documents where tenant_id = '{}' order by id desc limit 1",
            tenant.id
        ),
    )
}

fn order_of(tenant: &Tenant, order: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', status, is_held) as value from orders where tenant_id = '{}' and number = '{order}'",
            tenant.id
        ),
    )
}

/// Sends and delivers the shipment of a bill: the warehouse's stock of its first line afterwards can be asked for.
pub fn delivered(tenant: &Tenant, bill: &Issued) -> String {
    let number = ask(
        tenant.app,
        &format!(
            "select s.number as value from shipments s where s.tenant_id = '{}' and s.invoice_id = '{}'",
            tenant.id, bill.id
        ),
    );
    let (vehicle, driver) = trade::fleet(tenant, 500);
    let db = &tenant.app.state.db;
    let sending = Sending {
        vehicle: vehicle.parse().unwrap(),
        driver: driver.parse().unwrap(),
        expected_on: mandi::kernel::dates::today(db.clock().now()),
        is_overload_known: false,
        is_eway_known: true,
        challan: None,
        unregistered_reason: Some("The authority is away".to_owned()),
    };
    let delivery = Delivery {
        received_by: "Meena".to_owned(),
        note: None,
        proof: None,
    };
    let member = Member::system(tenant.id, "test");
    db.write(&member, &Meter::default(), |scope| {
        send(scope, "Asha Owner", &number, &sending)?.unwrap();
        deliver(scope, "Asha Owner", &number, &delivery)
    })
    .unwrap();
    number
}

/// What a shipment's first line counts: packed, billed, credited, returned; and what is on hand of its product.
fn counted(tenant: &Tenant, shipment: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', l.packed_qty::float, l.invoiced_qty::float, l.credited_qty::float, l.returned_qty::float, v.on_hand::float) as value
               from shipment_lines l join shipments s on s.tenant_id = l.tenant_id and s.id = l.shipment_id
               join stock_levels v on v.tenant_id = l.tenant_id and v.product_id = l.product_id and v.warehouse_id = s.warehouse_id
               where s.tenant_id = '{}' and s.number = '{shipment}' order by l.position limit 1",
            tenant.id
        ),
    )
}

#[test]
fn all_of_an_invoice_is_credited_after_its_sums_were_seen() {
    // given
    let (tenant, shop, bill) = ground();
    let paper = tenant.path(&format!("/invoices/{}", bill.url_no));

    // when
    let form = tenant.owner.open(&paper).click("Credit note…");
    form.shows("#sums", "₹480.00").shows("#sums", "₹504.00");
    let answer = form
        .form("#note")
        .fill("reason", "price")
        .fill("words", "Written for the wrong shop")
        .press("op", "issue")
        .submit();

    // then
    answer.is(303);
    let note = answer.follow();
    note.shows("h1", "Credit note")
        .shows(".sheet", "₹504.00")
        .shows(".sheet", "Written for the wrong shop")
        .shows("#original", &bill.number)
        .shows(".doc-bar .pill", "Used up");
    assert_eq!(
        newest(&tenant),
        "credit_note 480.00 12.00 12.00 0.00 0.00 504.00"
    );
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00 2");
    let page = tenant.owner.open(&paper);
    page.shows("#notes", "₹504.00");
    page.shows_not(".doc-bar", "Credit note…")
        .shows_not(".doc-bar", "Cancel…");
    let again = tenant.owner.get(&new_note(&tenant, "credit-notes", &bill));
    again.is(409).shows(
        "main",
        &format!("Notes have given back all of {} already.", bill.number),
    );
    wholly_sound(&tenant);
}

#[test]
fn some_units_and_a_lower_price_are_worked_out_before_they_are_credited() {
    // given
    let (tenant, shop, bill) = two_lines();
    let page = tenant.owner.open(&new_note(&tenant, "credit-notes", &bill));
    let (units, prices) = (fields(&page, "u"), fields(&page, "p"));
    assert_eq!((units.len(), prices.len()), (2, 2));

    // when: five units of the first, a rupee less on each of the second
    let shown = page
        .form("#note")
        .fill("how", "lines")
        .fill(&units[0], "5")
        .fill(&prices[1], "1")
        .press("op", "work")
        .submit();

    // then: nothing is written yet, and nothing typed is lost
    shown.is(200);
    assert_eq!(books(&tenant, &shop), "536.00 536.00 0.00 1");
    for amount in ["₹203.00", "₹5.08", "₹213.00"] {
        shown.shows("#sums", amount);
    }
    let filled = shown.form("#note");
    assert!(filled.fields.contains(&(units[0].clone(), "5".to_owned())));

    // when
    let answer = filled
        .fill("reason", "deficiency")
        .fill("words", "Wet bags")
        .press("op", "issue")
        .submit();

    // then: ₹200.00 and ₹3.00 with 2.5 % twice, ₹213.16, rounded
    answer.is(303);
    assert_eq!(
        newest(&tenant),
        "credit_note 203.00 5.08 5.08 0.00 -0.16 213.00"
    );
    assert_eq!(books(&tenant, &shop), "323.00 323.00 0.00 2");
    let number = ask(
        tenant.app,
        &format!(
            "select url_no as value from documents where tenant_id = '{}' and kind = 'credit_note'",
            tenant.id
        ),
    );
    // On paper a unit has the price of which it was relieved, not nothing.
    let paper = tenant
        .owner
        .open(&tenant.path(&format!("/credit-notes/{number}")));
    let rates = paper.texts(".sheet table:first-of-type tbody td:nth-child(5)");
    assert!(rates[1].starts_with("1.00"), "{rates:?}");
    let counts = ask(
        tenant.app,
        &format!(
            "select string_agg(concat_ws(' ', credited_qty::float, returned_qty::float), ',' order by l.position) as value
               from shipment_lines l where l.tenant_id = '{}'",
            tenant.id
        ),
    );
    assert_eq!(counts, "5 0,0 0");
    let next = tenant.owner.open(&new_note(&tenant, "credit-notes", &bill));
    next.shows("#lines", "7 left")
        .shows(".notice", "Earlier notes gave back ₹213.00 of ₹536.00.");
    wholly_sound(&tenant);
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_nothing_is_written() {
    // given
    let (tenant, shop, bill) = ground();
    let page = tenant.owner.open(&new_note(&tenant, "credit-notes", &bill));
    let (units, price) = (fields(&page, "u").remove(0), fields(&page, "p").remove(0));
    let sound = |changes: &[(&str, &str)]| {
        let mut filled = page
            .form("#note")
            .fill("how", "lines")
            .fill("reason", "price")
            .fill("words", "Agreed");
        for (name, value) in changes {
            filled = filled.fill(name, value);
        }
        filled.press("op", "issue").submit()
    };

    // when, then
    for (changes, place, words) in [
        (
            vec![(units.as_str(), "13")],
            ".row-error",
            "13 is not between 1 and the 12 that are left to credit.",
        ),
        (
            vec![(&units, "0")],
            ".row-error",
            "A quantity must be more than zero.",
        ),
        (vec![(&units, "a few")], ".row-error", ""),
        (
            vec![(&price, "41")],
            ".row-error",
            "₹492.00 is not between nothing and the ₹480.00",
        ),
        (vec![(&price, "-1")], ".row-error", "more than zero"),
        (vec![(&units, "1"), (&price, "1")], ".row-error", "not both"),
        (
            vec![],
            "#total",
            "Say of at least one line how much is credited.",
        ),
        (
            vec![("how", "whole"), (&units, "1")],
            "#how-e",
            "Something is typed for the lines.",
        ),
        (
            vec![(&units, "1"), ("reason", "")],
            "#reason-e",
            "Choose a reason.",
        ),
        (vec![(&units, "1"), ("words", " ")], "#words-e", ""),
        // What was not worked out was not seen.
        (
            vec![(&units, "1")],
            "#total",
            "It comes to ₹42.00, not ₹504.00",
        ),
    ] {
        let answer = sound(&changes);
        answer.is(422).shows(place, words);
        let kept = answer.form("#note");
        for (name, value) in changes {
            let field = (name.to_owned(), value.to_owned());
            assert!(kept.fields.contains(&field), "{name} lost {value}");
        }
        assert_eq!(books(&tenant, &shop), "504.00 504.00 0.00 1");
    }
    // A line that is not the invoice's, and a document that is none.
    let strange = format!("u-{}", uuid::Uuid::now_v7());
    page.form("#note")
        .fill("how", "lines")
        .forge(&strange, "1")
        .press("op", "work")
        .submit()
        .is(404);
    let none = tenant.path("/credit-notes/new?invoice=INV-00");
    tenant.owner.get(&none).is(404);
    tenant.owner.get(&tenant.path("/credit-notes/new")).is(303);

    // and what was seen goes through, once
    let seen = sound(&[(&units, "1")]);
    let filled = seen.form("#note").press("op", "issue");
    let (first, second) = (filled.clone().submit(), filled.submit());
    first.is(303);
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(books(&tenant, &shop), "462.00 462.00 0.00 2");
    wholly_sound(&tenant);
}

#[test]
fn a_debit_note_asks_for_more_and_can_be_cancelled() {
    // given
    let (tenant, shop, bill) = ground();
    let paper = tenant.path(&format!("/invoices/{}", bill.url_no));
    let page = tenant.owner.open(&paper).click("Debit note…");
    let price = fields(&page, "p").remove(0);
    assert_eq!(fields(&page, "u"), Vec::<String>::new());
    page.form("#note")
        .fill("reason", "price")
        .fill("words", "Freight")
        .press("op", "issue")
        .submit()
        .is(422)
        .shows("#total", "Say of at least one line how much more it is.");

    // when: a rupee more on each of twelve, ₹12.60 with tax
    let shown = page
        .form("#note")
        .fill(&price, "1")
        .press("op", "work")
        .submit();
    shown.is(200).shows("#sums", "₹13.00");
    let answer = shown
        .form("#note")
        .fill("reason", "price")
        .fill("words", "Freight")
        .press("op", "issue")
        .submit();

    // then
    answer.is(303);
    let note = answer.follow();
    note.shows("h1", "Debit note")
        .shows("#original", &bill.number);
    assert_eq!(
        newest(&tenant),
        "debit_note 12.00 0.30 0.30 0.00 0.40 13.00"
    );
    assert_eq!(books(&tenant, &shop), "517.00 517.00 0.00 2");
    wholly_sound(&tenant);

    // and the invoice under it can't be cancelled before it
    let cancel = format!("{paper}/cancel");
    tenant
        .owner
        .get(&cancel)
        .is(409)
        .shows("main", &format!("A note corrects {}.", bill.number));
    let refused = tenant.owner.post(
        &cancel,
        &[
            ("code", "2"),
            ("reason", "Wrong"),
            ("_key", "cancel-under-a-note"),
        ],
    );
    refused.is(409);
    assert_eq!(books(&tenant, &shop), "517.00 517.00 0.00 2");
    let done = note
        .click("Cancel…")
        .form("#confirm")
        .fill("code", "2")
        .fill("reason", "Freight is free")
        .submit();
    done.is(303);
    done.follow().shows(".doc-bar .pill", "Cancelled");
    assert_eq!(books(&tenant, &shop), "504.00 504.00 0.00 2");
    wholly_sound(&tenant);
}

#[test]
fn goods_that_come_back_are_in_stock_with_their_credit() {
    // given: twelve of a hundred were delivered
    let (tenant, shop, bill) = ground();
    let packed = tenant.owner.open(&new_note(&tenant, "credit-notes", &bill));
    assert_eq!(packed.count("[name=goods]"), 0);
    let early = packed
        .form("#note")
        .fill("reason", "return")
        .fill("words", "Torn bags")
        .forge("goods", "on")
        .press("op", "issue")
        .submit();
    early.is(409).shows(
        "main",
        "The shipment has not left, so nothing of it can come back.",
    );
    let shipment = delivered(&tenant, &bill);
    assert_eq!(counted(&tenant, &shipment), "12 12 0 0 88");

    // when: five come back
    let page = tenant.owner.open(&new_note(&tenant, "credit-notes", &bill));
    let (units, price) = (fields(&page, "u").remove(0), fields(&page, "p").remove(0));
    let wrong = page
        .form("#note")
        .fill("how", "lines")
        .fill(&price, "1")
        .fill("goods", "on")
        .press("op", "work")
        .submit();
    wrong
        .is(422)
        .shows("#note", "No units are credited, so none can come back.");
    let answer = page
        .form("#note")
        .fill("how", "lines")
        .fill(&units, "5")
        .fill("goods", "on")
        .fill("reason", "return")
        .fill("words", "Torn bags")
        .press("op", "work")
        .submit()
        .form("#note")
        .press("op", "issue")
        .submit();

    // then
    answer.is(303);
    assert_eq!(counted(&tenant, &shipment), "12 12 5 5 93");
    assert_eq!(books(&tenant, &shop), "294.00 294.00 0.00 2");
    wholly_sound(&tenant);

    // and the rest is credited without coming back
    let rest = tenant
        .owner
        .open(&new_note(&tenant, "credit-notes", &bill))
        .form("#note")
        .fill("reason", "discount")
        .fill("words", "They keep them")
        .press("op", "issue")
        .submit();
    rest.is(303);
    assert_eq!(counted(&tenant, &shipment), "12 12 12 5 93");
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00 3");
    wholly_sound(&tenant);
}

#[test]
fn an_invoice_is_cancelled_while_it_is_in_the_house_and_unpaid() {
    // given
    let (tenant, shop, bill) = ground();
    let paper = tenant.path(&format!("/invoices/{}", bill.url_no));
    let cancel = format!("{paper}/cancel");

    // when: without a reason
    let question = tenant.owner.open(&paper).click("Cancel…");
    question.shows("h1", &format!("Cancel {}?", bill.number));
    let wrong = question.form("#confirm").fill("reason", "Twice").submit();
    wrong.is(422).shows("#code-e", "Choose a reason.");
    assert!(
        wrong
            .form("#confirm")
            .fields
            .contains(&("reason".to_owned(), "Twice".to_owned()))
    );
    assert_eq!(books(&tenant, &shop), "504.00 504.00 0.00 1");

    // when
    let filled = wrong.form("#confirm").fill("code", "1");
    let (first, second) = (filled.clone().submit(), filled.submit());

    // then: once, and what it billed can be billed again
    first.is(303);
    second.is(303);
    first.follow().shows(".doc-bar .pill", "Cancelled");
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00 1");
    let already = format!("{} is cancelled already.", bill.number);
    tenant.owner.get(&cancel).is(409).shows("main", &already);
    let fields = [("code", "1"), ("reason", "Twice"), ("_key", "cancel-again")];
    tenant.owner.post(&cancel, &fields).is(409);
    tenant
        .owner
        .get(&new_note(&tenant, "credit-notes", &bill))
        .is(409)
        .shows("main", &format!("{} is cancelled.", bill.number));
    wholly_sound(&tenant);

    // and what has left, or is credited in part, can't be
    let (left, part) = (
        trade::an_invoice(&tenant, &shop),
        trade::an_invoice(&tenant, &shop),
    );
    let shipment = delivered(&tenant, &left);
    trade::a_note(&tenant, &part, true);
    let before = books(&tenant, &shop);
    for (bill, words) in [
        (
            &left,
            format!(
                "{shipment} has left with {}. Write a credit note.",
                left.number
            ),
        ),
        (
            &part,
            format!("₹504.00 of {} is paid or credited.", part.number),
        ),
    ] {
        let page = tenant.path(&format!("/invoices/{}", bill.url_no));
        let page = tenant.owner.open(&page);
        page.shows("#no-cancel", &words);
        assert!(!page.texts(".doc-bar a").contains(&"Cancel…".to_owned()));
        let cancel = tenant.path(&format!("/invoices/{}/cancel", bill.url_no));
        tenant.owner.get(&cancel).is(409).shows("main", &words);
        let fields = [
            ("code", "2"),
            ("reason", "Wrong"),
            ("_key", bill.url_no.as_str()),
        ];
        tenant
            .owner
            .post(&cancel, &fields)
            .is(409)
            .shows("main", &words);
        assert_eq!(books(&tenant, &shop), before);
    }
    wholly_sound(&tenant);
}

#[test]
fn only_who_corrects_invoices_finds_the_ways_to_do_so() {
    let (tenant, shop, bill) = ground();
    let (rival, (_, viewer), (_, warehouse), (_, clerk)) = (
        crate::support::tenant(),
        tenant.employee(Role::Viewer),
        tenant.employee(Role::Warehouse),
        tenant.employee(Role::Accounts),
    );
    let paper = tenant.path(&format!("/invoices/{}", bill.url_no));
    clerk.open(&paper).shows(".doc-bar", "Credit note…");
    viewer.open(&paper).shows_not(".doc-bar", "Credit note…");
    for path in [
        new_note(&tenant, "credit-notes", &bill),
        new_note(&tenant, "debit-notes", &bill),
        format!("{paper}/cancel"),
    ] {
        clerk.get(&path).is(200);
        viewer.get(&path).is(403);
        warehouse.get(&path).is(403);
        rival.owner.get(&path).is(404);
        shop.owner.get(&path).is(404);
    }
    // Its number in the rival's own rooms is nobody's.
    rival
        .owner
        .get(&new_note(&rival, "credit-notes", &bill))
        .is(404);
    let fields = [
        ("invoice", bill.url_no.as_str()),
        ("how", "whole"),
        ("reason", "price"),
        ("words", "Mine"),
        ("shown_total", "504"),
        ("op", "issue"),
        ("_key", "note-of-a-rival"),
    ];
    viewer
        .post(&tenant.path("/credit-notes/new"), &fields)
        .is(403);
    rival
        .owner
        .post(&tenant.path("/credit-notes/new"), &fields)
        .is(404);
    rival
        .owner
        .post(&rival.path("/credit-notes/new"), &fields)
        .is(404);
    assert_eq!(books(&tenant, &shop), "504.00 504.00 0.00 1");
    clerk
        .post(&tenant.path("/credit-notes/new"), &fields)
        .is(303);
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00 2");
}

#[test]
fn two_people_credit_the_same_units_and_exactly_one_fits() {
    for round in 0..4 {
        // given: both have seen what eight of twelve come to
        let (tenant, shop, bill) = ground();
        let (_, clerk) = tenant.employee(Role::Accounts);
        let filled = |who: &crate::support::Browser| {
            let page = who.open(&new_note(&tenant, "credit-notes", &bill));
            let units = fields(&page, "u").remove(0);
            page.form("#note")
                .fill("how", "lines")
                .fill(&units, "8")
                .fill("reason", "deficiency")
                .fill("words", "Wet bags")
                .press("op", "work")
                .submit()
                .form("#note")
                .press("op", "issue")
        };
        let forms = [filled(&tenant.owner), filled(&clerk)];
        let start = Barrier::new(2);

        // when
        let answers: Vec<Page> = std::thread::scope(|threads| {
            let both: Vec<_> = forms
                .into_iter()
                .map(|form| {
                    let start = &start;
                    threads.spawn(move || {
                        start.wait();
                        form.submit()
                    })
                })
                .collect();
            both.into_iter().map(|one| one.join().unwrap()).collect()
        });

        // then
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "round {round}");
        let lost = answers.iter().find(|answer| answer.status == 422).unwrap();
        lost.shows(
            ".row-error",
            "8 is not between 1 and the 4 that are left to credit.",
        );
        assert_eq!(books(&tenant, &shop), "168.00 168.00 0.00 2");
        wholly_sound(&tenant);
    }
}

#[test]
fn less_that_is_owed_lets_a_held_order_go_on_at_once() {
    // given: ₹504.00 are owed of ₹600.00, and an order of ₹504.00 waits
    let (tenant, shop, bill) = ground();
    run(
        tenant.app,
        &format!(
            "update customers set credit_limit = 600, updated_at = now() where id = '{}'",
            shop.customer
        ),
    );
    let soap = goods(&tenant, "SOAP", "40", "1000");
    let waiting = placed(&tenant, &shop, &[(soap, "12")]);
    assert_eq!(order_of(&tenant, &waiting), "to_approve t");
    let credit = |units: &str| {
        let page = tenant.owner.open(&new_note(&tenant, "credit-notes", &bill));
        let field = fields(&page, "u").remove(0);
        page.form("#note")
            .fill("how", "lines")
            .fill(&field, units)
            .fill("reason", "discount")
            .fill("words", "For the season")
            .press("op", "work")
            .submit()
            .form("#note")
            .press("op", "issue")
            .submit()
            .is(303);
    };

    // when, then: too little leaves it waiting, enough frees it in the same request
    credit("1");
    assert_eq!(order_of(&tenant, &waiting), "to_approve t");
    credit("9");
    assert_eq!(order_of(&tenant, &waiting), "to_approve f");
    wholly_sound(&tenant);

    // and a cancelled debit note does the same: ₹84.00 and ₹2.00 are owed, ₹504.00 are ordered
    let more = trade::a_note(&tenant, &bill, false);
    assert_eq!(more.total, mandi::kernel::money::Money::from_rupees(2));
    run(
        tenant.app,
        &format!(
            "update customers set credit_limit = 1093, updated_at = now() where id = '{}'",
            shop.customer
        ),
    );
    let second = placed(&tenant, &shop, &[(soap, "12")]);
    assert_eq!(order_of(&tenant, &second), "to_approve t");
    let path = tenant.path(&format!("/debit-notes/{}/cancel", more.url_no));
    let fields = [
        ("code", "4"),
        ("reason", "Agreed"),
        ("_key", "cancel-debit"),
    ];
    tenant.owner.post(&path, &fields).is(303);
    assert_eq!(order_of(&tenant, &second), "to_approve f");
    wholly_sound(&tenant);
}

/// The letter about a bill once it is in the outbox.
fn letter(tenant: &Tenant, bill: &Issued, column: &str) -> String {
    let sql = format!(
        "select coalesce((select {column} from mails where tenant_id = '{}' and kind = 'bill' and text_body like '%{}%'), '') as value",
        tenant.id, bill.url_no
    );
    until("the letter is written", || {
        !ask(tenant.app, &sql).is_empty()
    });
    ask(tenant.app, &sql)
}

#[test]
fn the_shop_is_told_of_its_bill_in_its_language() {
    // given
    let tenant = tenant();
    let (shop, other) = (shop_of(&tenant), retailer(&tenant));
    run(
        tenant.app,
        &format!(
            "update customers set language = 'hi-IN', updated_at = now() where id = '{}'",
            other.customer
        ),
    );

    // when
    let bill = trade::an_invoice(&tenant, &shop);
    let second = trade::an_invoice(&tenant, &other);

    // then
    let text = letter(&tenant, &bill, "text_body");
    assert!(text.contains("₹504.00"), "{text}");
    assert!(text.contains("Please pay by"), "{text}");
    assert_eq!(
        letter(&tenant, &bill, "recipient"),
        ask(
            tenant.app,
            &format!(
                "select u.email as value from users u join retailer_users m on m.user_id = u.id join retailers r on r.id = m.retailer_id where r.slug = '{}'",
                shop.slug
            ),
        )
    );
    let link = text
        .split_whitespace()
        .find(|word| word.contains("/bills/"))
        .unwrap();
    let path = &link[link.find("/r/").unwrap()..];
    shop.owner.open(path).shows(".sheet", &bill.number);
    other.owner.get(path).is(404);
    let hindi = letter(&tenant, &second, "text_body");
    assert!(
        hindi.contains("नमस्ते") && !hindi.contains("Please pay"),
        "{hindi}"
    );

    // and of one that could not be issued nobody hears
    let count = |kind: &str| {
        ask(
            tenant.app,
            &format!(
                "select count(*)::text as value from jobs where tenant_id = '{}' and kind = '{kind}'",
                tenant.id
            ),
        )
    };
    assert_eq!(count("invoices.letter"), "2");
    let nothing = tenant.owner.post(
        &tenant.path("/invoices/new"),
        &[("shipment", "SH-00-00000"), ("_key", "bill-of-nothing")],
    );
    nothing.is(404);
    assert_eq!(count("invoices.letter"), "2");
}

#[test]
fn notes_have_lists_that_can_be_searched_and_taken_away() {
    // given
    let (tenant, shop, bill) = ground();
    let second = trade::an_invoice(&tenant, &shop);
    let credit = trade::a_note(&tenant, &bill, true);
    let debit = trade::a_note(&tenant, &second, false);
    let (_, driver) = tenant.employee(Role::Driver);
    let rival = crate::support::tenant();

    for (room, note, other, bill) in [
        ("credit-notes", &credit, &debit, &bill),
        ("debit-notes", &debit, &credit, &second),
    ] {
        let path = tenant.path(&format!("/{room}"));

        // when
        let page = tenant.owner.open(&path);

        // then
        page.shows("tbody", &note.number);
        page.shows_not("tbody", &other.number);
        let found = |query: &str| tenant.owner.open(&format!("{path}?{query}"));
        found(&format!("q={}", note.number)).shows("tbody", &note.number);
        found(&format!("q={}", other.number)).shows_not("main", &note.number);
        found("status=cancelled").shows_not("main", &note.number);
        let (status, _, csv) = tenant.owner.bytes(&format!("{path}/export?format=csv"));
        let csv = String::from_utf8(csv).unwrap();
        assert_eq!(status, 200);
        assert!(
            csv.contains(&note.number) && csv.contains(&bill.number),
            "{csv}"
        );
        assert!(csv.contains("Agreed on the telephone."), "{csv}");
        driver.get(&path).is(403);
        rival.owner.get(&path).is(404);
        rival
            .owner
            .open(&rival.path(&format!("/{room}")))
            .shows_not("main", &note.number);
        let (status, headers, _) = tenant.owner.bytes(&format!("{path}/{}/pdf", note.url_no));
        assert_eq!(
            (status, headers["content-type"].as_bytes()),
            (200, &b"application/pdf"[..])
        );
    }
    let list = tenant.owner.open(&tenant.path("/credit-notes"));
    list.shows("tbody", &bill.number)
        .shows(".views", "Debit notes");
    tenant
        .owner
        .open(&tenant.path("/invoices"))
        .click("Credit notes")
        .shows("h1", "Credit notes");
}

#[test]
fn ticked_rows_of_a_list_become_one_file() {
    // given: three invoices, two of which are ticked
    let (tenant, shop, first) = ground();
    let bills = [
        first,
        trade::an_invoice(&tenant, &shop),
        trade::an_invoice(&tenant, &shop),
    ];
    let list = tenant.owner.open(&tenant.path("/invoices"));
    assert_eq!(list.attributes("#bulk [name=id]", "value").len(), 3);
    let rows = |path: &str| {
        let sql = format!(
            "select coalesce((select (result->>'rows') from jobs where id = '{}' and state = 'done'), '') as value",
            path.rsplit('/').next().unwrap()
        );
        until("the job is done", || !ask(tenant.app, &sql).is_empty());
        ask(tenant.app, &sql)
    };

    // when
    let mut ticked = list.form("#bulk");
    for bill in &bills[..2] {
        ticked.fields.push(("id".to_owned(), bill.id.to_string()));
    }
    let some = ticked.submit();

    // then
    some.is(303);
    assert_eq!(rows(some.header("location")), "2");
    some.follow().shows("h1", "2 documents as PDF");

    // and all that match, of which the page shows a part
    let page = tenant.owner.open(&tenant.path("/invoices?size=25"));
    let mut all = page.form("#bulk").forge("all", "1").forge("shown", "1");
    all.fields.push(("id".to_owned(), bills[0].id.to_string()));
    let all = all.submit();
    all.is(303);
    assert_eq!(rows(all.header("location")), "3");
    // Nothing ticked is said.
    tenant
        .owner
        .open(&tenant.path("/invoices"))
        .form("#bulk")
        .submit()
        .is(409);
}

#[test]
fn sums_that_nobody_has_seen_are_no_problem_and_problems_are_counted() {
    // given
    let (tenant, _, bill) = two_lines();

    // when: a debit note is issued before it was worked out
    let page = tenant.owner.open(&new_note(&tenant, "debit-notes", &bill));
    let price = fields(&page, "p").remove(0);
    let answer = page
        .form("#note")
        .fill(&price, "1")
        .fill("reason", "price")
        .fill("words", "Freight")
        .press("op", "issue")
        .submit();

    // then: its sums are shown, nothing is wrong, and then it is issued
    answer.is(422).shows(
        "#total[role=status]",
        "It comes to ₹13.00. Look at the sums and issue it then.",
    );
    assert_eq!(answer.count("#errors"), 0);
    assert_eq!(answer.count(".error"), 0);
    answer.form("#note").press("op", "issue").submit().is(303);

    // when: two lines can't be read, and no reason is chosen
    let page = tenant.owner.open(&new_note(&tenant, "credit-notes", &bill));
    let units = fields(&page, "u");
    let answer = page
        .form("#note")
        .fill("how", "lines")
        .fill(&units[0], "few")
        .fill(&units[1], "some")
        .fill("words", "Agreed")
        .press("op", "issue")
        .submit();

    // then: three problems, and the way to each
    answer
        .is(422)
        .shows("#errors", "There are 3 problems")
        .shows("#errors", "Choose a reason.");
    let links = answer.attributes("#errors a", "href");
    let wanted = [&units[0], &units[1], &"reason".to_owned()].map(|id| format!("#{id}"));
    assert_eq!(links, wanted);
}
