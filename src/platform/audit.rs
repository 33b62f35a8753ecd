//! Reads the audit: who changed what, when, by which request.

use super::db::Scope;
use super::db::schema::{audit_entries, employees};
use crate::error::AppError;
use crate::kernel::ids::UserId;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

diesel::allow_tables_to_appear_in_same_query!(audit_entries, employees);

/// A change of a row.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
pub struct Entry {
    /// Order of writing.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The table.
    pub table_name: String,
    /// The row.
    pub row_id: Uuid,
    /// insert, update or delete.
    pub action: String,
    /// Who; nobody when the system did it.
    pub user_id: Option<UserId>,
    /// The request.
    pub request_id: Option<Uuid>,
    /// The job or schedule, when the system did it.
    pub cause: Option<String>,
    /// Before.
    pub before: Option<serde_json::Value>,
    /// After.
    pub after: Option<serde_json::Value>,
}

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Tables.
    pub tables: Vec<String>,
    /// Actions.
    pub actions: Vec<String>,
    /// One row, one request, or one person.
    pub id: Option<Uuid>,
    /// From this moment.
    pub from: Option<DateTime<Utc>>,
    /// Up to this moment, not included.
    pub until: Option<DateTime<Utc>>,
}

fn of<'q>(scope: &Scope, filter: &Filter) -> audit_entries::BoxedQuery<'q, Pg> {
    let mut rows = audit_entries::table
        .filter(audit_entries::tenant_id.eq(scope.tenant()))
        .into_boxed();
    // One value by `=`: the index then gives the order, too, and nothing is sorted.
    rows = match filter.tables.as_slice() {
        [] => rows,
        [only] => rows.filter(audit_entries::table_name.eq(only.clone())),
        several => rows.filter(audit_entries::table_name.eq_any(several.to_vec())),
    };
    rows = match filter.actions.as_slice() {
        [] => rows,
        [only] => rows.filter(audit_entries::action.eq(only.clone())),
        several => rows.filter(audit_entries::action.eq_any(several.to_vec())),
    };
    if let Some(id) = filter.id {
        let wanted = audit_entries::row_id.eq(id);
        rows = rows.filter(
            wanted
                .nullable()
                .or(audit_entries::request_id.eq(id))
                .or(audit_entries::user_id.eq(id)),
        );
    }
    if let Some(from) = filter.from {
        rows = rows.filter(audit_entries::at.ge(from));
    }
    if let Some(until) = filter.until {
        rows = rows.filter(audit_entries::at.lt(until));
    }
    rows
}

/// Entries that match, newest first: those before (`older`) or after (`newer`) a mark; at most `limit`.
///
/// # Errors
/// When the database refuses.
pub fn list(
    scope: &mut Scope,
    filter: &Filter,
    mark: Option<(i64, bool)>,
    limit: i64,
) -> Result<Vec<Entry>, AppError> {
    let rows = of(scope, filter).select(Entry::as_select()).limit(limit);
    let rows = match mark {
        Some((id, true)) => rows
            .filter(audit_entries::id.gt(id))
            .order(audit_entries::id.asc()),
        Some((id, false)) => rows
            .filter(audit_entries::id.lt(id))
            .order(audit_entries::id.desc()),
        None => rows.order(audit_entries::id.desc()),
    };
    Ok(scope.load(rows)?)
}

/// How many match, counted up to `most`.
///
/// # Errors
/// When the database refuses.
pub fn count(scope: &mut Scope, filter: &Filter, most: i64) -> Result<i64, AppError> {
    let ids = of(scope, filter).select(audit_entries::id).limit(most);
    let ids: Vec<i64> = scope.load(ids)?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

/// Names of the company's people, for entries.
///
/// # Errors
/// When the database refuses.
pub fn names(scope: &mut Scope, users: Vec<UserId>) -> Result<Vec<(UserId, String)>, AppError> {
    let query = employees::table
        .filter(
            employees::tenant_id
                .eq(scope.tenant())
                .and(employees::user_id.eq_any(users)),
        )
        .select((employees::user_id, employees::name));
    Ok(scope.load(query)?)
}
