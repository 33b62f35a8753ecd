//! What a row of a catalogue says: pure functions of its cells.

use crate::imports::rules::{figure, one_line, short};
use crate::imports::{Line, Settings};
use crate::kernel::language::{Said, text};
use crate::kernel::number;
use crate::kernel::text::optional_line;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

/// Option: prices are in paise.
pub const PAISE: &str = "paise";
/// Most characters of a description; a longer one is cut.
const DESCRIPTION: usize = 4_000;
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

/// A row, read. What the file does not say is not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Goods {
    pub line: u32,
    pub sku: Option<String>,
    pub name: Option<String>,
    pub name_hi: Option<String>,
    pub brand: Option<String>,
    pub category: Vec<String>,
    pub description: Option<String>,
    pub hsn: Option<String>,
    pub tax_condition: Option<String>,
    pub unit: Option<String>,
    pub pack_size: Option<Decimal>,
    pub pack_name: Option<String>,
    pub mrp: Option<Decimal>,
    pub price: Option<Decimal>,
    pub barcode: Option<String>,
    pub weight_g: Option<i32>,
    pub status: Option<String>,
    pub stock: Option<Decimal>,
    pub reorder_level: Option<Decimal>,
}

fn some(cell: &str) -> Option<&str> {
    (!cell.is_empty()).then_some(cell)
}

fn line_of(label: &'static str, cell: &str, most: usize) -> Result<Option<String>, Said> {
    optional_line(label, &one_line(cell), most)
}

/// Reads a row.
///
/// # Errors
/// The reason why it can't be a product.
pub fn parse(line: &Line, settings: &Settings) -> Result<Goods, Said> {
    let cell = |field: &str| line.cell(field);
    let in_paise = settings.has(PAISE);
    let variant = line_of(text!("Variant"), cell("variant"), 100)?;
    let name = match (line_of(text!("Name"), cell("name"), 200)?, variant) {
        (Some(name), Some(variant)) if !name.ends_with(&variant) => {
            let whole = format!("{name} – {}", variant.replace('|', " "));
            line_of(text!("Name"), &whole, 200)?
        }
        (name, _) => name,
    };
    let goods = Goods {
        line: line.number,
        sku: some(cell("sku")).map(sku).transpose()?,
        name,
        name_hi: line_of(text!("Name in Hindi"), cell("name_hi"), 200)?,
        brand: line_of(text!("Brand"), cell("brand"), 80)?,
        category: category(&[cell("category"), cell("category2"), cell("category3")])?,
        description: some(cell("description")).map(|text| cut(text, DESCRIPTION)),
        hsn: some(cell("hsn")).map(hsn).transpose()?,
        tax_condition: line_of(text!("GST condition"), cell("tax_condition"), 40)?,
        unit: some(cell("unit")).map(unit).transpose()?,
        pack_size: some(cell("pack_size")).map(pack_size).transpose()?,
        pack_name: line_of(text!("Name of the pack"), cell("pack_name"), 20)?,
        mrp: some(cell("mrp"))
            .map(|cell| amount(text!("MRP"), cell, in_paise, 2))
            .transpose()?,
        price: some(cell("price"))
            .map(|cell| amount(text!("Price"), cell, in_paise, 4))
            .transpose()?,
        barcode: some(cell("barcode")).map(barcode).transpose()?,
        weight_g: some(cell("weight_g")).map(weight).transpose()?.flatten(),
        status: some(cell("status")).map(status).transpose()?,
        stock: some(cell("stock"))
            .map(|cell| quantity(text!("Opening stock"), cell))
            .transpose()?,
        reorder_level: some(cell("reorder_level"))
            .map(|cell| quantity(text!("Reorder level"), cell))
            .transpose()?,
    };
    if goods.name.is_none() && goods.sku.is_none() {
        return Err(Said::new("The row has no name."));
    }
    fits(goods.price, goods.mrp)?;
    Ok(goods)
}

/// No price is above the MRP.
///
/// # Errors
/// The reason, with both.
pub fn fits(price: Option<Decimal>, mrp: Option<Decimal>) -> Result<(), Said> {
    match (price, mrp) {
        (Some(price), Some(mrp)) if price > mrp => {
            Err(Said::new("The price {price} is above the MRP {mrp}.")
                .with("price", rupees(price))
                .with("mrp", rupees(mrp)))
        }
        _ => Ok(()),
    }
}

/// `₹1,250.00`; more decimals where there are more.
fn rupees(amount: Decimal) -> String {
    let mut amount = amount.normalize();
    if amount.scale() < 2 {
        amount.rescale(2);
    }
    format!("₹{}", number::unsigned_indian(amount))
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most - 1).collect();
    format!("{start}…")
}

/// Letters and digits, in capitals, with hyphens between them.
fn hyphened(text: &str, most: usize) -> String {
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

fn amount(label: &'static str, cell: &str, in_paise: bool, places: u32) -> Result<Decimal, Said> {
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

fn pack_size(cell: &str) -> Result<Decimal, Said> {
    let size = quantity(text!("Units in a pack"), cell)?;
    if size.is_zero() {
        return Err(
            Said::new("{label} must be more than zero.").naming("label", text!("Units in a pack"))
        );
    }
    Ok(size)
}

fn barcode(cell: &str) -> Result<String, Said> {
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
fn weight(cell: &str) -> Result<Option<i32>, Said> {
    let grammes = quantity(text!("Weight"), cell)?;
    let whole = number::rounded(grammes, 0);
    let whole = i32::try_from(whole)
        .map_err(|_| Said::new("{label} is too large.").naming("label", text!("Weight")))?;
    Ok((whole > 0).then_some(whole))
}

fn status(cell: &str) -> Result<String, Said> {
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

impl Goods {
    /// What makes it this product and no other, where no code says so.
    pub fn identity(&self) -> String {
        identity(
            self.name.as_deref().unwrap_or_default(),
            self.brand.as_deref(),
            (self.mrp, self.pack_size, self.weight_g),
        )
    }

    /// The code that finds it: its own, or the one that is made for it.
    pub fn key(&self) -> String {
        self.sku.clone().unwrap_or_else(|| self.made_code())
    }

    /// A code out of the name, the same each time: letters to recognise it by, and ten signs that no other product gets.
    fn made_code(&self) -> String {
        const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let hash = Sha256::digest(self.identity());
        let sign = |byte: u8| char::from(SIGNS[usize::from(byte % 32)]);
        let end: String = hash.iter().take(10).map(|byte| sign(*byte)).collect();
        let start = hyphened(self.name.as_deref().unwrap_or_default(), 20);
        if start.is_empty() {
            format!("ITEM-{end}")
        } else {
            format!("{start}-{end}")
        }
    }

    /// The values as they will be stored, defaults included, for the preview.
    pub fn shown(&self, settings: &Settings) -> Vec<(&'static str, String)> {
        let or = |field: &str, value: &Option<String>| {
            value
                .clone()
                .unwrap_or_else(|| settings.default_of(field).to_owned())
        };
        let figure =
            |value: Option<Decimal>| value.map(|value| value.to_string()).unwrap_or_default();
        let money = |value: Option<Decimal>| value.map(rupees).unwrap_or_default();
        let category = if self.category.is_empty() {
            settings.default_of("category").to_owned()
        } else {
            self.category.join(" > ")
        };
        let plain = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            ("sku", self.key()),
            ("name", plain(&self.name)),
            ("name_hi", plain(&self.name_hi)),
            ("brand", or("brand", &self.brand)),
            ("category", category),
            ("description", plain(&self.description)),
            ("hsn", or("hsn", &self.hsn)),
            ("tax_condition", or("tax_condition", &self.tax_condition)),
            ("unit", or("unit", &self.unit)),
            ("pack_size", figure(self.pack_size)),
            ("pack_name", plain(&self.pack_name)),
            ("mrp", money(self.mrp)),
            ("price", money(self.price)),
            ("barcode", plain(&self.barcode)),
            (
                "weight_g",
                self.weight_g
                    .map(|grammes| grammes.to_string())
                    .unwrap_or_default(),
            ),
            ("status", or("status", &self.status)),
            ("stock", figure(self.stock)),
            ("reorder_level", figure(self.reorder_level)),
        ]
    }

    /// With what the whole file says where this row says nothing: for a product that is new.
    ///
    /// # Errors
    /// The reason why it can't be a product.
    pub fn complete(mut self, settings: &Settings) -> Result<Self, Said> {
        let default = |field: &str| some(settings.default_of(field).trim());
        if self.name.is_none() {
            return Err(Said::new("The row has no name."));
        }
        if self.brand.is_none()
            && let Some(brand) = default("brand")
        {
            self.brand = line_of(text!("Brand"), brand, 80)?;
        }
        if self.category.is_empty()
            && let Some(path) = default("category")
        {
            self.category = category(&[path])?;
        }
        if self.hsn.is_none() {
            let code = default("hsn").ok_or_else(|| {
                Said::new("The row has no HSN code, and none was given for the whole file.")
            })?;
            self.hsn = Some(hsn(code)?);
        }
        if self.tax_condition.is_none()
            && let Some(condition) = default("tax_condition")
        {
            self.tax_condition = line_of(text!("GST condition"), condition, 40)?;
        }
        if self.unit.is_none() {
            self.unit = Some(unit(default("unit").unwrap_or("PCS"))?);
        }
        if self.status.is_none() {
            self.status = Some(status(default("status").unwrap_or("active"))?);
        }
        Ok(self)
    }
}

/// Name, brand, MRP, pack and weight in small letters.
pub fn identity(
    name: &str,
    brand: Option<&str>,
    (mrp, pack_size, weight_g): (Option<Decimal>, Option<Decimal>, Option<i32>),
) -> String {
    let figure = |value: Option<Decimal>| {
        value
            .map(|value| value.normalize().to_string())
            .unwrap_or_default()
    };
    format!(
        "{}\u{1F}{}\u{1F}{}\u{1F}{}\u{1F}{}",
        one_line(name).to_lowercase(),
        brand
            .map(|brand| one_line(brand).to_lowercase())
            .unwrap_or_default(),
        figure(mrp),
        figure(pack_size.filter(|size| *size != Decimal::ONE)),
        weight_g
            .map(|grammes| grammes.to_string())
            .unwrap_or_default(),
    )
}
