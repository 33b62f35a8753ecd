//! A change of many prices: what is asked, and what it would do.

use crate::kernel::language::{Lang, Said};
use crate::pricing::forms::PercentForm;
use crate::pricing::model::{Preview, PriceList};
use crate::products::model::Category;
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// A price before and after, in words.
pub struct Row {
    pub name: String,
    pub sku: String,
    pub from: String,
    pub old: String,
    pub fresh: String,
    pub is_above: bool,
}

#[derive(Template)]
#[template(path = "pricing/percent.html")]
pub struct PercentPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub rows: Vec<Row>,
    /// What it would do, in words; nothing before anybody asked.
    pub outcome: Option<String>,
    pub may_apply: bool,
    pub form: PercentForm,
    pub home: String,
    pub key: Uuid,
}

impl PercentPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, list): (&str, &PriceList),
        (form, preview): (PercentForm, Option<Preview>),
        tree: &[Category],
    ) -> Self {
        let categories = std::iter::once(Choice::new("", lang.t("All products"), &form.category))
            .chain(
                tree.iter()
                    .map(|row| Choice::new(&row.id.to_string(), row.path.clone(), &form.category)),
            )
            .collect();
        let outcome = preview.as_ref().map(|preview| {
            let said = if preview.staying > 0 {
                Said::new("{changing} prices change. {staying} stay as they are, because they would come above the MRP.")
                    .with("staying", preview.staying)
            } else {
                Said::new("{changing} prices change.")
            };
            lang.say(&said.with("changing", preview.changing))
        });
        let may_apply = preview.as_ref().is_some_and(|preview| preview.changing > 0);
        let rows = preview
            .unwrap_or_default()
            .examples
            .into_iter()
            .map(|row| Row {
                name: row.name,
                sku: row.sku,
                from: row.min_qty.normalize().to_string(),
                old: row.old.to_string(),
                fresh: row.fresh.to_string(),
                is_above: row.is_above,
            })
            .collect();
        let source = (!list.is_default).then(|| {
            Field::new("select", "source", lang.t("Begin with"))
                .choices(vec![
                    Choice::new("", lang.t("The prices of this list"), &form.source),
                    Choice::new(
                        "standard",
                        lang.t("The standard prices, for products without a price here"),
                        &form.source,
                    ),
                ])
                .remarks(&form.remarks, lang)
        });
        let fields =
            source
                .into_iter()
                .chain([
                    Field::text("percent", lang.t("Per cent, more or less"))
                        .value(&form.percent)
                        .inputmode("text")
                        .autocomplete("off")
                        .hint(lang.t(
                            "5 makes prices higher, -5 lower; 0 takes standard prices as they are.",
                        ))
                        .remarks(&form.remarks, lang),
                    Field::new("select", "places", lang.t("Round to"))
                        .choices(vec![
                            Choice::new("2", lang.t("Paise"), &form.places),
                            Choice::new("0", lang.t("Whole rupees"), &form.places),
                        ])
                        .remarks(&form.remarks, lang),
                    Field::new("date", "valid_from", lang.t("First day of the new prices"))
                        .value(&form.valid_from)
                        .remarks(&form.remarks, lang),
                    Field::new("select", "category", lang.t("Of"))
                        .value(&form.category)
                        .choices(categories)
                        .remarks(&form.remarks, lang),
                ])
                .collect();
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            fields,
            rows,
            outcome,
            may_apply,
            form,
            home: format!("{base}/price-lists/{}", list.id),
            key: new_key(),
        }
    }
}
