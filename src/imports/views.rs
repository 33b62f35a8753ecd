//! One struct for each template of imports.

use super::forms::{FileForm, MapForm};
use super::importer::{FILL_DOWN, Heads, Importer, Kind, Settings};
use super::model::{Import, JobState};
use super::pages::Looked;
use crate::kernel::ids::UserId;
use crate::kernel::language::{Lang, Said};
use crate::web::components::{Choice, Empty, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use uuid::Uuid;

/// Rows that a page of an import tells one by one.
pub const TOLD: i64 = 50;

/// An import in a list.
pub struct ImportRow {
    pub import: Import,
    pub href: String,
    pub kind: String,
    pub pill: Pill,
}

pub fn pill(lang: Lang, status: &str) -> Pill {
    match status {
        "checking" => Pill::new(lang.t("Checking"), "info", "half"),
        "checked" => Pill::new(lang.t("Checked"), "warn", "half"),
        "running" => Pill::new(lang.t("Running"), "info", "half"),
        "done" => Pill::new(lang.t("Done"), "ok", "full"),
        _ => Pill::new(lang.t("New"), "", ""),
    }
}

fn row(lang: Lang, base: &str, kinds: &[Kind], import: Import) -> ImportRow {
    let kind = kinds.iter().find(|kind| kind.code == import.kind);
    ImportRow {
        href: kind.map_or_else(String::new, |kind| {
            format!("{base}{}/{}", kind.path, import.id)
        }),
        kind: kind.map_or_else(String::new, |kind| lang.t(kind.list_label).into_owned()),
        pill: pill(lang, &import.status),
        import,
    }
}

#[derive(Template)]
#[template(path = "imports/index.html")]
pub struct ImportsPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<ImportRow>,
}

impl ImportsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, query): (&str, &ListQuery),
        kinds: &[Kind],
        (page, total): (Page<Import>, i64),
    ) -> Self {
        let first = Empty {
            icon: "export",
            heading: lang.t("No imports yet").into_owned(),
            text: lang
                .t("A catalogue or the opening stock comes in as a file, from the list it belongs to.")
                .into_owned(),
            action: None,
        };
        Self {
            shell,
            list: ListBuilder::new(query, lang, lang.t("Name of the file")).finish(
                &page,
                total,
                first,
                lang.t("No imports match"),
            ),
            rows: page
                .rows
                .into_iter()
                .map(|import| row(lang, base, kinds, import))
                .collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "imports/new.html")]
pub struct NewImportPage {
    pub shell: Shell,
    pub title: String,
    pub about: String,
    pub back: (String, String),
    pub action: String,
    pub all: String,
    pub summary: Option<Summary>,
    pub file: Field,
    pub text: Field,
    pub fields: Vec<(String, bool)>,
    pub latest: Vec<ImportRow>,
    pub key: Uuid,
}

impl NewImportPage {
    pub fn new<I: Importer>(
        shell: Shell,
        lang: Lang,
        (base, limit): (&str, &str),
        form: &FileForm,
        latest: Vec<Import>,
    ) -> Self {
        let kind = &I::KIND;
        let hint = lang.say(
            &Said::new("CSV, XLSX or XLS, up to {limit}. Nothing is written before you have seen what would come of it.")
                .with("limit", limit),
        );
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            title: lang.t(kind.title).into_owned(),
            about: lang.t(kind.about).into_owned(),
            back: (
                format!("{base}{}", kind.list),
                lang.t(kind.list_label).into_owned(),
            ),
            action: format!("{base}{}", kind.path),
            all: format!("{base}/imports"),
            summary: form.remarks.summary(lang),
            file: Field::new("file", "file", lang.t("File"))
                .hint(hint)
                .accept(".csv,.tsv,.txt,.xlsx,.xls,text/csv")
                .remarks(&form.remarks, lang),
            text: Field::new(
                "textarea",
                "text",
                lang.t("Or rows copied from a spreadsheet"),
            )
            .value(&form.text)
            .optional()
            .remarks(&form.remarks, lang),
            fields: I::fields()
                .iter()
                .map(|field| (lang.t(field.label).into_owned(), field.is_required))
                .collect(),
            latest: latest
                .into_iter()
                .map(|import| row(lang, base, &[*kind], import))
                .collect(),
            key: new_key(),
        }
    }
}

/// A field, and the column that it is.
pub struct MapRow {
    pub name: &'static str,
    pub label: String,
    pub is_required: bool,
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
    pub preview_heads: Vec<String>,
    pub preview: Vec<(u32, Result<Vec<String>, String>)>,
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
        base: &str,
        import: Import,
        (form, looked): (&MapForm, &Looked),
    ) -> Self {
        let settings = &form.settings;
        let rows = I::fields()
            .iter()
            .map(|field| map_row(lang, field, form, looked))
            .collect();
        let all = I::options()
            .iter()
            .map(|option| (option.name, lang.t(option.label), lang.t(option.hint)))
            .chain([(
                FILL_DOWN,
                lang.t("A blank cell takes the value of the row above"),
                lang.t("For files in which several rows belong to one product and only the first has its name."),
            )]);
        let (preview_heads, preview) = preview::<I>(lang, settings, looked);
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
            preview_heads,
            preview,
            import,
            key: new_key(),
        }
    }
}

fn map_row(
    lang: Lang,
    field: &'static super::FieldSpec,
    form: &MapForm,
    looked: &Looked,
) -> MapRow {
    let settings = &form.settings;
    let chosen = settings.columns.get(field.name);
    let current = chosen.map(usize::to_string).unwrap_or_default();
    let none = Choice::new("", lang.t("Not in the file"), &current);
    let columns = looked
        .columns
        .iter()
        .enumerate()
        .map(|(place, name)| Choice::new(&place.to_string(), name.clone(), &current));
    let sample = chosen.and_then(|column| {
        looked
            .rows
            .iter()
            .filter(|(number, _)| *number > settings.heads.last)
            .filter_map(|(_, cells)| cells.get(*column))
            .map(|cell| super::rules::short(&super::rules::clean(cell)))
            .find(|cell| !cell.is_empty())
    });
    MapRow {
        name: field.name,
        label: lang.t(field.label).into_owned(),
        is_required: field.is_required,
        columns: std::iter::once(none).chain(columns).collect(),
        default: field
            .has_default
            .then(|| settings.default_of(field.name).to_owned()),
        error: form.remarks.on(field.name, lang),
        sample: sample.unwrap_or_default(),
    }
}

type Previewed = (Vec<String>, Vec<(u32, Result<Vec<String>, String>)>);

/// The first rows as they will be stored; only fields that any of them has.
fn preview<I: Importer>(lang: Lang, settings: &Settings, looked: &Looked) -> Previewed {
    let mut reader = super::rules::Reader::new(settings, I::fields());
    let lines: Vec<_> = looked
        .rows
        .iter()
        .filter_map(|row| reader.line(row))
        .take(10)
        .map(|line| (line.number, I::preview(&line, settings)))
        .collect();
    let is_used = |name: &str| {
        lines.iter().any(|(_, line)| {
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
    let cells = |values: &[(&'static str, String)]| {
        used.iter()
            .map(|field| {
                let value = values.iter().find(|(name, _)| *name == field.name);
                value
                    .map(|(_, value)| super::rules::short(value))
                    .unwrap_or_default()
            })
            .collect()
    };
    let rows = lines
        .iter()
        .map(|(number, line)| match line {
            Ok(values) => (*number, Ok(cells(values))),
            Err(said) => (*number, Err(lang.say(said))),
        })
        .collect();
    let heads = used
        .iter()
        .map(|field| lang.t(field.label).into_owned())
        .collect();
    (heads, rows)
}

#[derive(Template)]
#[template(path = "imports/show.html")]
pub struct ImportPage {
    pub shell: Shell,
    pub import: Import,
    pub pill: Pill,
    pub words: String,
    pub address: String,
    pub back: (String, String),
    pub list: (String, String),
    pub total: i32,
    pub events: Option<String>,
    pub problem: Option<String>,
    pub can_retry: bool,
    pub told: Vec<(i32, String)>,
    pub more: i64,
    pub key: Uuid,
}

impl ImportPage {
    pub fn new<I: Importer>(
        mut shell: Shell,
        lang: Lang,
        (base, reader): (&str, UserId),
        import: Import,
        (job, told): (Option<JobState>, Vec<(i32, Said)>),
    ) -> Self {
        let kind = &I::KIND;
        let is_given_up = job.as_ref().is_none_or(JobState::is_given_up);
        let is_moving = import.is_under_way() && !is_given_up;
        let is_mine = job.as_ref().is_some_and(|job| job.asked_by == Some(reader));
        let events = import
            .job_id
            .filter(|_| is_moving && is_mine)
            .map(|job| format!("{base}/jobs/{job}/events"));
        shell.sse = events.is_some();
        shell.refresh_secs = is_moving.then_some(3);
        let words = match import.status.as_str() {
            "checking" => lang.t("Every row is looked at. Nothing is written yet."),
            "checked" => lang.t("Every row was looked at. Nothing is written yet."),
            "running" => lang.t("The rows are being written."),
            _ => lang.t("Every row was written or refused."),
        };
        let told_now = i64::try_from(told.len()).unwrap_or(TOLD);
        Self {
            shell,
            pill: pill(lang, &import.status),
            words: words.into_owned(),
            address: format!("{base}{}/{}", kind.path, import.id),
            back: (
                format!("{base}{}", kind.path),
                lang.t(kind.title).into_owned(),
            ),
            list: (
                format!("{base}{}", kind.list),
                lang.t(kind.list_label).into_owned(),
            ),
            total: import.rows_total.unwrap_or_default(),
            events,
            problem: job
                .filter(|_| import.is_under_way())
                .and_then(|job| job.last_error),
            can_retry: import.is_under_way() && is_given_up,
            told: told
                .into_iter()
                .map(|(line, said)| (line, lang.say(&said)))
                .collect(),
            more: i64::from(import.refused) - told_now,
            import,
            key: new_key(),
        }
    }
}
