//! GST of every trade: what clothes, machines, books and jewels bear, and a catalogue of them that needs no rate of its own.

use crate::support::imports::{counts, filled, reasons, send, settled};
use crate::support::{app, ask, tenant};
use chrono::NaiveDate;
use mandi::platform::db::{Member, Meter};
use mandi::tax::model::Rates;

/// A code, its condition, its GST and cess on 21 November 2026 and on 21 September 2025; "–" where there is no rate.
type Known = (&'static str, &'static str, &'static str, &'static str);

const KNOWN: &[Known] = &[
    // textiles
    ("52085290", "", "5", "5"),
    ("5402", "", "5", "12"),
    ("61091000", "", "5", "5"),
    ("61091000", "above-1000", "5", "12"),
    ("62031100", "above-2500", "18", "12"),
    ("6304", "above-2500", "18", "12"),
    // footwear
    ("64041920", "", "5", "12"),
    ("64041920", "above-1000", "5", "18"),
    ("64041920", "above-2500", "18", "18"),
    // electronics and machines; a television's rate hung on its size
    ("84713010", "", "18", "18"),
    ("84151010", "", "18", "28"),
    ("8528", "", "18", "–"),
    ("8504", "ev-charger", "5", "5"),
    ("8432", "", "5", "12"),
    // vehicles and their parts
    ("87089900", "", "18", "28"),
    ("87089900", "tractor", "5", "18"),
    ("87141090", "", "18", "28"),
    ("87149100", "", "5", "12"),
    ("8711", "above-350", "40", "28+3"),
    ("87116020", "", "5", "5"),
    ("40115010", "", "5", "5"),
    // medicines and cosmetics
    ("3003", "", "5", "12"),
    ("30066010", "", "0", "0"),
    ("33049990", "bindi", "0", "0"),
    // books, paper, maps
    ("49011010", "", "5", "5"),
    ("4905", "", "0", "12"),
    ("4810", "", "18", "12"),
    // furniture, sport, jewels, pipes
    ("94013000", "", "18", "18"),
    ("9404", "quilt-above-1000", "5", "12"),
    ("95069190", "", "18", "18"),
    ("95066210", "", "5", "12"),
    ("71131910", "", "3", "3"),
    ("71023100", "", "0.25", "0.25"),
    ("9614", "", "40", "28"),
    ("21069020", "", "40", "28"),
    ("998714", "", "18", "18"),
    // drink, tobacco and bricks ask for a rate of the company's own
    ("2204", "", "–", "–"),
    ("24022030", "", "–", "–"),
    ("69041000", "", "–", "–"),
];

#[test]
fn goods_of_every_trade_bear_what_the_schedules_say() {
    let tenant = tenant();
    let asked: Vec<(&str, &str)> = KNOWN.iter().map(|known| (known.0, known.1)).collect();
    let on = |day: &str| {
        let day: NaiveDate = day.parse().unwrap();
        app()
            .state
            .db
            .read(
                &Member::system(tenant.id, "test"),
                &Meter::default(),
                |scope| Rates::on(scope, &asked, day),
            )
            .unwrap()
    };
    let (now, before) = (on("2026-11-21"), on("2025-09-21"));
    for (code, condition, today, then) in KNOWN {
        let words = |rates: &Rates| match rates.of(code, condition) {
            Some(rate) if rate.cess.is_zero() => rate.gst.to_string(),
            Some(rate) => format!("{}+{}", rate.gst, rate.cess),
            None => "–".to_owned(),
        };
        assert_eq!(words(&now), *today, "{code} {condition} now");
        assert_eq!(words(&before), *then, "{code} {condition} before");
    }
}

#[test]
fn every_code_in_the_list_has_a_rate_and_no_two_rates_meet() {
    for (what, sql) in [
        (
            "a code without a rate",
            "select code from hsn_codes c where not exists (select from rates_on(array[c.code], array[''], '2026-11-21'))",
        ),
        (
            "two at once",
            "select hsn_prefix from (select hsn_prefix, valid_to, lead(valid_from) over (partition by hsn_prefix, condition order by valid_from) as next from tax_rates) r
               where next <= coalesce(valid_to, 'infinity')",
        ),
        (
            "a choice that can't be named",
            "select hsn_prefix from tax_rates where condition <> '' and about is null",
        ),
    ] {
        let found = format!(
            "select coalesce(string_agg(f::text, ' '), '') as value from ({sql}) f"
        );
        assert_eq!(ask(app(), &found), "", "{what}");
    }
}

#[test]
fn a_code_under_a_listed_heading_goes_through_the_form_with_its_condition() {
    // given
    let tenant = tenant();
    let form = tenant
        .owner
        .open(&tenant.path("/products/new"))
        .form("#product")
        .fill("name", "Three-piece suit")
        .fill("hsn", "62031100");

    // when
    let looked = form.press("op", "look").submit();

    // then
    looked
        .is(200)
        .shows("#hsn-h", "Men's suits, trousers and shorts. GST today: 5%")
        .shows(
            "#tax_condition option",
            "18% (Sale value above ₹2,500 a piece)",
        );
    looked
        .form("#product")
        .fill("tax_condition", "above-2500")
        .press("op", "save")
        .submit()
        .follow()
        .is(200)
        .shows("dd", "18%");
}

#[test]
fn a_catalogue_of_textiles_and_electronics_comes_in_without_own_rates() {
    // given
    let tenant = tenant();
    let name = "textiles_and_electronics.csv";
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let base = tenant.path("");
    let base = base.trim_end_matches('/');

    // when
    let sent = send(
        &tenant.owner,
        base,
        "products",
        name,
        &std::fs::read(file.join(name)).unwrap(),
    );
    let path = sent.is(303).header("location").to_owned();
    filled(&tenant.owner.open(&path), "").submit().is(303);
    let checked = settled(&tenant.owner, &path);
    checked.form("#run").submit().is(303);
    let done = settled(&tenant.owner, &path);

    // then: all but tobacco, which asks for a rate
    assert_eq!(counts(&done), [13, 12, 0, 1]);
    assert_eq!(
        reasons(&done),
        "14: The HSN code 24022030 is not in the list. Add a GST rate of your own for it, or for all that begins with 24, under All settings, Tax rates; then send the row again."
    );
    let rates = ask(
        app(),
        &format!(
            "with mine as (select * from products where tenant_id = '{}')
             select string_agg(p.sku || ' ' || r.rate::float8, ', ' order by p.sku) as value from mine p
               left join rates_on((select array_agg(hsn) from mine), (select array_agg(tax_condition) from mine), '2026-11-21') r
                 on r.code = p.hsn and r.condition = p.tax_condition",
            tenant.id
        ),
    );
    assert_eq!(
        rates,
        "BIN-01 0, CHA-01 18, KUR-01 5, LAP-01 18, PEN-01 18, SAR-01 5, SHO-01 5, SPK-01 18, SUI-01 18, TSH-01 5, TV-01 18, TYR-01 18"
    );
}
