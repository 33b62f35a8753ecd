//! The company's audit log, for those who may read it.

use super::base;
use crate::companies::forms::ExportForm;
use crate::companies::jobs::{self, AuditExport};
use crate::companies::views::audit::{ACTIONS, TABLES, filter, rows};
use crate::companies::views::{AuditPage, audit_words};
use crate::error::AppError;
use crate::kernel::language::Lang;
use crate::platform::audit::{self, Filter};
use crate::platform::db::Scope;
use crate::platform::jobs::{NewJob, enqueue};
use crate::platform::permissions::ReadAudit;
use crate::web::components::{Chip, Choice, Empty, Field, Toolbar};
use crate::web::forms::new_key;
use crate::web::list::{COUNT_CAP, Cursor, ListQuery, Page};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

/// The last changes in a line each, for the dashboard.
pub fn latest(scope: &mut Scope, lang: Lang) -> Result<Vec<String>, AppError> {
    let entries = audit::list(scope, &Filter::default(), None, 6)?;
    Ok(rows(scope, lang, entries)?
        .into_iter()
        .map(|row| format!("{} · {}", row.what, row.who))
        .collect())
}

pub async fn index(actor: Allowed<ReadAudit>, query: ListQuery) -> Answer {
    let (lang, wanted, cursor, size) = (
        actor.lang(),
        filter(&query),
        query.cursor::<i64>(),
        query.size(),
    );
    let mark = match cursor {
        Some(Cursor::After(id)) => Some((id, false)),
        Some(Cursor::Before(id)) => Some((id, true)),
        None => None,
    };
    let (page, total) = actor
        .read(move |scope| {
            let entries = audit::list(scope, &wanted, mark, size + 1)?;
            let total = audit::count(scope, &wanted, COUNT_CAP + 1)?;
            let page = Page::new(rows(scope, lang, entries)?, size, cursor.as_ref(), |row| {
                row.id
            });
            Ok((page, total))
        })
        .await?;
    let base = format!("/c/{}/settings/audit", actor.pass.company.slug);
    let choices = |name: &str, known: &[&str], word: &dyn Fn(&str) -> String| -> Vec<Choice> {
        let chosen = query.all(name, known);
        known
            .iter()
            .map(|value| Choice {
                value: (*value).to_owned(),
                label: word(value),
                selected: chosen.contains(value),
            })
            .collect()
    };
    let record = |table: &str| audit_words(lang, table, "").trim().to_owned();
    let action = |action: &str| {
        match action {
            "insert" => lang.t("Added"),
            "update" => lang.t("Changed"),
            _ => lang.t("Removed"),
        }
        .into_owned()
    };
    let date = |name, label: &'static str| {
        Field::new("date", name, lang.t(label)).value(query.get(name).unwrap_or_default())
    };
    let is_filtered = query.with(&[]) != base;
    let pager = page.pager(&query, lang, total);
    let view = AuditPage {
        shell: actor.shell(lang.t("Audit log")),
        toolbar: Toolbar {
            action: base.clone(),
            placeholder: lang.t("Id of a record, request or person").into_owned(),
            search: query.search().unwrap_or_default().to_owned(),
            chips: vec![
                Chip {
                    name: "record",
                    label: lang.t("Record").into_owned(),
                    choices: choices("record", &TABLES, &record),
                    clear: query.without("record"),
                },
                Chip {
                    name: "action",
                    label: lang.t("Action").into_owned(),
                    choices: choices("action", &ACTIONS, &action),
                    clear: query.without("action"),
                },
            ],
            clear: is_filtered.then(|| base.clone()),
            keep: ["from", "to"]
                .into_iter()
                .filter_map(|name| Some((name.to_owned(), query.get(name)?.to_owned())))
                .collect(),
        },
        from: date("from", "From"),
        to: date("to", "To"),
        rows: page.rows,
        empty: Empty {
            icon: "list",
            heading: lang.t("No changes match").into_owned(),
            text: lang
                .t("Every change of every record is listed here.")
                .into_owned(),
            action: Some((lang.t("Clear filters").into_owned(), base.clone())),
        },
        pager,
        export: query.at(&format!("{base}/export")),
        key: new_key(),
    };
    page::show(&actor.ctx, &view)
}

/// Everything that the filter shows, as a file, by a job: a company's history may be long.
pub async fn export(actor: Allowed<ReadAudit>, query: ListQuery, form: Form<ExportForm>) -> Answer {
    let base = base(&actor.pass);
    let wanted = AuditExport {
        query: query.at(""),
        format: form.0.format,
        lang: actor.lang().code().to_owned(),
        asked_by: Some(actor.pass.person.id),
    };
    let title = actor.lang().t("Export of the audit log").into_owned();
    let next = actor
        .once(move |scope| {
            let job = NewJob::new(jobs::AUDIT_EXPORT, title, &wanted)?;
            enqueue(scope, &job)?;
            Ok(Next::to(format!("{base}/jobs/{}", job.id)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
