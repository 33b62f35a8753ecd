//! Accounts at payment gateways: rows and queries.

use crate::accounting::outside::{GatewaySeat, KnownGateway};
use crate::config::Secret;
use crate::error::AppError;
use crate::kernel::ids::{GatewayAccountId, TenantId};
use crate::platform::db::schema::gateway_accounts;
use crate::platform::db::{PlatformTx, Scope, prepared};
use crate::platform::secrets;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Text, Uuid as SqlUuid};

/// A company's account at a gateway.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = gateway_accounts)]
pub struct GatewayAccount {
    /// The account; part of the address at which the gateway calls.
    pub id: GatewayAccountId,
    /// Name of the gateway.
    pub gateway: String,
    /// Key id.
    pub key_id: String,
    /// Key secret, sealed.
    pub key_secret_sealed: Vec<u8>,
    /// Secret that webhooks are signed with, sealed.
    pub hook_secret_sealed: Vec<u8>,
    /// Whether retailers pay by it.
    pub is_active: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// The installation's key, and whose secrets it opens.
pub type Opener<'k> = (&'k Secret<Vec<u8>>, TenantId);

fn text(secret: &Secret<Vec<u8>>) -> Result<Secret<String>, AppError> {
    let text = std::str::from_utf8(secret.expose())
        .map_err(|_| AppError::internal("a sealed secret is no text"))?;
    Ok(Secret::new(text.to_owned()))
}

impl GatewayAccount {
    fn of<'q>(scope: &Scope) -> gateway_accounts::BoxedQuery<'q, Pg> {
        gateway_accounts::table
            .filter(gateway_accounts::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// All of them, the one in use first, then the newest.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .order((
                gateway_accounts::is_active.desc(),
                gateway_accounts::id.desc(),
            ))
            .limit(50)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// The one that retailers pay by, if there is one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn active(scope: &mut Scope) -> Result<Option<Self>, AppError> {
        let row = Self::of(scope)
            .filter(gateway_accounts::is_active)
            .select(Self::as_select());
        Ok(scope.maybe(row)?)
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: GatewayAccountId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(gateway_accounts::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// What calls at the gateway are signed with.
    ///
    /// # Errors
    /// When the installation's key is another one by now.
    pub fn seat(
        &self,
        known: &KnownGateway,
        (key, tenant): Opener<'_>,
    ) -> Result<GatewaySeat, AppError> {
        let secret = secrets::open(key, tenant, &self.key_secret_sealed)?;
        Ok(GatewaySeat {
            base: known.base.clone(),
            pages: known.pages.clone(),
            key_id: self.key_id.clone(),
            key_secret: text(&secret)?,
        })
    }

    /// What its webhooks are signed with.
    ///
    /// # Errors
    /// When the installation's key is another one by now.
    pub fn hook_secret(&self, (key, tenant): Opener<'_>) -> Result<Secret<Vec<u8>>, AppError> {
        secrets::open(key, tenant, &self.hook_secret_sealed)
    }
}

/// What is known of an account when its gateway calls, before it is known whether it is the gateway that calls.
#[derive(QueryableByName)]
pub struct HookDoor {
    /// The company.
    #[diesel(sql_type = SqlUuid)]
    pub tenant: TenantId,
    /// Name of the gateway.
    #[diesel(sql_type = Text)]
    pub gateway: String,
    /// What its webhooks are signed with, sealed.
    #[diesel(sql_type = Binary)]
    pub hook_secret_sealed: Vec<u8>,
}

impl HookDoor {
    /// The account at whose address a gateway calls. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn find(tx: &mut PlatformTx, account: GatewayAccountId) -> Result<Self, AppError> {
        let statement =
            prepared("select tenant, gateway, hook_secret_sealed from gateway_door($1)")
                .bind::<SqlUuid, _>(account);
        Ok(tx.one(statement)?)
    }
}
