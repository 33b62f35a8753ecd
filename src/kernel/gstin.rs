//! The number of a GST registration.

use std::str::FromStr;

use diesel::sql_types::Text;
use diesel::{AsExpression, FromSqlRow};

use super::language::Said;
use super::pan::{self, Pan};
use super::state::State;

/// What portals write for whoever has no GSTIN.
pub const UNREGISTERED: &str = "URP";

/// Fifteen characters, upper case: state, PAN, count, kind, check character. Of an ordinary taxpayer: tax deductors, embassies
/// and the like have numbers of other shapes and are refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Gstin {
    text: String,
    state: State,
    pan: Pan,
}

text_column!(Gstin);

impl Gstin {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The state that the first two digits name.
    pub fn state(&self) -> State {
        self.state
    }

    /// The PAN of the legal entity.
    pub fn pan(&self) -> &Pan {
        &self.pan
    }
}

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The check character of the first fourteen. `None` where one of them is neither digit nor upper-case letter.
pub fn check_character(first: &str) -> Option<char> {
    let mut total = 0;
    for (index, character) in first.bytes().enumerate() {
        let value = ALPHABET.iter().position(|known| *known == character)?;
        let product = value * (1 + index % 2);
        total += product / 36 + product % 36;
    }
    Some(char::from(ALPHABET[(36 - total % 36) % 36]))
}

impl FromStr for Gstin {
    type Err = Said;

    /// Spaces are dropped and letters made upper case; then each fault has its own sentence.
    fn from_str(typed: &str) -> Result<Gstin, Said> {
        let text: String = typed
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_uppercase();
        if text.is_empty() {
            return Err(Said::new("Enter the GSTIN."));
        }
        if let Some(strange) = text.chars().find(|c| !c.is_ascii_alphanumeric()) {
            return Err(
                Said::new("GSTIN has only letters and digits; remove “{character}”.")
                    .with("character", strange),
            );
        }
        if text.len() != 15 {
            return Err(
                Said::new("GSTIN must have 15 characters; this one has {length}.")
                    .with("length", text.len()),
            );
        }
        let state = state_of(&text[..2])?;
        if !pan::is_pan(&text.as_bytes()[2..12]) {
            return Err(Said::new("Characters 3 to 12 of a GSTIN are the PAN: five letters, four digits and a letter. This one has {pan} there.")
                .with("pan", &text[2..12]));
        }
        let pan = text[2..12].parse()?;
        check_tail(&text)?;
        Ok(Gstin { text, state, pan })
    }
}

fn state_of(code: &str) -> Result<State, Said> {
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Said::new(
            "GSTIN must begin with the two digits of a state; this one begins with {code}.",
        )
        .with("code", code));
    }
    State::by_code(code)
        .filter(|state| state.registers())
        .ok_or_else(|| {
            Said::new("GSTIN must begin with the code of a state; {code} is not one.")
                .with("code", code)
        })
}

/// The last three characters: count, kind, check.
fn check_tail(text: &str) -> Result<(), Said> {
    let (count, kind, check) = (&text[12..13], &text[13..14], &text[14..]);
    if count == "0" {
        return Err(Said::new(
            "Character 13 of a GSTIN is a digit from 1 to 9 or a letter; this one has 0.",
        ));
    }
    if kind == "0" || matches!(kind.as_bytes(), [b'C' | b'K'..=b'Y']) {
        return Err(Said::new("Character 14 of a GSTIN is usually Z; this one has {character}, which no ordinary taxpayer has.")
            .with("character", kind));
    }
    match check_character(&text[..14]) {
        Some(expected) if check.starts_with(expected) => Ok(()),
        _ => Err(Said::new(
            "The last character of this GSTIN does not match the others; compare it with the certificate, one character at a time.",
        )),
    }
}
