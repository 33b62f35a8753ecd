//! Which column is what, with the first rows as they will be stored.

use crate::imports::FieldSpec;
use crate::imports::forms::MapForm;
use crate::imports::importer::{FILL_DOWN, Heads, Importer, Line, Settings};
use crate::imports::model::Import;
use crate::imports::pages::Looked;
use crate::imports::rules;
use crate::kernel::language::{Lang, Said};
use crate::platform::permissions::Role;
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Characters of a column's first value beside its name.
const SAMPLE: usize = 24;

/// A field, and the column that it is.
pub struct MapRow {
    pub name: &'static str,
    pub label: String,
    pub is_required: bool,
    pub is_needed_by_new: bool,
    pub columns: Vec<Choice>,
    pub default: Option<String>,
    pub error: Option<String>,
    pub sample: String,
}

#[derive(Template)]
#[template(path = "imports/map.html")]
pub struct MapPage {
    pub shell: Shell,
    pub import: Import,
    pub title: String,
    pub address: String,
    pub back: String,
    pub summary: Option<Summary>,
    pub sheet: Option<Field>,
    pub heads: Field,
    pub sheet_value: String,
    pub heads_value: String,
    pub rows: Vec<MapRow>,
    pub options: Vec<(String, bool, String, String)>,
    /// Names of the columns that no field takes.
    pub unused: Vec<String>,
    /// What to know before the file is brought in so.
    pub warnings: Vec<String>,
    pub preview_heads: Vec<String>,
    pub preview: Vec<(u32, Result<Vec<String>, String>)>,
    /// Whether a row of the preview changes what is there already.
    pub has_standing: bool,
    pub key: Uuid,
}

fn head_choices(lang: Lang, looked: &Looked, heads: Heads) -> Vec<Choice> {
    let value = |heads: Heads| format!("{}:{}", heads.last, heads.rows);
    let current = value(heads);
    let mut choices = vec![Choice::new("0:0", lang.t("There are none"), &current)];
    for (number, cells) in looked.rows.iter().take(12) {
        let cells: Vec<&str> = cells
            .iter()
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
            .take(4)
            .collect();
        let start: String = cells.join(", ").chars().take(60).collect();
        let one = Said::new("Row {row}: {start}")
            .with("row", number.to_string())
            .with("start", start.clone());
        let heads = Heads {
            last: *number,
            rows: 1,
        };
        choices.push(Choice::new(&value(heads), lang.say(&one), &current));
        if *number > 1 {
            let two = Said::new("Rows {above} and {row}: {start}")
                .with("above", (number - 1).to_string())
                .with("row", number.to_string())
                .with("start", start);
            let heads = Heads {
                last: *number,
                rows: 2,
            };
            choices.push(Choice::new(&value(heads), lang.say(&two), &current));
        }
    }
    choices
}

impl MapPage {
    pub fn new<I: Importer>(
        shell: Shell,
        lang: Lang,
        (base, role): (&str, Role),
        import: Import,
        (form, looked): (&MapForm, &Looked),
        (lines, standing): (&[Line], &BTreeSet<u32>),
    ) -> Self {
        let settings = &form.settings;
        let samples = samples(settings, looked);
        let rows = I::fields()
            .iter()
            .filter(|field| field.is_for(role))
            .map(|field| map_row(lang, field, form, (looked, &samples)))
            .collect();
        let all = I::options()
            .iter()
            .map(|option| (option.name, lang.t(option.label), lang.t(option.hint)))
            .chain([(
                FILL_DOWN,
                lang.t("A blank cell takes the value of the row above"),
                lang.t("For files in which several rows belong to one product and only the first has its name. What you have already stays as it is where a cell is blank."),
            )]);
        let (preview_heads, preview) = preview::<I>(lang, settings, (lines, standing));
        let unused = looked.columns.iter().enumerate();
        let unused = unused
            .filter(|(place, _)| !settings.columns.values().any(|taken| taken == place))
            .map(|(_, name)| name.clone())
            .collect();
        let address = format!("{base}{}/{}", I::KIND.path, import.id);
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            title: lang.t(I::KIND.title).into_owned(),
            back: format!("{base}{}", I::KIND.path),
            address,
            summary: form.remarks.summary(lang),
            sheet: (looked.sheets.len() > 1).then(|| {
                Field::new("select", "sheet", lang.t("Sheet")).choices(
                    looked
                        .sheets
                        .iter()
                        .map(|sheet| Choice::new(sheet, sheet.clone(), &settings.sheet))
                        .collect(),
                )
            }),
            heads: Field::new("select", "heads", lang.t("Heads of the columns"))
                .choices(head_choices(lang, looked, settings.heads)),
            sheet_value: settings.sheet.clone(),
            heads_value: format!("{}:{}", settings.heads.last, settings.heads.rows),
            rows,
            options: all
                .map(|(name, label, hint)| {
                    (
                        format!("opt_{name}"),
                        settings.has(name),
                        label.into_owned(),
                        hint.into_owned(),
                    )
                })
                .collect(),
            unused,
            warnings: I::warnings(settings)
                .iter()
                .map(|said| lang.say(said))
                .collect(),
            preview_heads,
            preview,
            has_standing: !standing.is_empty(),
            import,
            key: new_key(),
        }
    }
}

/// The first value of each column.
fn samples(settings: &Settings, looked: &Looked) -> Vec<String> {
    let rows = || {
        let below = looked.rows.iter();
        below.filter(|(number, _)| *number > settings.heads.last)
    };
    (0..looked.columns.len())
        .map(|column| {
            rows()
                .filter_map(|(_, cells)| cells.get(column))
                .map(|cell| rules::short(&rules::clean(cell)))
                .find(|cell| !cell.is_empty())
                .unwrap_or_default()
        })
        .collect()
}

/// The name of a column as it can be chosen: with its first value, or nobody could tell the columns of a file without heads.
fn choice(name: &str, sample: &str) -> String {
    if sample.is_empty() || sample == name {
        return name.to_owned();
    }
    let start: String = sample.chars().take(SAMPLE).collect();
    let dots = if start.len() < sample.len() {
        "…"
    } else {
        ""
    };
    format!("{name}: {}{dots}", start.trim_end_matches('…'))
}

fn map_row(
    lang: Lang,
    field: &'static FieldSpec,
    form: &MapForm,
    (looked, samples): (&Looked, &[String]),
) -> MapRow {
    let settings = &form.settings;
    let chosen = settings.columns.get(field.name);
    let current = chosen.map(usize::to_string).unwrap_or_default();
    let none = Choice::new("", lang.t("Not in the file"), &current);
    let columns = looked.columns.iter().zip(samples).enumerate();
    let columns = columns.map(|(place, (name, sample))| {
        Choice::new(&place.to_string(), choice(name, sample), &current)
    });
    let sample = chosen.and_then(|column| samples.get(*column));
    MapRow {
        name: field.name,
        label: lang.t(field.label).into_owned(),
        is_required: field.is_required,
        is_needed_by_new: field.is_needed_by_new,
        columns: std::iter::once(none).chain(columns).collect(),
        default: field
            .has_default
            .then(|| settings.default_of(field.name).to_owned()),
        error: form.remarks.on(field.name, lang),
        sample: sample.cloned().unwrap_or_default(),
    }
}

type Previewed = (Vec<String>, Vec<(u32, Result<Vec<String>, String>)>);

/// What stands in the preview for a field that stays as it is.
const SAME: &str = "–";

/// The first rows as they will be stored; only fields that any of them has.
fn preview<I: Importer>(
    lang: Lang,
    settings: &Settings,
    (lines, standing): (&[Line], &BTreeSet<u32>),
) -> Previewed {
    let lines: Vec<_> = lines
        .iter()
        .map(|line| {
            let is_standing = standing.contains(&line.number);
            let shown = if is_standing {
                I::preview_change(line, settings)
            } else {
                I::preview(line, settings)
            };
            (line.number, is_standing, shown)
        })
        .collect();
    let is_used = |name: &str| {
        lines.iter().any(|(.., line)| {
            line.as_ref().is_ok_and(|values| {
                values
                    .iter()
                    .any(|(field, value)| *field == name && !value.is_empty())
            })
        })
    };
    let used: Vec<_> = I::fields()
        .iter()
        .filter(|field| is_used(field.name))
        .collect();
    let cells = |values: &[(&'static str, String)], is_standing: bool| {
        let blank = if is_standing { SAME } else { "" };
        used.iter()
            .map(|field| {
                let value = values.iter().find(|(name, _)| *name == field.name);
                value
                    .map(|(_, value)| rules::short(value))
                    .filter(|value| !value.is_empty())
                    .unwrap_or_else(|| blank.to_owned())
            })
            .collect()
    };
    let rows = lines
        .iter()
        .map(|(number, is_standing, line)| match line {
            Ok(values) => (*number, Ok(cells(values, *is_standing))),
            Err(said) => (*number, Err(lang.say(said))),
        })
        .collect();
    let heads = used
        .iter()
        .map(|field| lang.t(field.label).into_owned())
        .collect();
    (heads, rows)
}
