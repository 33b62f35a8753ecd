//! Quantities as people read them: units and packs. Pure, and the one place that writes them.

use super::model::Product;
use crate::kernel::language::{Lang, text};
use crate::kernel::money::UnitPrice;
use crate::kernel::number::indian;
use rust_decimal::Decimal;

/// How goods are packed.
#[derive(Clone, Copy, Debug)]
pub struct Pack<'a> {
    /// Units in a pack, more than zero.
    pub size: Decimal,
    /// What a pack is called, e.g. `case`.
    pub name: Option<&'a str>,
    /// The unit's code, e.g. `PCS`.
    pub unit: &'a str,
}

/// Units that can be halved: weight, volume, length.
const LOOSE: [&str; 10] = [
    "KGS", "GMS", "QTL", "TON", "LTR", "MLT", "MTR", "CMS", "SQM", "SQF",
];

/// Units by their codes, as they are written behind a figure.
const WORDS: [(&str, &str); 31] = [
    ("PCS", text!("pc")),
    ("NOS", text!("pc")),
    ("KGS", text!("kg")),
    ("GMS", text!("g")),
    ("LTR", text!("litre")),
    ("MLT", text!("ml")),
    ("PAC", text!("packet")),
    ("BOX", text!("box")),
    ("BAG", text!("bag")),
    ("BTL", text!("bottle")),
    ("CAN", text!("can")),
    ("CTN", text!("carton")),
    ("DOZ", text!("dozen")),
    ("DRM", text!("drum")),
    ("TUB", text!("tube")),
    ("ROL", text!("roll")),
    ("SET", text!("set")),
    ("PRS", text!("pair")),
    ("BDL", text!("bundle")),
    ("BUN", text!("bunch")),
    ("MTR", text!("metre")),
    ("CMS", text!("cm")),
    ("SQF", text!("sq ft")),
    ("SQM", text!("sq m")),
    ("CBM", text!("cu m")),
    ("QTL", text!("quintal")),
    ("TON", text!("tonne")),
    ("GRS", text!("gross")),
    ("THD", text!("thousand")),
    ("UNT", text!("unit")),
    ("OTH", text!("unit")),
];

/// The short word for a unit: `pc`, `kg`.
pub fn unit_word(code: &str, lang: Lang) -> String {
    match WORDS.iter().find(|unit| unit.0 == code) {
        Some((_, word)) => lang.t(word).into_owned(),
        None => code.to_lowercase(),
    }
}

impl<'a> Pack<'a> {
    /// How a product of the catalogue is packed.
    pub fn of_product(product: &'a Product) -> Self {
        Self {
            size: product.pack_size.as_decimal(),
            name: product.pack_name.as_deref(),
            unit: &product.unit,
        }
    }

    /// Whether it is sold in packs of more than one.
    pub fn is_packed(&self) -> bool {
        self.size > Decimal::ONE
    }

    /// Whether parts of a unit can be ordered.
    pub fn is_loose(&self) -> bool {
        self.size == Decimal::ONE && self.name.is_none() && LOOSE.contains(&self.unit)
    }

    /// The short word for a pack, or for the unit of what isn't packed.
    pub fn short(&self, lang: Lang) -> String {
        match self.name {
            Some(name) if name.eq_ignore_ascii_case("case") => lang.t("cs").into_owned(),
            _ => self.long(lang),
        }
    }

    /// The long word for a pack.
    pub fn long(&self, lang: Lang) -> String {
        let Some(name) = self.name.map(str::to_lowercase) else {
            return if self.is_packed() {
                lang.t("pack").into_owned()
            } else {
                self.unit_word(lang)
            };
        };
        // The usual names are known in every language; the others are the supplier's own words.
        if name == "case" {
            return lang.t("case").into_owned();
        }
        match WORDS.iter().find(|unit| unit.1 == name) {
            Some((_, word)) => lang.t(word).into_owned(),
            None => name,
        }
    }

    /// The short word for a unit.
    pub fn unit_word(&self, lang: Lang) -> String {
        unit_word(self.unit, lang)
    }

    /// A price for one unit: `₹40.00`; `₹36.08/kg` for what is weighed or measured.
    pub fn priced(&self, price: UnitPrice, lang: Lang) -> String {
        if LOOSE.contains(&self.unit) {
            format!("{price}/{}", self.unit_word(lang))
        } else {
            price.to_string()
        }
    }

    /// Units as packs for a field that counts packs: `4`; as units where that is no whole number of packs.
    pub fn typed(&self, units: Decimal) -> String {
        let (packs, rest) = self.split(units);
        if rest.is_zero() {
            packs.normalize().to_string()
        } else {
            format!("{} {}", units.normalize(), self.unit.to_lowercase())
        }
    }

    /// `4 cs`, `4 cs 5 pc`, `10 bag`, `0 pc`; less than nothing keeps its sign.
    pub fn words(&self, units: Decimal, lang: Lang) -> String {
        let sign = if units < Decimal::ZERO {
            "\u{2212}"
        } else {
            ""
        };
        let (packs, rest) = self.split(units.abs());
        let whole = || format!("{} {}", indian(packs), self.short(lang));
        let part = || format!("{} {}", indian(rest), self.unit_word(lang));
        match (packs.is_zero(), rest.is_zero()) {
            (true, _) => format!("{sign}{}", part()),
            (false, true) => format!("{sign}{}", whole()),
            (false, false) => format!("{sign}{} {}", whole(), part()),
        }
    }

    /// The packs beside a figure of units: `4 cs`, `4 cs 5 pc`; nothing where there is not one whole pack of more than one.
    pub fn beside(&self, units: Decimal, lang: Lang) -> Option<String> {
        (self.is_packed() && units >= self.size).then(|| self.words(units, lang))
    }

    fn split(&self, units: Decimal) -> (Decimal, Decimal) {
        if !self.is_packed() {
            return (units, Decimal::ZERO);
        }
        let packs = (units / self.size).floor();
        (packs, (units - packs * self.size).normalize())
    }
}
