//! Tax that customers deduct from what they pay: by the rule of the day it settles bills with the money, and is followed until the
//! certificate is here.

use crate::statements::{MOST_OF_A_CHANGE, statements};
use crate::support::books::{ago, code, deducts, owes, pays, today};
use crate::support::trade::{billed, confirmed, goods, packed, shop_of, sound, wholly_sound};
use crate::support::{
    App, Browser, FormFiller, Page, Shop, Tenant, ask, own_app, run, tenant, tenant_in, unique,
};
use mandi::accounting::actions::Issued;
use mandi::accounting::rules::payment::Method;
use mandi::accounting::rules::withheld::{
    Valued, is_doubtful, quarter, value_of_net, without_gst, year_and_quarter,
};
use mandi::kernel::dates::FinancialYear;
use mandi::kernel::money::Money;
use mandi::kernel::percent::Percent;
use mandi::platform::permissions::Role;
use std::sync::Barrier;

/// Purchase of goods, as the law names it now and as it did until March 2026; and the GST that government deducts.
const GOODS: &str = "income_tax:393/194Q";
const GOODS_BEFORE: &str = "income_tax:194Q";
const GOVERNMENT: &str = "gst:51";

/// A bill of today: ₹1,00,000 and 18 % GST.
fn a_bill(tenant: &Tenant, shop: &Shop) -> Issued {
    run(
        tenant.app,
        &format!(
            "insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, reason)
               select '{0}', gen_random_uuid(), '1006', 18, '2017-07-01', 'Test'
                 where not exists (select from own_tax_rates where tenant_id = '{0}')",
            tenant.id
        ),
    );
    let mill = goods(tenant, &format!("MILL{}", unique()), "1000", "100");
    let order = confirmed(tenant, shop, &[(mill, "100")]);
    billed(tenant, &packed(tenant, &order))
}

/// The form of a new payment of a shop by bank transfer.
fn form(tenant: &Tenant, shop: &Shop, amount: &str) -> FormFiller {
    let code = code(tenant, shop);
    tenant
        .owner
        .open(&tenant.path(&format!("/payments/new?customer={code}")))
        .form("#payment")
        .fill("amount", amount)
        .fill("method", "neft")
}

/// The same with the tax that was deducted.
fn less(tenant: &Tenant, shop: &Shop, amount: &str, (tax, section): (&str, &str)) -> FormFiller {
    form(tenant, shop, amount)
        .fill("deducted", tax)
        .fill("section", section)
}

/// Presses "Work out the tax".
fn reckoned(form: FormFiller) -> Page {
    form.press("op", "reckon").submit()
}

/// What a field of the payment's form holds.
fn value(page: &Page, name: &str) -> String {
    let fields = page.form("#payment").fields;
    let field = fields.into_iter().find(|(known, _)| known == name);
    field.map(|(_, value)| value).unwrap_or_default()
}

fn sections(page: &Page) -> Vec<String> {
    page.attributes("#section option", "value")
}

/// The number of a receipt in this financial year.
fn receipt(tenant: &Tenant, which: u32) -> String {
    let year = FinancialYear::of(today(tenant)).first_year() % 100;
    format!("RC-{year:02}-{which:05}")
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

/// What is recorded of deductions, in the order in which they were.
fn deductions(tenant: &Tenant) -> String {
    ask(
        tenant.app,
        &format!(
            "select coalesce(string_agg(concat_ws(' ', tax, section, rate::float, amount, taxable), ', ' order by created_at, id), '') as value
               from tax_deductions where tenant_id = '{}'",
            tenant.id
        ),
    )
}

fn count(tenant: &Tenant, table: &str) -> String {
    let sql = format!(
        "select count(*)::text as value from {table} where tenant_id = '{}'",
        tenant.id
    );
    ask(tenant.app, &sql)
}

fn ledger(tenant: &Tenant, shop: &Shop) -> Page {
    let path = format!("/ledger/{}", code(tenant, shop));
    tenant.owner.open(&tenant.path(&path))
}

#[test]
fn a_bill_is_settled_by_money_and_the_tax_deducted_from_it() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let bill = a_bill(&tenant, &shop);
    assert_eq!(books(&tenant, &shop), "118000.00 118000.00");
    let blank = form(&tenant, &shop, "1,17,900");

    // when: the page works out the tax
    let worked = reckoned(blank.fill("section", GOODS));

    // then: nothing is written yet
    worked
        .is(200)
        .shows("#deducted-h", "0.1% of ₹1,00,000.00 without GST");
    assert_eq!(worked.count("#withheld[open]"), 1);
    assert_eq!(value(&worked, "deducted"), "100.00");
    assert_eq!(value(&worked, "amount"), "1,17,900");
    assert_eq!(count(&tenant, "payments"), "0");

    // when
    let answer = worked.form("#payment").submit();

    // then: both are there, and nothing is owed
    let (tax, money) = (receipt(&tenant, 1), receipt(&tenant, 2));
    answer.is(303);
    assert!(statements(&answer) <= MOST_OF_A_CHANGE, "too often");
    assert_eq!(
        answer.header("location"),
        tenant.path(&format!("/payments/{money}"))
    );
    let page = answer.follow();
    page.shows("#left", "₹0.00")
        .shows("[aria-labelledby=tax]", "₹100.00")
        .shows("[aria-labelledby=tax]", "Income tax, section 393/194Q")
        .shows("[aria-labelledby=tax] .pill", "Outstanding")
        .shows(
            ".toast",
            &format!("Tax of ₹100.00 under section 393/194Q is {tax}."),
        )
        .shows_not(".toast", "Look at it again");
    tenant
        .owner
        .open(&tenant.path(&format!("/payments/{tax}")))
        .shows("#facts", "Details")
        .shows("[aria-labelledby=facts]", "Tax deducted at source")
        .shows("[aria-labelledby=set]", &bill.number)
        .shows("[aria-labelledby=tax]", &money);
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00");
    assert_eq!(
        deductions(&tenant),
        "income_tax 393/194Q 0.1 100.00 100000.00"
    );

    // and the same is said on both sides, on screen and in files
    let theirs = shop.owner.open(&shop.path(&tenant, "/ledger"));
    for page in [ledger(&tenant, &shop), theirs] {
        page.shows("#balance", "₹0.00")
            .shows("#entries", &format!("Tax deducted {tax}"))
            .shows("#entries", "Tax deducted at source, section 393/194Q")
            .shows("#entries", &format!("Payment received {money}"));
    }
    let path = format!("/ledger/{}/export?format=csv", code(&tenant, &shop));
    let (_, _, bytes) = tenant.owner.bytes(&tenant.path(&path));
    let file = String::from_utf8(bytes).unwrap();
    assert!(
        file.contains("\"Tax deducted at source, section 393/194Q\",,,100.00,117900.00"),
        "{file}"
    );
    wholly_sound(&tenant);
}

#[test]
fn tax_and_money_are_shared_out_by_hand() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let (one, two) = (a_bill(&tenant, &shop), a_bill(&tenant, &shop));
    let (first, second) = (format!("a-{}", one.id), format!("a-{}", two.id));
    let filled = |part: &str| {
        less(&tenant, &shop, "1,76,850", ("150", GOODS))
            .fill("how", "hand")
            .fill(&first, "1,18,000")
            .fill(&second, part)
    };

    // when, then: what the two bills get is more than came and was deducted, or than is open
    filled("59,000.01").submit().is(422).shows(
        "#how-e",
        "₹1,77,000.01 together, which is more than the amount and the tax.",
    );
    less(&tenant, &shop, "1,18,000", ("1", GOODS))
        .fill("how", "hand")
        .fill(&first, "1,18,000.50")
        .submit()
        .is(422)
        .shows(
            &format!("[id='{first}-e']"),
            "Only ₹1,18,000.00 of it are open.",
        );
    assert_eq!(books(&tenant, &shop), "236000.00 236000.00");

    // when: the whole of one and half of the other, less 0.1 % of ₹1,50,000
    let worked = reckoned(filled("59,000").fill("deducted", ""));
    assert_eq!(value(&worked, "deducted"), "150.00");
    worked.form("#payment").submit().is(303);

    // then
    assert_eq!(books(&tenant, &shop), "59000.00 59000.00 0.00");
    assert_eq!(
        deductions(&tenant),
        "income_tax 393/194Q 0.1 150.00 150000.00"
    );
    sound(&tenant);
}

#[test]
fn tax_alone_settles_what_the_money_left() {
    // given: the money came, and was written down without the tax
    let tenant = tenant();
    let shop = shop_of(&tenant);
    a_bill(&tenant, &shop);
    form(&tenant, &shop, "1,17,900").submit().is(303);
    assert_eq!(books(&tenant, &shop), "100.00 100.00 0.00");

    // when: as an advance there is nothing that it could be deducted from
    let alone = || less(&tenant, &shop, "", ("100", GOODS)).fill("method", "");
    alone()
        .fill("how", "account")
        .submit()
        .is(422)
        .shows("#deducted-e", "From an advance");
    let answer = alone().submit();

    // then: of the whole bill it is what the rule says
    answer.is(303);
    answer
        .follow()
        .shows("h1", &receipt(&tenant, 2))
        .shows_not(".toast", "Look at it again");
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00");
    assert_eq!(
        deductions(&tenant),
        "income_tax 393/194Q 0.1 100.00 100000.00"
    );
    wholly_sound(&tenant);
}

#[test]
fn the_rules_of_the_day_are_offered_and_no_others() {
    // given: an installation of its own, since its law is changed below
    let app: &'static App = own_app("withheld", mandi::app::routes());
    let tenant = tenant_in(app);
    let shop = shop_of(&tenant);
    a_bill(&tenant, &shop);
    let on = |day: &str, amount: &str, section: &str| {
        let form = form(&tenant, &shop, amount);
        form.fill("paid_on", day).fill("section", section)
    };
    let now = today(&tenant).to_string();

    // when, then: on the last day of the one Act, and on the first of the other
    let page = reckoned(on("2026-03-31", "1,17,900", GOODS_BEFORE));
    assert_eq!(page.is(200).texts("#section option").len(), 3);
    assert_eq!(sections(&page), ["", GOODS_BEFORE, GOVERNMENT]);
    assert_eq!(value(&page, "deducted"), "100.00");
    let page = reckoned(on("2026-04-01", "1,17,900", GOODS));
    assert_eq!(sections(page.is(200)), ["", GOODS, GOVERNMENT]);
    for (day, section) in [("2026-03-31", GOODS), ("2026-04-01", GOODS_BEFORE)] {
        let said = format!("This section is not in force on {day}.");
        reckoned(on(day, "1,17,900", section))
            .is(422)
            .shows("#section-e", &said);
        let refused = on(day, "1,17,900", section)
            .fill("deducted", "100")
            .submit();
        refused.is(422).shows("#section-e", &said);
        assert_eq!(value(&refused, "deducted"), "100");
    }
    // Before section 194Q there was the GST of government alone, and what sellers collect is nothing that a buyer deducts.
    let page = reckoned(on("2021-06-30", "1,16,000", GOVERNMENT));
    assert_eq!(sections(page.is(200)), ["", GOVERNMENT]);
    assert_eq!(value(&page, "deducted"), "2000.00");
    assert_eq!(count(&tenant, "payments"), "0");

    // when: the law says another rate, then a last day
    run(
        app,
        "update withholding_rules set rate = 0.2 where section = '393/194Q'",
    );
    let page = reckoned(on(&now, "1,17,800", GOODS));
    page.is(200)
        .shows("#deducted-h", "0.2% of ₹1,00,000.00 without GST");
    assert_eq!(value(&page, "deducted"), "200.00");
    run(
        app,
        &format!(
            "update withholding_rules set valid_to = '{}' where section = '393/194Q'",
            ago(&tenant, 1)
        ),
    );
    let refused = on(&now, "1,17,800", GOODS).fill("deducted", "200").submit();
    refused.is(422).shows("#section-e", "not in force");
    assert_eq!(sections(&refused), ["", GOVERNMENT]);
    assert_eq!(books(&tenant, &shop), "118000.00 118000.00");

    // then: on the day before it still counts, and the deduction says by which rate
    on(&ago(&tenant, 1).to_string(), "1,17,800", GOODS)
        .fill("deducted", "200")
        .submit()
        .is(303);
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00");
    assert_eq!(
        deductions(&tenant),
        "income_tax 393/194Q 0.2 200.00 100000.00"
    );
    sound(&tenant);
}

/// The form of an own rate for purchases of goods by a customer, from April 2026 on, filled in.
fn own_rate(tenant: &Tenant, customer: &str, rate: &str) -> FormFiller {
    tenant
        .owner
        .open(&tenant.path("/settings/withholding"))
        .click("Add an own rate")
        .form("#rule-form")
        .fill("tax", "income_tax")
        .fill("section", "393/194q")
        .fill("customer", customer)
        .fill("rate", rate)
        .fill("valid_from", "2026-04-01")
        .fill("reason", "Certificate 7/2026 of a lower rate")
}

#[test]
fn an_own_rate_that_can_not_be_is_refused_beside_its_field() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let code = code(&tenant, &shop);

    // when, then: what is wrong stands beside its field
    for (answer, place, words) in [
        (
            own_rate(&tenant, "NOBODY", "0.05").submit(),
            "#customer-e",
            "There is no customer NOBODY.",
        ),
        (
            own_rate(&tenant, &code, "0").submit(),
            "#rate-e",
            "above zero",
        ),
        (
            own_rate(&tenant, &code, "0.05").fill("tax", "").submit(),
            "#tax-e",
            "Choose",
        ),
        (
            own_rate(&tenant, &code, "0.05")
                .fill("section", "194 Q;")
                .submit(),
            "#section-e",
            "194Q or 206C(1)",
        ),
        (
            own_rate(&tenant, &code, "0.05")
                .fill("valid_to", "2026-03-31")
                .submit(),
            "#valid_to-e",
            "before the first",
        ),
        (
            own_rate(&tenant, &code, "0.05").fill("reason", "").submit(),
            "#reason-e",
            "Reason",
        ),
    ] {
        answer.is(422).shows(place, words);
    }
    assert_eq!(count(&tenant, "own_withholding_rules"), "0");

    // and one that can be is added, for all customers too
    own_rate(&tenant, "", "0.05").submit().is(303);
    own_rate(&tenant, &code, "0.05").submit().is(303);
    assert_eq!(count(&tenant, "own_withholding_rules"), "2");
}

#[test]
fn a_rate_of_its_own_comes_before_the_laws() {
    // given
    let tenant = tenant();
    let (shop, other) = (shop_of(&tenant), shop_of(&tenant));
    a_bill(&tenant, &shop);
    a_bill(&tenant, &other);
    let list = || tenant.owner.open(&tenant.path("/settings/withholding"));
    list()
        .shows("[aria-labelledby=own]", "None.")
        .shows("[aria-labelledby=law]", "Income tax, section 393/194Q")
        .shows("[aria-labelledby=law]", "0.1% of the value without GST")
        .shows(
            "[aria-labelledby=law]",
            "What is above ₹50,00,000.00 in a financial year",
        )
        .shows("[aria-labelledby=law]", "Income tax, section 206C(1H)")
        .shows("[aria-labelledby=law]", "to be checked");
    let code = code(&tenant, &shop);
    let adding = |rate: &str| own_rate(&tenant, &code, rate);

    // when
    let added = adding("0.05").submit();
    added.is(303);
    added
        .follow()
        .shows(".toast", "The own rate under section 393/194Q is added.")
        .shows("[aria-labelledby=own]", "0.05%");
    adding("0.02").submit().is(422).shows(
        "#valid_from-e",
        "An own rate of 0.05% under section 393/194Q is in force from 2026-04-01 on.",
    );

    // then: it counts for this customer alone
    let page = reckoned(form(&tenant, &shop, "1,17,950").fill("section", GOODS));
    assert_eq!(value(page.is(200), "deducted"), "50.00");
    page.shows("#section", "own rate");
    assert_eq!(sections(&page), ["", GOODS, GOVERNMENT]);
    let theirs = reckoned(form(&tenant, &other, "1,17,900").fill("section", GOODS));
    assert_eq!(value(theirs.is(200), "deducted"), "100.00");

    // when: it ends yesterday
    let question = list().click("End…");
    question
        .form("#confirm")
        .fill("valid_to", "2026-03-31")
        .submit()
        .is(409);
    question
        .form("#confirm")
        .fill("valid_to", &ago(&tenant, 1).to_string())
        .submit()
        .is(303);

    // then: from today on the law's counts again
    let page = reckoned(form(&tenant, &shop, "1,17,900").fill("section", GOODS));
    assert_eq!(value(page.is(200), "deducted"), "100.00");
    list().shows("[aria-labelledby=own] .pill", "Ended");
    let audited = format!(
        "select string_agg(action, ' ' order by id) as value from audit_entries where tenant_id = '{}' and table_name = 'own_withholding_rules'",
        tenant.id
    );
    assert_eq!(ask(tenant.app, &audited), "insert update");
    wholly_sound(&tenant);
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_what_is_doubtful_is_said() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    a_bill(&tenant, &shop);

    // when, then
    for (amount, tax, section, place, words) in [
        ("1,17,900", "-100", GOODS, "#deducted-e", "more than zero"),
        ("1,17,900", "0", GOODS, "#deducted-e", "more than zero"),
        ("1,17,900", "10.005", GOODS, "#deducted-e", "2 decimals"),
        (
            "1,17,900",
            "much",
            GOODS,
            "#deducted-e",
            "in figures, like 1,20,000",
        ),
        ("1,17,900", "100", "", "#section-e", "Choose the section"),
        (
            "1,17,900",
            "",
            GOODS,
            "#deducted-e",
            "Enter what the customer deducted",
        ),
        ("", "", GOODS, "#amount-e", "Enter a number."),
        (
            "1",
            "1,18,000.01",
            GOODS,
            "#deducted-e",
            "come to ₹1,18,000.00: no more tax than that",
        ),
    ] {
        let page = less(&tenant, &shop, amount, (tax, section))
            .fill("reference", "UTR 7")
            .submit();
        page.is(422).shows(place, words);
        assert_eq!(page.count("#withheld[open]"), 1, "{place}");
        for (name, typed) in [
            ("amount", amount),
            ("deducted", tax),
            ("section", section),
            ("reference", "UTR 7"),
        ] {
            assert_eq!(value(&page, name), typed, "{name}");
        }
    }
    // Nor is it worked out from nothing.
    reckoned(form(&tenant, &shop, "").fill("section", GOODS))
        .is(422)
        .shows("#amount-e", "Enter what came");
    reckoned(form(&tenant, &shop, "1,17,900"))
        .is(422)
        .shows("#section-e", "Choose the section");
    assert_eq!(books(&tenant, &shop), "118000.00 118000.00");
    assert_eq!(count(&tenant, "payments"), "0");

    // when: a rupee more than the rule says may be rounding; more than that is a doubt, and is taken all the same
    let fits = less(&tenant, &shop, "58,899", ("101", GOODS)).submit();
    fits.is(303);
    let doubtful = fits.follow();
    doubtful.shows(
        ".toast",
        "Look at it again: it is more than 0.1% of ₹50,000.00.",
    );
    assert_eq!(books(&tenant, &shop), "59000.00 59000.00 0.00");
    let round = less(&tenant, &shop, "58,949", ("51", GOODS)).submit();
    round.is(303);
    round.follow().shows_not(".toast", "Look at it again");

    // then
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00");
    assert_eq!(
        deductions(&tenant),
        "income_tax 393/194Q 0.1 101.00 50000.00, income_tax 393/194Q 0.1 51.00 50000.00"
    );
    let list = tenant.owner.open(&tenant.path("/tax-deducted"));
    assert_eq!(list.count(".warn-text"), 1);
    list.shows("tbody", "More than the rate says");
    // A form without a word of tax is as it was.
    let calm = tenant
        .owner
        .open(&tenant.path(&format!("/payments/new?customer={}", code(&tenant, &shop))));
    assert_eq!(calm.count("#withheld[open]"), 0);
    sound(&tenant);
}

#[test]
fn a_returned_cheque_leaves_the_deduction_in_sight_until_it_is_taken_back() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    a_bill(&tenant, &shop);
    less(&tenant, &shop, "1,17,900", ("100", GOODS))
        .fill("method", "cheque")
        .fill("reference", "004711")
        .fill("cheque_date", &today(&tenant).to_string())
        .submit()
        .is(303);
    let (tax, money) = (receipt(&tenant, 1), receipt(&tenant, 2));
    let path = |number: &str| tenant.path(&format!("/payments/{number}"));
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00");

    // when: the bank returns the cheque
    tenant
        .owner
        .open(&format!("{}/bounce", path(&money)))
        .form("#confirm")
        .fill("bounced_on", &today(&tenant).to_string())
        .fill("reason", "Funds insufficient")
        .submit()
        .is(303);

    // then: the money is owed again; what was deducted still is, and the page says so
    assert_eq!(books(&tenant, &shop), "117900.00 117900.00 0.00");
    tenant
        .owner
        .open(&path(&money))
        .shows(
            "[aria-labelledby=tax]",
            "The money came back, the tax deducted with it stays.",
        )
        .shows("[aria-labelledby=tax]", &tax);
    tenant
        .owner
        .open(&tenant.path(&format!("/payments/{tax}/bounce")))
        .is(409);

    // when: nothing was deducted after all
    tenant
        .owner
        .open(&path(&tax))
        .form("#take-off")
        .submit()
        .is(303);
    assert_eq!(books(&tenant, &shop), "117900.00 118000.00 100.00");
    let question = tenant.owner.open(&format!("{}/refund", path(&tax)));
    question.shows("h1", &format!("Take back the tax deduction {tax}?"));
    question.form("#confirm").submit().is(303);

    // then: all of it is owed, and the list says why nothing has to come
    assert_eq!(books(&tenant, &shop), "118000.00 118000.00 0.00");
    tenant
        .owner
        .open(&path(&money))
        .shows_not("[aria-labelledby=tax]", "stays");
    ledger(&tenant, &shop).shows("#entries", "Tax deduction taken back");
    tenant
        .owner
        .open(&tenant.path("/tax-deducted"))
        .shows("tbody .pill", "Taken back")
        .shows("main", "₹0.00 together");
    tenant
        .owner
        .open(&tenant.path("/tax-deducted?certificate=outstanding"))
        .shows(".empty", "No deductions match");
    wholly_sound(&tenant);
}

#[test]
fn deductions_are_listed_filtered_and_found() {
    // given
    let tenant = tenant();
    let (shop, other) = (shop_of(&tenant), shop_of(&tenant));
    let open = |rest: &str| {
        tenant
            .owner
            .open(&tenant.path(&format!("/tax-deducted{rest}")))
    };
    open("").shows(".empty", "No tax was deducted yet");
    let first = deducts(&tenant, &shop, 100, 3);
    let second = deducts(&tenant, &shop, 40, 2);
    let third = deducts(&tenant, &other, 10, 1);
    pays(&tenant, &other, (Method::Cash, 7), 1);

    // when, then: the list, its filters, its search
    let numbers = |page: &Page| page.texts("tbody th a");
    let all = open("");
    assert_eq!(numbers(&all), [third.as_str(), &second, &first]);
    all.shows("main", "₹150.00 together")
        .shows("tbody", "GST, section 51")
        .shows("tbody", &year_and_quarter(ago(&tenant, 1)));
    assert_eq!(all.count("tbody .pill.warn"), 3);
    let of_shop = format!("?customer={}", code(&tenant, &shop));
    open(&of_shop).shows("main", "₹140.00 together");
    let since = format!("?from={}&to={}", ago(&tenant, 2), ago(&tenant, 2));
    assert_eq!(numbers(&open(&since)), [second.as_str()]);
    assert_eq!(numbers(&open(&format!("?q={first}"))), [first.as_str()]);
    assert_eq!(numbers(&open("?q=51")).len(), 3);
    open("?tax=income_tax").shows(".empty", "No deductions match");
    open("?q=ZZZZQQQQ").shows(".empty", "No deductions match");
    sound(&tenant);
}

#[test]
fn a_deduction_is_followed_until_its_certificate_is_here() {
    // given
    let tenant = tenant();
    let (shop, other) = (shop_of(&tenant), shop_of(&tenant));
    let open = |rest: &str| {
        tenant
            .owner
            .open(&tenant.path(&format!("/tax-deducted{rest}")))
    };
    let numbers = |page: &Page| page.texts("tbody th a");
    let first = deducts(&tenant, &shop, 100, 3);
    let second = deducts(&tenant, &shop, 40, 2);
    let third = deducts(&tenant, &other, 10, 1);

    // when: a certificate comes, first as it can't be
    let page = open("").click("It is here");
    let certifying = |number: &str, day: &str| {
        page.form("#certificate-form")
            .fill("certificate", number)
            .fill("certificate_on", day)
    };
    let now = today(&tenant).to_string();
    let (older, later) = (ago(&tenant, 2).to_string(), ago(&tenant, -1).to_string());
    for (number, day, place, words) in [
        (
            "",
            now.as_str(),
            "#certificate-e",
            "Number of the certificate",
        ),
        ("7A/26/1", "", "#certificate_on-e", "Enter a date."),
        (
            "7A/26/1",
            older.as_str(),
            "#certificate_on-e",
            "not older than the deduction",
        ),
        (
            "7A/26/1",
            later.as_str(),
            "#certificate_on-e",
            "today or earlier",
        ),
    ] {
        let again = certifying(number, day).submit();
        again.is(422).shows(place, words);
        let kept = again.form("#certificate-form").fields;
        assert!(kept.contains(&("certificate".to_owned(), number.to_owned())));
    }
    let certificates = || {
        ask(
            tenant.app,
            &format!(
                "select coalesce(string_agg(certificate || ' ' || certificate_on, ', '), '') as value from tax_deductions where tenant_id = '{}'",
                tenant.id
            ),
        )
    };
    assert_eq!(certificates(), "");
    certifying(" 7A/26/1 ", &now).submit().is(303);

    // then
    assert_eq!(certificates(), format!("7A/26/1 {now}"));
    let waiting = open("?certificate=outstanding");
    assert_eq!(numbers(&waiting), [second.as_str(), &first]);
    waiting.shows("main", "₹140.00 together");
    let here = open("?certificate=here");
    assert_eq!(numbers(&here), [third.as_str()]);
    here.shows("tbody", "7A/26/1").shows("tbody .pill", "Here");
    assert_eq!(numbers(&open("?q=7a/26/1")), [third.as_str()]);
    let path = format!("/tax-deducted/export?format=csv&q={third}");
    let (_, _, bytes) = tenant.owner.bytes(&tenant.path(&path));
    let file = String::from_utf8(bytes).unwrap();
    let line = format!(
        "{third},{},{},{},",
        ago(&tenant, 1),
        year_and_quarter(ago(&tenant, 1)),
        code(&tenant, &other)
    );
    assert!(file.contains(&line), "{file}");
    assert!(
        file.contains(&format!(",GST,51,10.00,2,10.00,7A/26/1,{now},")),
        "{file}"
    );
    assert_eq!(file.lines().count(), 2, "{file}");

    // and it is taken away again
    let kept = open(&format!("/{third}"));
    kept.form("#certificate-form")
        .fill("certificate", "")
        .fill("certificate_on", "")
        .submit()
        .is(303);
    assert_eq!(certificates(), "");
    let audited = format!(
        "select string_agg(action, ' ' order by id) as value from audit_entries where tenant_id = '{}' and table_name = 'tax_deductions'",
        tenant.id
    );
    assert_eq!(
        ask(tenant.app, &audited),
        "insert insert insert update update"
    );
    wholly_sound(&tenant);
}

#[test]
fn a_long_list_of_deductions_has_pages() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    for _ in 0..27 {
        deducts(&tenant, &shop, 2, 1);
    }

    // when
    let first = tenant.owner.open(&tenant.path("/tax-deducted"));
    let next = first.click("Next");

    // then
    assert_eq!(first.count("tbody tr"), 25);
    first.shows("main", "27 in all · ₹54.00 together");
    assert_eq!(next.count("tbody tr"), 2);
}

#[test]
fn of_two_people_with_a_certificate_the_later_one_sees_the_others() {
    // given: both have the form open
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let number = deducts(&tenant, &shop, 100, 3);
    let (_, colleague) = tenant.employee(Role::Accounts);
    let path = tenant.path(&format!("/tax-deducted/{number}"));
    let now = today(&tenant).to_string();
    let filled = |who: &Browser, certificate: &str| {
        who.open(&path)
            .form("#certificate-form")
            .fill("certificate", certificate)
            .fill("certificate_on", &now)
    };
    let forms = [filled(&tenant.owner, "16A/1"), filled(&colleague, "16A/2")];
    let start = Barrier::new(2);

    // when: both save at once
    let pages: Vec<Page> = std::thread::scope(|scope| {
        let start = &start;
        let savers = forms.map(|form| {
            scope.spawn(move || {
                start.wait();
                form.submit()
            })
        });
        savers.map(|saver| saver.join().unwrap()).into()
    });

    // then: one is kept, the other sees it beside its own
    let mut statuses: Vec<u16> = pages.iter().map(|page| page.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    let kept = format!(
        "select certificate as value from tax_deductions where tenant_id = '{}'",
        tenant.id
    );
    let (of_first, mine) = (ask(tenant.app, &kept), ["16A/1", "16A/2"]);
    let late = pages.into_iter().find(|page| page.status == 422).unwrap();
    late.shows("#conflict", "Somebody else saved this meanwhile.")
        .shows("#certificate-t", &format!("Saved meanwhile: {of_first}"));
    let own = mine.into_iter().find(|mine| **mine != of_first).unwrap();
    assert_eq!(
        late.attribute("#certificate", "value").as_deref(),
        Some(own)
    );

    // and saving again keeps its own
    late.form("#certificate-form").submit().is(303);
    assert_eq!(ask(tenant.app, &kept), own);
}

#[test]
fn roles_and_rivals_find_their_walls() {
    // given
    let (ours, rival) = (tenant(), tenant());
    let shop = shop_of(&ours);
    let number = deducts(&ours, &shop, 100, 3);
    let as_role = |role: Role| ours.employee(role).1;
    let certificate = format!("/tax-deducted/{number}");

    // when, then: whoever may see payments sees the list, whoever records them keeps certificates
    for (role, list, page) in [
        (Role::Accounts, 200, 200),
        (Role::Sales, 200, 200),
        (Role::Viewer, 200, 403),
        (Role::Warehouse, 403, 403),
    ] {
        let who = as_role(role);
        for (path, expected) in [
            ("/tax-deducted", list),
            ("/tax-deducted/export", list),
            (certificate.as_str(), page),
            ("/settings/withholding", 200),
        ] {
            let status = who.get(&ours.path(path)).status;
            assert_eq!(status, expected, "{role:?} at {path}");
        }
    }
    let sales = as_role(Role::Sales);
    sales.get(&ours.path("/settings/withholding/new")).is(403);
    as_role(Role::Accounts)
        .get(&ours.path("/settings/withholding/new"))
        .is(200);
    sales
        .open(&ours.path("/settings/withholding"))
        .shows_not("main", "Add an own rate");

    // and another company finds nothing of it
    rival.owner.get(&ours.path(&certificate)).is(404);
    rival.owner.get(&rival.path(&certificate)).is(404);
    rival
        .owner
        .post(
            &rival.path(&certificate),
            &[
                ("certificate", "1"),
                ("certificate_on", &today(&rival).to_string()),
            ],
        )
        .is(404);
    rival
        .owner
        .open(&rival.path("/tax-deducted"))
        .shows(".empty", "No tax was deducted yet");
    owes(&ours, &shop, 50, (9, 3));
    sound(&ours);
}

#[test]
fn the_value_without_gst_follows_from_what_came() {
    let rupees = Money::from_rupees;
    let rate = |percent: &str| percent.parse::<Percent>().unwrap();
    let bill = |open: i64, taxable: i64| Valued {
        open: rupees(open),
        taxable: rupees(taxable),
    };
    let bills = [bill(118_000, 100_000), bill(59_000, 50_000)];

    // A whole bill, two, half of the second, nothing; and ₹99,900 more than all bills: an advance of ₹1,00,000, less 0.1 %.
    for (net, value) in [
        ("117900", "100000.00"),
        ("176850", "150000.00"),
        ("147375", "125000.00"),
        ("0", "0.00"),
        ("276750", "250000.00"),
    ] {
        let found = value_of_net(rate("0.1"), &bills, net.parse().unwrap());
        assert_eq!(found.as_decimal().to_string(), value, "{net}");
    }
    assert_eq!(
        without_gst(rupees(59_000), (rupees(118_000), rupees(100_000))),
        rupees(50_000)
    );
    assert_eq!(without_gst(rupees(7), (rupees(0), rupees(0))), rupees(7));
    for (paise, expected) in [(10_000, false), (10_100, false), (10_101, true)] {
        let amount = Money::from_paise(paise);
        assert_eq!(
            is_doubtful(rate("0.1"), rupees(100_000), amount),
            expected,
            "{amount}"
        );
    }
    for (day, words) in [
        ("2026-04-01", "2026-27 Q1"),
        ("2026-06-30", "2026-27 Q1"),
        ("2026-07-01", "2026-27 Q2"),
        ("2026-12-31", "2026-27 Q3"),
        ("2027-01-01", "2026-27 Q4"),
        ("2027-03-31", "2026-27 Q4"),
    ] {
        let day = day.parse().unwrap();
        assert_eq!(year_and_quarter(day), words);
        assert!((1..=4).contains(&quarter(day)));
    }
}
