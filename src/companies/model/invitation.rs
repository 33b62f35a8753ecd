//! Invitations: rows and queries.

use super::{Company, TimeMark};
use crate::error::AppError;
use crate::kernel::ids::{InvitationId, TenantId};
use crate::platform::db::schema::{companies, invitations};
use crate::platform::db::{PlatformTx, Reads, Scope};
use crate::web::bulk;
use crate::web::list::{COUNT_CAP, ListQuery, Page, keyset};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;

/// States that a list of invitations can be filtered by.
pub const INVITATION_STATES: [&str; 4] = ["sent", "expired", "accepted", "revoked"];

/// An invitation.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    pub tenant_id: TenantId,
    pub id: InvitationId,
    pub email: String,
    pub name: String,
    pub role: String,
    pub language: String,
    pub status: String,
    pub sent_count: i32,
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// An invitation, and the name of the company that it lets into.
pub type Invited = (Invitation, String);

/// Invitations beside their companies.
type Joined<'q> = diesel::helper_types::IntoBoxed<
    'q,
    diesel::helper_types::InnerJoin<invitations::table, companies::table>,
    Pg,
>;

impl Invitation {
    fn across<'q>() -> Joined<'q> {
        invitations::table.inner_join(companies::table).into_boxed()
    }

    fn of<'q>(scope: &Scope) -> Joined<'q> {
        Self::across().filter(invitations::tenant_id.eq(scope.tenant()))
    }

    /// One page of the company's invitations, newest first, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<(Page<Invited>, i64), AppError> {
        let wall = invitations::tenant_id.eq(scope.tenant());
        page(scope, query, || Self::across().filter(wall))
    }

    /// The same over all companies.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list_across(
        tx: &mut PlatformTx,
        query: &ListQuery,
    ) -> Result<(Page<Invited>, i64), AppError> {
        page(tx, query, Self::across)
    }

    /// Everything of the company that the filter shows, for an export; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(scope: &mut Scope, query: &ListQuery) -> Result<Vec<Invited>, AppError> {
        let all = Self::of(scope);
        first(scope, query, all, 100_000)
    }

    /// The same over all companies.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export_across(tx: &mut PlatformTx, query: &ListQuery) -> Result<Vec<Invited>, AppError> {
        first(tx, query, Self::across(), 100_000)
    }

    /// The newest invitations that match, over all companies; at most 8.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn search_across(tx: &mut PlatformTx, query: &ListQuery) -> Result<Vec<Invited>, AppError> {
        first(tx, query, Self::across(), 8)
    }

    /// Every invitation of the company that the filter shows, for a change of all of them.
    ///
    /// # Errors
    /// `Refused` when they are too many.
    pub fn ids(scope: &mut Scope, query: &ListQuery) -> Result<Vec<InvitationId>, AppError> {
        let all = Self::of(scope);
        ids(scope, query, all)
    }

    /// The same over all companies.
    ///
    /// # Errors
    /// `Refused` when they are too many.
    pub fn ids_across(
        tx: &mut PlatformTx,
        query: &ListQuery,
    ) -> Result<Vec<InvitationId>, AppError> {
        ids(tx, query, Self::across())
    }

    /// A company's invitations, for the platform; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_company_across(
        tx: &mut PlatformTx,
        company: TenantId,
    ) -> Result<Vec<Invited>, AppError> {
        let all = Self::across().filter(invitations::tenant_id.eq(company));
        first(tx, &ListQuery::default(), all, 100)
    }

    /// An invitation of the company, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, id: InvitationId) -> Result<Self, AppError> {
        let query = invitations::table
            .filter(
                invitations::tenant_id
                    .eq(scope.tenant())
                    .and(invitations::id.eq(id)),
            )
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// Whose invitation this is, for the platform.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn owner_across(tx: &mut PlatformTx, id: InvitationId) -> Result<TenantId, AppError> {
        Ok(tx.one(
            invitations::table
                .filter(invitations::id.eq(id))
                .select(invitations::tenant_id),
        )?)
    }

    /// The invitation of a token's hash, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock_across(tx: &mut PlatformTx, hash: &[u8]) -> Result<Self, AppError> {
        Ok(tx.one(
            invitations::table
                .filter(invitations::token_hash.eq(hash))
                .for_update()
                .select(Self::as_select()),
        )?)
    }

    /// The invitation of a token's hash with its company, to be looked at.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn peek_across(tx: &mut PlatformTx, hash: &[u8]) -> Result<(Self, Company), AppError> {
        Ok(tx.one(
            invitations::table
                .inner_join(companies::table)
                .filter(invitations::token_hash.eq(hash))
                .select((Self::as_select(), Company::as_select())),
        )?)
    }
}

/// What the filter shows: by person or company, and by state; a letter that was not used in time is expired.
fn matching<'q>(all: Joined<'q>, query: &ListQuery, now: DateTime<Utc>) -> Joined<'q> {
    use invitations::{email, expires_at, name, status};
    let mut rows = all;
    let states = query.all("status", &INVITATION_STATES);
    if !states.is_empty() {
        let wants = |state| states.contains(&state).into_sql::<Bool>();
        let open = status.eq("sent");
        let settled = ["accepted", "revoked"].into_iter();
        rows = rows.filter(
            status
                .eq_any(
                    settled
                        .filter(|state| states.contains(state))
                        .collect::<Vec<_>>(),
                )
                .or(open.and(expires_at.gt(now)).and(wants("sent")))
                .or(open.and(expires_at.le(now)).and(wants("expired"))),
        );
    }
    if let Some(search) = query.search() {
        let like = format!("%{}%", search.replace(['%', '_', '\\'], ""));
        rows = rows.filter(
            name.ilike(like.clone())
                .or(email.ilike(like.clone()))
                .or(companies::name.ilike(like)),
        );
    }
    rows
}

fn page<'q>(
    tx: &mut impl Reads,
    query: &ListQuery,
    all: impl Fn() -> Joined<'q>,
) -> Result<(Page<Invited>, i64), AppError> {
    let (now, cursor) = (tx.now(), query.cursor::<TimeMark>());
    let rows = matching(all(), query, now)
        .select((Invitation::as_select(), companies::name))
        .limit(query.size() + 1);
    let found = tx.load(keyset!(
        rows,
        cursor.as_ref(),
        true,
        invitations::created_at,
        invitations::id
    ))?;
    let counted = tx.count(
        matching(all(), query, now)
            .select(invitations::id)
            .limit(COUNT_CAP + 1),
    )?;
    let page = Page::new(
        found,
        query.size(),
        cursor.as_ref(),
        |(row, _): &Invited| (row.created_at, row.id.uuid()),
    );
    Ok((page, counted))
}

fn first(
    tx: &mut impl Reads,
    query: &ListQuery,
    all: Joined<'_>,
    most: i64,
) -> Result<Vec<Invited>, AppError> {
    let now = tx.now();
    Ok(tx.load(
        matching(all, query, now)
            .select((Invitation::as_select(), companies::name))
            .order((invitations::created_at.desc(), invitations::id.desc()))
            .limit(most),
    )?)
}

fn ids(
    tx: &mut impl Reads,
    query: &ListQuery,
    all: Joined<'_>,
) -> Result<Vec<InvitationId>, AppError> {
    let now = tx.now();
    let ids = tx.load(
        matching(all, query, now)
            .select(invitations::id)
            .order(invitations::id)
            .limit(bulk::MOST as i64 + 1),
    )?;
    bulk::refuse_too_many(ids.len())?;
    Ok(ids)
}
