//! The order pad.

use super::portal_catalogue::{GoodRow, Shop};
use crate::kernel::ids::ProductId;
use crate::kernel::language::{Lang, Said};
use crate::orders::forms::{MOST_PASTED, Misread, PadLine};
use crate::orders::model::{Good, Offer, Usual};
use crate::orders::packs::Pack;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;

/// A line of a list that can mean several products.
pub struct Question {
    /// As it was pasted.
    pub text: String,
    /// Its quantity.
    pub quantity: String,
    /// Code and name of each product that it can mean.
    pub choices: Vec<(String, String)>,
}

/// What became of a pasted list.
#[derive(Default)]
pub struct Pasted {
    /// How many of its products are in the cart now.
    pub added: usize,
    /// Lines that nothing fits, as they were pasted, and why.
    pub left: Vec<(String, Said)>,
    /// Lines that were not read yet, because there are so many.
    pub rest: Vec<String>,
    /// Lines that can mean several products.
    pub questions: Vec<Question>,
    /// What was no quantity in a row.
    pub misread: Vec<Misread>,
    /// What was changed of a wish: the product's name, the product, the words.
    pub changed: Vec<(String, ProductId, Said)>,
}

impl Pasted {
    /// Notes a line that nothing can be done with.
    pub fn unknown(&mut self, line: PadLine, why: Said) {
        self.left.push((line.text, why));
    }

    /// Notes a line that can mean several products.
    pub fn ambiguous(&mut self, line: PadLine, goods: &[&Good]) {
        self.questions.push(Question {
            text: line.text,
            quantity: line.quantity,
            choices: goods
                .iter()
                .map(|good| (good.sku.clone(), good.name.clone()))
                .collect(),
        });
    }

    /// Notes what was changed of a wish.
    pub fn said(&mut self, name: String, product: ProductId, said: Said) {
        self.changed.push((name, product, said));
    }

    /// Whether everything is in the cart as it was wished for.
    pub fn is_clear(&self) -> bool {
        self.left.is_empty()
            && self.rest.is_empty()
            && self.questions.is_empty()
            && self.misread.is_empty()
            && self.changed.is_empty()
    }
}

/// A usual product.
pub struct PadRow {
    pub good: GoodRow,
    pub last: String,
    /// Why what was typed is no quantity.
    pub wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/order_pad.html")]
pub struct PadPage {
    pub shell: Shell,
    pub rows: Vec<PadRow>,
    pub added: usize,
    pub changed: Vec<(String, String)>,
    pub left: Vec<(String, String)>,
    /// That lines are left that were not read yet, if there are any.
    pub rest: Option<String>,
    pub list: String,
    pub questions: Vec<Question>,
    pub action: String,
    pub may_order: bool,
}

impl PadPage {
    pub fn new(
        shell: Shell,
        shop: &Shop,
        (usual, offers): (&[Usual], &[Offer]),
        pasted: Pasted,
    ) -> Self {
        let lang: Lang = shop.lang;
        let rows = usual
            .iter()
            .filter_map(|one| {
                let offer = offers
                    .iter()
                    .find(|offer| offer.good.id == one.product_id)?;
                let wrong = pasted
                    .misread
                    .iter()
                    .find(|wrong| wrong.product == one.product_id);
                Some(PadRow {
                    good: GoodRow::new(shop, offer, None).misread(wrong),
                    last: Pack::of(&offer.good).typed(one.last),
                    wrong: wrong.map(|wrong| lang.say(&wrong.said)),
                })
            })
            .collect();
        Self {
            shell: shell.with_errors(!pasted.is_clear()),
            rows,
            added: pasted.added,
            changed: pasted
                .changed
                .iter()
                .map(|(name, _, said)| (name.clone(), lang.say(said)))
                .collect(),
            rest: (!pasted.rest.is_empty()).then(|| {
                lang.say(
                    &Said::new("The first {most} lines were read; {count} are still in the box: send them now.")
                        .with("most", MOST_PASTED)
                        .with("count", pasted.rest.len()),
                )
            }),
            // What was not read yet comes first, so that it is read next whatever is wrong with the others.
            list: pasted
                .rest
                .iter()
                .chain(pasted.left.iter().map(|(text, _)| text))
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join("\n"),
            left: pasted
                .left
                .iter()
                .map(|(text, why)| (text.clone(), lang.say(why)))
                .collect(),
            questions: pasted.questions,
            action: format!("{}/order-pad", shop.base),
            may_order: shop.may_order,
        }
    }
}
