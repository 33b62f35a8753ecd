//! The prices of one product in one list.

use super::tax_words;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::pricing::forms::PriceForm;
use crate::pricing::model::{PriceItem, PriceList};
use crate::products::model::Product;
use crate::products::packs::unit_word;
use crate::products::views::quantity;
use crate::web::components::{Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

/// A price in the table.
pub struct Row {
    pub id: String,
    pub from: String,
    pub since: String,
    pub price: String,
    pub pill: Pill,
    pub change: String,
    pub key: Uuid,
}

#[derive(Template)]
#[template(path = "pricing/prices.html")]
pub struct PricesPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub rows: Vec<Row>,
    pub fields: Vec<Field>,
    pub list: PriceList,
    pub home: String,
    pub action: String,
    pub about: String,
    pub may_edit: bool,
    pub was: String,
    pub key: Uuid,
}

impl PricesPage {
    /// `there`: what stands where the form would write, when somebody set it meanwhile.
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit, today): (&str, bool, NaiveDate),
        (list, product, items): (PriceList, Product, &[PriceItem]),
        (form, there): (&PriceForm, Option<String>),
    ) -> Self {
        let home = format!("{base}/price-lists/{}", list.id);
        let action = format!("{home}/prices/{}", product.sku);
        let rows = items
            .iter()
            .map(|item| {
                let is_past = items.iter().any(|other| {
                    other.min_qty == item.min_qty
                        && other.valid_from > item.valid_from
                        && other.valid_from <= today
                });
                let pill = if item.valid_from > today {
                    Pill::new(lang.t("Coming"), "info", "")
                } else if is_past {
                    Pill::new(lang.t("Past"), "", "plain")
                } else {
                    Pill::new(lang.t("Counts"), "ok", "full")
                };
                Row {
                    id: item.id.to_string(),
                    from: if item.min_qty.is_zero() {
                        lang.t("From the first unit").into_owned()
                    } else {
                        lang.say(
                            &Said::new("From {quantity}")
                                .with("quantity", quantity(lang, &product, item.min_qty)),
                        )
                    },
                    since: dates::date(item.valid_from, lang),
                    price: item.price.to_string(),
                    pill,
                    change: format!(
                        "{action}?qty={}&day={}",
                        item.min_qty.normalize(),
                        item.valid_from
                    ),
                    key: new_key(),
                }
            })
            .collect();
        let unit = unit_word(&product.unit, lang);
        let mut about = lang.say(
            &Said::new("{tax}, of one {unit}.")
                .with("tax", tax_words(lang, list.includes_tax))
                .with("unit", unit),
        );
        if let Some(mrp) = product.mrp {
            about = lang.say(
                &Said::new("{about} MRP {mrp}, with GST.")
                    .with("about", about)
                    .with("mrp", mrp),
            );
        }
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            rows,
            fields: vec![
                Field::text("min_qty", lang.t("From how many units"))
                    .value(&form.min_qty)
                    .inputmode("decimal")
                    .optional()
                    .hint(lang.t("Empty is from the first."))
                    .remarks(&form.remarks, lang),
                Field::new("date", "valid_from", lang.t("First day"))
                    .value(&form.valid_from)
                    .remarks(&form.remarks, lang),
                Field::text("price", lang.t("Price"))
                    .value(&form.price)
                    .inputmode("decimal")
                    .autocomplete("off")
                    .remarks(&form.remarks, lang)
                    .theirs(there),
            ],
            home,
            action,
            about,
            may_edit,
            was: form.was.clone(),
            list,
            key: new_key(),
        }
    }
}
