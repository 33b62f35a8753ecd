//! Work of companies that takes a while.

use super::views::audit::{self, AuditRow};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{FileId, UserId};
use crate::kernel::language::Lang;
use crate::platform::audit as entries;
use crate::platform::files::{self, NewFile, Store};
use crate::platform::jobs::{JobError, JobRun};
use crate::web::export::{Format, Writer};
use crate::web::list::ListQuery;
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// Kind of the job that writes the audit log into a file.
pub const AUDIT_EXPORT: &str = "audit.export";
/// Entries that are read at a time.
const BATCH: i64 = 2_000;
/// Most entries of one file: what a sheet holds.
const MOST: i64 = 1_000_000;

/// What the export of an audit log needs.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AuditExport {
    /// The list's address: what the filter shows.
    pub query: String,
    /// `csv` or `xlsx`.
    pub format: String,
    /// Language of the words.
    pub lang: String,
    /// Who asked.
    pub asked_by: Option<UserId>,
}

/// Writes what the filter shows into a file, newest first, and keeps it for seven days.
///
/// # Errors
/// Whatever the database or the file store refuses; the job comes again.
pub fn export_audit(run: &JobRun, store: &Store) -> Result<(), JobError> {
    let wanted: AuditExport =
        serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    let lang = Lang::from_code(&wanted.lang).unwrap_or_default();
    let format = Format::from_code(Some(&wanted.format));
    let filter = audit::filter(&ListQuery::new("", wanted.query.trim_start_matches('?')));
    let heads = ["When", "Who", "What", "Record", "Request", "Changes"]
        .map(|head| lang.t(head).into_owned());
    let mut writer = Writer::new(format, &heads)?;
    let all = run.read(|scope| entries::count(scope, &filter, MOST))?;
    let (all, mut done, mut mark) = (usize::try_from(all).unwrap_or(0), 0, None);
    while done < all {
        let rows = run.read(|scope| {
            let found = entries::list(scope, &filter, mark, BATCH)?;
            audit::rows(scope, lang, found)
        })?;
        let Some(last) = rows.last() else { break };
        mark = Some((last.id, false));
        for row in &rows {
            writer.push(&cells(row))?;
        }
        done += rows.len();
        run.progress(done.min(all), Some(all), &lang.t("Writing"))?;
    }
    let mut file = writer.finish()?;
    let (bytes, sha256) = files::measure(&mut file)?;
    let tenant = run.tenant()?;
    // Each try has a file of its own, pending until the job is done: a worker that lost the job can't write over another's.
    let id = FileId::new();
    run.write(|scope| {
        files::add(
            scope,
            &NewFile {
                id,
                name: format!(
                    "audit-{}.{}",
                    dates::today(scope.now()).format("%Y-%m-%d"),
                    format.code()
                ),
                media_type: format.media_type(),
                bytes,
                sha256,
                purpose: "export",
                needs: "audit.read",
                created_by: wanted.asked_by,
                lives: Duration::hours(1),
            },
        )
    })?;
    store.put(tenant, id, &mut file)?;
    run.finish_in_company(|scope| {
        files::keep_for(scope, id, Duration::days(7))?;
        Ok(serde_json::json!({ "file": id, "rows": done }))
    })?;
    Ok(())
}

fn cells(row: &AuditRow) -> Vec<String> {
    let changes: Vec<String> = row
        .changes
        .iter()
        .map(|(name, before, after)| format!("{name}: {before} → {after}"))
        .collect();
    vec![
        row.at.to_rfc3339(),
        row.who.clone(),
        row.what.clone(),
        row.row.clone(),
        row.request.clone(),
        changes.join("; "),
    ]
}
