//! Retailers pay over a gateway: what it tells counts once, whoever tells it and however often.

use crate::support::books::owes;
use crate::support::gateway::{account, begun, books, choose, last, sign};
use crate::support::trade::{goods, placed, shop_of, sound};
use crate::support::{Shop, Tenant, ask, run, tenant, until};
use mandi::accounting::actions::gateway::{Applied, apply};
use mandi::accounting::outside::Captured;
use mandi::platform::db::{Member, Meter};

fn count(tenant: &Tenant, sql: &str) -> String {
    ask(
        tenant.app,
        &format!("select count(*)::text as value from {sql}").replace("$t", &tenant.id.to_string()),
    )
}

fn ground() -> (Tenant, Shop) {
    let tenant = tenant();
    let shop = shop_of(&tenant);
    account(&tenant);
    (tenant, shop)
}

/// What is open of the bills of a shop, and of its money.
fn open(tenant: &Tenant, shop: &Shop) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', a.balance, (select coalesce(sum(open) filter (where side = 'debit'), 0) from open_items i where i.customer_id = a.id),
                    (select coalesce(sum(open) filter (where side = 'credit'), 0) from open_items i where i.customer_id = a.id)) as value
               from customer_accounts a where a.tenant_id = '{}' and a.id = '{}'",
            tenant.id, shop.customer
        ),
    )
}

#[test]
fn a_retailer_ticks_bills_and_pays_on_the_gateways_page() {
    // given: ₹600 and ₹400 are due
    let (tenant, shop) = ground();
    let first = owes(&tenant, &shop, 600, (60, 40));
    owes(&tenant, &shop, 400, (30, 10));

    // when: nothing is chosen, then the first is ticked
    let page = shop.owner.open(&shop.path(&tenant, "/pay"));
    page.form("#pay").submit().is(422);
    let tick = [("bill", first.to_string())];
    let fields: Vec<(&str, &str)> = tick.iter().map(|(name, id)| (*name, id.as_str())).collect();
    let answer = shop.owner.post(&shop.path(&tenant, "/pay"), &fields);

    // then: the gateway asks for what is open of it
    answer.is(303);
    let there = answer.follow();
    there.is(200).shows("h1", "Pay ₹600.00");
    let (_, payment) = last(&tenant, &shop);
    assert_eq!(books(&tenant, &payment), "pending f 0 0");

    // when: paid, the webhook first
    let back = choose(&there, "upi", "first", false);
    back.is(303);
    let page = back.follow();

    // then: the receipt, the bill paid, nothing left
    page.is(200).shows("#came", "Paid.").shows("#left", "₹0.00");
    assert_eq!(books(&tenant, &payment), "received t 1 -600.00");
    assert_eq!(open(&tenant, &shop), "400.00 400.00 0.00");

    // both sides show it, and it can't be paid again
    let path = shop.path(&tenant, "/ledger");
    shop.owner.open(&path).shows("#balance", "₹400.00");
    let again = format!("{}/{payment}", shop.path(&tenant, "/pay"));
    shop.owner.post(&again, &[]).is(409);
    until("the event is worked off", || {
        count(
            &tenant,
            "gateway_events where tenant_id = '$t' and applied_at is null",
        ) == "0"
    });
    sound(&tenant);
}

#[test]
fn a_hundred_words_about_one_payment_make_one_receipt() {
    // given: paid at the gateway, which tells nobody; the payer does not come back
    let (tenant, shop) = ground();
    let account = crate::support::gateway::some_account(&tenant);
    owes(&tenant, &shop, 500, (20, 5));
    let there = begun(&tenant, &shop, "500");
    choose(&there, "upi", "never", true).is(303);
    let (order, payment) = last(&tenant, &shop);
    let paid = ask(
        tenant.app,
        &format!("select id as value from sandbox.gateway_payments where order_id = '{order}'"),
    );
    assert_eq!(books(&tenant, &payment), "pending f 0 0");

    // when: a hundred at once, in no order: 60 webhooks of 40 events, 20 returns, 20 looks of the poller
    let words = account.told((&order, &paid), 50_000, "captured");
    let signature = sign(&account.hook_secret, &words);
    let message = format!("{order}|{paid}");
    let back = format!(
        "{}/{payment}?razorpay_payment_id={paid}&razorpay_order_id={order}&razorpay_signature={}",
        shop.path(&tenant, "/pay"),
        sign(&account.key_secret, message.as_bytes())
    );
    let told = Captured {
        order,
        payment: paid,
        paise: 50_000,
        method: "upi".to_owned(),
        at: chrono::Utc::now(),
        failed_because: None,
    };
    std::thread::scope(|scope| {
        for worker in 0..5_usize {
            let (tenant, shop, account) = (&tenant, &shop, &account);
            let (words, signature, back, told) = (&words, &signature, &back, &told);
            scope.spawn(move || {
                for step in 0..20_usize {
                    // Another order for each worker.
                    match (step * (2 * worker + 1) + worker) % 5 {
                        0 => {
                            shop.owner.get(back).is(303);
                        }
                        1 => {
                            let member = Member::system(tenant.id, "payments.poll");
                            let id = account.id.parse().unwrap();
                            let db = &tenant.app.state.db;
                            let came = db
                                .write(&member, &Meter::default(), |scope| apply(scope, id, told));
                            assert!(
                                matches!(came, Ok(Applied::Received(..) | Applied::Known(_))),
                                "{came:?}"
                            );
                        }
                        _ => {
                            let event = format!("evt_{}", (worker * 20 + step) % 40);
                            assert_eq!(account.call(tenant, &event, words, signature), 200);
                        }
                    }
                }
            });
        }
    });
    until("every event is worked off", || {
        count(
            &tenant,
            "gateway_events where tenant_id = '$t' and applied_at is null",
        ) == "0"
    });

    // then: one receipt, one entry, the bill is paid once
    assert_eq!(books(&tenant, &payment), "received t 1 -500.00");
    assert_eq!(open(&tenant, &shop), "0.00 0.00 0.00");
    assert_eq!(count(&tenant, "payments where tenant_id = '$t'"), "1");
    sound(&tenant);
}

#[test]
fn what_is_forged_is_refused_and_kept_nowhere() {
    // given
    let (tenant, shop) = ground();
    let account = crate::support::gateway::some_account(&tenant);
    begun(&tenant, &shop, "500");
    let (order, payment) = last(&tenant, &shop);
    let words = account.told((&order, "pay_forged"), 50_000, "captured");
    let right = sign(&account.hook_secret, &words);

    // when, then: another secret, another body, no signature, nonsense, another account
    let other = sign("another secret", &words);
    let changed = account.told((&order, "pay_forged"), 50_001, "captured");
    for (body, signature) in [
        (&words, other.as_str()),
        (&changed, right.as_str()),
        (&words, ""),
        (&words, "zz"),
    ] {
        assert_eq!(account.call(&tenant, "evt_f", body, signature), 401);
    }
    let nobody = crate::support::gateway::Account {
        id: uuid::Uuid::now_v7().to_string(),
        ..crate::support::gateway::some_account(&tenant)
    };
    assert_eq!(nobody.call(&tenant, "evt_f", &words, &right), 404);

    // a forged return counts as little
    let path = shop.path(&tenant, "/pay");
    let back = format!(
        "{path}/{payment}?razorpay_payment_id=pay_forged&razorpay_order_id={order}&razorpay_signature={}",
        sign("another secret", format!("{order}|pay_forged").as_bytes())
    );
    shop.owner.get(&back).is(303);
    assert_eq!(count(&tenant, "gateway_events where tenant_id = '$t'"), "0");
    assert_eq!(books(&tenant, &payment), "pending f 0 0");

    // the same words with the right signature are heard
    assert_eq!(account.call(&tenant, "evt_f", &words, &right), 200);
    until("it is worked off", || {
        books(&tenant, &payment) == "received t 1 -500.00"
    });

    // secrets lie sealed, and no page shows them
    let page = tenant
        .owner
        .open(&tenant.path("/settings/integrations/payments"));
    assert!(!page.html.contains(&account.hook_secret) && !page.html.contains(&account.key_secret));
    assert_eq!(
        count(
            &tenant,
            &format!(
                "gateway_accounts where tenant_id = '$t' and (position('{}'::bytea in hook_secret_sealed) > 0 or position('{}'::bytea in key_secret_sealed) > 0)",
                account.hook_secret, account.key_secret
            )
        ),
        "0"
    );
    assert_eq!(
        count(
            &tenant,
            &format!(
                "audit_entries where tenant_id = '$t' and audit_entries::text like '%{}%'",
                account.hook_secret
            )
        ),
        "0"
    );
}

#[test]
fn other_amounts_and_other_peoples_orders_are_kept_for_a_person() {
    // given: two companies, one of which has begun nothing
    let (tenant, shop) = ground();
    let account = crate::support::gateway::some_account(&tenant);
    let (rival, _) = ground();
    let theirs = crate::support::gateway::some_account(&rival);
    begun(&tenant, &shop, "500");
    let (order, payment) = last(&tenant, &shop);

    // when: less than was asked for; and the order at the rival's address, rightly signed with the rival's secret
    let less = account.told((&order, "pay_less"), 49_999, "captured");
    let signature = sign(&account.hook_secret, &less);
    assert_eq!(account.call(&tenant, "evt_less", &less, &signature), 200);
    let foreign = theirs.told((&order, "pay_theirs"), 50_000, "captured");
    let signature = sign(&theirs.hook_secret, &foreign);
    assert_eq!(theirs.call(&rival, "evt_theirs", &foreign, &signature), 200);

    // then
    let outcome = |tenant: &Tenant| {
        ask(
            tenant.app,
            &format!(
                "select coalesce(string_agg(outcome, ' '), '') as value from gateway_events where tenant_id = '{}'",
                tenant.id
            ),
        )
    };
    until("they are worked off", || {
        outcome(&tenant) == "other_amount" && outcome(&rival) == "unknown_payment"
    });
    assert_eq!(books(&tenant, &payment), "pending f 0 0");
    let page = tenant
        .owner
        .open(&tenant.path("/settings/integrations/payments"));
    page.shows("#events", "Other amount");
    sound(&tenant);
    sound(&rival);
}

#[test]
fn a_declined_card_a_late_word_and_more_than_is_due() {
    // given: ₹300 are due, ₹500 are paid at the second try, and the webhook comes last
    let (tenant, shop) = ground();
    owes(&tenant, &shop, 300, (20, 5));
    let there = begun(&tenant, &shop, "500");
    let (_, payment) = last(&tenant, &shop);
    let declined = choose(&there, "card", "first", false).follow();
    declined.is(200).shows(".pill", "Declined");
    until("the shop knows", || {
        books(&tenant, &payment) == "failed f 0 0"
    });
    let path = format!("{}/{payment}", shop.path(&tenant, "/pay"));
    shop.owner
        .open(&path)
        .shows("#came", "Nothing was paid: The bank declined the card.");

    // when: on to the gateway again; nobody comes back
    let there = shop.owner.open(&path).form("#go-on").submit().follow();
    choose(&there, "upi", "last", true).is(303);

    // then: the late word counts, the rest is an advance
    until("the late word is worked off", || {
        books(&tenant, &payment) == "received t 1 -500.00"
    });
    assert_eq!(open(&tenant, &shop), "-200.00 0.00 200.00");
    shop.owner.open(&path).shows("#left", "₹200.00");
    sound(&tenant);
}

#[test]
fn the_poller_finds_what_nobody_told() {
    // given: paid, told to nobody, four minutes ago
    let (tenant, shop) = ground();
    let there = begun(&tenant, &shop, "500");
    let (_, payment) = last(&tenant, &shop);
    choose(&there, "upi", "never", true).is(303);
    run(
        tenant.app,
        &format!(
            "update payments set asked_at = asked_at - interval '4 minutes' where id = '{payment}'"
        ),
    );

    // when: the schedule's job
    run(
        tenant.app,
        &format!(
            "insert into jobs (id, kind, title, payload) values ('{}', 'payments.poll', 'Poll', 'null')",
            uuid::Uuid::now_v7()
        ),
    );

    // then
    until("the poller asks", || {
        books(&tenant, &payment) == "received t 1 -500.00"
    });
    sound(&tenant);
}

#[test]
fn paying_frees_a_held_order_in_the_same_transaction() {
    // given: ₹504 of a limit of ₹600 are used, another ₹504 wait
    let (tenant, shop) = ground();
    let soap = goods(&tenant, "SOAP", "40", "1000");
    run(
        tenant.app,
        &format!(
            "update customers set credit_limit = 600 where id = '{}'",
            shop.customer
        ),
    );
    placed(&tenant, &shop, &[(soap, "12")]);
    let waits = placed(&tenant, &shop, &[(soap, "12")]);

    // when: by the button of the held order
    let page = shop
        .owner
        .open(&shop.path(&tenant, &format!("/orders/{waits}")));
    page.shows("#pay", "Pay ₹408.00 to free it");
    let pay = shop.owner.open(&page.attribute("#pay", "href").unwrap());
    let there = pay.form("#pay").submit().follow();
    there.shows("h1", "Pay ₹408.00");
    let back = choose(&there, "upi", "never", false).follow();

    // then: it is free when the payer is back
    back.is(200);
    let page = shop
        .owner
        .open(&shop.path(&tenant, &format!("/orders/{waits}")));
    assert_eq!(page.count("#held"), 0);
    sound(&tenant);
}

#[test]
fn money_goes_back_over_the_gateway_once() {
    // given: ₹500 paid, nothing due
    let (tenant, shop) = ground();
    let there = begun(&tenant, &shop, "500");
    choose(&there, "upi", "never", false).follow();
    let (order, payment) = last(&tenant, &shop);
    let number = ask(
        tenant.app,
        &format!("select number as value from payments where id = '{payment}'"),
    );
    let path = tenant.path(&format!("/payments/{number}"));

    // when: more than there is; then all of it, twice
    let form = |amount: &str| {
        let page = tenant.owner.open(&format!("{path}/refund"));
        page.form("#confirm")
            .fill("amount", amount)
            .fill("method", "gateway")
    };
    form("501").submit().is(422);
    let again = form("500");
    form("500").submit().is(303);
    assert!(matches!(again.submit().status, 409 | 422));

    // then: once there, once here
    let refunds = format!(
        "sandbox.gateway_refunds r join sandbox.gateway_payments p on p.id = r.payment_id where p.order_id = '{order}'"
    );
    until("it is given back", || {
        books(&tenant, &payment).starts_with("refunded")
    });
    assert_eq!(count(&tenant, &refunds), "1");
    assert_eq!(open(&tenant, &shop), "0.00 0.00 0.00");
    assert_eq!(
        count(
            &tenant,
            "payments where tenant_id = '$t' and direction = 'out' and status = 'received'"
        ),
        "1"
    );
    sound(&tenant);
}
