//! What of an order is in the cart again.

use crate::kernel::ids::ProductId;
use crate::kernel::language::{Lang, Said};
use crate::orders::model::{CartLine, Order, OrderLine, QuoteLine};
use crate::orders::packs::Pack;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use std::collections::HashMap;

/// What of an order line is in the cart, and what is different now.
pub struct AgainRow {
    pub name: String,
    pub quantity: String,
    pub words: String,
    pub is_different: bool,
}

#[derive(Template)]
#[template(path = "portal/again.html")]
pub struct AgainPage {
    pub shell: Shell,
    pub number: String,
    pub rows: Vec<AgainRow>,
    pub base: String,
}

impl AgainPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        order: &Order,
        (lines, now, cart): (&[OrderLine], &[QuoteLine], &[CartLine]),
        names: &HashMap<ProductId, String>,
    ) -> Self {
        Self {
            shell,
            number: order.number.clone(),
            rows: lines
                .iter()
                .map(|line| {
                    let mut row = again_row(line, now, cart, lang);
                    if let Some(name) = names.get(&line.product_id) {
                        row.name.clone_from(name);
                    }
                    row
                })
                .collect(),
            base,
        }
    }
}

fn again_row(line: &OrderLine, now: &[QuoteLine], cart: &[CartLine], lang: Lang) -> AgainRow {
    let pack = Pack::of_line(line);
    let found = now.iter().find(|one| one.product_id == line.product_id);
    let taken = cart
        .iter()
        .find(|one| one.product_id == line.product_id)
        .map(|one| one.quantity.as_decimal());
    let said = match (found, taken) {
        (Some(found), Some(units)) if found.status == "active" => {
            let words = pack.words(units, lang);
            match found.price {
                _ if units < line.quantity => {
                    Said::new("Short: {quantity} in the cart.").with("quantity", words)
                }
                Some(price) if price != line.price => {
                    Said::new("{quantity} in the cart. The price was {was}, it is {now} now.")
                        .with("quantity", words)
                        .with("was", line.price.to_string())
                        .with("now", price.to_string())
                }
                _ => Said::new("{quantity} in the cart.").with("quantity", words),
            }
        }
        (Some(found), None) if found.status == "active" && found.price.is_none() => {
            Said::new("Not in the cart: it has no price now.")
        }
        (Some(found), None) if found.status == "active" => {
            Said::new("Not in the cart: out of stock.")
        }
        _ => Said::new("Not in the cart: it is not sold any more."),
    };
    let is_same =
        taken == Some(line.quantity) && found.is_some_and(|found| found.price == Some(line.price));
    AgainRow {
        name: line.name.clone(),
        quantity: pack.words(line.quantity, lang),
        words: lang.say(&said),
        is_different: !is_same,
    }
}
