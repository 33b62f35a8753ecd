//! Prices and packs of the portal in words.

use crate::kernel::language::{Lang, Said};
use crate::kernel::number;
use crate::orders::model::QuoteLine;
use crate::orders::packs::Pack;

/// From which quantity on a line costs something else: `5 cs or more: ₹36.50 each`, `4 box or more: ₹90.25/kg`. What has no price at the
/// quantity that it stands at has none to be compared with.
pub(super) fn next_price(line: &QuoteLine, pack: Pack, lang: Lang) -> Option<String> {
    let (units, price) = (line.next_qty?, line.next_price?);
    line.price?;
    let includes_tax = line.next_includes_tax.unwrap_or_default();
    let mut words = pack.priced(price, lang);
    // A price for a weight or a measure says itself what it is for.
    let mut is_for_each = words == price.to_string();
    if line.includes_tax != Some(includes_tax) {
        words = format!("{words} {}", tax_kind(includes_tax, lang));
        is_for_each = false;
    }
    let said = if is_for_each {
        Said::new("{quantity} or more: {price} each")
    } else {
        Said::new("{quantity} or more: {price}")
    };
    Some(
        lang.say(
            &said
                .with("quantity", pack.words(units, lang))
                .with("price", words),
        ),
    )
}

/// Whether a price holds GST, where it stands beside one of the other kind.
pub(super) fn tax_kind(includes_tax: bool, lang: Lang) -> String {
    if includes_tax {
        lang.t("with GST").into_owned()
    } else {
        lang.t("before GST").into_owned()
    }
}

/// `Case of 12`, `1 bag`, `Sold by the kg`.
pub(super) fn pack_words(pack: Pack, lang: Lang) -> String {
    if !pack.is_packed() {
        return match pack.name {
            Some(_) => format!("1 {}", pack.long(lang)),
            None => lang.say(&Said::new("Sold by the {unit}").with("unit", pack.unit_word(lang))),
        };
    }
    // `Bag of 50 kg`: what is weighed or measured says so, what is counted needs no word.
    let figure = number::indian(pack.size);
    let size = match pack.unit {
        "PCS" | "NOS" | "UNT" => figure,
        _ => format!("{figure} {}", pack.unit_word(lang)),
    };
    let of = match pack.name {
        Some(name) if !name.eq_ignore_ascii_case("case") => {
            Said::new("{pack} of {size}").with("pack", capital(&pack.long(lang)))
        }
        _ => Said::new("Case of {size}"),
    };
    lang.say(&of.with("size", size))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
