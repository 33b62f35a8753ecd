//! The portal's catalogue: rows, the list, a product.

use super::portal_prices::{next_price, pack_words};
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::kernel::quantity::Quantity;
use crate::orders::forms::Misread;
use crate::orders::model::{CartLine, MOST_FOUND, Offer, Shelf};
use crate::orders::packs::Pack;
use crate::web::components::Empty;
use crate::web::filters;
use crate::web::layout::{CartSum, Shell};
use askama::Template;
use askama::filters::HtmlSafe;
use rust_decimal::Decimal;

/// Below so many packs a row says how many are left.
pub(super) const FEW_PACKS: i64 = 10;

/// Who looks at the catalogue, and where it stands.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Where the shop's addresses begin.
    pub base: String,
    /// The reader's language.
    pub lang: Lang,
    /// Whether this person may fill the cart now.
    pub may_order: bool,
    /// The address of the page, to come back to.
    pub back: String,
}

/// What a row offers to do.
#[derive(Clone, Debug)]
pub enum Act {
    /// Put one pack into the cart.
    Add,
    /// Change how many are in the cart.
    Step,
    /// Nothing, and why.
    Words(String),
    /// Nothing.
    Nothing,
}

/// A product in the catalogue.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/_good.html")]
pub struct GoodRow {
    pub sku: String,
    pub name: String,
    pub href: String,
    pub picture: Option<String>,
    pub drawing: &'static str,
    pub pack: String,
    pub pack_short: String,
    pub pack_long: String,
    pub price: Option<String>,
    pub includes_tax: bool,
    pub mrp: Option<String>,
    pub margin: Option<String>,
    /// Tone, with a space before it, and words.
    pub notes: Vec<(&'static str, String)>,
    pub is_out: bool,
    pub typed: String,
    /// Whether what stands in the field is no quantity.
    pub is_wrong: bool,
    pub act: Act,
    pub action: String,
    pub back: String,
}
impl HtmlSafe for GoodRow {}

impl GoodRow {
    /// The row of an offer; `said` is what became of the last wish for it.
    pub fn new(shop: &Shop, offer: &Offer, said: Option<&Said>) -> Self {
        let (good, lang) = (&offer.good, shop.lang);
        let pack = Pack::of(good);
        let is_out = offer.free() < good.pack_size;
        let mut notes = Vec::new();
        if let Some(said) = said {
            notes.push(("", lang.say(said)));
        }
        notes.extend(stock_note(offer, lang).map(|words| ("", words)));
        notes.extend(next_break(offer, lang).map(|words| (" deal", words)));
        Self {
            sku: good.sku.clone(),
            name: good.called(lang).to_owned(),
            href: format!("{}/p/{}", shop.base, good.sku),
            picture: good.small.map(|file| format!("{}/files/{file}", shop.base)),
            drawing: drawing(&good.name),
            pack: pack_line(offer, lang),
            pack_short: pack.short(lang),
            pack_long: pack.long(lang),
            price: offer.unit_price().map(|price| pack.priced(price, lang)),
            includes_tax: offer.includes_tax(),
            mrp: good.mrp.map(|mrp| mrp.to_string()),
            margin: margin(offer).map(|percent| format!("{percent}%")),
            notes,
            typed: offer
                .in_cart
                .map(|units| pack.typed(units))
                .unwrap_or_default(),
            is_wrong: false,
            act: act(offer, shop, is_out),
            is_out,
            action: format!("{}/cart/items", shop.base),
            back: shop.back.clone(),
        }
    }

    /// With what was typed into it and is no quantity, if something was.
    #[must_use]
    pub fn misread(mut self, wrong: Option<&Misread>) -> Self {
        if let Some(one) = wrong {
            self.typed.clone_from(&one.typed);
            self.is_wrong = true;
        }
        self
    }

    fn has_act(&self) -> bool {
        !matches!(self.act, Act::Nothing)
    }
}

fn act(offer: &Offer, shop: &Shop, is_out: bool) -> Act {
    let lang = shop.lang;
    if offer.good.status == "upcoming" {
        return Act::Words(lang.t("Coming soon").into_owned());
    }
    if !shop.may_order || !offer.is_orderable() {
        return Act::Nothing;
    }
    match (offer.in_cart.is_some(), is_out) {
        (true, _) => Act::Step,
        (false, true) => Act::Nothing,
        (false, false) => Act::Add,
    }
}

pub(super) fn stock_note(offer: &Offer, lang: Lang) -> Option<String> {
    let (good, free) = (&offer.good, offer.free());
    if good.status == "upcoming" {
        return None;
    }
    if free < good.pack_size {
        return Some(lang.t("Out of stock").into_owned());
    }
    let few = good.pack_size * Decimal::from(FEW_PACKS);
    (free < few).then(|| {
        let can_have = Pack::of(good).words((free / good.pack_size).floor() * good.pack_size, lang);
        lang.say(&Said::new("Only {quantity} left").with("quantity", can_have))
    })
}

fn next_break(offer: &Offer, lang: Lang) -> Option<String> {
    let found = offer.line.as_ref()?;
    if offer.free() < found.next_qty? {
        return None;
    }
    next_price(found, Pack::of(&offer.good), lang)
}

/// `Case of 12 · ₹2,118.00`: what a pack comes to at the quantity that the row stands at.
fn pack_line(offer: &Offer, lang: Lang) -> String {
    let pack = Pack::of(&offer.good);
    let words = pack_words(pack, lang);
    let cost = offer
        .unit_price()
        .zip(Quantity::new(pack.size))
        .filter(|_| pack.is_packed())
        .map(|(price, size)| price.times(size).to_string());
    match cost {
        Some(cost) => format!("{words} · {cost}"),
        None => words,
    }
}

/// What the retailer keeps of the MRP, per cent with one decimal: the MRP holds GST, so the cost does too.
fn margin(offer: &Offer) -> Option<Decimal> {
    let (price, mrp) = (offer.unit_price()?, offer.good.mrp?);
    if mrp <= Money::ZERO {
        return None;
    }
    let rate = offer.rate()?;
    let cost = if offer.includes_tax() {
        price.as_decimal()
    } else {
        let on_value = Decimal::ONE_HUNDRED + rate.gst + rate.cess;
        price.as_decimal() * on_value / Decimal::ONE_HUNDRED + rate.cess_per_unit
    };
    let share = (mrp.as_decimal() - cost) * Decimal::ONE_HUNDRED / mrp.as_decimal();
    (share > Decimal::ZERO).then(|| {
        let mut share = number::rounded(share, 1);
        share.rescale(1);
        share
    })
}

/// Which drawing stands in for a picture that isn't there, by the words of the name.
pub fn drawing(name: &str) -> &'static str {
    let name = name.to_lowercase();
    let holds = |known: &[&str]| {
        name.split(|c: char| !c.is_alphanumeric())
            .any(|word| known.contains(&word))
    };
    if holds(&["oil", "ghee", "juice", "syrup", "sauce", "vinegar"]) {
        "oil"
    } else if holds(&[
        "soap",
        "detergent",
        "shampoo",
        "toothpaste",
        "cleaner",
        "bar",
    ]) {
        "soap"
    } else if holds(&[
        "tea", "coffee", "pickle", "honey", "jam", "powder", "masala",
    ]) {
        "jar"
    } else if holds(&[
        "biscuit",
        "noodle",
        "chips",
        "namkeen",
        "candy",
        "chocolate",
    ]) {
        "packet"
    } else if holds(&[
        "maida", "rice", "dal", "atta", "flour", "sugar", "salt", "wheat", "poha", "rava", "besan",
        "cement",
    ]) {
        "sack"
    } else {
        "box"
    }
}

/// What a cart holds, for the bar: as it was last seen.
pub fn cart_sum(lines: &[CartLine]) -> CartSum {
    CartSum {
        count: lines.len(),
        amount: lines
            .iter()
            .filter_map(|line| line.seen_total)
            .sum::<Money>()
            .to_string(),
    }
}

/// A category to choose.
pub struct Chip {
    pub name: String,
    pub href: String,
    pub is_current: bool,
}

#[derive(Template)]
#[template(path = "portal/catalogue.html")]
pub struct CataloguePage {
    pub shell: Shell,
    pub chips: Vec<Chip>,
    pub below: Vec<Chip>,
    pub heading: String,
    pub rows: Vec<GoodRow>,
    pub all_include_tax: bool,
    pub is_paused: bool,
    pub next: Option<String>,
    /// What the last page says where a search found more than is shown.
    pub end: Option<String>,
    pub empty: Empty,
}

impl CataloguePage {
    /// The chips of the tree: the top level, and what lies within the chosen branch.
    pub fn chips(shop: &Shop, all: &[Shelf], current: Option<&Shelf>) -> (Vec<Chip>, Vec<Chip>) {
        let at = |slug: &str| format!("{}/catalogue/{slug}", shop.base);
        let mut branch = current;
        while let Some(parent) = branch
            .and_then(|shelf| shelf.parent_id)
            .and_then(|id| all.iter().find(|shelf| shelf.id == id))
        {
            branch = Some(parent);
        }
        let chip = |shelf: &Shelf, is_current| Chip {
            name: shelf.name.clone(),
            href: at(&shelf.slug),
            is_current,
        };
        let mut top = vec![Chip {
            name: shop.lang.t("All").into_owned(),
            href: format!("{}/catalogue", shop.base),
            is_current: current.is_none(),
        }];
        top.extend(
            all.iter()
                .filter(|shelf| shelf.parent_id.is_none())
                .map(|shelf| chip(shelf, branch.is_some_and(|one| one.id == shelf.id))),
        );
        // A leaf shows its sisters, so that the way sideways stays open.
        let has_children = |id| all.iter().any(|shelf| shelf.parent_id == Some(id));
        let parent = current.and_then(|shelf| {
            if has_children(shelf.id) {
                Some(shelf.id)
            } else {
                shelf.parent_id
            }
        });
        let below = all
            .iter()
            .filter(|shelf| parent.is_some() && shelf.parent_id == parent)
            .map(|shelf| chip(shelf, current.is_some_and(|one| one.id == shelf.id)))
            .collect();
        (top, below)
    }

    /// What is said under the last product of a search that found more.
    pub fn end(lang: Lang, is_cut: bool) -> Option<String> {
        let said = Said::new("{count}+ in all; another word narrows it").with("count", MOST_FOUND);
        is_cut.then(|| lang.say(&said))
    }

    /// What is said where nothing is on offer.
    pub fn nothing(shop: &Shop, search: Option<&str>) -> Empty {
        let lang = shop.lang;
        match search {
            Some(words) => Empty {
                icon: "search",
                heading: lang.say(&Said::new("Nothing fits “{words}”").with("words", words)),
                text: lang
                    .t("Try fewer words, or a code from the packet.")
                    .into_owned(),
                action: Some((
                    lang.t("See everything").into_owned(),
                    format!("{}/catalogue", shop.base),
                )),
            },
            None => Empty {
                icon: "box",
                heading: lang.t("No products here yet").into_owned(),
                text: lang
                    .t("Products appear here as soon as your supplier offers them.")
                    .into_owned(),
                action: None,
            },
        }
    }
}
