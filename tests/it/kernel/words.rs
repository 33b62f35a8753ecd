//! Amounts in words.

use mandi::kernel::language::Lang;
use mandi::kernel::money::Money;
use mandi::kernel::text::lines_joined;
use mandi::kernel::words::rupees;
use std::collections::HashSet;

fn both(amount: &str) -> [String; 2] {
    let amount: Money = amount.parse().unwrap();
    [rupees(amount, Lang::En), rupees(amount, Lang::Hi)]
}

#[test]
fn amounts_are_said_in_both_languages() {
    let cases = [
        ("0", "Rupees zero only", "रुपये शून्य मात्र"),
        ("0.05", "Paise five only", "पैसे पाँच मात्र"),
        ("1", "Rupees one only", "रुपये एक मात्र"),
        ("20", "Rupees twenty only", "रुपये बीस मात्र"),
        ("100", "Rupees one hundred only", "रुपये एक सौ मात्र"),
        (
            "1005",
            "Rupees one thousand and five only",
            "रुपये एक हज़ार पाँच मात्र",
        ),
        (
            "123405.50",
            "Rupees one lakh twenty-three thousand four hundred and five and paise fifty only",
            "रुपये एक लाख तेईस हज़ार चार सौ पाँच और पैसे पचास मात्र",
        ),
        (
            "2357",
            "Rupees two thousand three hundred and fifty-seven only",
            "रुपये दो हज़ार तीन सौ सत्तावन मात्र",
        ),
        ("10000000", "Rupees one crore only", "रुपये एक करोड़ मात्र"),
        (
            "99999.99",
            "Rupees ninety-nine thousand nine hundred and ninety-nine and paise ninety-nine only",
            "रुपये निन्यानबे हज़ार नौ सौ निन्यानबे और पैसे निन्यानबे मात्र",
        ),
        (
            "123456789",
            "Rupees twelve crore thirty-four lakh fifty-six thousand seven hundred and eighty-nine only",
            "रुपये बारह करोड़ चौंतीस लाख छप्पन हज़ार सात सौ नवासी मात्र",
        ),
        (
            "10050000000",
            "Rupees one thousand and five crore only",
            "रुपये एक हज़ार पाँच करोड़ मात्र",
        ),
        (
            "-7.10",
            "Minus rupees seven and paise ten only",
            "ऋण रुपये सात और पैसे दस मात्र",
        ),
    ];
    for (amount, english, hindi) in cases {
        assert_eq!(both(amount), [english, hindi], "{amount}");
    }
}

#[test]
fn every_number_below_a_hundred_has_a_word_of_its_own() {
    let mut known = HashSet::new();
    for number in 0..100 {
        for words in both(&number.to_string()) {
            assert!(known.insert(words.clone()), "{number}: {words}");
        }
    }
    assert_eq!(known.len(), 200);
}

#[test]
fn the_largest_amount_can_be_said() {
    for words in [rupees(Money::MOST, Lang::En), rupees(Money::MOST, Lang::Hi)] {
        assert!(words.len() > 100, "{words}");
    }
}

#[test]
fn the_lines_of_an_address_become_one() {
    let cases = [
        (
            "Jew Town Road\r\nMattancherry",
            "Jew Town Road, Mattancherry",
        ),
        (
            "Jew Town Road,\n\n Mattancherry ",
            "Jew Town Road, Mattancherry",
        ),
        ("4 Mount Road", "4 Mount Road"),
        ("", ""),
    ];
    for (typed, expected) in cases {
        assert_eq!(lines_joined(typed), expected);
    }
}
