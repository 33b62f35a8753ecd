//! Imports, what is said about their rows, and how files were read before: rows and queries.

use super::importer::Settings;
use crate::error::AppError;
use crate::kernel::ids::{FileId, ImportId, UserId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::{import_mappings, import_rows, imports};
use crate::web::list::{COUNT_CAP, ListQuery, Page, keyset};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// Why a row was not simply taken: a sentence, and what the row is recognised by.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Reason {
    /// The sentence.
    #[serde(flatten)]
    pub said: Said,
    /// A code or a name; empty for rows of which nobody has kept it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub called: String,
}

/// What is said about rows, by row; at most so many of each outcome.
#[derive(Debug, Default)]
pub struct Remarks {
    /// Left out.
    pub refused: Vec<(i32, Reason)>,
    /// Come in, and something must be known of them.
    pub warned: Vec<(i32, Reason)>,
    /// Merged, and some of their words were not taken.
    pub kept: Vec<(i32, Reason)>,
}

/// An import.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = imports)]
pub struct Import {
    /// The import.
    pub id: ImportId,
    /// What its rows become.
    pub kind: String,
    /// The file as it was sent; nothing once it has had its time.
    pub file_id: Option<FileId>,
    /// The sender's name for it.
    pub file_name: String,
    /// new, checking, checked, running, done.
    pub status: String,
    settings: serde_json::Value,
    /// Rows of the file, once they are counted.
    pub rows_total: Option<i32>,
    /// Rows that were checked, or written once it runs.
    pub rows_done: i32,
    /// Rows that made something new.
    pub created: i32,
    /// Rows of something that was there.
    pub merged: i32,
    /// Rows that were left out.
    pub refused: i32,
    /// Rows that come in, and of which something must be known.
    pub warned: i32,
    /// Merged rows of which some words were not taken.
    pub kept: i32,
    /// The job that checks or writes it.
    pub job_id: Option<Uuid>,
    /// Who sent the file.
    pub created_by: Option<UserId>,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When its last row was written.
    pub finished_at: Option<DateTime<Utc>>,
}

impl Import {
    /// The file as it was sent.
    ///
    /// # Errors
    /// `Refused` once it has had its time.
    pub fn file(&self) -> Result<FileId, AppError> {
        self.file_id.ok_or_else(|| {
            AppError::refused(Said::new(
                "The file of this import was removed after ninety days. Send it again.",
            ))
        })
    }

    fn of<'q>(scope: &Scope) -> imports::BoxedQuery<'q, Pg> {
        imports::table
            .filter(imports::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// An import of a kind.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, kind: &'static str, id: ImportId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(imports::id.eq(id))
            .filter(imports::kind.eq(kind))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// The same, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, kind: &'static str, id: ImportId) -> Result<Self, AppError> {
        let query = imports::table
            .filter(
                imports::tenant_id
                    .eq(scope.tenant())
                    .and(imports::id.eq(id))
                    .and(imports::kind.eq(kind)),
            )
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// One page of imports of some kinds, newest first, and how many there are.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(
        scope: &mut Scope,
        kinds: Vec<&'static str>,
        query: &ListQuery,
    ) -> Result<(Page<Self>, i64), AppError> {
        let cursor = query.cursor::<(DateTime<Utc>, Uuid)>();
        let matching = |scope: &Scope| {
            let mut rows = Self::of(scope).filter(imports::kind.eq_any(kinds.clone()));
            if let Some(words) = query.search() {
                let plain: String = words.chars().filter(|c| !"%_\\".contains(*c)).collect();
                // A company has some hundreds of imports at most, and no other table is asked.
                rows = rows.filter(imports::file_name.ilike(format!("%{plain}%")));
            }
            rows
        };
        let rows = matching(scope)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let rows = keyset!(
            rows,
            cursor.as_ref(),
            true,
            imports::created_at,
            imports::id
        );
        let found = scope.load(rows)?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |import: &Self| {
            (import.created_at, import.id.uuid())
        });
        let count = matching(scope).select(imports::id).limit(COUNT_CAP + 1);
        Ok((page, scope.count(count)?))
    }

    /// The last imports of a kind, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn latest(scope: &mut Scope, kind: &'static str, most: i64) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(imports::kind.eq(kind))
            .order((imports::created_at.desc(), imports::id.desc()))
            .limit(most)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// How its file is read.
    ///
    /// # Errors
    /// When what is stored makes no sense.
    pub fn settings(&self) -> Result<Settings, AppError> {
        serde_json::from_value(self.settings.clone()).map_err(AppError::internal)
    }

    /// Whether columns can still be chosen.
    pub fn is_open(&self) -> bool {
        matches!(self.status.as_str(), "new" | "checked")
    }

    /// Whether a job is at it.
    pub fn is_under_way(&self) -> bool {
        matches!(self.status.as_str(), "checking" | "running")
    }

    /// What is said about rows of one outcome, by row; at most so many.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn remarks(
        &self,
        scope: &mut Scope,
        outcome: &'static str,
        most: i64,
    ) -> Result<Vec<(i32, Reason)>, AppError> {
        let rows = import_rows::table
            .filter(import_rows::tenant_id.eq(scope.tenant()))
            .filter(import_rows::import_id.eq(self.id))
            .filter(import_rows::outcome.eq(outcome))
            .order(import_rows::line)
            .limit(most)
            .select((import_rows::line, import_rows::reason));
        let found: Vec<(i32, serde_json::Value)> = scope.load(rows)?;
        found
            .into_iter()
            .map(|(line, reason)| {
                let reason = serde_json::from_value(reason).map_err(AppError::internal)?;
                Ok((line, reason))
            })
            .collect()
    }

    /// What is said about its rows; at most so many of each outcome. Three statements at most.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all_remarks(&self, scope: &mut Scope, most: i64) -> Result<Remarks, AppError> {
        let mut of = |outcome, count: i32| {
            if count > 0 {
                self.remarks(scope, outcome, most)
            } else {
                Ok(Vec::new())
            }
        };
        Ok(Remarks {
            refused: of("refused", self.refused)?,
            warned: of("warned", self.warned)?,
            kept: of("kept", self.kept)?,
        })
    }

    /// The reasons of all refused rows, by row.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn refusals(&self, scope: &mut Scope) -> Result<HashMap<u32, Said>, AppError> {
        let all = self.remarks(scope, "refused", i64::from(i32::MAX))?;
        Ok(all
            .into_iter()
            .filter_map(|(line, reason)| Some((u32::try_from(line).ok()?, reason.said)))
            .collect())
    }
}

/// The job behind an import, as far as its people see it.
#[derive(Clone, Debug, QueryableByName)]
pub struct JobState {
    /// queued, running, done, failed, discarded.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// Why the last try failed.
    #[diesel(sql_type = Nullable<Text>)]
    pub last_error: Option<String>,
    /// Who asked for it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub asked_by: Option<UserId>,
}

impl JobState {
    /// The state of an import's job.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(clippy::disallowed_methods, reason = "a function call without a table")]
    pub fn of(scope: &mut Scope, job: Option<Uuid>) -> Result<Option<Self>, AppError> {
        let Some(job) = job else { return Ok(None) };
        let statement =
            diesel::sql_query("select state, last_error, asked_by from company_jobs($1, 1)")
                .bind::<SqlUuid, _>(job);
        Ok(scope.load::<Self>(statement)?.pop())
    }

    /// Whether it was given up.
    pub fn is_given_up(&self) -> bool {
        matches!(self.state.as_str(), "failed" | "discarded")
    }
}

/// How a file with such heads was read the last time, if one was.
///
/// # Errors
/// When the database refuses.
pub fn remembered(
    scope: &mut Scope,
    kind: &'static str,
    layout: &[u8],
) -> Result<Option<Settings>, AppError> {
    let rows = import_mappings::table
        .filter(import_mappings::tenant_id.eq(scope.tenant()))
        .filter(import_mappings::kind.eq(kind))
        .filter(import_mappings::layout.eq(layout.to_vec()))
        .select(import_mappings::settings);
    let found: Option<serde_json::Value> = scope.maybe(rows)?;
    found
        .map(|settings| serde_json::from_value(settings).map_err(AppError::internal))
        .transpose()
}
