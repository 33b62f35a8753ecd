//! What a gateway tells counts once, whoever tells it, however often and in whatever order.

use super::{count, ground, open};
use crate::support::books::owes;
use crate::support::gateway::{Account, begun, books, choose, last, sign, some_account};
use crate::support::trade::sound;
use crate::support::{Shop, Tenant, ask, run, until};
use mandi::accounting::actions::gateway::{Applied, apply};
use mandi::accounting::outside::Captured;
use mandi::platform::db::{Member, Meter};

/// What came of what the gateway told, in the order in which it came.
pub fn outcomes(tenant: &Tenant) -> String {
    ask(
        tenant.app,
        &format!(
            "select coalesce(string_agg(coalesce(outcome, 'waits'), ' ' order by id), '') as value from gateway_events where tenant_id = '{}'",
            tenant.id
        ),
    )
}

/// Tells something, rightly signed.
pub fn tell(tenant: &Tenant, account: &Account, event: &str, words: &[u8]) {
    let signature = sign(&account.hook_secret, words);
    assert_eq!(account.call(tenant, event, words, &signature), 200);
}

/// Has the schedule ask after what nobody told.
pub fn poll(tenant: &Tenant) {
    run(
        tenant.app,
        &format!(
            "insert into jobs (id, kind, title, payload) values ('{}', 'payments.poll', 'Poll', 'null')",
            uuid::Uuid::now_v7()
        ),
    );
}

/// ₹500 that a shop has begun to pay: the gateway's order, and the payment.
pub fn waits(tenant: &Tenant, shop: &Shop) -> (String, String) {
    begun(tenant, shop, "500");
    last(tenant, shop)
}

#[test]
fn a_hundred_words_about_one_payment_make_one_receipt() {
    // given: paid at the gateway, which tells nobody; the payer does not come back
    let (tenant, shop) = ground();
    let account = some_account(&tenant);
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
        currency: "INR".to_owned(),
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
    let account = some_account(&tenant);
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
    let nobody = Account {
        id: uuid::Uuid::now_v7().to_string(),
        ..some_account(&tenant)
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
    let account = some_account(&tenant);
    let (rival, _) = ground();
    let theirs = some_account(&rival);
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
    until("they are worked off", || {
        outcomes(&tenant) == "other_amount" && outcomes(&rival) == "unknown_payment"
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
    poll(&tenant);

    // then
    until("the poller asks", || {
        books(&tenant, &payment) == "received t 1 -500.00"
    });
    sound(&tenant);
}

#[test]
fn words_in_another_order_and_again_change_nothing() {
    // given: a card was declined, then the payer paid; ₹300 are due
    let (tenant, shop) = ground();
    let account = some_account(&tenant);
    owes(&tenant, &shop, 300, (20, 5));
    let (order, payment) = waits(&tenant, &shop);
    let declined = account.told((&order, "pay_declined"), 50_000, "failed");
    let paid = account.told((&order, "pay_good"), 50_000, "captured");
    let worked_off = |outcome: &str| {
        until(outcome, || outcomes(&tenant) == outcome);
    };

    // when: the later word comes first
    tell(&tenant, &account, "evt_2", &paid);
    worked_off("applied");
    tell(&tenant, &account, "evt_1", &declined);
    worked_off("applied known");
    // The same again, under its own id and under others; and what is about nothing here.
    tell(&tenant, &account, "evt_2", &paid);
    tell(&tenant, &account, "evt_1", &declined);
    tell(&tenant, &account, "evt_3", &paid);
    worked_off("applied known known");
    tell(&tenant, &account, "evt_4", b"{");
    worked_off("applied known known ignored");
    let other = account.told((&order, "pay_other"), 50_000, "authorized");
    tell(&tenant, &account, "evt_5", &other);
    worked_off("applied known known ignored ignored");

    // then
    assert_eq!(books(&tenant, &payment), "received t 1 -500.00");
    assert_eq!(open(&tenant, &shop), "-200.00 0.00 200.00");
    sound(&tenant);
}

#[test]
fn more_than_was_asked_for_and_a_second_payment_are_kept_for_a_person() {
    // given
    let (tenant, shop) = ground();
    let account = some_account(&tenant);
    let (order, payment) = waits(&tenant, &shop);

    // when: a paisa more; what was asked for; the same amount once more by another payment
    let more = account.told((&order, "pay_more"), 50_001, "captured");
    tell(&tenant, &account, "evt_more", &more);
    until("the first is worked off", || {
        outcomes(&tenant) == "other_amount"
    });
    assert_eq!(books(&tenant, &payment), "pending f 0 0");
    let right = account.told((&order, "pay_right"), 50_000, "captured");
    tell(&tenant, &account, "evt_right", &right);
    until("the second is worked off", || {
        outcomes(&tenant) == "other_amount applied"
    });
    let twice = account.told((&order, "pay_twice"), 50_000, "captured");
    tell(&tenant, &account, "evt_twice", &twice);
    until("the third is worked off", || {
        outcomes(&tenant) == "other_amount applied other_amount"
    });

    // then: only what was asked for counts, and the rest is shown to a person
    assert_eq!(books(&tenant, &payment), "received t 1 -500.00");
    let said = "gateway_events where tenant_id = '$t' and said in ('asked for 50000 paise, 50001 were paid', 'paid a second time')";
    assert_eq!(count(&tenant, said), "2");
    assert_eq!(open(&tenant, &shop), "-500.00 0 500.00");
    sound(&tenant);
}

#[test]
fn a_word_that_comes_after_a_day_counts() {
    // given: nobody has paid for a day
    let (tenant, shop) = ground();
    let account = some_account(&tenant);
    let (order, payment) = waits(&tenant, &shop);
    run(
        tenant.app,
        &format!(
            "update payments set asked_at = asked_at - interval '25 hours', expires_at = expires_at - interval '25 hours' where id = '{payment}'"
        ),
    );
    poll(&tenant);
    until("it is given up", || {
        books(&tenant, &payment) == "failed f 0 0"
    });
    let path = format!("{}/{payment}", shop.path(&tenant, "/pay"));
    shop.owner
        .open(&path)
        .shows("#came", "Nobody paid within a day.");

    // when
    let late = account.told((&order, "pay_late"), 50_000, "captured");
    tell(&tenant, &account, "evt_late", &late);

    // then
    until("the late word counts", || {
        books(&tenant, &payment) == "received t 1 -500.00"
    });
    assert_eq!(open(&tenant, &shop), "-500.00 0 500.00");
    sound(&tenant);
}
