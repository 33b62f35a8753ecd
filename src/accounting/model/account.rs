//! How registrations sign in at the authority: accounts, the session that all workers share, and the authority's pinned keys.

use crate::accounting::outside::RsaKey;
use crate::error::AppError;
use crate::kernel::ids::{EInvoiceAccountId, RegistrationId, TenantId};
use crate::platform::db::schema::{einvoice_accounts, einvoice_sessions, gst_registrations};
use crate::platform::db::{Scope, prepared};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Nullable, Text};

/// Registrations with their accounts, if they have any.
#[diesel::dsl::auto_type(no_type_alias)]
fn of(scope: &Scope) -> _ {
    let tenant: TenantId = scope.tenant();
    let whose = einvoice_accounts::tenant_id.eq(gst_registrations::tenant_id);
    let its = einvoice_accounts::registration_id.eq(gst_registrations::id);
    gst_registrations::table
        .left_join(einvoice_accounts::table.on(whose.and(its)))
        .filter(gst_registrations::tenant_id.eq(tenant))
}

/// How a registration signs in. Secrets are sealed.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = einvoice_accounts)]
pub struct Account {
    /// The account.
    pub id: EInvoiceAccountId,
    /// The registration.
    pub registration_id: RegistrationId,
    /// sandbox or live.
    pub environment: String,
    /// Client id.
    pub client_id: String,
    /// Client secret, sealed.
    pub client_secret_sealed: Vec<u8>,
    /// API user of the GSTIN.
    pub user_name: String,
    /// Its password, sealed.
    pub password_sealed: Vec<u8>,
    /// Whether documents are sent.
    pub is_active: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Last change; guards against lost edits.
    pub updated_at: DateTime<Utc>,
    /// When its secrets were given.
    pub secrets_set_at: DateTime<Utc>,
    /// Who gave them; empty is the sandbox.
    pub secrets_set_by_name: String,
    /// When the authority refused them: nobody signs in with them by itself any more.
    pub login_refused_at: Option<DateTime<Utc>>,
    /// The authority's code for why.
    pub login_refused_code: Option<String>,
    /// The same in its words.
    pub login_refused_said: Option<String>,
}

/// A registration with its account, if it has one.
#[derive(Clone, Debug, Queryable)]
pub struct Seated {
    /// The registration.
    pub registration: RegistrationId,
    /// Its GSTIN.
    pub gstin: String,
    /// Its trade name.
    pub trade_name: String,
    /// Its account.
    pub account: Option<Account>,
}

/// The session of an account. Keys are sealed.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = einvoice_sessions)]
pub struct StoredSession {
    /// Token, sealed.
    pub token_sealed: Option<Vec<u8>>,
    /// The key that we made for this login, sealed.
    pub app_key_sealed: Option<Vec<u8>>,
    /// The key of the session, sealed.
    pub sek_sealed: Option<Vec<u8>>,
    /// When the token ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// Until when somebody is signing in.
    pub login_until: Option<DateTime<Utc>>,
}

impl Account {
    fn of<'q>(scope: &Scope) -> einvoice_accounts::BoxedQuery<'q, Pg> {
        einvoice_accounts::table
            .filter(einvoice_accounts::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The account of a registration, if it has one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_registration(
        scope: &mut Scope,
        registration: RegistrationId,
    ) -> Result<Option<Self>, AppError> {
        let row = Self::of(scope)
            .filter(einvoice_accounts::registration_id.eq(registration))
            .select(Self::as_select());
        Ok(scope.maybe(row)?)
    }

    /// Whether it is still as it was read, and the authority has not refused it since.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn holds_still(&self, scope: &mut Scope) -> Result<bool, AppError> {
        let now = Self::of_registration(scope, self.registration_id)?;
        Ok(now
            .is_some_and(|now| now.updated_at == self.updated_at && now.login_refused_at.is_none()))
    }

    /// The registrations that have not ended, each with its account.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Seated>, AppError> {
        let rows = of(scope)
            .filter(gst_registrations::ended_on.is_null())
            .order((
                gst_registrations::is_primary.desc(),
                gst_registrations::gstin.asc(),
            ))
            .limit(100)
            .select((
                gst_registrations::id,
                gst_registrations::gstin,
                gst_registrations::trade_name,
                Option::<Account>::as_select(),
            ));
        Ok(scope.load(rows)?)
    }

    /// The session that workers share, if somebody has signed in.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn session(&self, scope: &mut Scope) -> Result<Option<StoredSession>, AppError> {
        let row = einvoice_sessions::table
            .filter(
                einvoice_sessions::tenant_id
                    .eq(scope.tenant())
                    .and(einvoice_sessions::id.eq(self.id)),
            )
            .select(StoredSession::as_select());
        Ok(scope.maybe(row)?)
    }
}

#[derive(QueryableByName)]
struct PinnedKey {
    #[diesel(sql_type = Binary)]
    modulus: Vec<u8>,
    #[diesel(sql_type = Integer)]
    exponent: i32,
}

/// A pinned key of the authority: the one named, or the newest in use.
///
/// # Errors
/// When the database refuses.
#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
pub fn authority_key(
    scope: &mut Scope,
    environment: &str,
    purpose: &str,
    kid: Option<&str>,
) -> Result<Option<RsaKey>, AppError> {
    let statement = prepared("select modulus, exponent from authority_key($1, $2, $3)")
        .bind::<Text, _>(environment.to_owned())
        .bind::<Text, _>(purpose.to_owned())
        .bind::<Nullable<Text>, _>(kid.map(str::to_owned));
    let found: Option<PinnedKey> = scope.maybe(statement)?;
    Ok(found.map(|key| RsaKey {
        modulus: key.modulus,
        exponent: key.exponent.unsigned_abs(),
    }))
}
