//! Price lists: all of them, one of them, its form.

use super::{period, pill, tax_words};
use crate::kernel::dates;
use crate::kernel::ids::{PriceListId, ProductId};
use crate::kernel::language::{Lang, Said};
use crate::pricing::forms::{ListForm, TargetForm};
use crate::pricing::model::{Group, PriceItem, PriceList, Target};
use crate::pricing::rules::{self, Status};
use crate::products::model::Product;
use crate::products::views::quantity;
use crate::web::components::{Choice, Empty, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use crate::web::list::{COUNT_CAP, ListQuery, Page, Total};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;
use uuid::Uuid;

/// A list among the lists.
pub struct Row {
    pub list: PriceList,
    pub for_whom: String,
    pub period: String,
    pub tax: String,
    /// How many prices it has, in words.
    pub prices: Said,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "pricing/index.html")]
pub struct IndexPage {
    pub shell: Shell,
    pub rows: Vec<Row>,
    pub base: String,
    pub may_edit: bool,
}

fn for_whom(lang: Lang, list: &PriceList, targets: &[Target]) -> String {
    const SHOWN: usize = 3;
    if list.is_default {
        return lang.t("Everybody").into_owned();
    }
    let own: Vec<&str> = targets
        .iter()
        .filter(|target| target.price_list_id == list.id)
        .map(|target| target.name.as_str())
        .collect();
    let names = own
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match own.len() {
        0 => lang.t("Nobody yet").into_owned(),
        number if number > SHOWN => lang.say(
            &Said::new("{names} and {number} more")
                .with("names", names)
                .with("number", number - SHOWN),
        ),
        _ => names,
    }
}

/// How many prices, counted up to the cap and one.
fn how_many(prices: i64) -> Said {
    if prices > COUNT_CAP {
        Said::new("10,000+ prices")
    } else {
        Said::new("{count} prices").with("count", prices)
    }
}

impl IndexPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit, today): (String, bool, NaiveDate),
        lists: Vec<PriceList>,
        (counts, targets): (&HashMap<PriceListId, i64>, &[Target]),
    ) -> Self {
        Self {
            shell,
            rows: lists
                .into_iter()
                .map(|list| Row {
                    for_whom: for_whom(lang, &list, targets),
                    period: period(lang, &list),
                    tax: tax_words(lang, list.includes_tax),
                    prices: how_many(counts.get(&list.id).copied().unwrap_or(0)),
                    pill: pill(lang, &list, today),
                    list,
                })
                .collect(),
            base,
            may_edit,
        }
    }
}

#[derive(Template)]
#[template(path = "pricing/form.html")]
pub struct FormPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub fields: Vec<Field>,
    pub is_new: bool,
    pub action: String,
    pub back: String,
    pub version: String,
    pub key: Uuid,
}

impl FormPage {
    /// The form of a list. `list`: the one being edited; `is_conflict`: whether somebody saved it meanwhile.
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, form): (&str, &ListForm),
        (list, is_conflict): (Option<&PriceList>, bool),
    ) -> Self {
        let saved = list.filter(|_| is_conflict).map(ListForm::of);
        let field = |kind, name, label: &'static str, value: fn(&ListForm) -> &str| {
            let typed = value(form);
            Field::new(kind, name, lang.t(label))
                .value(typed)
                .remarks(&form.remarks, lang)
                .theirs(theirs(is_conflict, saved.as_ref().map(value), typed))
        };
        let mut fields = vec![
            field("text", "name", "Name", |form| &form.name).autocomplete("off"),
            field("date", "valid_from", "First day", |form| &form.valid_from),
        ];
        if list.is_none_or(|list| !list.is_default) {
            fields.push(
                field("date", "valid_to", "Last day", |form| &form.valid_to)
                    .optional()
                    .hint(lang.t("It switches at midnight in India.")),
            );
        }
        fields.push(
            Field::new("checkbox", "includes_tax", lang.t("Prices are with GST"))
                .checked(form.includes_tax == "on")
                .hint(lang.t("It can't be changed once the list has prices."))
                .remarks(&form.remarks, lang),
        );
        let home = format!("{base}/price-lists");
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || is_conflict),
            summary: form.remarks.summary(lang),
            conflict: is_conflict,
            fields,
            is_new: list.is_none(),
            action: list.map_or_else(
                || format!("{home}/new"),
                |list| format!("{home}/{}/edit", list.id),
            ),
            back: list.map_or_else(|| home.clone(), |list| format!("{home}/{}", list.id)),
            version: form.version.clone(),
            key: new_key(),
        }
    }
}

/// A product in a list, with its prices there.
pub struct GoodsRow {
    pub product: Product,
    pub now: Option<String>,
    /// Breaks and prices to come.
    pub more: Vec<String>,
}

#[derive(Template)]
#[template(path = "pricing/show.html")]
pub struct ShowPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub list: Listing,
    pub rows: Vec<GoodsRow>,
    pub facts: Vec<(String, String)>,
    pub targets: Vec<Target>,
    pub group: Option<Field>,
    pub customer: Field,
    pub pill: Pill,
    pub home: String,
    pub lists: String,
    pub price_list: PriceList,
    /// What this reader may do now: change facts and prices, change whom it is for, activate, end.
    pub may_edit: bool,
    pub may_target: bool,
    pub may_activate: bool,
    pub may_end: bool,
    pub key: Uuid,
    pub other_key: Uuid,
}

/// What stands beside a list's prices.
pub struct Around<'a> {
    /// Whom it is for.
    pub targets: Vec<Target>,
    /// The company's groups.
    pub groups: &'a [Group],
    /// What was typed about targets.
    pub form: &'a TargetForm,
}

fn goods(
    lang: Lang,
    product: Product,
    items: &[PriceItem],
    (list, today): (&PriceList, NaiveDate),
) -> GoodsRow {
    let own: Vec<&PriceItem> = items
        .iter()
        .filter(|item| item.product_id == product.id)
        .collect();
    let counts = |item: &&&PriceItem| {
        item.valid_from <= today
            && !own.iter().any(|other| {
                other.min_qty == item.min_qty
                    && other.valid_from > item.valid_from
                    && other.valid_from <= today
            })
    };
    let now = own
        .iter()
        .filter(counts)
        .find(|item| item.min_qty.is_zero())
        .map(|item| item.price.to_string());
    let more = own
        .iter()
        .filter(|item| item.valid_from > today || (counts(item) && !item.min_qty.is_zero()))
        .map(|item| {
            let mut said = Said::new("from {quantity}: {price}");
            if item.valid_from > today || item.valid_from > list.valid_from.max(today) {
                said = Said::new("from {quantity}, {day} on: {price}")
                    .with("day", dates::date(item.valid_from, lang));
            }
            lang.say(
                &said
                    .with("quantity", quantity(lang, &product, item.min_qty))
                    .with("price", item.price),
            )
        })
        .collect();
    GoodsRow { product, now, more }
}

impl ShowPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, is_editor, today): (&str, bool, NaiveDate),
        query: &ListQuery,
        (price_list, (page, total), items): (
            PriceList,
            (Page<Product>, Total),
            HashMap<ProductId, Vec<PriceItem>>,
        ),
        around: Around<'_>,
    ) -> Self {
        let home = format!("{base}/price-lists/{}", price_list.id);
        let first = Empty {
            icon: "tag",
            heading: lang.t("No prices yet").into_owned(),
            text: lang
                .t("Take all standard prices with so many per cent less, or open products without a price here one by one.")
                .into_owned(),
            action: is_editor.then(|| {
                (
                    lang.t("Fill from the standard prices").into_owned(),
                    format!("{home}/percent?source=standard"),
                )
            }),
        };
        let listing = ListBuilder::new(query, lang, lang.t("Name, brand, code or barcode"))
            .filter("show", lang.t("Show"), &["without"], |_| {
                lang.t("Without a price here").into_owned()
            })
            .finish(&page, total, first, lang.t("No products match"));
        let nothing = Vec::new();
        let rows = page
            .rows
            .into_iter()
            .map(|product| {
                let own = items.get(&product.id).unwrap_or(&nothing);
                goods(lang, product, own, (&price_list, today))
            })
            .collect();
        let fact = |label: &'static str, value: String| (lang.t(label).into_owned(), value);
        let group_choices: Vec<Choice> = std::iter::once(Choice::new("", lang.t("None"), ""))
            .chain(around.groups.iter().map(|group| {
                Choice::new(
                    &group.id.to_string(),
                    group.name.clone(),
                    &around.form.group,
                )
            }))
            .collect();
        Self {
            shell: shell.with_errors(!around.form.remarks.is_empty()),
            summary: around.form.remarks.summary(lang),
            list: listing,
            rows,
            facts: vec![
                fact("Counts", period(lang, &price_list)),
                fact("Prices", tax_words(lang, price_list.includes_tax)),
            ],
            group: (!around.groups.is_empty() || around.form.remarks.on("group", lang).is_some())
                .then(|| {
                    Field::new("select", "group", lang.t("Group"))
                        .choices(group_choices)
                        .remarks(&around.form.remarks, lang)
                }),
            customer: Field::text("customer", lang.t("Customer"))
                .value(&around.form.customer)
                .autocomplete("off")
                .optional()
                .hint(lang.t("Code or name."))
                .remarks(&around.form.remarks, lang),
            targets: around.targets,
            pill: pill(lang, &price_list, today),
            may_edit: is_editor && rules::may_change(&price_list).is_ok(),
            may_target: is_editor && rules::may_target(&price_list).is_ok(),
            may_activate: is_editor && price_list.status() == Status::Draft,
            may_end: is_editor && rules::may_end(&price_list).is_ok(),
            home,
            lists: format!("{base}/price-lists"),
            price_list,
            key: new_key(),
            other_key: new_key(),
        }
    }
}
