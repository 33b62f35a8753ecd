//! Cells of a catalogue: a code, an amount, a unit, and why it is none.

use crate::imports::rules::{figure, one_line, short};
use crate::kernel::language::{Said, text};
use crate::kernel::number;
use crate::kernel::text::optional_line;
use rust_decimal::Decimal;

/// Most characters of a description; a longer one is cut.
pub(super) const DESCRIPTION: usize = 4_000;
/// Most levels of categories.
const LEVELS: usize = 6;

/// Unit quantity codes of GST.
const UNITS: [&str; 45] = [
    "PCS", "NOS", "KGS", "GMS", "LTR", "MLT", "BAG", "BAL", "BDL", "BKL", "BOU", "BOX", "BTL",
    "BUN", "CAN", "CBM", "CCM", "CMS", "CTN", "DOZ", "DRM", "GGK", "GRS", "GYD", "KLR", "KME",
    "MTR", "MTS", "PAC", "PRS", "QTL", "ROL", "SET", "SQF", "SQM", "SQY", "TBS", "TGM", "THD",
    "TON", "TUB", "UGS", "UNT", "YDS", "OTH",
];
/// What else people write for them.
const UNIT_WORDS: [(&str, &str); 44] = [
    ("PC", "PCS"),
    ("PIECE", "PCS"),
    ("PIECES", "PCS"),
    ("EACH", "PCS"),
    ("EA", "PCS"),
    ("NO", "NOS"),
    ("NUMBER", "NOS"),
    ("NUMBERS", "NOS"),
    ("KG", "KGS"),
    ("KILO", "KGS"),
    ("KILOGRAM", "KGS"),
    ("KILOGRAMS", "KGS"),
    ("G", "GMS"),
    ("GM", "GMS"),
    ("GRAM", "GMS"),
    ("GRAMS", "GMS"),
    ("L", "LTR"),
    ("LT", "LTR"),
    ("LITRE", "LTR"),
    ("LITRES", "LTR"),
    ("LITER", "LTR"),
    ("ML", "MLT"),
    ("MILLILITRE", "MLT"),
    ("BAGS", "BAG"),
    ("BOXES", "BOX"),
    ("BOTTLE", "BTL"),
    ("BOTTLES", "BTL"),
    ("CARTON", "CTN"),
    ("CARTONS", "CTN"),
    ("CASE", "CTN"),
    ("DOZEN", "DOZ"),
    ("DZ", "DOZ"),
    ("M", "MTR"),
    ("METER", "MTR"),
    ("METRE", "MTR"),
    ("METRES", "MTR"),
    ("PACK", "PAC"),
    ("PACKET", "PAC"),
    ("PKT", "PAC"),
    ("PAIR", "PRS"),
    ("PAIRS", "PRS"),
    ("ROLL", "ROL"),
    ("SETS", "SET"),
    ("UNIT", "UNT"),
];

pub(super) fn some(cell: &str) -> Option<&str> {
    (!cell.is_empty()).then_some(cell)
}

pub(super) fn line_of(
    label: &'static str,
    cell: &str,
    most: usize,
) -> Result<Option<String>, Said> {
    optional_line(label, &one_line(cell), most)
}

pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most - 1).collect();
    format!("{start}…")
}

/// Letters and digits, in capitals, with hyphens between them.
pub(super) fn hyphened(text: &str, most: usize) -> String {
    let mut code = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            code.push(c.to_ascii_uppercase());
        } else if !code.is_empty() && !code.ends_with('-') {
            code.push('-');
        }
        if code.len() >= most {
            break;
        }
    }
    code.trim_end_matches('-').to_owned()
}

/// A code as it is stored: capitals, hyphens for everything else.
///
/// # Errors
/// The reason in words.
pub fn sku(cell: &str) -> Result<String, Said> {
    let code = hyphened(cell, 60);
    if code.is_empty() {
        return Err(
            Said::new("The SKU {value} has no letters or digits.").with("value", short(cell))
        );
    }
    if code.len() > 40 {
        return Err(
            Said::new("The SKU {value} has more than 40 characters.").with("value", short(cell))
        );
    }
    Ok(code)
}

/// Names from the top down; a cell may hold several, divided by `>`.
///
/// # Errors
/// The reason in words.
pub fn category(cells: &[&str]) -> Result<Vec<String>, Said> {
    let mut path: Vec<String> = Vec::new();
    for cell in cells {
        for name in cell.split('>') {
            let Some(name) = line_of(text!("Category"), name, 80)? else {
                continue;
            };
            path.push(name);
        }
    }
    if path.len() > LEVELS {
        return Err(Said::new("A category can have {most} levels at most.")
            .with("most", LEVELS.to_string()));
    }
    if path.join(" > ").chars().count() > 400 {
        return Err(Said::new(
            "The names of the categories are too long together.",
        ));
    }
    Ok(path)
}

/// A code of goods: 4, 6 or 8 digits. A zero that a spreadsheet took from the front is put back.
///
/// # Errors
/// The reason in words.
pub fn hsn(cell: &str) -> Result<String, Said> {
    let digits: String = cell
        .chars()
        .filter(|c| !c.is_whitespace() && !".-'".contains(*c))
        .collect();
    let is_code = digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.len() {
        4 | 6 | 8 if is_code => Ok(digits),
        3 | 5 | 7 if is_code => Ok(format!("0{digits}")),
        _ => Err(
            Said::new("{value} is no HSN code: it has 4, 6 or 8 digits.")
                .with("value", short(cell)),
        ),
    }
}

/// A unit quantity code.
///
/// # Errors
/// The reason in words.
pub fn unit(cell: &str) -> Result<String, Said> {
    let word: String = cell
        .chars()
        .filter(|c| c.is_ascii_alphabetic())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let known = UNIT_WORDS.iter().find(|(known, _)| *known == word);
    let code = known.map_or(word.as_str(), |(_, code)| code);
    if UNITS.contains(&code) {
        return Ok(code.to_owned());
    }
    Err(
        Said::new("{value} is no unit that GST knows, like PCS, KGS or LTR.")
            .with("value", short(cell)),
    )
}

pub(super) fn amount(
    label: &'static str,
    cell: &str,
    in_paise: bool,
    places: u32,
) -> Result<Decimal, Said> {
    let mut amount = labelled(label, figure(cell))?;
    if in_paise {
        amount /= Decimal::ONE_HUNDRED;
    }
    let amount = amount.normalize();
    if amount <= Decimal::ZERO {
        return Err(Said::new("{label} must be more than zero.").naming("label", label));
    }
    if amount.scale() > places {
        return Err(Said::new("{label} has more than {places} decimals.")
            .naming("label", label)
            .with("places", places.to_string()));
    }
    if amount >= Decimal::from(1_000_000_000_u64) {
        return Err(Said::new("{label} is too large.").naming("label", label));
    }
    Ok(amount)
}

fn labelled<T>(label: &'static str, parsed: Result<T, Said>) -> Result<T, Said> {
    parsed.map_err(|said| {
        Said::new("{label}: {problem}")
            .naming("label", label)
            .with("problem", said)
    })
}

/// Units: zero or more, three decimals.
///
/// # Errors
/// The reason in words.
pub fn quantity(label: &'static str, cell: &str) -> Result<Decimal, Said> {
    let quantity = labelled(label, figure(cell))?;
    if quantity < Decimal::ZERO {
        return Err(Said::new("{label} must not be less than zero.").naming("label", label));
    }
    if quantity.scale() > 3 {
        return Err(Said::new("{label} has more than {places} decimals.")
            .naming("label", label)
            .with("places", "3"));
    }
    if quantity >= Decimal::from(1_000_000_000_u64) {
        return Err(Said::new("{label} is too large.").naming("label", label));
    }
    Ok(quantity)
}

pub(super) fn pack_size(cell: &str) -> Result<Decimal, Said> {
    let size = quantity(text!("Units in a pack"), cell)?;
    if size.is_zero() {
        return Err(
            Said::new("{label} must be more than zero.").naming("label", text!("Units in a pack"))
        );
    }
    Ok(size)
}

pub(super) fn barcode(cell: &str) -> Result<String, Said> {
    let code: String = cell
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let is_code = code
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-');
    // A spreadsheet shows long numbers as 8.90106E+12 and saves them so: the last digits are gone.
    if code.contains("E+") {
        return Err(Said::new(
            "The barcode {value} has lost its last digits; format the column as text.",
        )
        .with("value", short(cell)));
    }
    if is_code && (4..=32).contains(&code.len()) {
        return Ok(code);
    }
    Err(
        Said::new("{value} is no barcode: it has 4 to 32 digits or letters.")
            .with("value", short(cell)),
    )
}

/// Grammes; nothing for zero, which only says that nobody weighed it.
pub(super) fn weight(cell: &str) -> Result<Option<i32>, Said> {
    let grammes = quantity(text!("Weight"), cell)?;
    let whole = number::rounded(grammes, 0);
    let whole = i32::try_from(whole)
        .map_err(|_| Said::new("{label} is too large.").naming("label", text!("Weight")))?;
    Ok((whole > 0).then_some(whole))
}

pub(super) fn status(cell: &str) -> Result<String, Said> {
    let word = cell.trim().to_lowercase();
    let status = match word.as_str() {
        "active" | "yes" | "y" | "true" | "1" | "available" | "enabled" => "active",
        "upcoming" | "coming soon" => "upcoming",
        "discontinued" | "inactive" | "no" | "n" | "false" | "0" | "disabled" => "discontinued",
        _ => {
            return Err(
                Said::new("{value} is no status: active, upcoming or discontinued.")
                    .with("value", short(cell)),
            );
        }
    };
    Ok(status.to_owned())
}
