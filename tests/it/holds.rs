//! Orders that wait for credit go on when there is room: because the terms changed, or because goods left.

use crate::support::trade::{billed, fleet, goods, placed, shipment, shop_of, sound, taken_back};
use crate::support::{Browser, Page, Shop, Tenant, ask, run, tenant, until};
use mandi::kernel::ids::ProductId;
use mandi::logistics::rules::Status;
use mandi::platform::permissions::Role;
use std::sync::Barrier;

/// A company with a shop that may owe so much, and soap at 40 rupees before 5 % GST.
fn ground(limit: &str) -> (Tenant, Shop, ProductId) {
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "1000");
    set_limit(&tenant, &shop, limit);
    (tenant, shop, soap)
}

/// Sets a limit behind the product's back: nothing follows from it.
fn set_limit(tenant: &Tenant, shop: &Shop, limit: &str) {
    run(
        tenant.app,
        &format!(
            "update customers set credit_limit = {limit}, updated_at = now() where id = '{}'",
            shop.customer
        ),
    );
}

/// Status, hold, and what is said of the hold.
fn hold(tenant: &Tenant, order: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', status, is_held, hold_reason is not null) as value from orders where tenant_id = '{}' and number = '{order}'",
            tenant.id
        ),
    )
}

fn terms_page(tenant: &Tenant, shop: &Shop, clerk: &Browser) -> Page {
    let code = ask(
        tenant.app,
        &format!(
            "select code as value from customers where id = '{}'",
            shop.customer
        ),
    );
    clerk.open(&tenant.path(&format!("/customers/{code}/terms")))
}

/// Rechecks that have ended in this company.
fn rechecks(tenant: &Tenant, kind: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select count(*)::text as value from jobs where tenant_id = '{}' and kind = '{kind}' and state = 'done'",
            tenant.id
        ),
    )
}

fn letters_of_release(tenant: &Tenant, order: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select count(*)::text as value from mails where tenant_id = '{}' and kind = 'order-released' and text_body like '%{order}%'",
            tenant.id
        ),
    )
}

#[test]
fn an_order_goes_on_when_accounts_raise_the_limit_far_enough() {
    // given: two orders of ₹504.00; the first fits a limit of ₹600.00, the second does not
    let (tenant, shop, soap) = ground("600");
    let (_, clerk) = tenant.employee(Role::Accounts);
    let first = placed(&tenant, &shop, &[(soap, "12")]);
    let second = placed(&tenant, &shop, &[(soap, "12")]);
    assert_eq!(hold(&tenant, &first), "to_approve f f");
    assert_eq!(hold(&tenant, &second), "to_approve t t");
    let staff = |order: &str| tenant.owner.open(&tenant.path(&format!("/orders/{order}")));
    let buyer = |order: &str| {
        shop.owner
            .open(&shop.path(&tenant, &format!("/orders/{order}")))
    };
    staff(&second).shows("#held", "Pay ₹408.00 to free it.");
    buyer(&second).shows("#held", "Pay ₹408.00 to free it.");

    // when: a little more, but too little
    terms_page(&tenant, &shop, &clerk)
        .form("#terms")
        .fill("credit_limit", "900")
        .submit()
        .is(303);
    until("the orders were looked at", || {
        rechecks(&tenant, "customers.terms_changed") == "1"
    });

    // then: it waits for less now, and nobody is told that it goes on
    assert_eq!(hold(&tenant, &second), "to_approve t t");
    staff(&second)
        .shows(".pill", "On hold")
        .shows("#held", "Pay ₹108.00 to free it.");
    buyer(&second)
        .shows(".pill", "On hold")
        .shows("#held", "₹108.00 over the credit limit of ₹900.00")
        .shows("#held", "Pay ₹108.00 to free it.");
    assert_eq!(letters_of_release(&tenant, &second), "0");

    // and when it is enough
    terms_page(&tenant, &shop, &clerk)
        .form("#terms")
        .fill("credit_limit", "1,008")
        .submit()
        .is(303);
    until("the order is freed", || {
        hold(&tenant, &second) == "to_approve f f"
    });

    // then
    let page = staff(&second);
    page.shows(".pill", "To confirm");
    assert_eq!(page.count("#held"), 0);
    let page = buyer(&second);
    page.shows(".pill", "Waits for the supplier")
        .shows("main", "is no longer on hold");
    assert_eq!(page.count("#held"), 0);
    until("both sides are told", || {
        letters_of_release(&tenant, &second) == "2"
    });
    assert_eq!(letters_of_release(&tenant, &first), "0");
    tenant
        .owner
        .post(&tenant.path(&format!("/orders/{second}/confirm")), &[])
        .is(303);
    sound(&tenant);
}

#[test]
fn terms_that_are_refused_let_nothing_go_on() {
    // given
    let (tenant, shop, soap) = ground("100");
    let order = placed(&tenant, &shop, &[(soap, "12")]);
    let page = terms_page(&tenant, &shop, &tenant.owner);
    set_limit(&tenant, &shop, "200");

    // when: somebody saved first, or what is typed is no amount
    page.form("#terms")
        .fill("credit_limit", "5,000")
        .submit()
        .is(422);
    terms_page(&tenant, &shop, &tenant.owner)
        .form("#terms")
        .fill("credit_limit", "-5")
        .submit()
        .is(422);

    // then
    assert_eq!(hold(&tenant, &order), "to_approve t t");
    let jobs = ask(
        tenant.app,
        &format!(
            "select count(*)::text as value from jobs where tenant_id = '{}' and kind = 'customers.terms_changed'",
            tenant.id
        ),
    );
    assert_eq!(jobs, "0");
}

/// What the account keeps, in the order in which goods become money: open orders, without a bill, balance.
fn account(tenant: &Tenant, shop: &Shop) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', open_amount, unbilled, balance) as value from customer_accounts where id = '{}'",
            shop.customer
        ),
    )
}

/// Sends a packed shipment with a challan, for a reason.
fn send_with_challan(tenant: &Tenant, number: &str, reason: &str) {
    let (vehicle, driver) = fleet(tenant, 500);
    tenant
        .owner
        .open(&tenant.path(&format!("/shipments/{number}/send")))
        .form("#send")
        .fill("vehicle", &vehicle)
        .fill("driver", &driver)
        .fill("challan_reason", reason)
        .submit()
        .is(303);
}

#[test]
fn goods_on_approval_count_against_the_credit_until_they_come_back() {
    // given: ₹504.00 are packed, ₹504.00 more wait for credit
    let (tenant, shop, soap) = ground("700");
    let number = shipment(&tenant, &shop, soap, Status::Packed);
    let waits = placed(&tenant, &shop, &[(soap, "12")]);
    assert_eq!(hold(&tenant, &waits), "to_approve t t");
    assert_eq!(account(&tenant, &shop), "1008.00 0.00 0.00");

    // when: they leave without a bill
    send_with_challan(&tenant, &number, "approval");

    // then: nothing is owed for them yet, nothing is open of their order, and they count all the same
    until("whoever waits for credit was looked at", || {
        ask(
            tenant.app,
            &format!(
                "select count(*)::text as value from jobs where tenant_id = '{}' and kind = 'orders.letters' and state <> 'done'",
                tenant.id
            ),
        ) == "0"
    });
    assert_eq!(account(&tenant, &shop), "504.00 504.00 0.00");
    assert_eq!(hold(&tenant, &waits), "to_approve t t");
    let ledger = tenant.owner.open(&tenant.path(&format!(
        "/ledger/{}",
        ask(
            tenant.app,
            &format!(
                "select code as value from customers where id = '{}'",
                shop.customer
            )
        )
    )));
    ledger
        .shows("dl", "Left with a challan, not billed₹504.00")
        .shows("dl", "Counts against the limit₹1,008.00");
    sound(&tenant);

    // and when they come back, the order goes on
    tenant
        .owner
        .open(&tenant.path(&format!("/shipments/{number}/return")))
        .form("#confirm")
        .fill("reason", "Not wanted")
        .submit()
        .is(303);
    until("the order is freed", || {
        hold(&tenant, &waits) == "to_approve f f"
    });
    assert_eq!(account(&tenant, &shop), "504.00 0.00 0.00");
    sound(&tenant);
}

#[test]
fn goods_on_approval_that_are_billed_count_once() {
    // given
    let (tenant, shop, soap) = ground("700");
    let number = shipment(&tenant, &shop, soap, Status::Packed);
    send_with_challan(&tenant, &number, "approval");
    assert_eq!(account(&tenant, &shop), "0.00 504.00 0.00");

    // when
    let bill = billed(&tenant, &number);

    // then
    assert_eq!(account(&tenant, &shop), "0.00 0.00 504.00");
    sound(&tenant);

    // and when the bill is taken back, the goods are still out
    taken_back(&tenant, &bill);
    assert_eq!(account(&tenant, &shop), "0.00 504.00 0.00");
    sound(&tenant);
}

#[test]
fn samples_are_not_to_be_billed_and_count_no_more() {
    // given: ₹504.00 are packed, ₹504.00 more wait for credit
    let (tenant, shop, soap) = ground("700");
    let number = shipment(&tenant, &shop, soap, Status::Packed);
    let waits = placed(&tenant, &shop, &[(soap, "12")]);
    assert_eq!(hold(&tenant, &waits), "to_approve t t");

    // when
    send_with_challan(&tenant, &number, "sample");

    // then
    until("the order is freed", || {
        hold(&tenant, &waits) == "to_approve f f"
    });
    assert_eq!(account(&tenant, &shop), "504.00 0.00 0.00");
    sound(&tenant);
}

#[test]
fn an_order_placed_while_the_limit_is_raised_is_not_left_behind() {
    let (tenant, _, soap) = ground("100");
    for _ in 0..8 {
        // given
        let shop = shop_of(&tenant);
        set_limit(&tenant, &shop, "100");
        let form = terms_page(&tenant, &shop, &tenant.owner)
            .form("#terms")
            .fill("credit_limit", "1,00,000");
        let start = Barrier::new(2);

        // when
        let order = std::thread::scope(|scope| {
            scope.spawn(|| {
                start.wait();
                form.submit().is(303);
            });
            start.wait();
            placed(&tenant, &shop, &[(soap, "12")])
        });

        // then: whoever was first, it ends free
        until("the order is free", || {
            hold(&tenant, &order) == "to_approve f f"
        });
    }
    sound(&tenant);
}
