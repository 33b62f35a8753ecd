//! A company's own jobs, through the one function that shows them to its people.

use crate::error::AppError;
use crate::kernel::ids::UserId;
use crate::platform::db::Scope;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

/// A job of the company.
#[derive(Clone, Debug, PartialEq, QueryableByName)]
pub struct CompanyJob {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Integer)]
    pub progress: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    pub progress_of: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_error: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub result: Option<serde_json::Value>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub asked_by: Option<UserId>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

impl CompanyJob {
    /// Whether nothing more will happen to it by itself.
    pub fn is_over(&self) -> bool {
        matches!(self.state.as_str(), "done" | "failed" | "discarded")
    }

    /// One job that this person asked for. Somebody else's is not found.
    ///
    /// # Errors
    /// `NotFound`.
    #[expect(clippy::disallowed_methods, reason = "a function call without a table")]
    pub fn own(scope: &mut Scope, id: Uuid) -> Result<Self, AppError> {
        let me = scope.member().user();
        let statement =
            diesel::sql_query("select * from company_jobs($1, 1)").bind::<SqlUuid, _>(id);
        let found: Vec<Self> = scope.load(statement)?;
        found
            .into_iter()
            .find(|job| job.asked_by == me)
            .ok_or(AppError::NotFound)
    }

    /// What this person asked for and can't fetch yet: jobs that wait, run or failed, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(clippy::disallowed_methods, reason = "a function call without a table")]
    pub fn unfinished(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let me = scope.member().user();
        let statement = diesel::sql_query(
            "select * from company_jobs(null, 200) where asked_by = $1 and state in ('queued', 'running', 'failed') and kind like '%.export'",
        )
        .bind::<Nullable<SqlUuid>, _>(me);
        Ok(scope.load(statement)?)
    }
}
