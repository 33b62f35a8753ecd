//! Companies: rows and queries.

use super::{NameMark, Registration, TimeMark};
use crate::error::AppError;
use crate::kernel::ids::{FileId, TenantId};
use crate::platform::db::schema::companies;
use crate::platform::db::{PlatformTx, Scope};
use crate::web::list::{COUNT_CAP, ListQuery, Page, Sort, keyset};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

/// States that a list of companies can be filtered by.
pub const STATES: [&str; 4] = ["active", "suspended", "closing", "closed"];

/// A company.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = companies)]
pub struct Company {
    pub id: TenantId,
    pub slug: String,
    pub name: String,
    pub legal_name: String,
    pub pan: String,
    pub status: String,
    pub status_reason: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub address: Option<String>,
    pub city: Option<String>,
    pub pincode: Option<String>,
    pub hue: i16,
    pub logo_file_id: Option<FileId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Company {
    fn across<'q>() -> companies::BoxedQuery<'q, Pg> {
        companies::table.into_boxed()
    }

    fn of<'q>(scope: &Scope) -> companies::BoxedQuery<'q, Pg> {
        companies::table
            .filter(companies::id.eq(scope.tenant()))
            .into_boxed()
    }

    /// This transaction's company.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn own(scope: &mut Scope) -> Result<Self, AppError> {
        let query = Self::of(scope).select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// This transaction's company, locked for change.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lock(scope: &mut Scope) -> Result<Self, AppError> {
        let query = companies::table
            .filter(companies::id.eq(scope.tenant()))
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// A company, for the platform.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(tx: &mut PlatformTx, id: TenantId) -> Result<Self, AppError> {
        Ok(tx.one(
            Self::across()
                .filter(companies::id.eq(id))
                .select(Self::as_select()),
        )?)
    }

    /// A company, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock_across(tx: &mut PlatformTx, id: TenantId) -> Result<Self, AppError> {
        Ok(tx.one(
            companies::table
                .filter(companies::id.eq(id))
                .for_update()
                .select(Self::as_select()),
        )?)
    }

    /// What the filter shows: by name, slug, PAN or a whole GSTIN, and by state.
    fn matching<'q>(query: &ListQuery) -> companies::BoxedQuery<'q, Pg> {
        let mut rows = Self::across();
        let states = query.all("status", &STATES);
        if !states.is_empty() {
            rows = rows.filter(
                companies::status.eq_any(states.into_iter().map(str::to_owned).collect::<Vec<_>>()),
            );
        }
        if let Some(search) = query.search() {
            let like = format!("%{}%", search.replace(['%', '_', '\\'], ""));
            rows = rows.filter(
                companies::name
                    .ilike(like.clone())
                    .or(companies::slug.ilike(like.clone()))
                    .or(companies::pan.ilike(like))
                    .or(companies::id.eq_any(Registration::holders_across(search))),
            );
        }
        rows
    }

    /// How a list of companies can be sorted.
    pub const SORTS: [&'static str; 2] = ["name", "opened"];

    /// How it is sorted unless told otherwise: the newest first.
    pub const NEWEST: Sort = Sort {
        by: "opened",
        is_descending: true,
    };

    /// One page of companies, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(tx: &mut PlatformTx, query: &ListQuery) -> Result<(Page<Self>, i64), AppError> {
        let sort = query.sort(&Self::SORTS, Self::NEWEST);
        let rows = Self::matching(query)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let page = if sort.by == "name" {
            let cursor = query.cursor::<NameMark>();
            let found = tx.load(keyset!(
                rows,
                cursor.as_ref(),
                sort.is_descending,
                companies::name,
                companies::id
            ))?;
            Page::new(found, query.size(), cursor.as_ref(), |company| {
                (company.name.clone(), company.id.uuid())
            })
        } else {
            let cursor = query.cursor::<TimeMark>();
            let found = tx.load(keyset!(
                rows,
                cursor.as_ref(),
                sort.is_descending,
                companies::created_at,
                companies::id
            ))?;
            Page::new(found, query.size(), cursor.as_ref(), |company| {
                (company.created_at, company.id.uuid())
            })
        };
        let counted = tx.count(
            Self::matching(query)
                .select(companies::id)
                .limit(COUNT_CAP + 1),
        )?;
        Ok((page, counted))
    }

    /// The first companies that match, the exact short name before all; at most 8.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn search(tx: &mut PlatformTx, query: &ListQuery) -> Result<Vec<Self>, AppError> {
        let typed = query.search().unwrap_or_default().to_lowercase();
        Ok(tx.load(
            Self::matching(query)
                .select(Self::as_select())
                .order((
                    companies::slug.eq(typed).desc(),
                    companies::name,
                    companies::id,
                ))
                .limit(8),
        )?)
    }

    /// Everything that the filter shows, for an export; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(tx: &mut PlatformTx, query: &ListQuery) -> Result<Vec<Self>, AppError> {
        Ok(tx.load(
            Self::matching(query)
                .select(Self::as_select())
                .order((companies::name, companies::id))
                .limit(100_000),
        )?)
    }

    /// How many companies are in which state.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn counts(tx: &mut PlatformTx) -> Result<Vec<(String, i64)>, AppError> {
        let grouped = companies::table
            .group_by(companies::status)
            .select((companies::status, diesel::dsl::count_star()));
        Ok(tx.load(grouped)?)
    }
}
