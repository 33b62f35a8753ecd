//! The form of a product: new and edit are the same page.

use crate::kernel::language::{Lang, Said};
use crate::kernel::money::{Money, UnitPrice};
use crate::products::forms::{ProductForm, UNCHOSEN};
use crate::products::model::{Category, Product};
use crate::products::packs::unit_word;
use crate::products::rules::{Status, UNITS};
use crate::tax::model::{HsnCode, NotifiedRate};
use crate::tax::rules::Rate;
use crate::tax::views::{HsnField, and_unit, rate_with_condition, rate_words};
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// What the form shows beside what was typed.
#[derive(Clone, Debug, Default)]
pub struct FormFacts {
    /// The tree.
    pub tree: Vec<Category>,
    /// The rates among which a product of this code chooses today.
    pub choices: Vec<NotifiedRate>,
    /// The rate of today, if the code has one.
    pub rate: Option<Rate>,
    /// What the code covers.
    pub covers: Option<String>,
    /// The codes that words found, when they were looked up.
    pub found: Option<Vec<HsnCode>>,
    /// Standard price as it stands.
    pub price: Option<UnitPrice>,
    /// Whether the standard list holds GST.
    pub includes_tax: bool,
}

#[derive(Template)]
#[template(path = "products/form.html")]
pub struct FormPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub name: Field,
    pub name_hi: Field,
    pub sku: Field,
    pub barcode: Field,
    pub description: Field,
    pub hsn: HsnField,
    pub condition: Option<Field>,
    pub unit: Field,
    pub pack_size: Field,
    pub pack_name: Field,
    pub weight_g: Field,
    pub mrp: Field,
    pub price: Field,
    pub brand: Field,
    pub category: Field,
    pub status: Field,
    pub action: String,
    pub back: String,
    pub media: Option<String>,
    pub version: String,
    pub was_price: String,
    pub problems: usize,
    pub key: Uuid,
}

/// Makes the fields of the form, with what somebody else saved beside each.
struct Maker<'f> {
    lang: Lang,
    form: &'f ProductForm,
    theirs: Option<&'f ProductForm>,
}

impl Maker<'_> {
    fn field(
        &self,
        kind: &'static str,
        name: &'static str,
        label: &'static str,
        value: fn(&ProductForm) -> &str,
    ) -> Field {
        let typed = value(self.form);
        let saved = self.theirs.map(value);
        Field::new(kind, name, self.lang.t(label))
            .value(typed)
            .autocomplete("off")
            .remarks(&self.form.remarks, self.lang)
            .theirs(theirs(saved.is_some(), saved, typed))
    }
}

fn categories(lang: Lang, tree: &[Category], current: &str) -> Vec<Choice> {
    std::iter::once(Choice::new("", lang.t("None"), current))
        .chain(
            tree.iter()
                .map(|row| Choice::new(&row.id.to_string(), row.path.clone(), current)),
        )
        .collect()
}

impl FormPage {
    /// The form. `product`: the one being edited; `theirs`: what somebody else saved meanwhile.
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_price): (&str, bool),
        (form, facts): (&ProductForm, &FormFacts),
        (product, theirs): (Option<&Product>, Option<&ProductForm>),
    ) -> Self {
        let make = Maker { lang, form, theirs };
        let path_of = |id: &str| {
            let found = facts.tree.iter().find(|row| row.id.to_string() == id);
            found.map(|row| row.path.clone())
        };
        let mut category = make
            .field("select", "category", "Category", |form| &form.category)
            .choices(categories(lang, &facts.tree, &form.category));
        category.theirs = category.theirs.map(|id| path_of(&id).unwrap_or(id));
        let (brand, unit) = (
            make.field("text", "brand", "Brand", |form| &form.brand),
            make.field("select", "unit", "Unit", |form| &form.unit),
        );
        let status = make.field("select", "status", "Status", |form| &form.status);
        let price = Self::price(&make, facts, may_price);
        let home = format!("{base}/products");
        let of_product = |rest: &str| {
            product.map_or_else(|| home.clone(), |row| format!("{home}/{}{rest}", row.sku))
        };
        Self {
            summary: form.remarks.summary(lang),
            problems: form
                .remarks
                .summary(lang)
                .map_or(0, |all| all.problems.len()),
            shell: shell.with_errors(!form.remarks.is_empty() || theirs.is_some()),
            conflict: theirs.is_some(),
            name: make.field("text", "name", "Name", |form| &form.name),
            name_hi: make
                .field("text", "name_hi", "Name in Hindi", |form| &form.name_hi)
                .optional(),
            sku: Self::sku(&make, product.is_none()),
            barcode: make
                .field("text", "barcode", "Barcode", |form| &form.barcode)
                .inputmode("numeric")
                .optional(),
            description: make
                .field("textarea", "description", "Description", |form| {
                    &form.description
                })
                .hint(lang.t("Retailers see this on the product page."))
                .optional(),
            hsn: Self::hsn(&make, base, facts),
            condition: Self::condition(&make, facts),
            unit: unit.choices(
                UNITS
                    .iter()
                    .map(|(code, name)| {
                        let words = format!("{} ({})", lang.t(name), unit_word(code, lang));
                        Choice::new(code, words, &form.unit)
                    })
                    .collect(),
            ),
            pack_size: make
                .field("text", "pack_size", "Units in a pack", |form| {
                    &form.pack_size
                })
                .inputmode("decimal")
                .hint(lang.t("Retailers order whole packs in the portal; staff may write single units too. 1 when units are sold singly.")),
            pack_name: make
                .field("text", "pack_name", "Pack name", |form| &form.pack_name)
                .hint(lang.t("For example case or bag."))
                .optional(),
            weight_g: make
                .field("text", "weight_g", "Weight of a unit, in grammes", |form| {
                    &form.weight_g
                })
                .inputmode("numeric")
                .optional(),
            mrp: make
                .field("text", "mrp", "MRP of a unit, with GST", |form| &form.mrp)
                .inputmode("decimal")
                .optional(),
            price,
            brand: brand.optional(),
            category,
            status: status.choices(
                Status::ALL
                    .iter()
                    .map(|one| Choice::new(one.code(), lang.t(one.label()), &form.status))
                    .collect(),
            ),
            action: product.map_or_else(|| format!("{home}/new"), |_| of_product("/edit")),
            back: of_product(""),
            media: product.map(|_| of_product("/media")),
            version: form.version.clone(),
            was_price: form.was_price.clone(),
            key: new_key(),
        }
    }

    fn sku(make: &Maker<'_>, is_new: bool) -> Field {
        let field = make.field("text", "sku", "Code", |form| &form.sku);
        if is_new {
            field
                .hint(make.lang.t("Left empty, it is made from the name."))
                .optional()
        } else {
            field
        }
    }

    fn price(make: &Maker<'_>, facts: &FormFacts, may_price: bool) -> Field {
        let lang = make.lang;
        let field = make
            .field("text", "price", "Standard price of a unit", |form| {
                &form.price
            })
            .inputmode("decimal");
        if !may_price {
            return field
                .readonly()
                .hint(lang.t("Your role may not change prices."));
        }
        let hint = if facts.includes_tax {
            lang.t("With GST. What everybody pays without a list of their own; a change counts from today.")
        } else {
            lang.t("Before GST. What everybody pays without a list of their own; a change counts from today.")
        };
        field.hint(hint).optional()
    }

    fn hsn(make: &Maker<'_>, base: &str, facts: &FormFacts) -> HsnField {
        let lang = make.lang;
        let mut field = HsnField::new(base, &make.form.hsn, &make.form.remarks, lang);
        field.known = facts.rate.map(|rate| {
            let percent = rate_words(lang, rate.gst, rate.cess);
            let rate = and_unit(lang, percent, rate.cess_per_unit);
            match &facts.covers {
                Some(covers) => lang.say(
                    &Said::new("{covers}. GST today: {rate}.")
                        .with("covers", covers)
                        .with("rate", rate),
                ),
                None => lang.say(&Said::new("GST today: {rate}.").with("rate", rate)),
            }
        });
        if let Some(found) = &facts.found {
            let typed = make.form.hsn.trim();
            let answer = match (typed, found.as_slice()) {
                ("", _) => Said::new("Type a code or words first, then look it up."),
                (_, []) => Said::new("No HSN code fits {typed}. Try another word, or fewer.")
                    .with("typed", typed),
                _ => Said::new("These fit {typed}. Choose one:").with("typed", typed),
            };
            field.answer = Some(lang.say(&answer));
            field.found.clone_from(found);
        }
        field.theirs = theirs(
            make.theirs.is_some(),
            make.theirs.map(|saved| saved.hsn.as_str()),
            &make.form.hsn,
        );
        field
    }

    fn condition(make: &Maker<'_>, facts: &FormFacts) -> Option<Field> {
        if facts.choices.len() < 2 {
            return None;
        }
        let current = make.form.tax_condition.as_deref().unwrap_or(UNCHOSEN);
        // The same rate may be written twice, under the empty word and under one of its own: it is one choice, and the chosen one stays.
        let is_same = |one: &NotifiedRate, other: &NotifiedRate| {
            (one.rate, one.cess_rate, &one.about) == (other.rate, other.cess_rate, &other.about)
        };
        let mut offered: Vec<&NotifiedRate> = Vec::new();
        for rate in &facts.choices {
            match offered.iter_mut().find(|known| is_same(known, rate)) {
                None => offered.push(rate),
                Some(known) if rate.condition == current => *known = rate,
                Some(_) => {}
            }
        }
        let mut choices = Vec::new();
        if !offered.iter().any(|rate| rate.condition == current) {
            let words = make.lang.t("Choose a rate");
            choices.push(Choice::new(UNCHOSEN, words, UNCHOSEN));
        }
        choices.extend(offered.into_iter().map(|rate| {
            let words = rate_with_condition(make.lang, rate);
            Choice::new(&rate.condition, words, current)
        }));
        Some(
            Field::new("select", "tax_condition", make.lang.t("Which rate"))
                .choices(choices)
                .hint(
                    make.lang
                        .t("This code has several. The product keeps the choice, not the figure."),
                )
                .remarks(&make.form.remarks, make.lang),
        )
    }
}

/// What is said of an MRP.
pub fn money_or_dash(money: Option<Money>) -> String {
    money.map_or_else(|| "–".to_owned(), |money| money.to_string())
}
