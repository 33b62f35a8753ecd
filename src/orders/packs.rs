//! Quantities as people type them: whole packs, "2cs", "2 cs 5 pc", "29". Pure.

use super::model::{Good, Goods, OrderLine, QuoteLine};
use super::rules;
use crate::kernel::language::{Lang, Said, Sayable, Value};
use crate::kernel::number;
use crate::kernel::quantity::Quantity;
use rust_decimal::Decimal;

pub use crate::products::packs::Pack;

/// What a number without a word counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bare {
    /// Packs, as beside a field that says so.
    Packs,
    /// Units, as in a pasted list.
    Units,
}

/// What a wish became.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// Units; none when nothing can be had.
    pub units: Option<Quantity>,
    /// Why it is not what was wished for.
    pub said: Option<Said>,
}

impl<'a> Pack<'a> {
    /// How a product of the portal's catalogue is packed.
    pub fn of(good: &'a Good) -> Self {
        Self {
            size: good.pack_size,
            name: good.pack_name.as_deref(),
            unit: &good.unit,
        }
    }

    /// How a product is packed that might be ordered.
    pub fn of_quote(row: &'a QuoteLine) -> Self {
        Self {
            size: row.pack_size,
            name: row.pack_name.as_deref(),
            unit: &row.unit,
        }
    }

    /// How a product is packed whose line is being typed.
    pub fn of_goods(row: &'a Goods) -> Self {
        Self {
            size: row.pack_size,
            name: row.pack_name.as_deref(),
            unit: &row.unit,
        }
    }

    /// How a product was packed when it was ordered.
    pub fn of_line(line: &'a OrderLine) -> Self {
        Self {
            size: line.pack_size,
            name: line.pack_name.as_deref(),
            unit: &line.unit,
        }
    }
}

/// So much of what is no quantity is said again.
const MOST_LETTERS: usize = 40;

/// What is said of words that are no quantity, with words that this very product understands.
fn not_understood(typed: &str, pack: Pack) -> Said {
    let said = if pack.is_packed() {
        Said::new("“{typed}” is no quantity. Write it like 4, 2 {pack} or {units} {unit}.")
            .with("pack", understood(|lang| pack.short(lang), "pack"))
            .with("units", number::indian((pack.size + pack.size).normalize()))
    } else {
        Said::new("“{typed}” is no quantity. Write it like 4 or 4 {unit}.")
    };
    let code = pack.unit.to_lowercase();
    let typed: String = typed.trim().chars().take(MOST_LETTERS).collect();
    said.with("typed", typed)
        .with("unit", understood(|lang| pack.unit_word(lang), &code))
}

/// A word of the product's in each language, or another one where it is none that is read behind a figure, like `sq ft`.
fn understood(word: impl Fn(Lang) -> String, otherwise: &str) -> Value {
    let is_read = |word: &str| {
        !word.contains(|c: char| c.is_whitespace() || c.is_ascii_digit() || c == ',' || c == '+')
    };
    let (english, hindi) = (word(Lang::En), word(Lang::Hi));
    if !is_read(&english) || !is_read(&hindi) {
        otherwise.into()
    } else if english == hindi {
        english.into()
    } else {
        english.to_said().into()
    }
}

/// The most that anybody orders of one product.
const MOST: Decimal = Decimal::from_parts(99_999_999, 0, 0, false, 0);

/// The units that somebody typed. Nothing and 0 are none.
///
/// # Errors
/// In words, for what is no quantity.
pub fn parse(typed: &str, pack: Pack, bare: Bare) -> Result<Decimal, Said> {
    read(typed, pack, bare, || not_understood(typed, pack))
}

/// The quantity that somebody typed who counts units.
///
/// # Errors
/// In words, for what is no quantity; where it can't be read, how this very product is counted.
pub fn typed(typed: &str, pack: Pack) -> Result<Quantity, Said> {
    let units = read(typed, pack, Bare::Units, || unclear(pack))?;
    if units.is_zero() {
        return Err(Said::new("A quantity must be more than zero."));
    }
    Quantity::new(units).ok_or_else(too_many)
}

fn read(typed: &str, pack: Pack, bare: Bare, unclear: impl Fn() -> Said) -> Result<Decimal, Said> {
    let text = typed.trim().to_lowercase();
    let mut units = Decimal::ZERO;
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
            .unwrap_or(rest.len());
        let (figure, after) = rest.split_at(end);
        let after = after.trim_start();
        let word_end = after
            .find(|c: char| c.is_ascii_digit() || c.is_whitespace() || c == ',' || c == '+')
            .unwrap_or(after.len());
        let (word, after) = after.split_at(word_end);
        let word = word.trim_end_matches('.');
        rest = after.trim_start_matches([',', '+', ' ']).trim_start();
        // Two figures without a word between them may be one, or two.
        if word.is_empty() && !rest.is_empty() {
            return Err(unclear());
        }
        let count = number::parse(figure).map_err(|_| unclear())?;
        let factor = if is_pack_word(word, &pack) || (word.is_empty() && bare == Bare::Packs) {
            pack.size
        } else if word.is_empty() || is_unit_word(word, &pack) {
            Decimal::ONE
        } else {
            return Err(unclear());
        };
        let more = count
            .checked_mul(factor)
            .filter(|more| *more <= MOST)
            .ok_or_else(too_many)?;
        units += more;
    }
    if units > MOST {
        return Err(too_many());
    }
    if units.normalize().scale() > 3 {
        return Err(Said::new("A quantity has 3 decimals at most."));
    }
    Ok(units.normalize())
}

fn too_many() -> Said {
    Said::new("That is more than anybody orders. Write a smaller quantity.")
}

/// What is said of a quantity that can't be read: how this very product is counted.
fn unclear(pack: Pack) -> Said {
    if !pack.is_packed() && pack.name.is_none() {
        return Said::new("This is sold singly. Write how many in figures, like 29.");
    }
    Said::new(
        "This comes in a {pack} of {size}. Write how many, like {size}, 2 {pack} or 2 {pack} 5 {unit}.",
    )
    .with("pack", pack.long(Lang::En))
    .with("size", number::indian(pack.size))
    .with("unit", pack.unit_word(Lang::En))
}

/// Whether a word is a name, or several of it.
fn is_named(word: &str, name: &str) -> bool {
    let ending = word.strip_prefix(name);
    !name.is_empty()
        && (matches!(ending, Some("" | "s" | "es")) || name.strip_suffix('s') == Some(word))
}

fn is_pack_word(word: &str, pack: &Pack) -> bool {
    let own = pack.name.map(str::to_lowercase).unwrap_or_default();
    is_named(word, &own)
        || (pack.name.is_some() && is_named(word, &pack.long(Lang::Hi)))
        || (pack.is_packed()
            && ["cs", "case", "cases", "pack", "packs", "pk", "पेटी", "पैक"].contains(&word))
}

/// What everybody calls one of what is counted singly. Of a dozen, a box or a set nobody knows whether they mean it or what is in it.
const PIECES: [&str; 10] = [
    "pc",
    "pcs",
    "piece",
    "pieces",
    "unit",
    "units",
    "nos",
    "no",
    "नग",
    "पीस",
];

fn is_unit_word(word: &str, pack: &Pack) -> bool {
    let usual = match pack.unit {
        "PCS" | "NOS" | "UNT" | "OTH" | "BTL" | "CAN" | "TUB" | "ROL" | "BAG" | "DRM" => {
            &PIECES[..]
        }
        "PAC" => &["pkt", "pc", "pcs", "पैकेट"],
        "KGS" => &["kilo", "kilos", "किलो"],
        "LTR" => &["l", "लीटर"],
        "MTR" => &["m", "मीटर"],
        _ => &[],
    };
    is_named(word, &pack.unit.to_lowercase())
        || is_named(word, &pack.unit_word(Lang::En))
        || is_named(word, &pack.unit_word(Lang::Hi))
        || usual.contains(&word)
}

/// Whole packs, or units of what isn't packed, as each reader says them: `4 cs`. A name that the supplier gave its packs stays as it is.
fn in_packs(units: Decimal, pack: &Pack) -> Said {
    let count = if pack.is_packed() {
        units / pack.size
    } else {
        units
    };
    counted(count, |lang| pack.short(lang))
}

/// Units with their word, as each reader says it: `24 pc`.
pub fn in_units(units: Decimal, pack: &Pack) -> Said {
    counted(units, |lang| pack.unit_word(lang))
}

fn counted(count: Decimal, word: impl Fn(Lang) -> String) -> Said {
    let said = Said::new("{figure} {pack}").with("figure", number::indian(count.normalize()));
    let (word, hindi) = (word(Lang::En), word(Lang::Hi));
    if word == hindi {
        said.with("pack", word)
    } else {
        said.with("pack", word.to_said())
    }
}

/// What can be had of a wish: whole packs, rounded up, and no more than is free.
pub fn fit(wish: Quantity, pack: Pack, free: Decimal) -> Taken {
    let (whole, can_have) = if pack.is_loose() {
        (wish, Quantity::new(free))
    } else {
        (
            rules::whole_packs(wish, pack.size),
            rules::packs_in(free, pack.size),
        )
    };
    let Some(can_have) = can_have else {
        return Taken {
            units: None,
            said: Some(Said::new("Out of stock.")),
        };
    };
    let words = |units: Quantity| in_packs(units.as_decimal(), &pack);
    if whole > can_have {
        return Taken {
            units: Some(can_have),
            said: Some(Said::new("Only {quantity} in stock.").with("quantity", words(can_have))),
        };
    }
    let said = (whole != wish).then(|| {
        Said::new("Sold in packs of {size}: {taken} instead of {typed}.")
            .with("size", number::indian(pack.size))
            .with("taken", words(whole))
            .with("typed", number::indian(wish.as_decimal()))
    });
    Taken {
        units: Some(whole),
        said,
    }
}
