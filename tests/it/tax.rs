//! GST: what a line bears, which rate stands on a day, and a company's own rates.

use crate::support::{Tenant, app, ask, run, tenant};
use chrono::NaiveDate;
use mandi::kernel::language::Lang;
use mandi::kernel::money::{Money, UnitPrice};
use mandi::kernel::quantity::Quantity;
use mandi::platform::db::{Member, Meter};
use mandi::platform::permissions::Role;
use mandi::tax::model::Rates;
use mandi::tax::rules::{Rate, line, pays_its_cess, within_mrp, without_tax};
use mandi::tax::views::rate_and_unit;
use rust_decimal::Decimal;

fn rate(gst: &str, cess: &str) -> Rate {
    Rate::on_value(gst.parse().unwrap(), cess.parse().unwrap())
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// Price, with tax or not, quantity, GST, cess, between states; taxable, CGST, IGST, cess, total.
type Case = (
    &'static str,
    bool,
    &'static str,
    &'static str,
    &'static str,
    bool,
    [&'static str; 5],
);

const LINES: &[Case] = &[
    // Each half is rounded by itself: 5 % of 896.40 is 44.82, half of it 22.41.
    (
        "37.35",
        false,
        "24",
        "5",
        "0",
        false,
        ["896.40", "22.41", "0.00", "0.00", "941.22"],
    ),
    // 9 % of 1199.90 is 107.991.
    (
        "119.99",
        false,
        "10",
        "18",
        "0",
        false,
        ["1199.90", "107.99", "0.00", "0.00", "1415.88"],
    ),
    // A fraction of a unit and three decimals of a price; between states.
    (
        "5412.365",
        false,
        "12.375",
        "18",
        "0",
        true,
        ["66978.02", "0.00", "12056.04", "0.00", "79034.06"],
    ),
    // 2.5 × 810.005 is 2025.0125.
    (
        "810.005",
        false,
        "2.5",
        "18",
        "0",
        true,
        ["2025.01", "0.00", "364.50", "0.00", "2389.51"],
    ),
    (
        "42372.88",
        false,
        "2",
        "18",
        "0",
        false,
        ["84745.76", "7627.12", "0.00", "0.00", "100000.00"],
    ),
    // Half a paisa goes up, both halves of it: 2.5 % of 1.00 is 0.025.
    (
        "1",
        false,
        "1",
        "5",
        "0",
        false,
        ["1.00", "0.03", "0.00", "0.00", "1.06"],
    ),
    // Nothing is exempt's rate.
    (
        "64.5",
        false,
        "3",
        "0",
        "0",
        false,
        ["193.50", "0.00", "0.00", "0.00", "193.50"],
    ),
    // Cess on the value beside both heads: 28 % and 12 % of 1000.
    (
        "100",
        false,
        "10",
        "28",
        "12",
        false,
        ["1000.00", "140.00", "0.00", "120.00", "1400.00"],
    ),
    (
        "100",
        false,
        "10",
        "28",
        "12",
        true,
        ["1000.00", "0.00", "280.00", "120.00", "1400.00"],
    ),
    // A quarter of a per cent on stones.
    (
        "10000",
        false,
        "1",
        "0.25",
        "0",
        true,
        ["10000.00", "0.00", "25.00", "0.00", "10025.00"],
    ),
    // Tax inside: what the buyer pays stays, the taxes come out of it, the rest is the value.
    (
        "118",
        true,
        "1",
        "18",
        "0",
        false,
        ["100.00", "9.00", "0.00", "0.00", "118.00"],
    ),
    (
        "99",
        true,
        "1",
        "18",
        "0",
        true,
        ["83.90", "0.00", "15.10", "0.00", "99.00"],
    ),
    (
        "10",
        true,
        "3",
        "5",
        "0",
        false,
        ["28.58", "0.71", "0.00", "0.00", "30.00"],
    ),
    (
        "140",
        true,
        "1",
        "28",
        "12",
        true,
        ["100.00", "0.00", "28.00", "12.00", "140.00"],
    ),
];

#[test]
fn a_line_bears_its_taxes_to_the_paisa() {
    for (price, includes_tax, quantity, gst, cess, is_inter, expected) in LINES {
        let price: UnitPrice = price.parse().unwrap();
        let quantity: Quantity = quantity.parse().unwrap();

        let found = line(price, *includes_tax, quantity, rate(gst, cess), *is_inter);

        let [taxable, half, igst, cess, total] = expected.map(money);
        let what = format!("{quantity} at {price}, {gst} %");
        assert_eq!(
            (
                found.taxable,
                found.cgst,
                found.sgst,
                found.igst,
                found.cess,
                found.total
            ),
            (taxable, half, half, igst, cess, total),
            "{what}"
        );
        assert_eq!(taxable + half + half + igst + cess, total, "{what}");
    }
}

#[test]
fn a_cess_on_each_unit_is_part_of_a_line() {
    let by_unit = |gst: &str, cess: &str, unit: &str| {
        let [gst, cess, unit] = [gst, cess, unit].map(|text| text.parse::<Decimal>().unwrap());
        Rate::taxable(gst, cess, unit)
    };
    let found = |price: &str, includes_tax: bool, quantity: &str, rate: Rate, is_inter: bool| {
        let price: UnitPrice = price.parse().unwrap();
        let sums = line(
            price,
            includes_tax,
            quantity.parse().unwrap(),
            rate,
            is_inter,
        );
        [
            sums.taxable,
            sums.cgst,
            sums.sgst,
            sums.igst,
            sums.cess,
            sums.total,
        ]
        .map(Money::plain)
    };
    // 28 % of 40,370.00 is 11,303.60; 1,000 × 4.17 is 4,170.00.
    assert_eq!(
        found("40.37", false, "1000", by_unit("28", "0", "4.17"), false),
        [
            "40,370.00",
            "5,651.80",
            "5,651.80",
            "0.00",
            "4,170.00",
            "55,843.60"
        ]
    );
    // 12 % of 100.00 is 12.00; 10 × 0.625 is 6.25: both are its cess.
    assert_eq!(
        found("10", false, "10", by_unit("28", "12", "0.625"), true),
        ["100.00", "0.00", "0.00", "28.00", "18.25", "146.25"]
    );
    // The price holds it all: of 140.00 its 12.00 come off first, and of 128.00 the 28 % are 28.00.
    assert_eq!(
        found("140", true, "1", by_unit("28", "0", "12"), true),
        ["100.00", "0.00", "0.00", "28.00", "12.00", "140.00"]
    );
    // Within a price of 4.17 there is nothing but the cess, and a paisa less does not even pay that.
    let (dear, cheap) = ("4.17".parse().unwrap(), "4.16".parse().unwrap());
    let cess = by_unit("28", "0", "4.17");
    assert_eq!(pays_its_cess(dear, true, cess), Ok(()));
    assert_eq!(pays_its_cess(cheap, false, cess), Ok(()));
    assert_eq!(
        pays_its_cess(cheap, true, cess).unwrap_err().to_string(),
        "The price of ₹4.16 does not even pay the cess of ₹4.17 on each unit."
    );
    assert_eq!(
        found("4.16", true, "10", cess, false),
        ["0.00", "0.00", "0.00", "0.00", "41.70", "41.70"]
    );

    // and it is said, in either language
    let words = |rate: Rate| [Lang::En, Lang::Hi].map(|lang| rate_and_unit(lang, &rate));
    assert_eq!(words(cess), ["28% + ₹4.17 a unit", "28% + ₹4.17 प्रति इकाई"]);
    assert_eq!(
        words(by_unit("28", "12", "0.5")),
        ["40% + ₹0.50 a unit", "40% + ₹0.50 प्रति इकाई"]
    );
    assert_eq!(words(rate("28", "12")), ["40%", "40%"]);
}

proptest::proptest! {
    #[test]
    fn a_line_always_adds_up_and_its_halves_are_equal(
        paise in 0_i64..100_000_000, thousandths in 1_i64..10_000_000, rate_of in 0_usize..8, cess in 0_i64..20,
        by_unit in 0_i64..20_000, includes_tax: bool, is_inter: bool,
    ) {
        let gst = ["0", "0.25", "1.5", "3", "5", "12", "18", "28"][rate_of];
        let price: UnitPrice = Decimal::new(paise, 2).to_string().parse().unwrap();
        let quantity = Quantity::new(Decimal::new(thousandths, 3)).unwrap();
        let by_unit = Decimal::new(by_unit, 3);
        let rate = Rate { cess_per_unit: by_unit, ..rate(gst, &cess.to_string()) };
        let found = line(price, includes_tax, quantity, rate, is_inter);
        proptest::prop_assert_eq!(found.cgst, found.sgst);
        proptest::prop_assert_eq!(found.taxable + found.cgst + found.sgst + found.igst + found.cess, found.total);
        let other_head = if is_inter { found.cgst } else { found.igst };
        proptest::prop_assert!(other_head.is_zero());
        let fixed = Money::rounded(by_unit * quantity.as_decimal());
        proptest::prop_assert!(found.cess >= fixed && !found.taxable.is_negative());
        if includes_tax {
            proptest::prop_assert_eq!(found.total, price.times(quantity).max(fixed));
        } else {
            proptest::prop_assert_eq!(found.taxable, price.times(quantity));
        }
    }
}

proptest::proptest! {
    #[test]
    fn a_price_without_its_tax_never_comes_to_more_than_the_one_with_it(
        paise in 0_i64..10_000_000, rate_of in 0_usize..8, cess in 0_i64..20, by_unit in 0_i64..20_000,
    ) {
        let gst = ["0", "0.25", "1.5", "3", "5", "12", "18", "28"][rate_of];
        let rate = Rate { cess_per_unit: Decimal::new(by_unit, 3), ..rate(gst, &cess.to_string()) };
        let with_tax = Decimal::new(paise, 2).max(rate.cess_per_unit.ceil());
        let net: UnitPrice = without_tax(with_tax, rate).to_string().parse().unwrap();
        let total = line(net, false, Quantity::new(Decimal::ONE).unwrap(), rate, true).total.as_decimal();
        proptest::prop_assert!(total <= with_tax, "{with_tax} became {net}, which comes to {total}");
        proptest::prop_assert!(with_tax - total <= Decimal::new(3, 2), "{with_tax} became {net}, which comes to {total}");
    }
}

#[test]
fn tax_is_taken_out_of_a_price() {
    let net = |price: &str, rate: Rate| without_tax(price.parse().unwrap(), rate).to_string();
    assert_eq!(net("118", rate("18", "0")), "100");
    assert_eq!(net("25", rate("5", "0")), "23.8095");
    assert_eq!(net("10", rate("0", "0")), "10");
    assert_eq!(net("140", rate("28", "12")), "100");
    let by_unit = Rate {
        cess_per_unit: "4.17".parse().unwrap(),
        ..rate("28", "0")
    };
    assert_eq!(net("132.17", by_unit), "100");
    // 38.0952 would be billed as 38.10 and 1.91: a paisa more than 40.
    assert_eq!(net("40", rate("5", "0")), "38.09");
}

#[test]
fn a_price_stays_within_the_mrp_tax_and_all() {
    let price = |text: &str| text.parse::<UnitPrice>().unwrap();
    let gst = rate("18", "0");
    assert_eq!(
        within_mrp(price("100"), false, gst, Some(money("118"))),
        Ok(())
    );
    assert_eq!(
        within_mrp(price("118"), true, gst, Some(money("118"))),
        Ok(())
    );
    assert_eq!(within_mrp(price("999"), false, gst, None), Ok(()));
    let said = within_mrp(price("100.01"), false, gst, Some(money("118"))).unwrap_err();
    assert!(
        said.to_string()
            .starts_with("With GST this price is ₹118.01, above the MRP of ₹118.00.")
    );
    assert!(within_mrp(price("118.01"), true, gst, Some(money("118"))).is_err());

    // and what each unit bears of cess counts too: 100 and 18 % and 4.17
    let cess = Rate::taxable(Decimal::from(18), Decimal::ZERO, Decimal::new(417, 2));
    assert_eq!(
        within_mrp(price("100"), false, cess, Some(money("122.17"))),
        Ok(())
    );
    assert!(within_mrp(price("100"), false, cess, Some(money("122.16"))).is_err());
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The rate of a code for a company on a day: GST and cess.
fn rate_on(tenant: &Tenant, code: &str, condition: &str, on: &str) -> Option<(String, String)> {
    let (code, condition, on) = (code.to_owned(), condition.to_owned(), day(on));
    let rates = app()
        .state
        .db
        .read(
            &Member::system(tenant.id, "test"),
            &Meter::default(),
            |scope| Rates::on(scope, &[(&code, &condition)], on),
        )
        .unwrap();
    let rate = rates.of(&code, &condition)?;
    Some((rate.gst.to_string(), rate.cess.to_string()))
}

fn gst_on(tenant: &Tenant, code: &str, condition: &str, on: &str) -> Option<String> {
    rate_on(tenant, code, condition, on).map(|(gst, _)| gst)
}

#[test]
fn notified_rates_change_between_the_21st_and_the_22nd_of_september_2025() {
    let tenant = tenant();
    // Butter, by the heading, for every code below it.
    for code in ["0405", "04051000"] {
        assert_eq!(
            gst_on(&tenant, code, "", "2025-09-21").as_deref(),
            Some("12"),
            "{code}"
        );
        assert_eq!(
            gst_on(&tenant, code, "", "2025-09-22").as_deref(),
            Some("5"),
            "{code}"
        );
    }
    assert_eq!(
        gst_on(&tenant, "0405", "", "2017-07-01").as_deref(),
        Some("12")
    );
    assert_eq!(gst_on(&tenant, "0405", "", "2017-06-30"), None);
    // Cess went when the rate rose.
    assert_eq!(
        rate_on(&tenant, "22029990", "caffeinated", "2025-09-21"),
        Some(("28".to_owned(), "12".to_owned()))
    );
    assert_eq!(
        rate_on(&tenant, "22029990", "caffeinated", "2025-09-22"),
        Some(("40".to_owned(), "0".to_owned()))
    );
}

#[test]
fn the_longest_prefix_counts_and_an_unknown_condition_is_the_usual_one() {
    let tenant = tenant();
    // 0402 bears 5, condensed milk bore 12 under its own code.
    assert_eq!(
        gst_on(&tenant, "0402", "", "2025-09-21").as_deref(),
        Some("5")
    );
    assert_eq!(
        gst_on(&tenant, "04021010", "", "2025-09-21").as_deref(),
        Some("5")
    );
    assert_eq!(
        gst_on(&tenant, "04029920", "", "2025-09-21").as_deref(),
        Some("12")
    );
    // Curd: loose is free, the usual and what nobody knows is not.
    assert_eq!(
        gst_on(&tenant, "0403", "loose", "2026-01-01").as_deref(),
        Some("0")
    );
    assert_eq!(
        gst_on(&tenant, "0403", "", "2026-01-01").as_deref(),
        Some("5")
    );
    assert_eq!(
        gst_on(&tenant, "0403", "frozen", "2026-01-01").as_deref(),
        Some("5")
    );
    assert_eq!(gst_on(&tenant, "9999", "", "2026-01-01"), None);
}

#[test]
fn an_own_rate_comes_before_the_notified_one_between_its_days_and_for_its_company_only() {
    let (tenant, rival) = (tenant(), tenant());
    run(
        app(),
        &format!(
            "insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, valid_to, reason) values
               ('{0}', gen_random_uuid(), '04', 18, '2026-02-01', '2026-02-28', 'Ruling'),
               ('{0}', gen_random_uuid(), '0405', 3, '2026-02-10', '2026-02-20', 'Ruling')",
            tenant.id
        ),
    );
    for (on, expected) in [
        ("2026-01-31", "5"),
        ("2026-02-01", "18"),
        ("2026-02-09", "18"),
        // The longer of two own prefixes.
        ("2026-02-10", "3"),
        ("2026-02-20", "3"),
        ("2026-02-21", "18"),
        ("2026-02-28", "18"),
        ("2026-03-01", "5"),
    ] {
        assert_eq!(
            gst_on(&tenant, "04051000", "", on).as_deref(),
            Some(expected),
            "{on}"
        );
        assert_eq!(
            gst_on(&rival, "04051000", "", on).as_deref(),
            Some("5"),
            "{on}"
        );
    }
}

fn periods(tenant: &Tenant) -> String {
    ask(
        app(),
        &format!(
            "select coalesce(string_agg(hsn_prefix || ' ' || rate::float8 || ' ' || valid_from || ' ' || coalesce(valid_to::text, '-'), ', ' order by valid_from), '') as value
               from own_tax_rates where tenant_id = '{}'",
            tenant.id
        ),
    )
}

#[test]
fn goods_that_bear_nothing_and_a_cess_on_each_unit_have_own_rates_too() {
    // given
    let tenant = tenant();
    let other = |prefix: &str, rate: &str, cess: &str, treatment: &str| {
        tenant
            .owner
            .open(&tenant.path("/settings/tax/new"))
            .form("#rate-form")
            .fill("hsn_prefix", prefix)
            .fill("rate", rate)
            .fill("cess_per_unit", cess)
            .fill("treatment", treatment)
            .fill("valid_from", "2026-01-01")
            .fill("reason", "Notification 1/2026")
            .submit()
    };

    // when, then
    other("0701", "5", "", "exempt").is(422).shows(
        "#treatment-e",
        "Goods that are not taxable bear neither GST nor cess: write 0.",
    );
    other("0701", "0", "1", "nil")
        .is(422)
        .shows("#treatment-e", "write 0");
    other("0701", "0", "0", "exempt")
        .follow()
        .is(200)
        .shows("tbody", "Exempt");
    other("2402", "28", "4.17", "taxable")
        .follow()
        .is(200)
        .shows("tbody", "28% + ₹4.17 a unit");
    let kept = ask(
        app(),
        &format!(
            "select string_agg(concat_ws(' ', hsn_prefix, rate::float, cess_per_unit::float, treatment), ', ' order by hsn_prefix) as value
               from own_tax_rates where tenant_id = '{}'",
            tenant.id
        ),
    );
    assert_eq!(kept, "0701 0 0 exempt, 2402 28 4.17 taxable");
}

#[test]
fn an_own_rate_is_added_changed_and_ended_and_never_overlaps() {
    // given
    let tenant = tenant();
    let index = tenant
        .owner
        .open(&tenant.path("/settings"))
        .click("Tax rates");
    index.shows("main", "None. Every product takes the notified rate");
    let new = |from: &str, rate: &str| {
        tenant
            .owner
            .open(&tenant.path("/settings/tax/new"))
            .form("#rate-form")
            .fill("hsn_prefix", "0405")
            .fill("rate", rate)
            .fill("valid_from", from)
            .fill("reason", "Ruling TN/12/2026")
            .submit()
    };

    // when, then
    new("2026-01-01", "12")
        .follow()
        .shows(".toast", "The own rate for 0405 is added.")
        .shows("tbody tr", "Ruling TN/12/2026");
    assert_eq!(periods(&tenant), "0405 12 2026-01-01 -");
    new("2026-06-01", "5").is(422).shows(
        "#valid_from-e",
        "An own rate of 12% for 0405 is in force from 2026-01-01 on. Change that one instead",
    );
    new("2026-06-01", "101")
        .is(422)
        .shows("#rate-e", "from 0 to 100");
    assert_eq!(periods(&tenant), "0405 12 2026-01-01 -");

    // when: it changes from a day on
    let list = tenant.owner.open(&tenant.path("/settings/tax"));
    let change = |page: &crate::support::Page, from: &str| {
        page.form("#rate-form")
            .fill("rate", "5")
            .fill("valid_from", from)
            .fill("reason", "Ruling TN/13/2026")
            .submit()
    };
    let show = list.click("0405…");
    change(&show, "2026-01-01")
        .is(422)
        .shows("#valid_from-e", "The new rate must begin after 2026-01-01");
    change(&show, "2026-07-01").is(303);
    assert_eq!(
        periods(&tenant),
        "0405 12 2026-01-01 2026-06-30, 0405 5 2026-07-01 -"
    );
    // a second time the first one has an end already
    change(&show, "2026-08-01")
        .is(422)
        .shows("#valid_from-e", "ends on 2026-06-30 already");

    // when: it ends
    let open = ask(
        app(),
        &format!(
            "select id::text as value from own_tax_rates where tenant_id = '{}' and valid_to is null",
            tenant.id
        ),
    );
    let end = tenant.path(&format!("/settings/tax/{open}/end"));
    let confirm = tenant.owner.open(&end);
    confirm
        .form("#confirm")
        .fill("valid_to", "2026-06-01")
        .submit()
        .is(409);
    confirm
        .form("#confirm")
        .fill("valid_to", "2026-12-31")
        .submit()
        .is(303);
    tenant.owner.open(&end).is(409);
    assert_eq!(
        periods(&tenant),
        "0405 12 2026-01-01 2026-06-30, 0405 5 2026-07-01 2026-12-31"
    );

    // and a rival and a role without the right are kept out
    let rival = crate::support::tenant();
    rival
        .owner
        .open(&rival.path(&format!("/settings/tax/{open}")))
        .is(404);
    let (_, sales) = tenant.employee(Role::Sales);
    sales.open(&tenant.path("/settings/tax")).is(200);
    sales.open(&tenant.path("/settings/tax/new")).is(403);
}

#[test]
fn two_who_add_a_rate_for_one_code_at_once_do_not_overlap() {
    for _ in 0..3 {
        let tenant = tenant();
        let (_, manager) = tenant.employee(Role::Manager);
        let send = |browser: &crate::support::Browser, from: &str| {
            browser
                .post(
                    &tenant.path("/settings/tax/new"),
                    &[
                        ("hsn_prefix", "0405"),
                        ("rate", "12"),
                        ("valid_from", from),
                        ("reason", "Ruling"),
                    ],
                )
                .status
        };
        let mut statuses = std::thread::scope(|scope| {
            let one = scope.spawn(|| send(&tenant.owner, "2026-01-01"));
            let other = scope.spawn(|| send(&manager, "2026-02-01"));
            [one.join().unwrap(), other.join().unwrap()]
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
        assert_eq!(periods(&tenant).split(", ").count(), 1);
    }
}

#[test]
fn codes_are_found_by_digits_and_by_words() {
    let tenant = tenant();
    let page = tenant.owner.open(&tenant.path("/settings/tax?q=0405"));
    page.shows("tbody th", "04051000")
        .shows("tbody td", "5%")
        .shows("details", "12%, 1 Jul 2017 – 21 Sep 2025");
    let options = tenant.owner.open(&tenant.path("/hsn/options?hsn=ghee"));
    options.shows("[role=option]", "04059020 Ghee");
    assert!(options.count("[role=option]") <= 8);
    tenant
        .owner
        .open(&tenant.path("/settings/tax?q=zzzz"))
        .shows("main", "No code fits.");
}
