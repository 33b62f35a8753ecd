//! Money, prices, quantities, percentages.

use mandi::kernel::money::{Money, UnitPrice};
use mandi::kernel::number;
use mandi::kernel::percent::Percent;
use mandi::kernel::quantity::Quantity;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::refusal;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn halves_round_away_from_zero() {
    let cases = [
        ("0.005", "0.01", "0"),
        ("0.045", "0.05", "0"),
        ("0.945", "0.95", "1"),
        ("9.045", "9.05", "9"),
        ("237.50", "237.50", "238"),
        ("237.49", "237.49", "237"),
        ("236.50", "236.50", "237"),
        ("2.675", "2.68", "3"),
        ("1.005", "1.01", "1"),
        ("0.4999", "0.50", "0"),
    ];
    for (value, paise, rupee) in cases {
        assert_eq!(Money::rounded(decimal(value)), money(paise), "{value}");
        assert_eq!(
            Money::rounded(decimal(value)).as_decimal().to_string(),
            decimal(paise).to_string(),
            "{value}"
        );
        assert_eq!(
            number::rounded(decimal(value), 0),
            decimal(rupee),
            "{value}"
        );
        assert_eq!(Money::rounded(-decimal(value)), -money(paise), "−{value}");
    }
    assert_eq!(money("237.50").to_rupee(), money("238"));
    assert_eq!(money("-237.50").to_rupee(), money("-238"));
}

#[test]
fn amounts_are_printed_the_indian_way() {
    let cases = [
        ("0", "₹0.00", "₹0.00"),
        ("-473.33", "−₹473.33", "−₹473.33"),
        ("999.5", "₹999.50", "₹999.50"),
        ("1000", "₹1,000.00", "₹1,000.00"),
        ("99999.99", "₹99,999.99", "₹99,999.99"),
        ("142750", "₹1,42,750.00", "₹1.43 lakh"),
        ("4862000", "₹48,62,000.00", "₹48.62 lakh"),
        ("9999499", "₹99,99,499.00", "₹99.99 lakh"),
        ("9999999.99", "₹99,99,999.99", "₹1.00 crore"),
        ("12800000", "₹1,28,00,000.00", "₹1.28 crore"),
        ("-12800000", "−₹1,28,00,000.00", "−₹1.28 crore"),
        (
            "999999999999.99",
            "₹9,99,99,99,99,999.99",
            "₹1,00,000.00 crore",
        ),
    ];
    for (typed, full, dense) in cases {
        assert_eq!(
            (
                money(typed).to_string().as_str(),
                money(typed).dense().as_str()
            ),
            (full, dense),
            "{typed}"
        );
    }
    assert_eq!(money("-142750").plain(), "−1,42,750.00");
    assert_eq!(money("4862000").dense_short(), "₹48.62 L");
    assert_eq!(money("12800000").dense_short(), "₹1.28 Cr");
}

#[test]
fn amounts_are_read_as_people_write_them() {
    for typed in [
        "1,20,000",
        "120000",
        " ₹ 1,20,000.00 ",
        "₹120,000",
        "1 20 000",
        "120000.",
        "+0120000".trim_start_matches('+'),
        "1,20,000.0",
    ] {
        assert_eq!(
            typed.parse::<Money>(),
            Ok(Money::from_rupees(120_000)),
            "{typed}"
        );
    }
    for typed in ["-450.5", "−450.50", "₹-450.50", "-₹450.50"] {
        assert_eq!(
            typed.parse::<Money>(),
            Ok(Money::from_paise(-45_050)),
            "{typed}"
        );
    }
    assert_eq!(".5".parse::<Money>(), Ok(Money::from_paise(50)));
    assert_eq!("-0".parse::<Money>().unwrap().to_string(), "₹0.00");
}

#[test]
fn an_amount_that_cannot_be_read_says_how_to_write_it() {
    let figures = "Write the number in figures, like 1,20,000 or 450.50.";
    let in_full = "Write the number in full, like 1,20,000, without L, lakh or crore.";
    let cases = [
        ("", "Enter a number."),
        ("₹", "Enter a number."),
        ("₹1.2L", in_full),
        ("1.2 lakh", in_full),
        ("3Cr.", in_full),
        ("12k", in_full),
        ("twelve", figures),
        ("1,2", figures),
        ("1,200,00", figures),
        ("12,,000", figures),
        (",120", figures),
        ("1.2.3", figures),
        (".", figures),
        ("--5", figures),
        ("1e5", figures),
        ("१२", figures),
        ("450.505", "An amount has 2 decimals at most."),
        (
            "1000000000000",
            "An amount must be ₹9,99,99,99,99,999.99 or less.",
        ),
        (
            "9999999999999999999999999",
            "The number is too long: 24 digits are the most.",
        ),
    ];
    for (typed, said) in cases {
        assert_eq!(refusal::<Money>(typed), said, "{typed}");
    }
}

#[test]
fn prices_and_quantities_keep_their_decimals() {
    let price = |text: &str| text.parse::<UnitPrice>().unwrap();
    let quantity = |text: &str| text.parse::<Quantity>().unwrap();

    assert_eq!(price("1250").to_string(), "₹1,250.00");
    assert_eq!(price("0.3375").to_string(), "₹0.3375");
    assert_eq!(quantity("1200").to_string(), "1,200");
    assert_eq!(quantity("0.250").to_string(), "0.25");
    assert_eq!(price("0.3375").times(quantity("3")), money("1.01"));
    assert_eq!(price("10.50").times(quantity("0.333")), money("3.50"));
    assert_eq!(quantity("2").minus(quantity("2")), None);
    assert_eq!(quantity("2.5").minus(quantity("2")), Some(quantity("0.5")));
    assert!(quantity("2.000").is_whole() && !quantity("2.5").is_whole());
    assert_eq!(refusal::<UnitPrice>("-1"), "A price must be zero or more.");
    assert_eq!(
        refusal::<UnitPrice>("1.00001"),
        "A price has 4 decimals at most."
    );
    assert_eq!(
        refusal::<UnitPrice>("10000000000"),
        "A price must be below ₹1,000 crore."
    );
    assert_eq!(
        refusal::<Quantity>("0"),
        "A quantity must be more than zero."
    );
    assert_eq!(
        refusal::<Quantity>("1.0005"),
        "A quantity has 3 decimals at most."
    );
    assert_eq!(
        refusal::<Quantity>("100000000000"),
        "A quantity must be below 10,000 crore."
    );
}

#[test]
fn percentages_are_rates_and_shares() {
    let percent = |text: &str| text.parse::<Percent>().unwrap();

    assert_eq!(
        ["18", "18.00%", "0.125 %"].map(|typed| percent(typed).to_string()),
        ["18%", "18%", "0.125%"]
    );
    assert_eq!(percent("15.55").brief(), "15.6%");
    assert_eq!(percent("9").of(money("10.50")), money("0.95"));
    assert_eq!(percent("9").of(money("-100.50")), money("-9.05"));
    assert_eq!(
        refusal::<Percent>("100.5"),
        "A percentage must be from 0 to 100."
    );
    assert_eq!(
        refusal::<Percent>("1.0625"),
        "A percentage has 3 decimals at most."
    );
}

#[test]
fn sums_are_exact_and_json_keeps_every_digit() {
    let total: Money = ["0.10", "0.20", "999999999.70"]
        .map(money)
        .into_iter()
        .sum();
    assert_eq!(total, money("1000000000"));
    assert_eq!(serde_json::to_string(&money("0.10")).unwrap(), "\"0.10\"");
    assert_eq!(
        serde_json::from_str::<Money>("\"0.10\"").unwrap(),
        money("0.1")
    );
    assert!(serde_json::from_str::<Money>("\"0.105\"").is_err());
    assert!(serde_json::from_str::<Quantity>("\"0\"").is_err());
    assert_eq!(money("12.34").to_paise(), Some(1234));
}

proptest! {
    #[test]
    fn what_money_prints_it_reads(paise in -99_999_999_999_999_i64..=99_999_999_999_999) {
        let amount = Money::from_paise(paise);
        prop_assert_eq!(amount.to_string().parse::<Money>(), Ok(amount));
        prop_assert_eq!(amount.plain().parse::<Money>(), Ok(amount));
        prop_assert_eq!(amount.to_paise(), Some(paise));
        prop_assert_eq!(amount + -amount, Money::ZERO);
        prop_assert_eq!(-(-amount), amount);
    }

    #[test]
    fn rounding_moves_by_half_a_paisa_at_most_and_never_to_the_wrong_side(tenths in -1_000_000_000_i64..1_000_000_000, scale in 0_u32..8) {
        let exact = Decimal::new(tenths, scale);
        let rounded = Money::rounded(exact).as_decimal();
        prop_assert!((rounded - exact).abs() <= Decimal::new(5, 3));
        prop_assert_eq!(Money::rounded(-exact), -Money::rounded(exact));
        if (rounded - exact).abs() == Decimal::new(5, 3) {
            prop_assert!(rounded.abs() > exact.abs());
        }
    }

    #[test]
    fn what_a_quantity_prints_it_reads(thousandths in 1_i64..99_999_999_999_999) {
        let quantity = Quantity::new(Decimal::new(thousandths, 3)).unwrap();
        prop_assert_eq!(quantity.to_string().parse::<Quantity>(), Ok(quantity));
    }

    #[test]
    fn a_line_is_price_times_quantity_within_half_a_paisa(price in 0_i64..1_000_000_000, thousandths in 1_i64..1_000_000_000) {
        let unit: UnitPrice = Decimal::new(price, 4).to_string().parse().unwrap();
        let quantity = Quantity::new(Decimal::new(thousandths, 3)).unwrap();
        let exact = Decimal::new(price, 4) * Decimal::new(thousandths, 3);
        prop_assert!((unit.times(quantity).as_decimal() - exact).abs() <= Decimal::new(5, 3));
    }

    #[test]
    fn nothing_typed_makes_a_number_panic(typed in "\\PC{0,40}") {
        let _ = typed.parse::<Money>();
        let _ = typed.parse::<UnitPrice>();
        let _ = typed.parse::<Quantity>();
        let _ = typed.parse::<Percent>();
    }

    #[test]
    fn grouping_only_adds_commas(number in any::<u64>()) {
        let digits = number.to_string();
        let grouped = number::group_indian(&digits);
        prop_assert_eq!(grouped.replace(',', ""), digits.clone());
        prop_assert!(digits.len() <= 3 || grouped.rsplit(',').next().map(str::len) == Some(3));
    }
}
