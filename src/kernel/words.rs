//! Amounts in words, as documents carry them.

use super::language::Lang;
use super::money::Money;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

const ENGLISH: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// Hindi has a word of its own for each number below a hundred.
const HINDI: [&str; 100] = [
    "शून्य",
    "एक",
    "दो",
    "तीन",
    "चार",
    "पाँच",
    "छह",
    "सात",
    "आठ",
    "नौ",
    "दस",
    "ग्यारह",
    "बारह",
    "तेरह",
    "चौदह",
    "पंद्रह",
    "सोलह",
    "सत्रह",
    "अठारह",
    "उन्नीस",
    "बीस",
    "इक्कीस",
    "बाईस",
    "तेईस",
    "चौबीस",
    "पच्चीस",
    "छब्बीस",
    "सत्ताईस",
    "अट्ठाईस",
    "उनतीस",
    "तीस",
    "इकतीस",
    "बत्तीस",
    "तैंतीस",
    "चौंतीस",
    "पैंतीस",
    "छत्तीस",
    "सैंतीस",
    "अड़तीस",
    "उनतालीस",
    "चालीस",
    "इकतालीस",
    "बयालीस",
    "तैंतालीस",
    "चवालीस",
    "पैंतालीस",
    "छियालीस",
    "सैंतालीस",
    "अड़तालीस",
    "उनचास",
    "पचास",
    "इक्यावन",
    "बावन",
    "तिरपन",
    "चौवन",
    "पचपन",
    "छप्पन",
    "सत्तावन",
    "अट्ठावन",
    "उनसठ",
    "साठ",
    "इकसठ",
    "बासठ",
    "तिरसठ",
    "चौंसठ",
    "पैंसठ",
    "छियासठ",
    "सड़सठ",
    "अड़सठ",
    "उनहत्तर",
    "सत्तर",
    "इकहत्तर",
    "बहत्तर",
    "तिहत्तर",
    "चौहत्तर",
    "पचहत्तर",
    "छिहत्तर",
    "सतहत्तर",
    "अठहत्तर",
    "उनासी",
    "अस्सी",
    "इक्यासी",
    "बयासी",
    "तिरासी",
    "चौरासी",
    "पचासी",
    "छियासी",
    "सत्तासी",
    "अट्ठासी",
    "नवासी",
    "नब्बे",
    "इक्यानबे",
    "बानबे",
    "तिरानबे",
    "चौरानबे",
    "पचानबे",
    "छियानबे",
    "सत्तानबे",
    "अट्ठानबे",
    "निन्यानबे",
];

/// What a language says around its numbers.
struct Speech {
    /// Before whole rupees, and before paise.
    rupees: &'static str,
    paise: &'static str,
    minus: &'static str,
    and: &'static str,
    only: &'static str,
    crore: &'static str,
    lakh: &'static str,
    thousand: &'static str,
    hundred: &'static str,
    /// Whether "and" stands before the last two digits.
    joins_tens: bool,
    below_hundred: fn(usize) -> String,
}

const IN_ENGLISH: Speech = Speech {
    rupees: "rupees",
    paise: "paise",
    minus: "minus",
    and: "and",
    only: "only",
    crore: "crore",
    lakh: "lakh",
    thousand: "thousand",
    hundred: "hundred",
    joins_tens: true,
    below_hundred: english,
};

const IN_HINDI: Speech = Speech {
    rupees: "रुपये",
    paise: "पैसे",
    minus: "ऋण",
    and: "और",
    only: "मात्र",
    crore: "करोड़",
    lakh: "लाख",
    thousand: "हज़ार",
    hundred: "सौ",
    joins_tens: false,
    below_hundred: hindi,
};

/// An amount in words: "Rupees one lakh twenty-three thousand four hundred and five and paise fifty only".
pub fn rupees(amount: Money, lang: Lang) -> String {
    let speech = match lang {
        Lang::En => &IN_ENGLISH,
        Lang::Hi => &IN_HINDI,
    };
    let whole = amount.as_decimal().abs().trunc();
    let paise = ((amount.as_decimal().abs() - whole) * Decimal::ONE_HUNDRED)
        .to_usize()
        .unwrap_or_default();
    let whole = whole.to_u64().unwrap_or_default();
    let mut words: Vec<String> = Vec::new();
    if amount.is_negative() {
        words.push(speech.minus.to_owned());
    }
    if whole > 0 || paise == 0 {
        words.push(speech.rupees.to_owned());
        words.extend(number(whole, speech));
    }
    if paise > 0 {
        if whole > 0 {
            words.push(speech.and.to_owned());
        }
        words.push(speech.paise.to_owned());
        words.push((speech.below_hundred)(paise));
    }
    words.push(speech.only.to_owned());
    capital(&words.join(" "))
}

/// A whole number, counted the Indian way; crores are counted like any number.
fn number(whole: u64, speech: &Speech) -> Vec<String> {
    let mut words = Vec::new();
    let (crores, rest) = (whole / 10_000_000, whole % 10_000_000);
    if crores > 0 {
        words.extend(number(crores, speech));
        words.push(speech.crore.to_owned());
    }
    let groups = [
        (rest / 100_000, speech.lakh),
        (rest / 1_000 % 100, speech.thousand),
        (rest / 100 % 10, speech.hundred),
    ];
    for (count, name) in groups {
        if count > 0 {
            words.push((speech.below_hundred)(small(count)));
            words.push(name.to_owned());
        }
    }
    let last = small(rest % 100);
    if last > 0 || words.is_empty() {
        if speech.joins_tens && !words.is_empty() {
            words.push(speech.and.to_owned());
        }
        words.push((speech.below_hundred)(last));
    }
    words
}

fn small(below_hundred: u64) -> usize {
    usize::try_from(below_hundred).unwrap_or_default()
}

fn english(number: usize) -> String {
    match (number / 10, number % 10) {
        _ if number < 20 => ENGLISH[number].to_owned(),
        (tens, 0) => TENS[tens].to_owned(),
        (tens, ones) => format!("{}-{}", TENS[tens], ENGLISH[ones]),
    }
}

fn hindi(number: usize) -> String {
    HINDI[number].to_owned()
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
