//! The company's audit log, for those who may read it.

use super::{base, saved_views};
use crate::companies::model::SavedView;
use crate::companies::views::{ACTIONS, AuditPage, AuditRow, TABLES, audit_words};
use crate::error::AppError;
use crate::kernel::language::{Lang, Said};
use crate::platform::audit::{self, Entry, Filter};
use crate::platform::db::Scope;
use crate::platform::permissions::ReadAudit;
use crate::web::Allowed;
use crate::web::export::Sheet;
use crate::web::list::{COUNT_CAP, Cursor, ListQuery, Page};
use crate::web::page::{self, Answer};
use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use chrono_tz::Asia::Kolkata;
use std::collections::BTreeMap;

/// Midnight in India at the start of a day.
fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    Kolkata
        .from_local_datetime(&day.and_hms_opt(0, 0, 0)?)
        .earliest()
        .map(|at| at.with_timezone(&Utc))
}

fn filter(query: &ListQuery) -> Filter {
    let day = |name: &str| {
        query
            .get(name)
            .and_then(|text| text.parse::<NaiveDate>().ok())
    };
    let owned = |known: Vec<&str>| known.into_iter().map(str::to_owned).collect();
    Filter {
        tables: owned(query.all("record", &TABLES)),
        actions: owned(query.all("action", &ACTIONS)),
        id: query.search().and_then(|text| text.parse().ok()),
        from: day("from").and_then(midnight),
        until: day("to")
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .and_then(midnight),
    }
}

/// Entries with the names of who made them.
fn rows(scope: &mut Scope, lang: Lang, entries: Vec<Entry>) -> Result<Vec<AuditRow>, AppError> {
    let users = entries.iter().filter_map(|entry| entry.user_id).collect();
    let names: BTreeMap<_, _> = audit::names(scope, users)?.into_iter().collect();
    let who = |entry: &Entry| match entry.user_id {
        Some(user) => names
            .get(&user)
            .cloned()
            .unwrap_or_else(|| lang.t("Platform").into_owned()),
        None => lang.say(&Said::new("System")),
    };
    Ok(entries
        .into_iter()
        .map(|entry| AuditRow {
            id: entry.id,
            at: entry.at,
            who: who(&entry),
            what: audit_words(lang, &entry.table_name, &entry.action),
            row: entry.row_id.to_string(),
            request: entry
                .request_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            changes: changes(&entry),
        })
        .collect())
}

/// Field by field: before, after.
fn changes(entry: &Entry) -> Vec<(String, String, String)> {
    const DULL: [&str; 4] = ["updated_at", "created_at", "tenant_id", "id"];
    let empty = serde_json::Map::new();
    let before = entry
        .before
        .as_ref()
        .and_then(|value| value.as_object())
        .unwrap_or(&empty);
    let after = entry
        .after
        .as_ref()
        .and_then(|value| value.as_object())
        .unwrap_or(&empty);
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let text = |value: Option<&serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => "–".to_owned(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    names
        .into_iter()
        .filter(|name| !DULL.contains(&name.as_str()))
        .map(|name| {
            (
                name.replace('_', " "),
                text(before.get(name)),
                text(after.get(name)),
            )
        })
        .filter(|(_, before, after)| before != after)
        .collect()
}

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
            format!("{}/settings/views", base(&actor.pass)),
            saved_views::kept(&actor.pass, views),
        ),
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadAudit>, query: ListQuery) -> Answer {
    let (lang, wanted) = (actor.lang(), filter(&query));
    let found = actor
        .read(move |scope| {
            let entries = audit::list(scope, &wanted, None, 50_000)?;
            rows(scope, lang, entries)
        })
        .await?;
    let heads = ["When", "Who", "What", "Record", "Request", "Changes"];
    Sheet {
        name: "audit",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: found
            .into_iter()
            .map(|row| {
                let changes: Vec<String> = row
                    .changes
                    .iter()
                    .map(|(name, before, after)| format!("{name}: {before} → {after}"))
                    .collect();
                vec![
                    row.at.to_rfc3339(),
                    row.who,
                    row.what,
                    row.row,
                    row.request,
                    changes.join("; "),
                ]
            })
            .collect(),
    }
    .answer(query.get("format"))
}
