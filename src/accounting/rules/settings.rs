//! What a company may say about its bank, its undertakings, its turnover and e-invoicing.

use crate::kernel::dates::{self, FinancialYear, GST_BEGAN};
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use chrono::{Datelike, NaiveDate};

/// Rupees: a PAN that was above five crore in any year since 2017-18 has to e-invoice (Notification 10/2023).
const LIABLE_ABOVE: i64 = 50_000_000;
/// Most buckets of receivables.
const MOST_BUCKETS: usize = 6;
/// Most days of a bucket.
const MOST_DAYS: i32 = 3_650;

/// How a registration can stand under GST, and what that is called.
pub const TAXPAYER_TYPES: [(&str, &str); 5] = [
    ("regular", text!("Regular")),
    ("composition", text!("Composition")),
    ("sez_unit", text!("Unit in a special economic zone")),
    (
        "sez_developer",
        text!("Developer of a special economic zone"),
    ),
    ("casual", text!("Casual taxable person")),
];

/// What a kind of taxpayer is called.
pub fn taxpayer(code: &str) -> &'static str {
    TAXPAYER_TYPES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(TAXPAYER_TYPES[0].1, |(_, label)| *label)
}

/// What was typed, without blanks and in capitals.
fn squeezed(typed: &str) -> String {
    let letters = typed.chars().filter(|letter| !letter.is_whitespace());
    letters.collect::<String>().to_uppercase()
}

/// The number of a bank account.
///
/// # Errors
/// The remark in words.
pub fn bank_account(typed: &str) -> Result<String, Said> {
    let account = squeezed(typed).replace('-', "");
    let is_one = (5..=18).contains(&account.len())
        && account.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_one {
        Ok(account)
    } else {
        Err(Said::new(
            "An account number has 5 to 18 digits or letters.",
        ))
    }
}

/// The IFSC of a branch.
///
/// # Errors
/// The remark in words.
pub fn ifsc(typed: &str) -> Result<String, Said> {
    let ifsc = squeezed(typed);
    let is_one = ifsc.len() == 11
        && ifsc.bytes().enumerate().all(|(place, byte)| match place {
            0..=3 => byte.is_ascii_uppercase(),
            4 => byte == b'0',
            _ => byte.is_ascii_alphanumeric(),
        });
    if is_one {
        Ok(ifsc)
    } else {
        Err(Said::new(
            "An IFSC has 11 characters: four letters, a zero, six letters or digits, like SBIN0000796.",
        ))
    }
}

/// A UPI address.
///
/// # Errors
/// The remark in words.
pub fn upi_id(typed: &str) -> Result<String, Said> {
    let typed = typed.trim();
    let is_one = typed.split_once('@').is_some_and(|(name, bank)| {
        let name_fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        (2..=64).contains(&name.len())
            && (2..=64).contains(&bank.len())
            && name.bytes().all(name_fits)
            && bank.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if is_one {
        Ok(typed.to_owned())
    } else {
        Err(Said::new("A UPI id looks like example.foods@okbank."))
    }
}

/// Days at which the buckets of receivables end: `30, 60, 90`.
///
/// # Errors
/// The remark in words.
pub fn age_buckets(typed: &str) -> Result<Vec<i32>, Said> {
    let days: Option<Vec<i32>> = typed
        .split([',', ' ', ';'])
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().ok())
        .collect();
    let is_rising = |days: &[i32]| days.windows(2).all(|pair| pair[0] < pair[1]);
    days.filter(|days| {
        (1..=MOST_BUCKETS).contains(&days.len())
            && days.iter().all(|day| (1..=MOST_DAYS).contains(day))
            && is_rising(days)
    })
    .ok_or_else(|| Said::new("Enter one to six numbers of days, rising, like 30, 60, 90."))
}

/// A day as a form gives it, since GST began.
///
/// # Errors
/// The remark in words.
pub fn day(typed: &str) -> Result<NaiveDate, Said> {
    dates::parse_day(typed.trim())
        .filter(|day| GST_BEGAN <= Some(*day))
        .ok_or_else(|| Said::new("Enter a date from 1 July 2017 on."))
}

/// Whether a letter of undertaking may hold from one day to another.
///
/// # Errors
/// The remark in words.
pub fn undertaking(from: NaiveDate, to: NaiveDate, lang: Lang) -> Result<(), Said> {
    if to < from {
        return Err(Said::new("The last day comes before the first."));
    }
    let year = FinancialYear::of(from);
    if to > year.last_day() {
        return Err(Said::new(
            "A letter of undertaking holds for one financial year: this one until {day}.",
        )
        .with("day", dates::date(year.last_day(), lang)));
    }
    Ok(())
}

/// Whether e-invoicing may apply from a day on. Documents that are issued have their state at the authority already, so it can only begin after
/// the newest of them.
///
/// # Errors
/// The remark in words.
pub fn may_begin(
    (now, from): (Option<NaiveDate>, Option<NaiveDate>),
    newest: Option<NaiveDate>,
    lang: Lang,
) -> Result<(), Said> {
    match (from, newest) {
        (Some(from), Some(newest)) if now != Some(from) && from <= newest => Err(Said::new(
            "Documents up to {day} are issued and were not sent. Choose a later day.",
        )
        .with("day", dates::date(newest, lang))),
        _ => Ok(()),
    }
}

/// The financial years whose turnover counts, the newest first: since GST began, up to the one of `today`.
pub fn years(today: NaiveDate) -> Vec<FinancialYear> {
    let mut years = Vec::new();
    let mut year = FinancialYear::of(today);
    while Some(year.last_day()) > GST_BEGAN {
        years.push(year);
        let Some(before) = year.first_day().pred_opt() else {
            break;
        };
        if before.year() < 2017 {
            break;
        }
        year = FinancialYear::of(before);
    }
    years
}

/// Whether a turnover obliges to e-invoice.
pub fn obliges(turnover: Money) -> bool {
    turnover > Money::from_rupees(LIABLE_ABOVE)
}
