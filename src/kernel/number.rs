//! Rounding, grouping, and reading the numbers that people type.

use rust_decimal::{Decimal, RoundingStrategy};

use super::language::Said;

/// The only rounding in the product: half away from zero. 0.945 becomes 0.95, −0.945 becomes −0.95.
pub fn rounded(number: Decimal, places: u32) -> Decimal {
    number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

/// Groups a string of digits the Indian way: the last three, then pairs (`1,42,750`).
pub fn group_indian(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() * 2);
    let length = digits.chars().count();
    for (index, digit) in digits.chars().enumerate() {
        let left = length - index;
        if index > 0 && (left == 3 || (left > 3 && left % 2 == 1)) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The number grouped, with all the decimals it carries and no sign.
pub fn unsigned_indian(number: Decimal) -> String {
    let text = number.abs().to_string();
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", group_indian(whole)),
        None => group_indian(&text),
    }
}

/// The number grouped, without zeros at its end, a minus sign before what is less than nothing: `−96,901`.
pub fn indian(number: Decimal) -> String {
    let sign = if number < Decimal::ZERO {
        "\u{2212}"
    } else {
        ""
    };
    format!("{sign}{}", unsigned_indian(number.normalize()))
}

/// A count that was taken up to one above `most`, in Indian grouping: `850`, or `1,000+` for whatever is above.
pub fn up_to(count: i64, most: i64) -> String {
    if count > most {
        format!("{}+", indian(most.into()))
    } else {
        indian(count.into())
    }
}

/// Reads a typed number: spaces, commas in their places and a leading ₹ or minus are fine; `1.2L` is refused with the reason.
pub fn parse(typed: &str) -> Result<Decimal, Said> {
    let bare: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let (is_negative, bare) = signed(&bare);
    let bare = bare.strip_prefix('₹').unwrap_or(bare);
    let (is_negative, bare) = if is_negative {
        (true, bare)
    } else {
        signed(bare)
    };
    if bare.is_empty() {
        return Err(Said::new("Enter a number."));
    }
    if has_short_form(bare) {
        return Err(Said::new(
            "Write the number in full, like 1,20,000, without L, lakh or crore.",
        ));
    }
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let whole = ungrouped(whole).ok_or_else(not_a_number)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
        return Err(not_a_number());
    }
    if whole.len() + fraction.len() > 24 {
        return Err(Said::new("The number is too long: 24 digits are the most."));
    }
    let number: Decimal = format!("{whole}.{fraction}0")
        .parse()
        .map_err(|_| not_a_number())?;
    let number = number.normalize();
    Ok(if is_negative && !number.is_zero() {
        -number
    } else {
        number
    })
}

fn not_a_number() -> Said {
    Said::new("Write the number in figures, like 1,20,000 or 450.50.")
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

/// Whether a number ends in a word for lakh, crore or thousand.
fn has_short_form(text: &str) -> bool {
    let letters = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',' || c == '.');
    let known = [
        "l", "lac", "lacs", "lakh", "lakhs", "cr", "crore", "crores", "k",
    ];
    letters.len() < text.len()
        && known.contains(&letters.to_ascii_lowercase().trim_end_matches('.'))
}

/// Digits without their commas; `None` where something else stands among them or a comma is where no group ends (`1,2` may
/// be one comma two, so it is not read as twelve).
fn ungrouped(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split(',').collect();
    if !groups
        .iter()
        .all(|group| group.bytes().all(|b| b.is_ascii_digit()))
    {
        return None;
    }
    if let [first, middle @ .., last] = groups.as_slice() {
        let fits = (1..=3).contains(&first.len())
            && middle.iter().all(|group| matches!(group.len(), 2 | 3))
            && last.len() == 3;
        if !fits {
            return None;
        }
    }
    Some(groups.concat())
}
