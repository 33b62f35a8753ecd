//! Price check: what a customer pays for a product, and why.

use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::pricing::forms::CheckForm;
use crate::pricing::model::{Candidate, Resolved};
use crate::pricing::rules;
use crate::products::model::Product;
use crate::products::views::quantity;
use crate::web::components::{Field, Summary};
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;

/// What was found out.
pub struct Answered {
    pub product: Product,
    /// Name of the customer; `None`: somebody without a list of its own.
    pub customer: Option<String>,
    pub resolved: Option<Resolved>,
    pub candidates: Vec<Candidate>,
    pub day: NaiveDate,
}

/// A list and why it gave the price or not.
pub struct Row {
    pub name: String,
    pub href: String,
    pub price: String,
    pub why: String,
    pub wins: bool,
}

#[derive(Template)]
#[template(path = "pricing/check.html")]
pub struct CheckPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub action: String,
    pub lists: String,
    pub product: Option<(String, String)>,
    /// The price in words, and how it came about.
    pub price: Option<(String, Vec<String>)>,
    pub rows: Vec<Row>,
}

fn story(
    lang: Lang,
    found: &Answered,
    resolved: &Resolved,
    winner: Option<&Candidate>,
) -> Vec<String> {
    let mut lines = Vec::new();
    let who = found
        .customer
        .clone()
        .unwrap_or_else(|| lang.t("Somebody without a list of their own").into_owned());
    if let (Some(winner), Some(min_qty)) = (winner, resolved.min_qty) {
        let said = match rules::level(winner) {
            Some(1) => Said::new("{who}: the list {list} is for this customer."),
            Some(2) => Said::new("{who}: the list {list} is for the customer's group."),
            _ => Said::new("{who}: the list {list} is for everybody."),
        };
        lines.push(lang.say(&said.with("who", who).with("list", &winner.name)));
        if min_qty.is_zero() {
            lines.push(
                lang.t("It is the price from the first unit on.")
                    .into_owned(),
            );
        } else {
            lines.push(
                lang.say(
                    &Said::new("It is the price from {quantity} on.")
                        .with("quantity", quantity(lang, &found.product, min_qty)),
                ),
            );
        }
    }
    if let (Some(next), Some(price)) = (resolved.next_qty, resolved.next_price) {
        lines.push(
            lang.say(
                &Said::new("From {quantity} on it is {price}, which is {more} more.")
                    .with("quantity", quantity(lang, &found.product, next))
                    .with("price", price)
                    .with(
                        "more",
                        quantity(lang, &found.product, next - resolved.quantity),
                    ),
            ),
        );
    }
    lines
}

impl CheckPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, form): (&str, &CheckForm),
        found: Option<Answered>,
    ) -> Self {
        let field = |kind, name, label: &'static str, value: &str| {
            Field::new(kind, name, lang.t(label))
                .value(value)
                .autocomplete("off")
                .remarks(&form.remarks, lang)
        };
        let mut page = Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            fields: vec![
                field("text", "customer", "Customer", &form.customer)
                    .hint(lang.t("Code or name. Empty: anybody without a list of their own."))
                    .optional(),
                field("text", "product", "Product", &form.product)
                    .hint(lang.t("Code, barcode or name.")),
                field("text", "quantity", "Quantity in units", &form.quantity).inputmode("decimal"),
                field("date", "day", "Day", &form.day),
            ],
            action: format!("{base}/price-check"),
            lists: format!("{base}/price-lists"),
            product: None,
            price: None,
            rows: Vec::new(),
        };
        let Some(found) = found else { return page };
        let winner = found
            .resolved
            .as_ref()
            .and_then(|resolved| resolved.price_list_id);
        page.product = Some((
            found.product.name.clone(),
            format!("{base}/products/{}", found.product.sku),
        ));
        let words = match found.resolved.as_ref().and_then(|found| found.price) {
            Some(price) => {
                let with_tax = found.resolved.as_ref().and_then(|row| row.includes_tax);
                let tax = super::tax_words(lang, with_tax.unwrap_or(false));
                lang.say(
                    &Said::new("{price} of one unit, on {day}. {tax}.")
                        .with("price", price)
                        .with("day", dates::date(found.day, lang))
                        .with("tax", tax),
                )
            }
            None => lang
                .t("No list has a price, so it can't be ordered.")
                .into_owned(),
        };
        let lines = found.resolved.as_ref().map_or_else(Vec::new, |resolved| {
            let won = found
                .candidates
                .iter()
                .find(|candidate| Some(candidate.id) == winner);
            story(lang, &found, resolved, won)
        });
        page.price = Some((words, lines));
        page.rows = found
            .candidates
            .iter()
            .map(|candidate| {
                let wins = Some(candidate.id) == winner;
                Row {
                    name: candidate.name.clone(),
                    href: format!("{base}/price-lists/{}", candidate.id),
                    price: candidate
                        .price
                        .map_or_else(|| "–".to_owned(), |price| price.to_string()),
                    why: lang
                        .t(rules::reason(candidate, found.day, wins).words())
                        .into_owned(),
                    wins,
                }
            })
            .collect();
        page
    }
}
