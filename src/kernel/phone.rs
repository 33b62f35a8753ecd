//! Telephone numbers.

use std::str::FromStr;

use diesel::sql_types::Text;
use diesel::{AsExpression, FromSqlRow};

use super::language::Said;

/// A number in E.164 (`+919840000012`). Without a country code it is Indian.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Phone(String);

text_column!(Phone);

/// The country codes of two digits; those that begin with 1 or 7 have one, all others three.
const TWO_DIGITS: &[u8] = &[
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56,
    57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
];

/// Cities whose trunk code has two digits and is no beginning of a mobile number; others have three or more.
const CITIES: &[&str] = &["11", "20", "22", "33", "40", "44"];

/// A stored number for reading; what is none stays as it is.
pub fn readable(stored: &str) -> String {
    stored
        .parse::<Phone>()
        .map_or_else(|_| stored.to_owned(), |phone| phone.readable())
}

impl Phone {
    /// As stored and as dialled: `+919840000012`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_indian(&self) -> bool {
        self.0.starts_with("+91")
    }

    /// Whether messages can reach it: an Indian mobile number. Of other countries we cannot tell and say yes.
    pub fn is_mobile(&self) -> bool {
        match self.0.strip_prefix("+91") {
            Some(national) => national.starts_with(['6', '7', '8', '9']),
            None => true,
        }
    }

    /// For reading: `98400 00012`, a landline `020 2426 1234` or `0427 2345678`, abroad `+44 20 7946 0958`.
    pub fn readable(&self) -> String {
        match self.0.strip_prefix("+91") {
            Some(national) if self.is_mobile() => {
                format!("{} {}", &national[..5], &national[5..])
            }
            Some(national) if CITIES.contains(&&national[..2]) => {
                format!("0{} {} {}", &national[..2], &national[2..6], &national[6..])
            }
            Some(national) => format!("0{} {}", &national[..3], &national[3..]),
            None => self.abroad(),
        }
    }

    fn abroad(&self) -> String {
        let digits = &self.0[1..];
        let two = digits
            .get(..2)
            .and_then(|two| two.parse().ok())
            .unwrap_or(0);
        let code = if digits.starts_with(['1', '7']) {
            1
        } else if TWO_DIGITS.contains(&two) {
            2
        } else {
            3
        };
        let mut readable = format!("+{}", &digits[..code]);
        let rest = &digits[code..];
        for (index, digit) in rest.chars().enumerate() {
            if index == 0 || (rest.len() - index).is_multiple_of(4) {
                readable.push(' ');
            }
            readable.push(digit);
        }
        readable
    }
}

impl FromStr for Phone {
    type Err = Said;

    /// Spaces, hyphens, dots and brackets are dropped; a leading 0 or +91 is understood.
    fn from_str(typed: &str) -> Result<Phone, Said> {
        let bare: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && !"-‐‑–.()".contains(*c))
            .collect();
        if bare.is_empty() {
            return Err(Said::new("Enter the phone number."));
        }
        let (is_international, digits) =
            match bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
                Some(digits) => (true, digits),
                None => (false, bare.strip_prefix('0').unwrap_or(&bare)),
            };
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Said::new(
                "A phone number has only digits, like 98400 00012 or +44 20 7946 0958.",
            ));
        }
        let with_code = digits.len() == 12 && digits.starts_with("91");
        match digits
            .strip_prefix("91")
            .filter(|_| is_international || with_code)
        {
            Some(national) => indian(national),
            None if is_international => foreign(digits),
            None => indian(digits),
        }
    }
}

fn indian(national: &str) -> Result<Phone, Said> {
    if national.len() != 10 {
        return Err(
            Said::new("An Indian phone number has 10 digits; this one has {length}.")
                .with("length", national.len()),
        );
    }
    if national.starts_with('0') {
        return Err(Said::new(
            "Write the phone number with one 0 or none in front, like 98400 00012.",
        ));
    }
    Ok(Phone(format!("+91{national}")))
}

fn foreign(digits: &str) -> Result<Phone, Said> {
    if (7..=15).contains(&digits.len()) && !digits.starts_with('0') {
        Ok(Phone(format!("+{digits}")))
    } else {
        Err(Said::new(
            "A phone number from abroad has its country code and 7 to 15 digits, like +44 20 7946 0958.",
        ))
    }
}
