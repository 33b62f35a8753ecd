//! The form that adjusts stock.

use crate::inventory::actions::Reason;
use crate::inventory::forms::{AdjustForm, ROWS};
use crate::inventory::model::Warehouse;
use crate::kernel::language::Lang;
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// A field of a row.
pub struct Cell {
    pub value: String,
    pub error: Option<String>,
}

/// A row of the form.
pub struct Row {
    pub number: usize,
    pub sku: Cell,
    pub change: Cell,
    pub counted: Cell,
}

fn row(lang: Lang, form: &AdjustForm, number: usize) -> Row {
    let cell = |field: &str| Cell {
        value: form.at(field, number).to_owned(),
        error: form.problem(field, number).map(|said| lang.say(said)),
    };
    Row {
        number,
        sku: cell("sku"),
        change: cell("change"),
        counted: cell("counted"),
    }
}

#[derive(Template)]
#[template(path = "inventory/adjust.html")]
pub struct AdjustPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub rows: Vec<Row>,
    pub base: String,
    pub key: Uuid,
}

fn reason_word(lang: Lang, reason: Reason) -> String {
    match reason {
        Reason::Damage => lang.t("Damage"),
        Reason::Expiry => lang.t("Expiry"),
        Reason::Sample => lang.t("Sample given away"),
        Reason::Counted => lang.t("Counted"),
        Reason::Other => lang.t("Other"),
        Reason::Opening => lang.t("Opening stock"),
    }
    .into_owned()
}

impl AdjustPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: String,
        warehouses: &[Warehouse],
        form: &AdjustForm,
    ) -> Self {
        let mut problems = form
            .remarks
            .summary(lang)
            .map_or_else(Vec::new, |summary| summary.problems);
        problems.extend(
            form.problems
                .iter()
                .map(|(row, field, said)| (format!("{field}-{row}"), lang.say(said))),
        );
        let places = warehouses
            .iter()
            .filter(|row| row.is_active)
            .map(|row| {
                let label = format!("{} · {}", row.code, row.name);
                Choice::new(&row.code, label, &form.warehouse)
            })
            .collect();
        let reasons = Reason::ALL
            .into_iter()
            .map(|reason| Choice::new(reason.code(), reason_word(lang, reason), &form.reason))
            .collect();
        Self {
            shell: shell.with_errors(!form.is_sound()),
            summary: (!problems.is_empty()).then_some(Summary { problems }),
            fields: vec![
                Field::new("select", "warehouse", lang.t("Warehouse"))
                    .choices(places)
                    .remarks(&form.remarks, lang),
                Field::new("select", "reason", lang.t("Reason"))
                    .choices(reasons)
                    .remarks(&form.remarks, lang),
                Field::text("words", lang.t("Words"))
                    .value(&form.words)
                    .autocomplete("off")
                    .hint(lang.t("They stand in the ledger beside the reason."))
                    .remarks(&form.remarks, lang)
                    .optional(),
            ],
            rows: (1..=ROWS).map(|number| row(lang, form, number)).collect(),
            base,
            key: new_key(),
        }
    }
}
