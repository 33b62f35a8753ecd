//! Postal index numbers.

use std::str::FromStr;

use diesel::sql_types::Text;
use diesel::{AsExpression, FromSqlRow};

use super::language::Said;

/// Six digits, the first not 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Pin(String);

text_column!(Pin);

impl Pin {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Pin {
    type Err = Said;

    fn from_str(typed: &str) -> Result<Pin, Said> {
        let pin: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if pin.is_empty() {
            return Err(Said::new("Enter the PIN code."));
        }
        let is_pin =
            pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit()) && !pin.starts_with('0');
        if is_pin {
            Ok(Pin(pin))
        } else {
            Err(Said::new(
                "PIN code must be 6 digits and not begin with 0, like 400703.",
            ))
        }
    }
}
