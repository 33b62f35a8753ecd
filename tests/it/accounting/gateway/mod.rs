//! Retailers pay over a gateway: on its page, and what comes of it here.

mod found;
mod told;

use crate::support::books::{owes, pays};
use crate::support::gateway::{account, begun, books, choose, last};
use crate::support::trade::{an_invoice, held, shop_of, sound};
use crate::support::{Shop, Tenant, ask, tenant, until};
use mandi::accounting::rules::payment::Method;
use std::sync::Barrier;

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
    // and whoever comes back to pay is told of it
    assert_eq!(page.count("#under-way"), 0);
    shop.owner.open(&shop.path(&tenant, "/pay")).shows(
        "#under-way",
        "You went to the payment page for ₹600.00, and it has told nothing yet.",
    );
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
fn paying_frees_a_held_order_in_the_same_transaction() {
    // given: ₹504 of a limit of ₹600 are used, another ₹504 wait
    let (tenant, shop) = ground();
    let waits = held(&tenant, &shop);

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
fn who_takes_no_payments_online_says_how_a_held_order_is_freed() {
    // given: a company without a gateway; ₹504 of a limit of ₹600 are used, another ₹504 wait
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let waits = held(&tenant, &shop);
    let order = shop.path(&tenant, &format!("/orders/{waits}"));
    let ask = || {
        let page = shop.owner.open(&order);
        shop.owner.open(&page.attribute("#pay", "href").unwrap())
    };

    // when, then: nobody has said where it is paid
    let page = ask();
    page.shows("#no-gateway", "takes no payments online yet.")
        .shows("#ways", "has named no account. Ask them how they are paid.");
    assert_eq!(page.count("#ways svg.qr"), 0);

    // when, then: an account is said, and after it an address for UPI
    let form = tenant.owner.open(&tenant.path("/settings/accounting"));
    let form = form
        .form("#printed")
        .fill("bank_account", "00112233445566")
        .fill("bank_ifsc", "SBIN0000796");
    form.submit().is(303);
    let page = ask();
    page.shows("#ways", "₹408.00")
        .shows("#ways", "A/c 00112233445566 · IFSC SBIN0000796");
    assert_eq!(page.count("#ways svg.qr"), 0);
    let form = tenant.owner.open(&tenant.path("/settings/accounting"));
    let form = form.form("#printed").fill("upi_id", "foods@okbank");
    form.submit().is(303);
    let page = ask();
    page.shows("#ways", "UPI foods@okbank");
    assert_eq!(
        page.attribute("#ways svg.qr", "aria-label").as_deref(),
        Some("UPI code to pay ₹408.00")
    );
    let app = page.attribute("#ways a", "href").unwrap();
    assert!(
        app.starts_with("upi://pay?pa=foods@okbank&pn=") && app.contains("&am=408.00&cu=INR&"),
        "{app}"
    );
    page.shows_not("main", "Go to the payment page");
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

#[test]
fn two_people_who_pay_one_bill_at_once_have_both_paid() {
    // given: a bill of ₹504, and another that nobody ticks; two people have both come as far as the gateway's page
    let (tenant, shop) = ground();
    let bill = an_invoice(&tenant, &shop);
    owes(&tenant, &shop, 100, (20, 5));
    let pages = [0, 1].map(|_| {
        let page = shop.owner.open(&shop.path(&tenant, "/pay"));
        let there = page.form("#pay").forge("bill", &bill.id.to_string());
        let there = there.submit().follow();
        there.is(200).shows("h1", "Pay ₹504.00");
        there
    });
    assert_eq!(count(&tenant, "payments where tenant_id = '$t'"), "2");

    // when
    let start = Barrier::new(2);
    std::thread::scope(|scope| {
        for (page, hook) in pages.iter().zip(["first", "never"]) {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                choose(page, "upi", hook, false).follow().is(200);
            });
        }
    });

    // then: both have a receipt; one pays the bill, the other stays on the account and not on a bill that was not ticked
    until("both are received", || {
        count(
            &tenant,
            "payments where tenant_id = '$t' and status = 'received'",
        ) == "2"
    });
    assert_eq!(open(&tenant, &shop), "-404.00 100.00 504.00");
    assert_eq!(
        count(
            &tenant,
            "allocations where tenant_id = '$t' and cause = 'wish' and amount = 504"
        ),
        "1"
    );
    let left = ask(
        tenant.app,
        &format!(
            "select p.id::text as value from payments p join open_items i on i.tenant_id = p.tenant_id and i.id = p.id where p.tenant_id = '{}' and i.open = 504",
            tenant.id
        ),
    );
    let path = format!("{}/{left}", shop.path(&tenant, "/pay"));
    shop.owner.open(&path).shows("#left", "₹504.00");
    sound(&tenant);
}

#[test]
fn a_bill_leads_to_its_payment_while_it_is_open() {
    // given
    let (tenant, shop) = ground();
    let bills = [0, 1].map(|_| an_invoice(&tenant, &shop));
    let at = shop.path(&tenant, &format!("/bills/{}", bills[1].url_no));

    // when
    let pay = shop.owner.open(&at).is(200).click("Pay");

    // then: it is ticked, the other is not
    assert_eq!(
        pay.is(200).attributes("#bills input[checked]", "value"),
        [bills[1].id.to_string()]
    );

    // when: paid
    let id = bills[1].id.to_string();
    let there = shop
        .owner
        .post(&shop.path(&tenant, "/pay"), &[("bill", id.as_str())])
        .follow();
    choose(&there, "upi", "never", false).follow().is(200);

    // then
    assert_eq!(open(&tenant, &shop), "504.00 504.00 0.00");
    assert_eq!(shop.owner.open(&at).is(200).count("#pay"), 0);
}

#[test]
fn money_that_is_left_counts_before_ticked_bills_are_paid() {
    // given: two bills of ₹504, and ₹600 that nothing was paid with yet
    let (tenant, shop) = ground();
    let bills = [0, 1].map(|_| an_invoice(&tenant, &shop).id.to_string());
    let pay = shop.path(&tenant, "/pay");
    let page = shop.owner.open(&pay);
    assert_eq!(page.is(200).count("#unused"), 0);
    pays(&tenant, &shop, (Method::Cash, 600), 0);
    let company = &tenant.name;

    // when: looked at
    let page = shop.owner.open(&pay);

    // then: it is said what is left to pay
    page.is(200).shows(
        "#unused",
        &format!("You have ₹600.00 with {company} that isn't set against a bill yet. It counts first: all open bills come to ₹1,008.00, so ₹408.00 are left to pay."),
    );

    // when: the first is ticked alone, then nothing is left to pay of it
    let alone = shop.owner.post(&pay, &[("bill", bills[0].as_str())]);
    alone.is(422).shows(
        "#pay",
        "The ticked bills come to ₹504.00, and ₹600.00 of your money isn't set against a bill yet: nothing is left to pay of them. To pay all the same, write an amount instead.",
    );
    assert_eq!(
        alone.attributes("#bills input[checked]", "value"),
        bills[..1]
    );
    assert_eq!(
        count(
            &tenant,
            "payments where tenant_id = '$t' and method = 'gateway'"
        ),
        "0"
    );

    // when: both are ticked and paid
    let both = bills.each_ref().map(|id| ("bill", id.as_str()));
    let there = shop.owner.post(&pay, &both).follow();
    there.is(200).shows("h1", "Pay ₹408.00");
    choose(&there, "upi", "never", false).follow().is(200);

    // then: the payment and the money that was left have paid them, and nothing is left
    assert_eq!(open(&tenant, &shop), "0.00 0.00 0.00");
    assert_eq!(
        count(
            &tenant,
            "allocations where tenant_id = '$t' and cause = 'wish' and amount in (408, 96, 504)"
        ),
        "3"
    );
    assert_eq!(shop.owner.open(&pay).count("#unused"), 0);
    sound(&tenant);

    // when: money is left again, and an amount is written: it is paid as it is written
    pays(&tenant, &shop, (Method::Cash, 50), 0);
    begun(&tenant, &shop, "700").shows("h1", "Pay ₹700.00");
}
