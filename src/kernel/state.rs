//! The states and union territories of India as GST numbers them.

use std::str::FromStr;

use diesel::sql_types::Text;
use diesel::{AsExpression, FromSqlRow};

use super::language::{Said, text};

/// A state by its two-digit GST code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct State(&'static str);

text_column!(State);

struct Row {
    code: &'static str,
    name: &'static str,
    short: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    State,
    /// A union territory without a legislature: the second half of its tax is UTGST.
    Territory,
    /// Merged or divided: on old documents and old registrations only.
    History,
    /// Not a place: other countries, and the prefix of the centre.
    Elsewhere,
}

const fn row(code: &'static str, name: &'static str, short: &'static str, kind: Kind) -> Row {
    Row {
        code,
        name,
        short,
        kind,
    }
}

static TABLE: &[Row] = &[
    row("01", text!("Jammu and Kashmir"), "JK", Kind::State),
    row("02", text!("Himachal Pradesh"), "HP", Kind::State),
    row("03", text!("Punjab"), "PB", Kind::State),
    row("04", text!("Chandigarh"), "CH", Kind::Territory),
    row("05", text!("Uttarakhand"), "UK", Kind::State),
    row("06", text!("Haryana"), "HR", Kind::State),
    row("07", text!("Delhi"), "DL", Kind::State),
    row("08", text!("Rajasthan"), "RJ", Kind::State),
    row("09", text!("Uttar Pradesh"), "UP", Kind::State),
    row("10", text!("Bihar"), "BR", Kind::State),
    row("11", text!("Sikkim"), "SK", Kind::State),
    row("12", text!("Arunachal Pradesh"), "AR", Kind::State),
    row("13", text!("Nagaland"), "NL", Kind::State),
    row("14", text!("Manipur"), "MN", Kind::State),
    row("15", text!("Mizoram"), "MZ", Kind::State),
    row("16", text!("Tripura"), "TR", Kind::State),
    row("17", text!("Meghalaya"), "ML", Kind::State),
    row("18", text!("Assam"), "AS", Kind::State),
    row("19", text!("West Bengal"), "WB", Kind::State),
    row("20", text!("Jharkhand"), "JH", Kind::State),
    row("21", text!("Odisha"), "OD", Kind::State),
    row("22", text!("Chhattisgarh"), "CG", Kind::State),
    row("23", text!("Madhya Pradesh"), "MP", Kind::State),
    row("24", text!("Gujarat"), "GJ", Kind::State),
    row("25", text!("Daman and Diu"), "DD", Kind::History),
    row(
        "26",
        text!("Dadra and Nagar Haveli and Daman and Diu"),
        "DN",
        Kind::Territory,
    ),
    row("27", text!("Maharashtra"), "MH", Kind::State),
    row(
        "28",
        text!("Andhra Pradesh (before 2014)"),
        "AD",
        Kind::History,
    ),
    row("29", text!("Karnataka"), "KA", Kind::State),
    row("30", text!("Goa"), "GA", Kind::State),
    row("31", text!("Lakshadweep"), "LD", Kind::Territory),
    row("32", text!("Kerala"), "KL", Kind::State),
    row("33", text!("Tamil Nadu"), "TN", Kind::State),
    row("34", text!("Puducherry"), "PY", Kind::State),
    row(
        "35",
        text!("Andaman and Nicobar Islands"),
        "AN",
        Kind::Territory,
    ),
    row("36", text!("Telangana"), "TG", Kind::State),
    row("37", text!("Andhra Pradesh"), "AP", Kind::State),
    row("38", text!("Ladakh"), "LA", Kind::Territory),
    row("96", text!("Other country"), "OC", Kind::Elsewhere),
    row("97", text!("Other territory"), "OT", Kind::Territory),
    row("99", text!("Centre jurisdiction"), "CJ", Kind::Elsewhere),
];

impl State {
    /// The state of a two-digit code, those of the past and "other country" included.
    pub fn by_code(code: &str) -> Option<State> {
        TABLE
            .iter()
            .find(|row| row.code == code)
            .map(|row| State(row.code))
    }

    /// Where an address can be today, in the order of the codes.
    pub fn current() -> impl Iterator<Item = State> {
        TABLE
            .iter()
            .filter(|row| matches!(row.kind, Kind::State | Kind::Territory))
            .map(|row| State(row.code))
    }

    /// Two digits, as portals and documents want them.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Two digits; the same as `as_str`, where "code" reads better.
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// The English name, which is also its key in the catalogue.
    pub fn name(self) -> &'static str {
        self.row().map_or(self.0, |row| row.name)
    }

    /// Two letters, for display only: `MH`.
    pub fn short(self) -> &'static str {
        self.row().map_or(self.0, |row| row.short)
    }

    /// Whether the second half of a tax within it is UTGST instead of SGST.
    pub fn has_utgst(self) -> bool {
        self.row().is_some_and(|row| row.kind == Kind::Territory)
    }

    /// Whether a GSTIN can begin with its code: a place in India, of today or of an old registration.
    pub fn registers(self) -> bool {
        self.row().is_some_and(|row| row.kind != Kind::Elsewhere)
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.code == self.0)
    }
}

impl FromStr for State {
    type Err = Said;

    fn from_str(code: &str) -> Result<State, Said> {
        State::by_code(code.trim()).ok_or_else(|| Said::new("Choose a state from the list."))
    }
}
