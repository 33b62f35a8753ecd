//! People of the whole installation, as the platform sees them.

use super::TimeMark;
use crate::error::AppError;
use crate::kernel::ids::{TenantId, UserId};
use crate::platform::db::PlatformTx;
use crate::platform::db::schema::{companies, memberships, retailers, users};
use crate::web::list::{COUNT_CAP, ListQuery, Page, keyset};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

/// A person as the platform sees them.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct PersonRow {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub is_platform_admin: bool,
    pub disabled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// A company or a retailer that a person may enter, and in what role.
#[derive(Clone, Debug, Queryable)]
pub struct Place {
    pub company: Option<(TenantId, String)>,
    pub retailer: Option<String>,
    pub role: String,
    pub since: DateTime<Utc>,
}

impl PersonRow {
    fn across<'q>(query: &ListQuery) -> users::BoxedQuery<'q, Pg> {
        let mut rows = users::table.into_boxed::<Pg>();
        match query.all("state", &["active", "disabled"]).as_slice() {
            ["active"] => rows = rows.filter(users::disabled_at.is_null()),
            ["disabled"] => rows = rows.filter(users::disabled_at.is_not_null()),
            _ => {}
        }
        if let Some(search) = query.search() {
            let like = format!("%{}%", search.replace(['%', '_', '\\'], ""));
            rows = rows.filter(users::name.ilike(like.clone()).or(users::email.ilike(like)));
        }
        rows
    }

    /// One page of people of the whole installation, newest first, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(tx: &mut PlatformTx, query: &ListQuery) -> Result<(Page<Self>, i64), AppError> {
        let cursor = query.cursor::<TimeMark>();
        let rows = Self::across(query)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let found = tx.load(keyset!(
            rows,
            cursor.as_ref(),
            true,
            users::created_at,
            users::id
        ))?;
        let counted = tx.count(Self::across(query).select(users::id).limit(COUNT_CAP + 1))?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |person: &Self| {
            (person.created_at, person.id.uuid())
        });
        Ok((page, counted))
    }

    /// The first people that match, the exact address before all; at most 8.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn search(tx: &mut PlatformTx, query: &ListQuery) -> Result<Vec<Self>, AppError> {
        let typed = query.search().unwrap_or_default().to_lowercase();
        Ok(tx.load(
            Self::across(query)
                .select(Self::as_select())
                .order((users::email.eq(typed).desc(), users::name, users::id))
                .limit(8),
        )?)
    }

    /// One person.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find_across(tx: &mut PlatformTx, id: UserId) -> Result<Self, AppError> {
        Ok(tx.one(users::table.find(id).select(Self::as_select()))?)
    }

    /// Where a person may go in: companies by name, then retailers; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn places_across(tx: &mut PlatformTx, id: UserId) -> Result<Vec<Place>, AppError> {
        Ok(tx.load(
            memberships::table
                .left_join(companies::table)
                .left_join(retailers::table)
                .filter(memberships::user_id.eq(id))
                .order((companies::name, retailers::name))
                .limit(100)
                .select((
                    (companies::id, companies::name).nullable(),
                    retailers::name.nullable(),
                    memberships::role,
                    memberships::created_at,
                )),
        )?)
    }
}
