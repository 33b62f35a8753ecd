//! The currencies of exports. GST is in rupees: prices in another currency are turned into them at a rate of a day (rule 34).

use crate::kernel::language::{Said, text};
use crate::kernel::number;
use crate::tax::rules::BuyerKind;
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// What forms call the currency in which everything else is.
pub const RUPEES: &str = "INR";

/// Codes (ISO 4217) and names of those for which the customs notify a rate, by code.
pub const CURRENCIES: [(&str, &str); 22] = [
    ("AED", text!("Dirham of the Emirates")),
    ("AUD", text!("Australian dollar")),
    ("BHD", text!("Bahraini dinar")),
    ("CAD", text!("Canadian dollar")),
    ("CHF", text!("Swiss franc")),
    ("CNY", text!("Chinese yuan")),
    ("DKK", text!("Danish krone")),
    ("EUR", text!("Euro")),
    ("GBP", text!("Pound sterling")),
    ("HKD", text!("Hong Kong dollar")),
    ("JPY", text!("Japanese yen")),
    ("KRW", text!("Korean won")),
    ("KWD", text!("Kuwaiti dinar")),
    ("NOK", text!("Norwegian krone")),
    ("NZD", text!("New Zealand dollar")),
    ("QAR", text!("Qatari riyal")),
    ("SAR", text!("Saudi riyal")),
    ("SEK", text!("Swedish krona")),
    ("SGD", text!("Singapore dollar")),
    ("TRY", text!("Turkish lira")),
    ("USD", text!("US dollar")),
    ("ZAR", text!("South African rand")),
];

/// The code of a currency that may be typed.
///
/// # Errors
/// The remark in words.
pub fn known(typed: &str) -> Result<&'static str, Said> {
    let mut codes = CURRENCIES.iter().map(|(code, _)| *code);
    codes
        .find(|code| *code == typed.trim())
        .ok_or_else(|| Said::new("Choose a currency from the list."))
}

/// A rate as it is typed: rupees for one of a currency.
///
/// # Errors
/// The remark in words.
pub fn rate(typed: &str) -> Result<Decimal, Said> {
    let rate = number::parse(typed)?.normalize();
    let most = Decimal::from(1_000_000);
    if rate <= Decimal::ZERO || rate > most || rate.scale() > 6 {
        return Err(Said::new(
            "A rate is the rupees for one of the currency: more than 0, at most 10,00,000, with 6 decimals at most.",
        ));
    }
    Ok(rate)
}

/// Who may be billed in another currency.
///
/// # Errors
/// Why this buyer may not.
pub fn may_pay(buyer: BuyerKind) -> Result<(), Said> {
    if buyer == BuyerKind::Overseas {
        return Ok(());
    }
    Err(Said::new(
        "Only a buyer abroad is billed in another currency. Choose rupees for this one.",
    ))
}

/// Whether a rate of a day may stand on a document of another one.
///
/// # Errors
/// Why it may not.
pub fn may_be_of(on: NaiveDate, document: NaiveDate) -> Result<(), Said> {
    if on <= document {
        return Ok(());
    }
    Err(Said::new(
        "The day of the rate can't be after that of the invoice.",
    ))
}
