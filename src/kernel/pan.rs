//! The permanent account number of a taxpayer.

use std::str::FromStr;

use diesel::sql_types::Text;
use diesel::{AsExpression, FromSqlRow};

use super::language::Said;

/// Five letters, four digits and a letter, upper case. Its own check letter is not public.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Pan(String);

text_column!(Pan);

impl Pan {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether ten bytes have the shape of a PAN.
pub(super) fn is_pan(bytes: &[u8]) -> bool {
    bytes.len() == 10
        && bytes[..5].iter().all(u8::is_ascii_uppercase)
        && bytes[5..9].iter().all(u8::is_ascii_digit)
        && bytes[9].is_ascii_uppercase()
}

impl FromStr for Pan {
    type Err = Said;

    fn from_str(typed: &str) -> Result<Pan, Said> {
        let pan: String = typed
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_uppercase();
        let length = pan.chars().count();
        if length == 0 {
            return Err(Said::new("Enter the PAN."));
        }
        if length != 10 {
            return Err(
                Said::new("PAN must have 10 characters; this one has {length}.")
                    .with("length", length),
            );
        }
        if !is_pan(pan.as_bytes()) {
            return Err(Said::new(
                "PAN must be five letters, four digits and a letter, like AAPFU0939F.",
            ));
        }
        Ok(Pan(pan))
    }
}
