//! People of the whole installation, as the platform sees them.

use super::TimeMark;
use crate::error::AppError;
use crate::kernel::ids::UserId;
use crate::platform::db::PlatformTx;
use crate::platform::db::schema::users;
use crate::web::list::{COUNT_CAP, Cursor, ListQuery, Page};
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

impl PersonRow {
    /// One page of people of the whole installation, newest first, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn across(tx: &mut PlatformTx, query: &ListQuery) -> Result<(Page<Self>, i64), AppError> {
        use users::{created_at, id};
        let matching = || {
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
        };
        let cursor = query.cursor::<TimeMark>();
        let rows = matching().select(Self::as_select()).limit(query.size() + 1);
        let rows = match &cursor {
            // The first condition is what an index can do, the second tells rows of the same moment apart.
            Some(Cursor::After((at, last))) => rows
                .filter(created_at.le(*at))
                .filter(created_at.lt(*at).or(created_at.eq(*at).and(id.lt(*last))))
                .order((created_at.desc(), id.desc())),
            Some(Cursor::Before((at, last))) => rows
                .filter(created_at.ge(*at))
                .filter(created_at.gt(*at).or(created_at.eq(*at).and(id.gt(*last))))
                .order((created_at.asc(), id.asc())),
            None => rows.order((created_at.desc(), id.desc())),
        };
        let found = tx.load(rows)?;
        let counted: Vec<UserId> = tx.load(matching().select(id).limit(COUNT_CAP + 1))?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |person: &Self| {
            (person.created_at, person.id.uuid())
        });
        Ok((page, i64::try_from(counted.len()).unwrap_or(i64::MAX)))
    }
}
