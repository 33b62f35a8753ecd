//! What a gateway says when it is asked, where that is not what was asked for; money in other currencies; and who waits for a gateway that does
//! not answer.

use super::told::{outcomes, poll, tell, waits};
use super::{count, ground};
use crate::support::gateway::{account, begun, books, choose, last, sign, some_account};
use crate::support::trade::{shop_of, sound};
use crate::support::{Shop, Tenant, ask, own_app_set, run, tenant_in, until};

/// ₹500 that a shop pays at the gateway, which takes another amount and tells nobody: the order, the payment here and the payment there.
fn paid_otherwise(tenant: &Tenant, shop: &Shop, paise: i64) -> (String, String, String) {
    let there = begun(tenant, shop, "500");
    let (order, payment) = last(tenant, shop);
    choose(&there, "upi", "never", true).is(303);
    run(
        tenant.app,
        &format!("update sandbox.gateway_payments set amount = {paise} where order_id = '{order}'"),
    );
    let paid = ask(
        tenant.app,
        &format!("select id as value from sandbox.gateway_payments where order_id = '{order}'"),
    );
    (order, payment, paid)
}

/// It was begun so long ago.
fn is_older(tenant: &Tenant, payment: &str, by: &str) {
    run(
        tenant.app,
        &format!(
            "update payments set asked_at = asked_at - interval '{by}', expires_at = expires_at - interval '{by}' where id = '{payment}'"
        ),
    );
}

/// How often the gateway was asked. Whoever else has the clock turned back polls at the same moment, so it may be once more than here.
fn asked(tenant: &Tenant) -> u32 {
    let asked = count(
        tenant,
        "jobs where tenant_id = '$t' and kind = 'payments.ask' and state = 'done'",
    );
    asked.parse().unwrap()
}

/// The payer comes back with what the gateway gave along.
fn comes_back((tenant, shop): (&Tenant, &Shop), secret: &str, paid: &(String, String, String)) {
    let (order, payment, there) = paid;
    let message = format!("{order}|{there}");
    let back = format!(
        "{}/{payment}?razorpay_payment_id={there}&razorpay_order_id={order}&razorpay_signature={}",
        shop.path(tenant, "/pay"),
        sign(secret, message.as_bytes())
    );
    shop.owner.get(&back).is(303);
}

#[test]
fn another_amount_that_the_poller_finds_is_kept_for_a_person() {
    // given: a paisa less than was asked for
    let (tenant, shop) = ground();
    let account = some_account(&tenant);
    let paid = paid_otherwise(&tenant, &shop, 49_999);
    let payment = &paid.1;
    is_older(&tenant, payment, "4 minutes");

    // when
    poll(&tenant);

    // then: no receipt, and the office sees it
    until("it was asked after", || asked(&tenant) > 0);
    assert_eq!(outcomes(&tenant), "other_amount");
    assert_eq!(books(&tenant, payment), "pending f 0 0");
    let path = "/settings/integrations/payments";
    tenant
        .owner
        .open(&tenant.path(path))
        .shows("#events", "Other amount")
        .shows("#events", "Found when we asked")
        .shows("#events", &paid.2)
        .shows("#events", "asked for 50000 paise, 49999 were paid");
    let (rival, _) = ground();
    rival
        .owner
        .open(&rival.path(path))
        .shows_not("main", &paid.2);

    // when: it is asked after again, and the payer comes back
    let before = asked(&tenant);
    is_older(&tenant, payment, "4 minutes");
    poll(&tenant);
    until("it was asked after again", || asked(&tenant) > before);
    comes_back((&tenant, &shop), &account.key_secret, &paid);

    // then: it stands there once
    assert_eq!(outcomes(&tenant), "other_amount");

    // when: it can't be paid any more
    is_older(&tenant, payment, "25 hours");
    poll(&tenant);

    // then: it is given up, and nobody says that nothing was paid
    until("it is given up", || {
        books(&tenant, payment) == "failed f 0 0"
    });
    let page = format!("{}/{payment}", shop.path(&tenant, "/pay"));
    shop.owner
        .open(&page)
        .shows("#came", "Another amount was paid than was asked for.")
        .shows_not("#came", "Nothing was paid");
    assert_eq!(outcomes(&tenant), "other_amount");
    sound(&tenant);
}

#[test]
fn another_amount_that_the_payer_comes_back_with_is_kept_for_a_person() {
    // given: a paisa more
    let (tenant, shop) = ground();
    let account = some_account(&tenant);
    let paid = paid_otherwise(&tenant, &shop, 50_001);

    // when
    comes_back((&tenant, &shop), &account.key_secret, &paid);

    // then
    assert_eq!(outcomes(&tenant), "other_amount");
    assert_eq!(books(&tenant, &paid.1), "pending f 0 0");
    tenant
        .owner
        .open(&tenant.path("/settings/integrations/payments"))
        .shows("#events", "asked for 50000 paise, 50001 were paid");

    // and what was asked for is a receipt, of which nothing is kept beside
    run(
        tenant.app,
        &format!(
            "update sandbox.gateway_payments set amount = 50000 where id = '{}'",
            paid.2
        ),
    );
    comes_back((&tenant, &shop), &account.key_secret, &paid);
    assert_eq!(books(&tenant, &paid.1), "received t 1 -500.00");
    assert_eq!(outcomes(&tenant), "other_amount");
    sound(&tenant);
}

#[test]
fn what_the_gateway_tells_and_says_when_it_is_asked_stands_there_once() {
    // given: a paisa less than was asked for, and the gateway tells of it
    let (tenant, shop) = ground();
    let account = some_account(&tenant);
    let paid = paid_otherwise(&tenant, &shop, 49_999);
    let words = account.told((&paid.0, &paid.2), 49_999, "captured");
    tell(&tenant, &account, "evt_odd", &words);
    until("it is worked off", || outcomes(&tenant) == "other_amount");

    // when: it is asked, too
    is_older(&tenant, &paid.1, "4 minutes");
    poll(&tenant);
    until("it was asked after", || asked(&tenant) > 0);

    // then
    assert_eq!(outcomes(&tenant), "other_amount");

    // when: another payment of the same order, which the gateway tells, is another matter
    let second = account.told((&paid.0, "pay_second"), 49_998, "captured");
    tell(&tenant, &account, "evt_second", &second);

    // then
    until("the second is worked off", || {
        outcomes(&tenant) == "other_amount other_amount"
    });

    // when: of one that was asked after first, the gateway tells late
    let late = paid_otherwise(&tenant, &shop, 50_001);
    comes_back((&tenant, &shop), &account.key_secret, &late);
    assert_eq!(outcomes(&tenant), "other_amount other_amount other_amount");
    let words = account.told((&late.0, &late.2), 50_001, "captured");
    tell(&tenant, &account, "evt_late", &words);

    // then: known before
    until("the late one is worked off", || {
        outcomes(&tenant) == "other_amount other_amount other_amount known"
    });
    assert_eq!(books(&tenant, &paid.1), "pending f 0 0");
    assert_eq!(books(&tenant, &late.1), "pending f 0 0");
    sound(&tenant);
}

#[test]
fn a_good_try_after_a_declined_one_is_found_by_the_poller() {
    // given: a card is declined, and the gateway tells of it
    let (tenant, shop) = ground();
    let account = some_account(&tenant);
    let there = begun(&tenant, &shop, "500");
    let (order, payment) = last(&tenant, &shop);
    choose(&there, "card", "first", false).is(303);
    until("the shop knows", || {
        books(&tenant, &payment) == "failed f 0 0"
    });

    // when: it is asked after while the page is open
    is_older(&tenant, &payment, "4 minutes");
    poll(&tenant);

    // then: nothing was paid yet
    until("it was asked after", || asked(&tenant) > 0);
    assert_eq!(books(&tenant, &payment), "failed f 0 0");

    // when: the payer tries again on the same page; the gateway tells nobody, and nobody comes back
    choose(&there, "upi", "never", true).is(303);
    assert_eq!(books(&tenant, &payment), "failed f 0 0");
    is_older(&tenant, &payment, "4 minutes");
    poll(&tenant);

    // then
    until("the poller finds it", || {
        books(&tenant, &payment) == "received t 1 -500.00"
    });

    // when: the word of it comes after all
    let paid = ask(
        tenant.app,
        &format!(
            "select id as value from sandbox.gateway_payments where order_id = '{order}' and status = 'captured'"
        ),
    );
    let words = account.told((&order, &paid), 50_000, "captured");
    tell(&tenant, &account, "evt_late", &words);

    // then: it is in the books once
    until("the late word is worked off", || {
        outcomes(&tenant) == "applied known"
    });
    assert_eq!(books(&tenant, &payment), "received t 1 -500.00");
    sound(&tenant);
}

#[test]
fn a_declined_payment_is_asked_after_until_it_can_be_paid_no_more() {
    // given: declined, and its page has closed
    let (tenant, shop) = ground();
    let there = begun(&tenant, &shop, "500");
    let (_, payment) = last(&tenant, &shop);
    choose(&there, "card", "first", false).is(303);
    until("the shop knows", || {
        books(&tenant, &payment) == "failed f 0 0"
    });
    is_older(&tenant, &payment, "25 hours");

    // when
    poll(&tenant);

    // then: once more, and what it failed of stays
    until("it was asked after", || asked(&tenant) > 0);
    run(
        tenant.app,
        &format!(
            "update payments set asked_at = asked_at - interval '4 minutes' where id = '{payment}'"
        ),
    );
    let waits = format!("payments_to_ask_after(now(), 100000) where payment = '{payment}'");
    assert_eq!(count(&tenant, &waits), "0");
    assert_eq!(books(&tenant, &payment), "failed f 0 0");
    shop.owner
        .open(&format!("{}/{payment}", shop.path(&tenant, "/pay")))
        .shows("#came", "Nothing was paid: The bank declined the card.");
    sound(&tenant);
}

#[test]
fn only_rupees_count() {
    // given
    let (tenant, shop) = ground();
    let account = some_account(&tenant);
    let (order, payment) = waits(&tenant, &shop);
    let words = |paid: &str, currency: &str| {
        let words = account.told((&order, paid), 50_000, "captured");
        let words = String::from_utf8(words).unwrap();
        assert!(words.contains(r#""currency":"INR","#), "{words}");
        words.replace(r#""currency":"INR","#, currency).into_bytes()
    };

    // when: the right number in another currency, and in none
    tell(
        &tenant,
        &account,
        "evt_dollars",
        &words("pay_dollars", r#""currency":"USD","#),
    );
    until("the first is worked off", || {
        outcomes(&tenant) == "other_amount"
    });
    tell(&tenant, &account, "evt_none", &words("pay_none", ""));
    until("the second is worked off", || {
        outcomes(&tenant) == "other_amount other_amount"
    });

    // then: kept for a person, and no receipt
    assert_eq!(books(&tenant, &payment), "pending f 0 0");
    tenant
        .owner
        .open(&tenant.path("/settings/integrations/payments"))
        .shows(
            "#events",
            "asked for 50000 paise, 50000 of the smallest coin of USD were paid",
        )
        .shows(
            "#events",
            "asked for 50000 paise, 50000 of the smallest coin of an unknown currency were paid",
        );

    // and rupees are
    let right = account.told((&order, "pay_right"), 50_000, "captured");
    tell(&tenant, &account, "evt_right", &right);
    until("rupees count", || {
        books(&tenant, &payment) == "received t 1 -500.00"
    });
    sound(&tenant);
}

#[test]
fn a_company_whose_gateway_does_not_speak_keeps_nobody_waiting() {
    // given: 211 payments of a company whose keys its gateway knows no more, three of which can't be paid any longer; and one of another, begun
    // after them; nobody asks by the clock
    let app = own_app_set("payments_poll", &[]);
    run(
        app,
        "insert into schedules (name, cron, next_run) values ('payments', '*/2 * * * *', now() + interval '1 day') on conflict (name) do update set next_run = excluded.next_run",
    );
    let (stuck, other) = (tenant_in(app), tenant_in(app));
    let (theirs, ours) = (shop_of(&stuck), shop_of(&other));
    let revoked = account(&stuck);
    account(&other);
    let (_, payment) = waits(&stuck, &theirs);
    run(
        app,
        &format!(
            "update sandbox.merchants set key_secret = 'another' where key_id = '{0}';
             insert into payments (tenant_id, id, customer_id, direction, method, status, amount, gateway_account_id, gateway_order, asked_at, expires_at, made_by_name)
               select tenant_id, gen_random_uuid(), customer_id, direction, method, status, amount, gateway_account_id, 'order_' || n,
                      now() - interval '3 hours' + n * interval '1 second', now() + case when n <= 3 then -1 else 20 end * interval '1 hour', made_by_name
                 from payments, generate_series(1, 210) n where id = '{payment}';
             update payments set asked_at = now() - interval '3 hours' where id = '{payment}'",
            revoked.key_id
        ),
    );
    let there = begun(&other, &ours, "500");
    let (_, waiting) = last(&other, &ours);
    choose(&there, "upi", "never", true).is(303);
    is_older(&other, &waiting, "4 minutes");
    let turns = "select concat_ws(' ', count(*), count(*) filter (where tenant = '$t')) as value from payments_to_ask_after(now(), 200)";
    let turns = || ask(app, &turns.replace("$t", &stuck.id.to_string()));
    assert_eq!(turns(), "200 199");

    // when
    poll(&other);

    // then: the other company's is found in the first round, and the stuck ones have had their turn
    until("the poller asks", || {
        books(&other, &waiting) == "received t 1 -500.00"
    });
    until("the others were asked after", || asked(&stuck) == 199);
    assert_eq!(turns(), "12 12");
    let stands = || {
        ask(
            app,
            &format!(
                "select string_agg(concat_ws(' ', status, number), ', ' order by status) as value from (select status, count(*) as number from payments where tenant_id = '{}' group by status) s",
                stuck.id
            ),
        )
    };
    assert_eq!(stands(), "failed 3, pending 208");

    // when: the rest
    poll(&other);

    // then: all were asked after, none twice, and what is over is said to be so
    until("all were asked after", || asked(&stuck) == 211);
    assert_eq!(turns(), "0 0");
    assert_eq!(stands(), "failed 3, pending 208");
    let given_up = ask(
        app,
        &format!(
            "select id::text as value from payments where tenant_id = '{}' and status = 'failed' limit 1",
            stuck.id
        ),
    );
    theirs
        .owner
        .open(&format!("{}/{given_up}", theirs.path(&stuck, "/pay")))
        .shows(
            "#came",
            "The payment page does not say whether it was paid.",
        );
}
