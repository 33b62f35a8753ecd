//! Postal index numbers.

use std::str::FromStr;

use diesel::sql_types::Text;
use diesel::{AsExpression, FromSqlRow};

use super::language::Said;
use super::state::State;

/// The PIN code that the authority gives every place abroad: it stands in what is sent there, and nowhere else.
pub const PIN_ABROAD: &str = "999999";

/// Six digits, the first not 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Pin(String);

text_column!(Pin);

impl Pin {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same PIN code, where it may lie in a state.
    ///
    /// # Errors
    /// That it lies elsewhere, and with what those of the state begin, in words.
    pub fn within(self, state: State) -> Result<Pin, Said> {
        if may_lie_in(self.as_str(), state) {
            return Ok(self);
        }
        let areas: Vec<String> = areas_of(state)
            .unwrap_or_default()
            .iter()
            .map(|(from, to)| {
                if from == to {
                    from.to_string()
                } else {
                    format!("{from}–{to}")
                }
            })
            .collect();
        let said = Said::new(
            "{pin} is not a PIN code of {state}: those begin with {areas}. Correct the PIN code or the state.",
        );
        Err(said
            .with("pin", self.0)
            .naming("state", state.name())
            .with("areas", areas.join(", ")))
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

/// The first three digits of the PIN codes of each state by its GST code, from and to. Post offices at the borders belong to both sides. The
/// authority's sandbox has a list of its own: it judges what we send, and shares nothing with us.
const AREAS: &[(&str, &[(u16, u16)])] = &[
    ("01", &[(180, 194)]),
    ("02", &[(171, 177)]),
    ("03", &[(140, 160)]),
    ("04", &[(140, 140), (160, 160)]),
    ("05", &[(244, 263)]),
    ("06", &[(121, 136)]),
    ("07", &[(110, 110)]),
    ("08", &[(301, 345), (384, 384)]),
    ("09", &[(201, 285)]),
    ("10", &[(800, 855)]),
    ("11", &[(737, 737)]),
    ("12", &[(790, 792)]),
    ("13", &[(797, 798)]),
    ("14", &[(795, 795)]),
    ("15", &[(791, 791), (796, 796)]),
    ("16", &[(799, 799)]),
    ("17", &[(781, 781), (793, 794)]),
    ("18", &[(781, 788)]),
    ("19", &[(700, 743)]),
    ("20", &[(813, 835)]),
    ("21", &[(751, 770)]),
    ("22", &[(490, 497)]),
    ("23", &[(450, 488)]),
    ("24", &[(360, 396)]),
    ("26", &[(362, 362), (396, 396)]),
    ("27", &[(400, 445)]),
    ("29", &[(560, 591)]),
    ("30", &[(403, 403)]),
    ("31", &[(682, 682)]),
    ("32", &[(670, 695)]),
    ("33", &[(600, 643)]),
    (
        "34",
        &[(533, 533), (605, 605), (607, 607), (609, 609), (673, 673)],
    ),
    ("35", &[(744, 744)]),
    ("36", &[(500, 509)]),
    ("37", &[(500, 535)]),
    ("38", &[(194, 194)]),
];

/// The areas of a state of today; none of what is no place, or no longer one.
fn areas_of(state: State) -> Option<&'static [(u16, u16)]> {
    let areas = AREAS.iter().find(|(code, _)| *code == state.code());
    areas.map(|(_, areas)| *areas)
}

/// Whether a PIN code may lie in a state, by its first three digits; in what is no state of today, any may. The authority keeps a list of all
/// post offices: what is outside of these areas it refuses, so no form takes it. A document that was written before is only doubted for it.
pub fn may_lie_in(pin: &str, state: State) -> bool {
    let Some(area) = pin.get(..3).and_then(|area| area.parse::<u16>().ok()) else {
        return false;
    };
    areas_of(state).is_none_or(|areas| areas.iter().any(|(from, to)| (*from..=*to).contains(&area)))
}
