//! What a product may be: units, status, codes and barcodes.

use crate::kernel::language::{Said, text};

/// Whether a product is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Seen, not sold yet.
    Upcoming,
    /// Sold.
    Active,
    /// Gone from the portal; its history stays.
    Discontinued,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Active, Self::Upcoming, Self::Discontinued];
    /// The codes of every status.
    pub const CODES: [&'static str; 3] = ["active", "upcoming", "discontinued"];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Active => "active",
            Self::Discontinued => "discontinued",
        }
    }

    /// As people say it; a key of the message catalogue.
    pub fn label(self) -> &'static str {
        match self {
            Self::Upcoming => text!("Upcoming"),
            Self::Active => text!("Active"),
            Self::Discontinued => text!("Discontinued"),
        }
    }

    /// The status of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// A unit of the list that GST portals know: code and name.
pub type Unit = (&'static str, &'static str);

/// Units that goods are counted in, the usual ones first.
pub const UNITS: &[Unit] = &[
    ("PCS", text!("Piece")),
    ("NOS", text!("Number")),
    ("KGS", text!("Kilogram")),
    ("GMS", text!("Gram")),
    ("LTR", text!("Litre")),
    ("MLT", text!("Millilitre")),
    ("PAC", text!("Pack")),
    ("BOX", text!("Box")),
    ("BAG", text!("Bag")),
    ("BTL", text!("Bottle")),
    ("CAN", text!("Can")),
    ("CTN", text!("Carton")),
    ("DOZ", text!("Dozen")),
    ("DRM", text!("Drum")),
    ("TUB", text!("Tube")),
    ("ROL", text!("Roll")),
    ("SET", text!("Set")),
    ("PRS", text!("Pair")),
    ("BDL", text!("Bundle")),
    ("BUN", text!("Bunch")),
    ("MTR", text!("Metre")),
    ("CMS", text!("Centimetre")),
    ("SQF", text!("Square foot")),
    ("SQM", text!("Square metre")),
    ("CBM", text!("Cubic metre")),
    ("QTL", text!("Quintal")),
    ("TON", text!("Tonne")),
    ("GRS", text!("Gross")),
    ("THD", text!("Thousand")),
    ("UNT", text!("Unit")),
    ("OTH", text!("Other")),
];

/// A code of one's own: capital letters, figures and dashes, at most 40.
///
/// # Errors
/// The rule in words.
pub fn sku(typed: &str) -> Result<String, Said> {
    let code = typed.trim().to_uppercase();
    let is_plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let fits = code.len() <= 40
        && code.bytes().next().is_some_and(is_plain)
        && code.bytes().all(|b| is_plain(b) || b == b'-');
    if !fits {
        return Err(Said::new(
            "A code has letters from A to Z, figures and dashes, 40 at most, and begins with a letter or a figure.",
        ));
    }
    // These words are pages beside the products' own.
    if ["NEW", "EXPORT", "BULK", "IMPORT"].contains(&code.as_str()) {
        return Err(
            Said::new("{code} is the name of a page. Take another code.").with("code", code),
        );
    }
    Ok(code)
}

/// A code made from a name: the first letters of its words and its figures, `BRI-DIS-GEL-750`.
pub fn suggested_sku(name: &str) -> String {
    let parts: Vec<String> = name
        .to_uppercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(5)
        .map(|word| {
            let most = if word.bytes().all(|b| b.is_ascii_digit()) {
                5
            } else {
                3
            };
            word.chars().take(most).collect()
        })
        .collect();
    if parts.is_empty() {
        "ITEM".to_owned()
    } else {
        parts.join("-")
    }
}

/// A barcode: 4 to 32 figures, capital letters and dashes. One of 8, 12 or 13 figures is an EAN or UPC, whose check digit must be right.
///
/// # Errors
/// The rule in words.
pub fn barcode(typed: &str) -> Result<String, Said> {
    let code: String = typed.split_whitespace().collect::<String>().to_uppercase();
    let fits = (4..=32).contains(&code.len())
        && code
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    if !fits {
        return Err(Said::new(
            "A barcode has 4 to 32 figures, capital letters or dashes.",
        ));
    }
    let digits: Option<Vec<u32>> = code.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| matches!(digits.len(), 8 | 12 | 13)) else {
        return Ok(code);
    };
    let Some((last, body)) = digits.split_last() else {
        return Ok(code);
    };
    // From the right the weights are 3, 1, 3, …
    let sum: u32 = body
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit * 3 } else { *digit })
        .sum();
    let right = (10 - sum % 10) % 10;
    if *last == right {
        return Ok(code);
    }
    Err(Said::new(
        "The last figure of this barcode must be {right}: a figure was mistyped or left out.",
    )
    .with("right", right.to_string()))
}

/// A code of goods as typed: 4, 6 or 8 digits, without dots and spaces.
///
/// # Errors
/// The rule in words.
pub fn hsn(typed: &str) -> Result<String, Said> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '.')
        .collect();
    if matches!(code.len(), 4 | 6 | 8) && code.bytes().all(|b| b.is_ascii_digit()) {
        Ok(code)
    } else {
        Err(Said::new("The HSN code must have 4, 6 or 8 digits."))
    }
}

/// A part of an address made from a name: `oils-ghee`.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(60);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "category".to_owned()
    } else {
        slug.to_owned()
    }
}

/// The path of a category: the one above it, and its name.
///
/// # Errors
/// In words, when it becomes too long.
pub fn path(parent: Option<&str>, name: &str) -> Result<String, Said> {
    let path = match parent {
        Some(parent) => format!("{parent} > {name}"),
        None => name.to_owned(),
    };
    if path.chars().count() > 400 {
        return Err(Said::new(
            "The names down to here have more than 400 characters together. Shorten one, or sort it higher up.",
        ));
    }
    Ok(path)
}
