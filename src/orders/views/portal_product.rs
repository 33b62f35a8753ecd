//! The page of one product.

use super::portal_catalogue::{FEW_PACKS, GoodRow, Shop, stock_note};
use super::portal_prices::{pack_words, tax_kind};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::orders::model::{Break, Offer};
use crate::orders::packs::Pack;
use crate::pricing::model::Step as PriceStep;
use crate::tax::rules::{Rate, rupees};
use crate::tax::views::and_unit;
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// A step of the price by quantity.
pub struct Step {
    pub from: String,
    pub price: String,
    pub is_current: bool,
}

#[derive(Template)]
#[template(path = "portal/product.html")]
pub struct ProductPage {
    pub shell: Shell,
    pub up: (String, String),
    pub row: GoodRow,
    pub brand: Option<String>,
    pub large: Option<String>,
    pub description: Option<String>,
    pub stock: Option<Pill>,
    pub breaks: Vec<Step>,
    pub why: Option<Said>,
    pub facts: Vec<(String, String)>,
}

impl ProductPage {
    /// `steps`: what it costs at every quantity; `breaks`: those of the list that prices it at the quantity in the cart, or at one pack.
    pub fn new(
        shell: Shell,
        shop: &Shop,
        offer: &Offer,
        (steps, breaks): (&[PriceStep], &[Break]),
    ) -> Self {
        let (good, lang) = (&offer.good, shop.lang);
        let units = offer.in_cart.unwrap_or(good.pack_size);
        let reached = breaks
            .iter()
            .map(|step| step.min_qty)
            .filter(|from| *from <= units)
            .max();
        let up = match (&good.category, &good.category_slug) {
            (Some(name), Some(slug)) => (name.clone(), format!("{}/catalogue/{slug}", shop.base)),
            _ => (
                lang.t("Catalogue").into_owned(),
                format!("{}/catalogue", shop.base),
            ),
        };
        Self {
            shell,
            up,
            row: GoodRow::new(shop, offer, None),
            brand: good.brand.clone(),
            large: good.large.map(|file| format!("{}/files/{file}", shop.base)),
            description: good.description.clone().filter(|text| !text.is_empty()),
            stock: stock_pill(offer, lang),
            breaks: price_steps(offer, steps, units, lang),
            why: breaks.first().map(|step| why(step, reached, offer, lang)),
            facts: facts(offer, lang),
        }
    }
}

fn stock_pill(offer: &Offer, lang: Lang) -> Option<Pill> {
    if offer.good.status == "upcoming" {
        return Some(Pill::new(lang.t("Coming soon"), "", ""));
    }
    let few = offer.good.pack_size * Decimal::from(FEW_PACKS);
    Some(if offer.free() < offer.good.pack_size {
        Pill::new(lang.t("Out of stock"), "bad", "")
    } else if offer.free() < few {
        Pill::new(stock_note(offer, lang).unwrap_or_default(), "warn", "half")
    } else {
        Pill::new(lang.t("In stock"), "ok", "full")
    })
}

fn price_steps(offer: &Offer, steps: &[PriceStep], units: Decimal, lang: Lang) -> Vec<Step> {
    let pack = Pack::of(&offer.good);
    let reached = |units: Decimal| {
        let starts = steps.iter().map(|step| step.min_qty);
        starts.filter(|from| *from <= units).max()
    };
    // Nobody orders less than a pack: of the steps up to one pack, the last is where the price begins.
    let (first, current) = (reached(offer.good.pack_size), reached(units));
    let is_mixed = steps
        .iter()
        .any(|step| step.includes_tax != offer.includes_tax());
    let price = |step: &PriceStep| {
        let words = pack.priced(step.price, lang);
        if is_mixed {
            format!("{words} {}", tax_kind(step.includes_tax, lang))
        } else {
            words
        }
    };
    steps
        .iter()
        .filter(|step| first.is_none_or(|first| step.min_qty >= first))
        .map(|step| Step {
            from: if step.min_qty <= offer.good.pack_size {
                lang.t("Any quantity").into_owned()
            } else {
                lang.say(
                    &Said::new("{quantity} or more")
                        .with("quantity", pack.words(step.min_qty, lang)),
                )
            },
            price: price(step),
            is_current: current == Some(step.min_qty),
        })
        .collect()
}

fn why(step: &Break, reached: Option<Decimal>, offer: &Offer, lang: Lang) -> Said {
    let day = |day: NaiveDate| dates::date(day, lang);
    let from = reached.filter(|units| *units > offer.good.pack_size);
    let quantity = from.map(|units| Pack::of(&offer.good).words(units, lang));
    let said = match (quantity, step.valid_to) {
        (Some(quantity), Some(to)) => Said::new(
            "It comes from the price list “{list}”, for {quantity} or more. The list holds from {from} to {to}.",
        )
        .with("quantity", quantity)
        .with("to", day(to)),
        (Some(quantity), None) => Said::new(
            "It comes from the price list “{list}”, for {quantity} or more. The list holds from {from} on.",
        )
        .with("quantity", quantity),
        (None, Some(to)) => {
            Said::new("It comes from the price list “{list}”, which holds from {from} to {to}.")
                .with("to", day(to))
        }
        (None, None) => {
            Said::new("It comes from the price list “{list}”, which holds from {from} on.")
        }
    };
    said.with("list", &step.list_name)
        .with("from", day(step.valid_from))
}

fn facts(offer: &Offer, lang: Lang) -> Vec<(String, String)> {
    let good = &offer.good;
    let mut facts = vec![
        (lang.t("Code").into_owned(), good.sku.clone()),
        // What a pack comes to stands in the row above, at the quantity in the cart: here it would stay behind when that changes.
        (
            lang.t("Pack").into_owned(),
            pack_words(Pack::of(good), lang),
        ),
    ];
    if let Some(mrp) = good.mrp {
        facts.push((lang.t("MRP").into_owned(), mrp.to_string()));
    }
    if let Some(rate) = offer.rate() {
        facts.push((lang.t("GST").into_owned(), format!("{}%", rate.gst)));
        if let Some(cess) = cess_words(&rate, lang) {
            facts.push((lang.t("Cess").into_owned(), cess));
        }
    }
    facts.push((lang.t("HSN").into_owned(), good.hsn.clone()));
    facts
}

/// What a product bears of cess, on its value, by unit or both: `12%`, `₹4.17 a unit`, `12% + ₹4.17 a unit`.
fn cess_words(rate: &Rate, lang: Lang) -> Option<String> {
    let percent = format!("{}%", rate.cess);
    match (rate.cess.is_zero(), rate.cess_per_unit.is_zero()) {
        (true, true) => None,
        (true, false) => {
            let cess = rupees(rate.cess_per_unit);
            Some(lang.say(&Said::new("{cess} a unit").with("cess", cess)))
        }
        (false, _) => Some(and_unit(lang, percent, rate.cess_per_unit)),
    }
}
