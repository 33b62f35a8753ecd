//! Bills that are paid in instalments, and in part.

use crate::support::books::{ago, in_instalments, owes, pays, today, within};
use crate::support::gateway::{account, books, choose, last};
use crate::support::trade::{billed, confirmed, goods, packed, shop_of, sound};
use crate::support::{Shop, Tenant, ask, tenant, unique};
use chrono::{Months, NaiveDate};
use mandi::accounting::actions::payments::{self, How};
use mandi::accounting::actions::{Correcting, Issued, Part, What, credit};
use mandi::accounting::model::{Document, DocumentLine};
use mandi::accounting::rules::document::Reason;
use mandi::accounting::rules::payment::Method;
use mandi::kernel::dates;
use mandi::kernel::ids::EntryId;
use mandi::kernel::language::Lang;
use mandi::kernel::money::Money;
use mandi::ledger::model::{Ageing, Owed};
use mandi::ledger::rules::{Every, due_now, equal_parts, may_agree};
use mandi::platform::permissions::Role;
use std::sync::Barrier;

/// A bill of ₹21,000: ten at 2,000 and 5 %.
fn a_bill(tenant: &Tenant, shop: &Shop) -> Issued {
    let product = goods(tenant, &format!("P{}", unique()), "2000", "100");
    let order = confirmed(tenant, shop, &[(product, "10")]);
    billed(tenant, &packed(tenant, &order))
}

fn entry(bill: &Issued) -> EntryId {
    bill.id.uuid().into()
}

/// A shop with such a bill, of which 1,000 are paid; and the company takes payments online.
fn ground() -> (Tenant, Shop, Issued) {
    let tenant = tenant();
    let shop = shop_of(&tenant);
    account(&tenant);
    let bill = a_bill(&tenant, &shop);
    by_hand(&tenant, &shop, (&bill, 1000));
    (tenant, shop, bill)
}

/// So many rupees come in cash for a bill.
fn by_hand(tenant: &Tenant, shop: &Shop, (bill, rupees): (&Issued, i64)) {
    let number = pays(tenant, shop, (Method::Cash, rupees), 0);
    let how = How::ByHand(vec![(entry(bill), Money::from_rupees(rupees))]);
    within(tenant, |scope| {
        payments::set(scope, "Asha Owner", &number, &how)
    })
    .unwrap()
    .unwrap();
}

fn owed(tenant: &Tenant, bill: &Issued) -> Owed {
    within(tenant, |scope| Owed::of(scope, &[entry(bill)]))
        .unwrap()
        .remove(0)
}

/// What is open of the instalments of a bill.
fn open_parts(tenant: &Tenant, bill: &Issued) -> Vec<String> {
    let parts = owed(tenant, bill).parts();
    parts.iter().map(|part| part.open.to_string()).collect()
}

/// What a shop has past its day on a day.
fn late_on(tenant: &Tenant, shop: &Shop, day: NaiveDate) -> String {
    let ageing = within(tenant, |scope| Ageing::of(scope, Some(shop.customer), day));
    ageing.unwrap().overdue().amount.to_string()
}

fn count(tenant: &Tenant, sql: &str) -> String {
    ask(
        tenant.app,
        &format!("select count(*)::text as value from {sql}").replace("$t", &tenant.id.to_string()),
    )
}

fn room(tenant: &Tenant, bill: &Issued) -> String {
    tenant.path(&format!("/invoices/{}/instalments", bill.url_no))
}

/// Today and the same day of the next three months.
fn days(tenant: &Tenant) -> [NaiveDate; 4] {
    [0, 1, 2, 3].map(|months| today(tenant) + Months::new(months))
}

fn said(day: NaiveDate, amount: &str, open: &str) -> String {
    format!(
        "Instalment due {}: {amount} of {open}",
        dates::date(day, Lang::En)
    )
}

/// Agrees on four instalments of a bill of which ₹20,000 are open, the first one today, by the page.
fn in_four(tenant: &Tenant, bill: &Issued) {
    let page = tenant.owner.open(&room(tenant, bill));
    let worked = page
        .form("#instalments")
        .fill("number", "4")
        .fill("first", &today(tenant).to_string())
        .fill("every", "month")
        .press("op", "work")
        .submit();
    worked
        .is(200)
        .form("#instalments")
        .press("op", "agree")
        .submit()
        .is(303);
}

#[test]
fn instalments_are_shown_before_they_are_agreed_on() {
    // given
    let (tenant, _, bill) = ground();
    let bill_at = tenant.path(&format!("/invoices/{}", bill.url_no));
    let page = tenant.owner.open(&bill_at).click("Instalments…");
    page.is(200).shows(".meta", "₹20,000.00 are open");

    // when: three equal parts are worked out
    let worked = page
        .form("#instalments")
        .fill("number", "3")
        .fill("first", &today(&tenant).to_string())
        .press("op", "work")
        .submit();

    // then: the last one takes the paise, and nothing is agreed yet
    worked.is(200);
    let amounts = worked.attributes("#days input[name^=amount-]", "value");
    assert_eq!(amounts[..4], ["6666.66", "6666.66", "6666.68", ""]);
    let shown = worked.attributes("#days input[name^=day-]", "value");
    assert_eq!(shown[..3], days(&tenant).map(|day| day.to_string())[..3]);
    assert_eq!(
        count(&tenant, "instalment_plans where tenant_id = '$t'"),
        "0"
    );

    // when: they are agreed on, with a reason
    let done = worked
        .form("#instalments")
        .fill("reason", "Agreed on the telephone")
        .press("op", "agree")
        .submit();

    // then
    done.is(303);
    let today = today(&tenant);
    done.follow()
        .shows(".toast", "3 instalments are agreed on for")
        .shows("#instalment", &said(today, "₹6,666.66", "₹20,000.00"));
    let page = tenant.owner.open(&room(&tenant, &bill));
    page.shows("#history", "Agreed on the telephone");
    assert_eq!(
        page.texts("#standing td:nth-child(3)"),
        ["₹6,666.66", "₹6,666.66", "₹6,666.68"]
    );
    assert_eq!(owed(&tenant, &bill).due_on, today);
    sound(&tenant);

    // when: they are ended
    page.form("#end").submit().is(303);

    // then: the bill is due on its own day, and what was agreed stays to be read
    let own = ask(
        tenant.app,
        &format!(
            "select due_on::text as value from documents where id = '{}'",
            bill.id
        ),
    );
    assert_eq!(owed(&tenant, &bill).due_on.to_string(), own);
    let page = tenant.owner.open(&room(&tenant, &bill));
    assert_eq!(page.count("#standing"), 0);
    page.shows("#history", "Ended on");
    assert_eq!(
        count(
            &tenant,
            "audit_entries where tenant_id = '$t' and table_name = 'instalment_plans'"
        ),
        "2"
    );
    sound(&tenant);
}

#[test]
fn the_portal_asks_for_the_instalment_that_is_due() {
    // given: ₹20,000 in four parts, the first one due today
    let (tenant, shop, bill) = ground();
    in_four(&tenant, &bill);
    let [first, second, third, _] = days(&tenant);
    let words = said(first, "₹5,000.00", "₹20,000.00");
    let bills = || shop.owner.open(&shop.path(&tenant, "/bills"));
    let own = shop.path(&tenant, &format!("/bills/{}", bill.url_no));
    bills().is(200).shows("#list", &words);
    let page = shop.owner.open(&own);
    page.is(200).shows("#instalment", &words);
    assert_eq!(page.texts("#instalments td:nth-child(3)"), ["₹5,000.00"; 4]);

    // when: the page to pay is opened from the bill
    let pay = page.click("Pay");

    // then: the instalment stands beside it; all of it is one step away
    let field = format!("a-{}", bill.id);
    let typed = format!("#bills input[name='{field}']");
    pay.is(200).shows("#bills", &words);
    assert_eq!(pay.attribute(&typed, "value").as_deref(), Some("5000.00"));
    let whole = pay.click("Pay all of it");
    assert_eq!(
        whole.attribute(&typed, "value").as_deref(),
        Some("20000.00")
    );
    assert_eq!(
        whole.attributes("#bills input[checked]", "value"),
        [bill.id.to_string()]
    );
    let there = whole.form("#pay").submit().follow();
    there.is(200).shows("h1", "Pay ₹20,000.00");

    // when: the instalment is paid
    let there = pay.form("#pay").submit().follow();
    there.is(200).shows("h1", "Pay ₹5,000.00");
    choose(&there, "upi", "never", false).follow().is(200);

    // then: the next one is asked for, and nothing is overdue before its day has passed
    let next = said(second, "₹5,000.00", "₹15,000.00");
    bills().shows("#list", &next);
    shop.owner.open(&own).shows("#instalment", &next);
    assert_eq!(
        open_parts(&tenant, &bill),
        ["₹0.00", "₹5,000.00", "₹5,000.00", "₹5,000.00"]
    );
    assert_eq!(late_on(&tenant, &shop, first), "₹0.00");
    assert_eq!(late_on(&tenant, &shop, second), "₹0.00");

    // and: once its day has passed, the bill is late with all that is open of it; asked for is the part that is due
    let day_after = second + chrono::Days::new(1);
    assert_eq!(late_on(&tenant, &shop, day_after), "₹15,000.00");
    let parts = owed(&tenant, &bill).parts();
    let asked = |day| due_now(&parts, day).unwrap().amount.to_string();
    assert_eq!(asked(day_after), "₹5,000.00");
    assert_eq!(asked(third), "₹10,000.00");
    sound(&tenant);
}

#[test]
fn a_payment_that_is_taken_off_again_makes_the_instalment_due_again() {
    // given: the first of two instalments is paid
    let (tenant, shop, bill) = ground();
    let id = bill.id.to_string();
    in_instalments(&tenant, &shop, &id, &[(0, 12_000), (-30, 8000)]);
    let number = pays(&tenant, &shop, (Method::Cash, 12_500), 0);
    let how = How::ByHand(vec![(entry(&bill), Money::from_rupees(12_500))]);
    within(&tenant, |scope| {
        payments::set(scope, "Asha Owner", &number, &how)
    })
    .unwrap()
    .unwrap();
    assert_eq!(open_parts(&tenant, &bill), ["₹0.00", "₹7,500.00"]);
    assert_eq!(owed(&tenant, &bill).due_on, ago(&tenant, -30));

    // when
    within(&tenant, |scope| {
        payments::take_off(scope, "Asha Owner", &number, None)
    })
    .unwrap();

    // then
    assert_eq!(open_parts(&tenant, &bill), ["₹12,000.00", "₹8,000.00"]);
    assert_eq!(owed(&tenant, &bill).due_on, today(&tenant));
    sound(&tenant);
}

#[test]
fn a_credit_note_shortens_the_last_instalments() {
    // given: four of ₹5,000
    let (tenant, shop, bill) = ground();
    in_four(&tenant, &bill);

    // when: each of the ten units costs 600 less, 6,300 with tax
    within(&tenant, |scope| {
        let document = Document::by_id(scope, bill.id)?;
        let lines = DocumentLine::find(scope, bill.id)?;
        let part = Part {
            line: lines[0].id,
            what: What::Price(Money::from_rupees(600)),
        };
        let why = (Reason::Price, "Agreed on the telephone.");
        credit(
            scope,
            "Asha Owner",
            &document,
            &Correcting::Lines(vec![part]),
            why,
        )
    })
    .unwrap()
    .unwrap();

    // then: the first ones are as they were
    assert_eq!(
        open_parts(&tenant, &bill),
        ["₹5,000.00", "₹5,000.00", "₹3,700.00", "₹0.00"]
    );
    let [first, second, ..] = days(&tenant);
    let own = shop.path(&tenant, &format!("/bills/{}", bill.url_no));
    let asked = said(first, "₹5,000.00", "₹13,700.00");
    shop.owner.open(&own).shows("#instalment", &asked);
    sound(&tenant);

    // when: money comes for more than the first
    by_hand(&tenant, &shop, (&bill, 6000));

    // then
    assert_eq!(
        open_parts(&tenant, &bill),
        ["₹0.00", "₹4,000.00", "₹3,700.00", "₹0.00"]
    );
    assert_eq!(owed(&tenant, &bill).due_on, second);
    sound(&tenant);
}

#[test]
fn what_is_wrong_with_instalments_stands_beside_its_field() {
    // given
    let (tenant, _, bill) = ground();
    let page = tenant.owner.open(&room(&tenant, &bill));
    let day = |days: i64| ago(&tenant, days).to_string();
    let (yesterday, now, soon, late) = (day(1), day(0), day(-10), day(-4000));

    // when, then: equal parts
    for (field, value, words) in [
        ("number", "1", "Type a number from 2 to 12."),
        ("number", "13", "Type a number from 2 to 12."),
        ("first", "", "Enter a date."),
        (
            "first",
            yesterday.as_str(),
            "The day must be today or later.",
        ),
        ("first", late.as_str(), "The day must be within five years."),
    ] {
        let form = page.form("#instalments").fill("number", "4");
        let answer = form
            .fill("first", &now)
            .fill(field, value)
            .press("op", "work");
        let answer = answer.submit();
        answer.is(422).shows(&format!("#{field}-e"), words);
        let kept = answer.attribute(&format!("#{field}"), "value");
        assert_eq!(kept.as_deref(), Some(value));
    }

    // when, then: parts by hand
    let by_hand = |parts: &[(&str, &str)]| {
        let mut form = page.form("#instalments");
        for (place, (day, amount)) in (1..).zip(parts) {
            form = form
                .fill(&format!("day-{place}"), day)
                .fill(&format!("amount-{place}"), amount);
        }
        form.press("op", "agree").submit()
    };
    let (now, soon) = (now.as_str(), soon.as_str());
    for (parts, place, words) in [
        (
            vec![(now, "20000")],
            "#parts",
            "Agree on 2 to 12 instalments.",
        ),
        (
            vec![(now, "12000"), (soon, "7999.99")],
            "#parts",
            "The instalments come to ₹19,999.99, and ₹20,000.00 are open",
        ),
        (
            vec![(soon, "12000"), (now, "8000")],
            "#parts",
            "Each instalment must be due after the one before it.",
        ),
        (
            vec![(now, "12000"), (soon, "0")],
            "#day-2-e",
            "The amount must be more than zero.",
        ),
        (
            vec![(yesterday.as_str(), "12000"), (soon, "8000")],
            "#day-1-e",
            "The day must be today or later.",
        ),
    ] {
        let answer = by_hand(&parts);
        answer.is(422).shows(place, words);
        let kept = answer.attribute("#amount-1", "value");
        assert_eq!(kept.as_deref(), Some(parts[0].1));
    }
    assert_eq!(
        count(&tenant, "instalment_plans where tenant_id = '$t'"),
        "0"
    );

    // and when it is right
    by_hand(&[(now, "12000"), (soon, "8000")]).is(303);
    assert_eq!(open_parts(&tenant, &bill), ["₹12,000.00", "₹8,000.00"]);
    sound(&tenant);
}

#[test]
fn of_two_people_who_agree_at_once_the_second_is_told() {
    // given: both have worked out their parts
    let (tenant, _, bill) = ground();
    let forms = ["2", "4"].map(|number| {
        let page = tenant.owner.open(&room(&tenant, &bill));
        let worked = page
            .form("#instalments")
            .fill("number", number)
            .fill("first", &today(&tenant).to_string())
            .press("op", "work")
            .submit();
        worked.is(200).form("#instalments").press("op", "agree")
    });

    // when
    let start = Barrier::new(2);
    let mut answers = std::thread::scope(|scope| {
        let start = &start;
        let sent = forms.map(|form| {
            scope.spawn(move || {
                start.wait();
                form.submit().status
            })
        });
        sent.map(|sent| sent.join().unwrap())
    });

    // then
    answers.sort_unstable();
    assert_eq!(answers, [303, 409]);
    assert_eq!(
        count(&tenant, "instalment_plans where tenant_id = '$t'"),
        "1"
    );
    sound(&tenant);

    // and: whoever looks at what stands may replace it
    let page = tenant.owner.open(&room(&tenant, &bill));
    let worked = page
        .form("#instalments")
        .fill("number", "5")
        .fill("first", &today(&tenant).to_string())
        .press("op", "work")
        .submit();
    let agreed = worked.form("#instalments").press("op", "agree").submit();
    agreed.is(303);
    assert_eq!(open_parts(&tenant, &bill), ["₹4,000.00"; 5]);
    assert_eq!(
        count(
            &tenant,
            "instalment_plans where tenant_id = '$t' and ended_at is not null"
        ),
        "1"
    );
    sound(&tenant);
}

#[test]
fn only_whoever_sets_payments_against_bills_agrees_on_instalments() {
    let (tenant, _, bill) = ground();
    let at = room(&tenant, &bill);
    let (_, sales) = tenant.employee(Role::Sales);
    let (_, accounts) = tenant.employee(Role::Accounts);
    sales.open(&at).is(403);
    sales.post(&at, &[]).is(403);
    let own = tenant.path(&format!("/invoices/{}", bill.url_no));
    sales
        .open(&own)
        .is(200)
        .shows_not(".doc-bar", "Instalments…");
    accounts.open(&own).click("Instalments…").is(200);
}

#[test]
fn a_part_of_a_ticked_bill_is_paid() {
    // given: an older debt that nobody ticks, a bill of ₹21,000 and a younger debt
    let (tenant, shop) = {
        let tenant = tenant();
        let shop = shop_of(&tenant);
        account(&tenant);
        (tenant, shop)
    };
    owes(&tenant, &shop, 700, (60, 40));
    let other = owes(&tenant, &shop, 400, (30, 10)).to_string();
    let bill = a_bill(&tenant, &shop);
    let (id, field, other_field) = (
        bill.id.to_string(),
        format!("a-{}", bill.id),
        format!("a-{other}"),
    );
    let pay = shop.path(&tenant, "/pay");
    let post = |of_bill: &str, of_other: &str| {
        let fields = [
            ("bill", id.as_str()),
            ("bill", other.as_str()),
            (field.as_str(), of_bill),
            (other_field.as_str(), of_other),
        ];
        shop.owner.post(&pay, &fields)
    };

    // when, then: what is wrong stands beside its bill, and nothing typed is lost
    for (typed, words) in [
        ("21000.01", "Only ₹21,000.00 of it are open."),
        ("0", "The amount must be more than zero."),
        ("", "Enter a number."),
        ("1.005", "2 decimals"),
    ] {
        let answer = post(typed, "150.25");
        answer.is(422).shows(&format!("[id='{field}-e']"), words);
        let value = |field: &str| answer.attribute(&format!("input[name='{field}']"), "value");
        assert_eq!(value(&field).as_deref(), Some(typed));
        assert_eq!(value(&other_field).as_deref(), Some("150.25"));
        assert_eq!(answer.count("#bills input[checked]"), 2);
    }
    assert_eq!(count(&tenant, "payments where tenant_id = '$t'"), "0");

    // when: a part of each, and the gateway tells it twice
    let answer = post("1000.50", "150.25");
    answer.is(303);
    let there = answer.follow();
    there.is(200).shows("h1", "Pay ₹1,150.75");
    let (_, payment) = last(&tenant, &shop);
    choose(&there, "upi", "twice", false).follow().is(200);

    // then: each bill has its part, once, and the older debt has nothing
    assert_eq!(books(&tenant, &payment), "received t 1 -1150.75");
    let set = ask(
        tenant.app,
        &format!(
            "select string_agg(a.amount::text, ' ' order by a.amount) as value from allocations a where a.tenant_id = '{}' and a.credit_id = '{payment}' and a.cause = 'wish' and a.debit_id in ('{id}', '{other}')",
            tenant.id
        ),
    );
    assert_eq!(set, "150.25 1000.50");
    assert_eq!(count(&tenant, "allocations where tenant_id = '$t'"), "2");
    let page = shop.owner.open(&pay);
    let offered = page.attribute(&format!("input[name='{field}']"), "value");
    assert_eq!(offered.as_deref(), Some("19999.50"));
    sound(&tenant);
}

#[test]
fn what_a_part_finds_paid_meanwhile_stays_as_an_advance() {
    // given: ₹20,000 are open, and the shop is on its way to pay 15,000 of them
    let (tenant, shop, bill) = ground();
    let (id, field) = (bill.id.to_string(), format!("a-{}", bill.id));
    let fields = [("bill", id.as_str()), (field.as_str(), "15000")];
    let there = shop
        .owner
        .post(&shop.path(&tenant, "/pay"), &fields)
        .follow();
    there.is(200).shows("h1", "Pay ₹15,000.00");

    // when: 12,000 come in cash meanwhile
    by_hand(&tenant, &shop, (&bill, 12_000));
    choose(&there, "upi", "first", false).follow().is(200);

    // then
    assert_eq!(owed(&tenant, &bill).open, Money::ZERO);
    let left = ask(
        tenant.app,
        &format!(
            "select sum(open)::text as value from open_items where tenant_id = '{}' and side = 'credit'",
            tenant.id
        ),
    );
    assert_eq!(left, "7000.00");
    sound(&tenant);
}

#[test]
fn money_that_is_left_pays_no_more_of_a_bill_than_was_wished() {
    // given: ₹20,000 are open and 600 are left on the account
    let (tenant, shop, bill) = ground();
    pays(&tenant, &shop, (Method::Cash, 600), 0);
    let (id, field) = (bill.id.to_string(), format!("a-{}", bill.id));
    let fields = [("bill", id.as_str()), (field.as_str(), "5000")];
    let there = shop
        .owner
        .post(&shop.path(&tenant, "/pay"), &fields)
        .follow();
    there.is(200).shows("h1", "Pay ₹4,400.00");

    // when: another 900 come before the shop has paid
    pays(&tenant, &shop, (Method::Cash, 900), 0);
    choose(&there, "upi", "never", false).follow().is(200);

    // then: 5,000 of the bill are paid, and 900 are left
    assert_eq!(owed(&tenant, &bill).open.to_string(), "₹15,000.00");
    let left = ask(
        tenant.app,
        &format!(
            "select sum(open)::text as value from open_items where tenant_id = '{}' and side = 'credit'",
            tenant.id
        ),
    );
    assert_eq!(left, "900.00");
    sound(&tenant);
}

#[test]
fn equal_parts_leave_the_paise_to_the_last_and_keep_the_day() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let parts = |paise: i64, number: u8, first: &str, every: Every| {
        let parts = equal_parts(Money::from_paise(paise), number, (day(first), every));
        parts.map(|parts| {
            let part = |(day, amount): (NaiveDate, Money)| format!("{day} {amount}");
            parts.into_iter().map(part).collect::<Vec<_>>()
        })
    };
    assert_eq!(
        parts(10_000, 3, "2027-01-31", Every::Month).unwrap(),
        [
            "2027-01-31 ₹33.33",
            "2027-02-28 ₹33.33",
            "2027-03-31 ₹33.34"
        ]
    );
    assert_eq!(
        parts(100, 2, "2026-12-28", Every::Week).unwrap(),
        ["2026-12-28 ₹0.50", "2027-01-04 ₹0.50"]
    );
    assert_eq!(
        parts(101, 2, "2026-12-28", Every::Fortnight).unwrap(),
        ["2026-12-28 ₹0.50", "2027-01-11 ₹0.51"]
    );
    assert!(parts(11, 12, "2026-12-28", Every::Week).is_err());
    assert!(parts(12, 12, "2026-12-28", Every::Week).is_ok());
    let whole = [(day("2026-12-28"), Money::from_rupees(10))];
    assert!(may_agree(Money::from_rupees(10), &whole, day("2026-12-01")).is_err());
}
