//! Payments that people write down: what they pay, what is taken off, what comes back.

use crate::statements::{MOST_OF_A_CHANGE, statements};
use crate::support::books::{ago, code, owes, pays, today};
use crate::support::trade::{an_invoice, held, shop_of, sound};
use crate::support::{Browser, FormFiller, Page, Shop, Tenant, ask, run, tenant};
use mandi::accounting::rules::payment::Method;
use mandi::kernel::dates::FinancialYear;
use mandi::platform::permissions::Role;
use std::sync::Barrier;

/// The form of a new payment of a shop, filled in as far as all need it.
fn form(tenant: &Tenant, shop: &Shop, who: &Browser, amount: &str) -> FormFiller {
    let code = code(tenant, shop);
    who.open(&tenant.path(&format!("/payments/new?customer={code}")))
        .form("#payment")
        .fill("amount", amount)
        .fill("method", "cash")
}

/// The number of a receipt or refund in this financial year.
fn number(tenant: &Tenant, kind: &str, which: u32) -> String {
    let year = FinancialYear::of(today(tenant)).first_year() % 100;
    format!("{kind}-{year:02}-{which:05}")
}

fn ledger(tenant: &Tenant, shop: &Shop) -> Page {
    let path = format!("/ledger/{}", code(tenant, shop));
    tenant.owner.open(&tenant.path(&path))
}

/// What the card "Owed today" says, row by row.
fn ages(page: &Page) -> Vec<String> {
    let card = "[aria-labelledby=owed] .dl";
    let labels = page.texts(&format!("{card}:first-of-type dt"));
    let amounts = page.texts(&format!("{card}:first-of-type dd"));
    let rows = labels.into_iter().zip(amounts);
    rows.map(|(label, amount)| format!("{label} {amount}"))
        .collect()
}

/// The balance of a customer's account, and what is open on each side.
fn books(tenant: &Tenant, shop: &Shop) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', a.balance, (select sum(open) filter (where side = 'debit') from open_items i where i.customer_id = a.id),
                    (select sum(open) filter (where side = 'credit') from open_items i where i.customer_id = a.id)) as value
               from customer_accounts a where a.tenant_id = '{}' and a.id = '{}'",
            tenant.id, shop.customer
        ),
    )
}

#[test]
fn money_pays_what_was_due_first() {
    // given: ₹600 due 40 days ago, ₹400 due 10 days ago, ₹500 due in 10 days
    let tenant = tenant();
    let shop = shop_of(&tenant);
    owes(&tenant, &shop, 500, (5, -10));
    owes(&tenant, &shop, 600, (60, 40));
    owes(&tenant, &shop, 400, (30, 10));
    assert_eq!(
        ages(&ledger(&tenant, &shop)),
        [
            "Over 90 days ₹0.00",
            "61–90 days ₹0.00",
            "31–60 days ₹600.00",
            "1–30 days ₹400.00",
            "Not due ₹500.00",
            "Together ₹1,500.00",
        ]
    );

    // when
    let answer = form(&tenant, &shop, &tenant.owner, "800").submit();

    // then: the oldest is paid, of the next half
    let first = number(&tenant, "RC", 1);
    answer.is(303);
    assert_eq!(
        answer.header("location"),
        tenant.path(&format!("/payments/{first}"))
    );
    let page = answer.follow();
    page.is(200)
        .shows("h1", &first)
        .shows(".pill", "Received")
        .shows("#left", "₹0.00");
    assert_eq!(
        page.texts("[aria-labelledby=set] tbody td.num:nth-child(4)"),
        ["₹600.00", "₹200.00"]
    );
    let page = ledger(&tenant, &shop);
    assert_eq!(
        ages(&page),
        [
            "Over 90 days ₹0.00",
            "61–90 days ₹0.00",
            "31–60 days ₹0.00",
            "1–30 days ₹200.00",
            "Not due ₹500.00",
            "Together ₹700.00",
        ]
    );
    page.shows("#balance", "₹700.00");
    assert_eq!(books(&tenant, &shop), "700.00 700.00 0.00");

    // and a second one gets the next number
    let second = form(&tenant, &shop, &tenant.owner, "700").submit();
    let next = tenant.path(&format!("/payments/{}", number(&tenant, "RC", 2)));
    assert_eq!(second.header("location"), next);
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00");
    sound(&tenant);
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_nothing_is_written() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let bill = owes(&tenant, &shop, 600, (60, 40));
    let other = owes(&tenant, &shop, 100, (50, 30));
    let field = format!("a-{bill}");
    let try_with = |changes: &[(&str, &str)]| {
        let mut filled = form(&tenant, &shop, &tenant.owner, "500");
        for (name, value) in changes {
            filled = filled.fill(name, value);
        }
        filled.submit()
    };
    let tomorrow = ago(&tenant, -1).to_string();

    // when, then
    for (changes, place, words) in [
        (vec![("amount", "")], "#amount-e", "Enter a number."),
        (vec![("amount", "0")], "#amount-e", "more than zero"),
        (vec![("amount", "10.005")], "#amount-e", "2 decimals"),
        (vec![("method", "")], "#method-e", "Choose how it was paid."),
        (
            vec![("paid_on", tomorrow.as_str())],
            "#paid_on-e",
            "today or earlier",
        ),
        (
            vec![("method", "cheque")],
            "#reference-e",
            "Number of the cheque must be filled in.",
        ),
        (
            vec![("method", "cheque"), ("reference", "004711")],
            "#cheque_date-e",
            "Enter the date on the cheque.",
        ),
        (
            vec![("how", "hand")],
            "#how-e",
            "Say how much of which bill",
        ),
        (
            vec![("how", "hand"), (field.as_str(), "501")],
            "#how-e",
            "more than the amount",
        ),
    ] {
        let page = try_with(&changes);
        page.is(422).shows(place, words);
    }
    let page = try_with(&[
        ("amount", "700"),
        ("how", "hand"),
        (field.as_str(), "600.01"),
    ]);
    page.is(422)
        .shows(&format!("[id='{field}-e']"), "Only ₹600.00 of it are open.");
    let kept = page.form("#payment");
    assert!(
        kept.fields
            .contains(&("amount".to_owned(), "700".to_owned())),
        "{:?}",
        kept.fields
    );
    // A bill of somebody else's is none of this customer's.
    let neighbour = shop_of(&tenant);
    let theirs = owes(&tenant, &neighbour, 50, (9, 9));
    form(&tenant, &shop, &tenant.owner, "50")
        .fill("how", "hand")
        .forge(&format!("a-{theirs}"), "50")
        .submit()
        .is(404);
    assert_eq!(books(&tenant, &shop), "700.00 700.00");
    assert_eq!(
        ask(
            tenant.app,
            &format!(
                "select count(*)::text as value from payments where tenant_id = '{}'",
                tenant.id
            )
        ),
        "0"
    );

    // and when it is right
    let done = try_with(&[
        ("how", "hand"),
        (field.as_str(), "300"),
        (format!("a-{other}").as_str(), "100"),
    ]);
    done.is(303);
    done.follow().shows("#left", "₹100.00");
    assert_eq!(books(&tenant, &shop), "200.00 300.00 100.00");
    sound(&tenant);
}

#[test]
fn an_advance_is_set_against_bills_later_and_taken_off_in_one_click() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let paid = pays(&tenant, &shop, (Method::Upi, 1000), 20);
    let page = ledger(&tenant, &shop);
    assert_eq!(
        ages(&page).last().map(String::as_str),
        Some("Together −₹1,000.00")
    );
    assert!(ages(&page).contains(&"Unallocated −₹1,000.00".to_owned()));
    let bill = owes(&tenant, &shop, 700, (10, 1));
    let next = owes(&tenant, &shop, 600, (5, 0));
    let path = tenant.path(&format!("/payments/{paid}"));
    let open = || tenant.owner.open(&path);

    // when: by hand, first too much
    let page = open().click("Set against bills");
    page.form("#allocate")
        .fill(&format!("a-{bill}"), "500")
        .fill(&format!("a-{next}"), "600")
        .submit()
        .is(422)
        .shows(
            "#parts",
            "₹1,100.00 are more than the ₹1,000.00 that are left.",
        );
    page.form("#allocate")
        .fill(&format!("a-{bill}"), "500")
        .submit()
        .is(303);

    // then
    open().shows("#left", "₹500.00");
    assert_eq!(books(&tenant, &shop), "300.00 800.00 500.00");

    // when: the rest, the oldest first
    open()
        .click("Set against bills")
        .form("#oldest")
        .submit()
        .is(303);
    open().shows("#left", "₹0.00");
    assert_eq!(books(&tenant, &shop), "300.00 300.00 0.00");
    tenant
        .owner
        .post(&format!("{path}/allocate"), &[("op", "oldest")])
        .is(409);

    // when: all of it is taken off
    open().form("#take-off").submit().is(303);
    open()
        .shows("#left", "₹1,000.00")
        .shows("[aria-labelledby=set]", "Nothing yet.");
    assert_eq!(books(&tenant, &shop), "300.00 1300.00 1000.00");
    tenant
        .owner
        .post(&format!("{path}/unallocate"), &[])
        .is(409)
        .shows("main", "is set against nothing that can be taken off");

    // and from the ledger in one click
    let page = ledger(&tenant, &shop);
    let credit = page
        .attribute("[aria-labelledby=credits] form", "id")
        .unwrap();
    page.form(&format!("#{credit}")).submit().is(303);
    assert_eq!(books(&tenant, &shop), "300.00 300.00 0.00");
    sound(&tenant);
}

#[test]
fn a_returned_cheque_restores_dues_and_their_age_by_date() {
    // given: ₹900 due 50 days ago, paid by cheque 20 days ago
    let tenant = tenant();
    let shop = shop_of(&tenant);
    owes(&tenant, &shop, 900, (80, 50));
    let paid = pays(&tenant, &shop, (Method::Cheque, 1000), 20);
    let path = tenant.path(&format!("/payments/{paid}"));
    tenant
        .owner
        .post(&format!("{path}/allocate"), &[("op", "oldest")])
        .is(303);
    assert_eq!(books(&tenant, &shop), "-100.00 0.00 100.00");
    let as_of = |days: i64| {
        let day = ago(&tenant, days);
        let page = tenant
            .owner
            .open(&tenant.path(&format!("/receivables?on={day}")));
        page.is(200);
        let labels = page.texts("[aria-labelledby=ages] dt");
        let amounts = page.texts("[aria-labelledby=ages] dd");
        let rows = labels.into_iter().zip(amounts);
        rows.filter(|(_, amount)| amount != "₹0.00")
            .map(|(label, amount)| format!("{label} {amount}"))
            .collect::<Vec<_>>()
    };

    // when: returned 7 days ago, which is written down today; not before it was given to us
    let ask_it = || tenant.owner.open(&format!("{path}/bounce"));
    ask_it()
        .form("#confirm")
        .fill("bounced_on", &ago(&tenant, 21).to_string())
        .fill("reason", "Funds insufficient")
        .submit()
        .is(422)
        .shows("#bounced_on-e", "before it was given to us");
    ask_it()
        .form("#confirm")
        .fill("bounced_on", &ago(&tenant, 7).to_string())
        .fill("reason", "Funds insufficient")
        .submit()
        .is(303);

    // then: today all of it is owed, as old as it is; a week ago and before, it was paid
    tenant
        .owner
        .open(&path)
        .shows(".pill", "Returned by the bank")
        .shows("#bounced", "Funds insufficient");
    assert_eq!(books(&tenant, &shop), "900.00 900.00 0.00");
    assert_eq!(as_of(0), ["31–60 days ₹900.00", "Together ₹900.00"]);
    assert_eq!(as_of(7), ["31–60 days ₹900.00", "Together ₹900.00"]);
    assert_eq!(as_of(8), ["Unallocated −₹100.00", "Together −₹100.00"]);
    assert_eq!(as_of(21), ["1–30 days ₹900.00", "Together ₹900.00"]);
    // A second time, and for what is no cheque, it is refused.
    tenant
        .owner
        .open(&format!("{path}/bounce"))
        .is(409)
        .shows("main", &format!("The bank returned the cheque of {paid}."));
    let cash = pays(&tenant, &shop, (Method::Cash, 10), 1);
    tenant
        .owner
        .open(&tenant.path(&format!("/payments/{cash}/bounce")))
        .is(409);
    // The advance of before pays from the day on which the cheque came back, not twice as of before.
    let early = pays(&tenant, &shop, (Method::Cash, 400), 15);
    tenant
        .owner
        .post(
            &tenant.path(&format!("/payments/{early}/allocate")),
            &[("op", "oldest")],
        )
        .is(303);
    assert_eq!(as_of(8), ["Unallocated −₹500.00", "Together −₹500.00"]);
    sound(&tenant);
}

#[test]
fn what_is_left_can_be_given_back() {
    // given: ₹1,000 of which ₹300 pay a bill
    let tenant = tenant();
    let shop = shop_of(&tenant);
    owes(&tenant, &shop, 300, (9, 3));
    let paid = pays(&tenant, &shop, (Method::Cheque, 1000), 5);
    let path = tenant.path(&format!("/payments/{paid}"));
    tenant
        .owner
        .post(&format!("{path}/allocate"), &[("op", "oldest")])
        .is(303);
    let ask_it = || tenant.owner.open(&format!("{path}/refund"));
    let refund = |amount: &str| {
        ask_it()
            .form("#confirm")
            .fill("amount", amount)
            .fill("method", "neft")
            .submit()
    };

    // when, then
    refund("700.01")
        .is(422)
        .shows("#amount-e", "Only ₹700.00 of it are left.");
    refund("200").is(303);
    let first = number(&tenant, "RF", 1);
    tenant
        .owner
        .open(&path)
        .shows("#left", "₹500.00")
        .shows("[aria-labelledby=refunds]", &first)
        .shows(".pill", "Received");
    assert_eq!(books(&tenant, &shop), "-500.00 0.00 500.00");
    // A cheque of which some was given back can't be returned any more.
    tenant
        .owner
        .post(
            &format!("{path}/bounce"),
            &[
                ("bounced_on", &today(&tenant).to_string()),
                ("reason", "Late"),
            ],
        )
        .is(409);
    assert_eq!(books(&tenant, &shop), "-500.00 0.00 500.00");
    tenant
        .owner
        .post(&format!("{path}/unallocate"), &[])
        .is(303);
    refund("800").is(303);
    tenant
        .owner
        .open(&path)
        .shows("#left", "₹0.00")
        .shows(".pill", "Refunded");
    ask_it().is(409);
    assert_eq!(books(&tenant, &shop), "300.00 300.00 0.00");
    sound(&tenant);
}

#[test]
fn a_payment_lets_a_held_order_go_on_in_the_same_request() {
    // given: a limit of ₹600, ₹504 ordered, another ₹504 held until ₹408 are paid
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let waits = held(&tenant, &shop);
    let order = || tenant.owner.open(&tenant.path(&format!("/orders/{waits}")));
    order().shows("#held", "Pay ₹408.00 to free it.");

    // when: too little
    form(&tenant, &shop, &tenant.owner, "400").submit().is(303);

    // then
    order().shows("#held", "Pay ₹8.00 to free it.");

    // when: enough
    let answer = form(&tenant, &shop, &tenant.owner, "8").submit();

    // then: it is free at once
    let page = order();
    assert_eq!(page.count("#held"), 0);
    answer.is(303);
    assert_eq!(books(&tenant, &shop), "-408.00 408.00");
    sound(&tenant);
}

#[test]
fn what_nobody_will_pay_is_written_off_by_whoever_may() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let bill = owes(&tenant, &shop, 500, (200, 150));
    let path = tenant.path(&format!("/receivables/{bill}/write-off"));
    let (_, clerk) = tenant.employee(Role::Accounts);
    clerk.open(&path).is(403);

    // when, then
    let ask_it = || tenant.owner.open(&path);
    ask_it()
        .form("#confirm")
        .fill("amount", "500.50")
        .fill("reason", "Shop closed")
        .submit()
        .is(422)
        .shows("#amount-e", "Only ₹500.00 of it are open.");
    ask_it()
        .form("#confirm")
        .fill("amount", "120")
        .fill("reason", "Shop closed")
        .submit()
        .is(303);
    assert_eq!(books(&tenant, &shop), "380.00 380.00 0.00");
    ledger(&tenant, &shop)
        .shows("#entries", "Written off")
        .shows("#entries", "Shop closed");
    // What was written off is not taken off again, and can be no more than is open.
    ask_it()
        .form("#confirm")
        .fill("amount", "380")
        .fill("reason", "Shop closed")
        .submit()
        .is(303);
    ask_it().is(409);
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00");

    // when: of an invoice, whose number the entry names on both sides
    let invoice = an_invoice(&tenant, &shop);
    tenant
        .owner
        .open(&tenant.path(&format!("/receivables/{}/write-off", invoice.id)))
        .form("#confirm")
        .fill("amount", "4")
        .fill("reason", "Small change")
        .submit()
        .is(303);

    // then
    let theirs = shop.owner.open(&shop.path(&tenant, "/ledger"));
    for (page, path) in [
        (
            ledger(&tenant, &shop),
            tenant.path(&format!("/invoices/{}", invoice.url_no)),
        ),
        (
            theirs,
            shop.path(&tenant, &format!("/bills/{}", invoice.url_no)),
        ),
    ] {
        let row = "#entries tbody tr:last-child";
        page.shows(row, "Written off")
            .shows(row, &invoice.number)
            .shows(row, "500.00");
        let href = page.attribute(&format!("{row} a"), "href").unwrap();
        assert!(href.starts_with(&path), "{href}");
    }
    sound(&tenant);
}

#[test]
fn two_clerks_set_one_payment_against_two_bills() {
    // given: one payment that is enough for one of two bills
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let bills = [
        owes(&tenant, &shop, 500, (9, 3)),
        owes(&tenant, &shop, 500, (8, 2)),
    ];
    for round in 0..6 {
        let paid = pays(&tenant, &shop, (Method::Cash, 500), 1);
        let path = tenant.path(&format!("/payments/{paid}/allocate"));
        let start = Barrier::new(2);

        // when: one by hand, the other by hand or the oldest first, at once
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let (path, start, tenant, bills) = (&path, &start, &tenant, &bills);
            let clerks = [0, 1].map(|clerk| {
                scope.spawn(move || {
                    let name = format!("a-{}", bills[clerk]);
                    let by_hand = [("op", "hand"), (name.as_str(), "500")];
                    let oldest = [("op", "oldest")];
                    start.wait();
                    let fields: &[(&str, &str)] = if clerk == 0 && round % 2 == 0 {
                        &oldest
                    } else {
                        &by_hand
                    };
                    tenant.owner.post(path, fields).status
                })
            });
            clerks.map(|clerk| clerk.join().unwrap()).to_vec()
        });

        // then: one of them gets it, the other is told
        let done = answers.iter().filter(|status| **status == 303).count();
        assert_eq!(done, 1, "{answers:?}");
        assert!(
            answers
                .iter()
                .all(|status| [303, 409, 422].contains(status)),
            "{answers:?}"
        );
        tenant
            .owner
            .post(&tenant.path(&format!("/payments/{paid}/unallocate")), &[])
            .is(303);
    }
    sound(&tenant);
}

/// A shop pays so many bills of ₹100 with one payment that is ₹50 short: how often the request asks the database.
fn statements_of_paying(bills: u32, amount: &str) -> u32 {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let (id, customer, owed) = (tenant.id, shop.customer, bills * 100);
    run(
        tenant.app,
        &format!(
            "insert into customer_accounts (tenant_id, id, balance) values ('{id}', '{customer}', {owed}) on conflict (tenant_id, id) do update set balance = {owed};
             insert into ledger_entries (tenant_id, id, customer_id, kind, entry_date, due_on, amount, reason, at)
               select '{id}', gen_random_uuid(), '{customer}', 'opening', '2026-04-01'::date + n / 50, '2026-05-01'::date + n / 50, 100, 'Old book', now() from generate_series(1, {bills}) n;
             analyze open_items, allocations, ledger_entries"
        ),
    );

    // when
    let filled = form(&tenant, &shop, &tenant.owner, amount);
    let began = std::time::Instant::now();
    let answer = filled.submit();
    println!("{bills} bills in {:?}", began.elapsed());

    // then: half of the last bill is left
    answer.is(303);
    assert_eq!(books(&tenant, &shop), "50.00 50.00 0.00");
    assert_eq!(
        ask(
            tenant.app,
            &format!(
                "select count(*) || ' ' || count(*) filter (where amount = 50) as value from allocations where tenant_id = '{id}'"
            )
        ),
        format!("{bills} 1")
    );
    sound(&tenant);
    statements(&answer)
}

#[test]
fn one_payment_pays_five_thousand_bills_in_one_statement() {
    let five = statements_of_paying(5, "450");
    let five_thousand = statements_of_paying(5_000, "4,99,950");

    assert_eq!(five_thousand, five);
    assert!(five <= MOST_OF_A_CHANGE, "{five} statements");
}

#[test]
fn roles_and_rivals_find_their_walls() {
    // given
    let (ours, rival) = (tenant(), tenant());
    let shop = shop_of(&ours);
    owes(&ours, &shop, 100, (9, 3));
    let paid = pays(&ours, &shop, (Method::Cash, 50), 1);
    let (_, sales) = ours.employee(Role::Sales);
    let (_, warehouse) = ours.employee(Role::Warehouse);
    let code = code(&ours, &shop);

    // when, then: a colleague sees what its role may
    let page = |path: &str| ours.path(path);
    sales.open(&page("/payments")).is(200);
    sales.open(&page(&format!("/payments/{paid}"))).is(200);
    sales
        .open(&page(&format!("/payments/{paid}/allocate")))
        .is(403);
    form(&ours, &shop, &sales, "10").submit().is(303);
    warehouse.open(&page("/payments")).is(403);
    warehouse.open(&page(&format!("/ledger/{code}"))).is(403);
    // and a rival finds nothing at home
    for path in [
        format!("/payments/{paid}"),
        format!("/payments/{paid}/allocate"),
        format!("/ledger/{code}"),
        format!("/payments/new?customer={code}"),
    ] {
        rival.owner.open(&rival.path(&path)).is(404);
    }
    rival
        .owner
        .open(&rival.path("/payments"))
        .shows_not("main", &paid);
    ours.owner
        .open(&ours.path(&format!("/payments?q={paid}")))
        .shows("#list", &paid)
        .shows("#list", "₹50.00");
    sound(&ours);
}
