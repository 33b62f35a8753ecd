//! The page of one product.

use super::portal_catalogue::{FEW_PACKS, GoodRow, Shop, pack_line, stock_note};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::UnitPrice;
use crate::orders::model::{Break, Offer};
use crate::orders::packs::Pack;
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// A step of the price by quantity.
pub struct Step {
    pub from: String,
    pub price: UnitPrice,
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
    pub fn new(shell: Shell, shop: &Shop, offer: &Offer, breaks: &[Break]) -> Self {
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
            breaks: steps(offer, breaks, reached, lang),
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

fn steps(offer: &Offer, breaks: &[Break], reached: Option<Decimal>, lang: Lang) -> Vec<Step> {
    let pack = Pack::of(&offer.good);
    // Nobody orders less than a pack: of the steps up to one pack, the last is where the price begins.
    let first = breaks
        .iter()
        .map(|step| step.min_qty)
        .filter(|from| *from <= offer.good.pack_size)
        .max();
    breaks
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
            price: step.price,
            is_current: reached == Some(step.min_qty),
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
        (lang.t("Pack").into_owned(), pack_line(offer, lang)),
    ];
    if let Some(mrp) = good.mrp {
        facts.push((lang.t("MRP").into_owned(), mrp.to_string()));
    }
    if let Some(rate) = offer.rate() {
        facts.push((lang.t("GST").into_owned(), format!("{}%", rate.gst)));
        if !rate.cess.is_zero() {
            facts.push((lang.t("Cess").into_owned(), format!("{}%", rate.cess)));
        }
    }
    facts.push((lang.t("HSN").into_owned(), good.hsn.clone()));
    facts
}
