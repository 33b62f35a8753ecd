//! Invitations: rows and queries.

use super::Company;
use crate::error::AppError;
use crate::kernel::ids::{InvitationId, TenantId};
use crate::platform::db::schema::{companies, invitations};
use crate::platform::db::{PlatformTx, Scope};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

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

impl Invitation {
    fn of<'q>(scope: &Scope) -> invitations::BoxedQuery<'q, Pg> {
        invitations::table
            .filter(invitations::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The company's invitations, newest first; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .order((invitations::created_at.desc(), invitations::id.desc()))
            .limit(100)
            .select(Self::as_select());
        Ok(scope.load(query)?)
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

    /// Invitations of all companies with the company's name, newest first; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn across(
        tx: &mut PlatformTx,
        company: Option<TenantId>,
    ) -> Result<Vec<(Self, String)>, AppError> {
        let mut rows = invitations::table
            .inner_join(companies::table)
            .select((Self::as_select(), companies::name))
            .into_boxed();
        if let Some(company) = company {
            rows = rows.filter(invitations::tenant_id.eq(company));
        }
        Ok(tx.load(
            rows.order((invitations::created_at.desc(), invitations::id.desc()))
                .limit(100),
        )?)
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
