//! The company's audit log, for those who may read it.

use super::saved_views;
use crate::companies::forms::ExportForm;
use crate::companies::jobs::{self, AuditExport};
use crate::companies::model::SavedView;
use crate::companies::views::AuditPage;
use crate::companies::views::audit::{filter, rows};
use crate::error::AppError;
use crate::kernel::language::Lang;
use crate::platform::audit::{self, Filter};
use crate::platform::db::Scope;
use crate::platform::jobs::{NewJob, enqueue};
use crate::platform::permissions::ReadAudit;
use crate::web::list::{COUNT_CAP, Cursor, ListQuery, Page};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

/// The last changes of people in a line each, for the dashboard: alike ones in a row once.
pub fn latest(scope: &mut Scope, lang: Lang) -> Result<Vec<String>, AppError> {
    let mut entries = audit::list(scope, &Filter::default(), None, 50)?;
    entries.retain(|entry| entry.user_id.is_some());
    let mut lines: Vec<String> = rows(scope, lang, entries)?
        .into_iter()
        .map(|row| format!("{} · {}", row.what, row.who))
        .collect();
    lines.dedup();
    lines.truncate(6);
    Ok(lines)
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
    let (page, total, views) = actor
        .read(move |scope| {
            let entries = audit::list(scope, &wanted, mark, size + 1)?;
            let total = audit::count(scope, &wanted, COUNT_CAP + 1)?;
            let page = Page::new(rows(scope, lang, entries)?, size, cursor.as_ref(), |row| {
                row.id
            });
            Ok((page, total, SavedView::of_list(scope, "audit")?))
        })
        .await?;
    let view = AuditPage::new(
        actor.shell(lang.t("Audit log")),
        lang,
        &query,
        (page, total),
        (
            format!("{}/settings/views", actor.pass.base()),
            saved_views::kept(&actor.pass, views),
        ),
    );
    page::show(&actor.ctx, &view)
}

/// Everything that the filter shows, as a file, by a job: a company's history may be long.
pub async fn export(actor: Allowed<ReadAudit>, query: ListQuery, form: Form<ExportForm>) -> Answer {
    let base = actor.pass.base();
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
