//! One product.

use super::form::money_or_dash;
use super::{quantity, status_pill};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::products::model::{Picture, PriceLine, Product, StockLine};
use crate::products::packs::unit_word;
use crate::products::rules::UNITS;
use crate::tax::rules::Rate;
use crate::tax::views::{and_unit, rate_words};
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// A price of the product in a list.
pub struct PriceRow {
    pub list: String,
    pub href: String,
    pub is_draft: bool,
    pub from: String,
    pub since: Option<String>,
    pub price: String,
}

/// What a warehouse has of it.
pub struct StockRow {
    pub name: String,
    pub on_hand: String,
    pub reserved: String,
    pub free: String,
}

#[derive(Template)]
#[template(path = "products/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub base: String,
    pub may_edit: bool,
    /// Nothing for a role that may not see prices.
    pub prices: Option<Vec<PriceRow>>,
    pub stock: Vec<StockRow>,
    pub pictures: Vec<String>,
    pub facts: Vec<(String, String)>,
    pub pill: Pill,
    pub product: Product,
}

impl ShowPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit, today): (String, bool, NaiveDate),
        (product, category, rate): (Product, Option<String>, Option<Rate>),
        (prices, stock, pictures): (Option<Vec<PriceLine>>, Vec<StockLine>, Vec<Picture>),
    ) -> Self {
        let unit = UNITS
            .iter()
            .find(|unit| unit.0 == product.unit)
            .map_or_else(|| product.unit.clone(), |unit| lang.t(unit.1).into_owned());
        let pack = match &product.pack_name {
            Some(name) => lang.say(
                &Said::new("{size} {unit} in a {pack}")
                    .with("size", product.pack_size)
                    .with("unit", unit_word(&product.unit, lang))
                    .with("pack", name),
            ),
            None if product.pack_size.as_decimal() > Decimal::ONE => lang.say(
                &Said::new("{size} {unit} in a pack")
                    .with("size", product.pack_size)
                    .with("unit", unit_word(&product.unit, lang)),
            ),
            None => lang.t("Sold singly").into_owned(),
        };
        let tax = rate.map_or_else(
            || {
                lang.t("No rate is known. Ask whoever keeps the books.")
                    .into_owned()
            },
            |rate| {
                and_unit(
                    lang,
                    rate_words(lang, rate.gst, rate.cess),
                    rate.cess_per_unit,
                )
            },
        );
        let dash = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
        let fact = |label: &'static str, value: String| (lang.t(label).into_owned(), value);
        let facts = vec![
            fact("Code", product.sku.clone()),
            fact("Name in Hindi", dash(&product.name_hi)),
            fact("Brand", dash(&product.brand)),
            fact("Category", category.unwrap_or_else(|| "–".to_owned())),
            fact("HSN code", product.hsn.clone()),
            fact("GST today", tax),
            fact("Unit", unit),
            fact("Pack", pack),
            fact("MRP of a unit, with GST", money_or_dash(product.mrp)),
            fact("Barcode", dash(&product.barcode)),
            fact(
                "Weight of a unit",
                product
                    .weight_g
                    .map_or_else(|| "–".to_owned(), |grams| format!("{grams} g")),
            ),
        ];
        let prices = prices.map(|prices| {
            prices
                .into_iter()
                .map(|line| PriceRow {
                    href: format!("{base}/price-lists/{}/prices/{}", line.list_id, product.sku),
                    is_draft: line.status == "draft",
                    from: if line.min_qty.is_zero() {
                        lang.t("Any quantity").into_owned()
                    } else {
                        quantity(lang, &product, line.min_qty)
                    },
                    since: (line.valid_from > today).then(|| dates::date(line.valid_from, lang)),
                    price: if line.includes_tax {
                        lang.say(&Said::new("{price} with GST").with("price", line.price))
                    } else {
                        line.price.to_string()
                    },
                    list: line.list,
                })
                .collect()
        });
        let stock = stock
            .into_iter()
            .map(|line| StockRow {
                on_hand: quantity(lang, &product, line.on_hand),
                reserved: quantity(lang, &product, line.reserved),
                free: quantity(lang, &product, line.on_hand - line.reserved),
                name: line.name,
            })
            .collect();
        Self {
            shell,
            may_edit,
            prices,
            stock,
            pictures: pictures
                .iter()
                .map(|picture| format!("{base}/files/{}", picture.large_file_id))
                .collect(),
            facts,
            pill: status_pill(lang, product.status()),
            product,
            base,
        }
    }
}
