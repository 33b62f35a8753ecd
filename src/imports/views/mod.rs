//! One struct for each template of imports.

mod map;

pub use map::MapPage;

use super::forms::FileForm;
use super::importer::{Importer, Kind, Settings};
use super::model::{Import, JobState, Reason, Remarks};
use crate::kernel::ids::UserId;
use crate::kernel::language::{Lang, Said};
use crate::web::components::{Empty, Field, Pill, Summary};
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
    pub next: Option<(String, String)>,
    pub total: i32,
    pub events: Option<String>,
    pub problem: Option<String>,
    pub can_retry: bool,
    /// What to know before its rows are brought in.
    pub warnings: Vec<String>,
    /// Row, what it is recognised by, and the reason.
    pub told: Vec<(i32, String, String)>,
    pub more: i64,
    /// What is said above the rows that come in though something must be known of them; nothing without such rows.
    pub warned: Option<String>,
    /// These rows, as those above.
    pub warned_rows: Vec<(i32, String, String)>,
    pub more_warned: i64,
    /// Merged rows of which some words were not taken, as those above.
    pub kept_rows: Vec<(i32, String, String)>,
    pub more_kept: i64,
    pub key: Uuid,
}

impl ImportPage {
    pub fn new<I: Importer>(
        mut shell: Shell,
        lang: Lang,
        (base, reader): (&str, UserId),
        (import, settings): (Import, &Settings),
        (job, remarks): (Option<JobState>, Remarks),
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
        let more = |all: i32, now: &[(i32, Reason)]| {
            i64::from(all) - i64::try_from(now.len()).unwrap_or(TOLD)
        };
        let Remarks {
            refused: told,
            warned,
            kept,
        } = remarks;
        let (more, more_warned, more_kept) = (
            more(import.refused, &told),
            more(import.warned, &warned),
            more(import.kept, &kept),
        );
        let rows = |told: Vec<(i32, Reason)>| {
            told.into_iter()
                .map(|(line, reason)| (line, reason.called, lang.say(&reason.said)))
                .collect()
        };
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
            next: I::next(settings)
                .map(|(words, path)| (lang.t(words).into_owned(), format!("{base}{path}"))),
            total: import.rows_total.unwrap_or_default(),
            events,
            problem: job
                .filter(|_| import.is_under_way())
                .and_then(|job| job.last_error),
            can_retry: import.is_under_way() && is_given_up,
            told: rows(told),
            warned: (import.warned > 0 && !import.is_under_way())
                .then(|| lang.say(&I::warned(import.warned, import.status == "done"))),
            warned_rows: rows(warned),
            kept_rows: rows(kept),
            // What is new has been made by then, or will be: only that may lack something.
            warnings: I::warnings(settings)
                .iter()
                .filter(|_| import.created > 0)
                .map(|said| lang.say(said))
                .collect(),
            more,
            more_warned,
            more_kept,
            import,
            key: new_key(),
        }
    }
}
