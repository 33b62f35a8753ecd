//! Accounts at gateways.

use crate::accounting::model::GatewayAccount;
use crate::config::Secret;
use crate::error::AppError;
use crate::kernel::ids::GatewayAccountId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::gateway_accounts;
use crate::platform::secrets;
use diesel::prelude::*;

/// What somebody has of an account at a gateway.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Name of the gateway.
    pub gateway: String,
    /// Key id.
    pub key_id: String,
    /// Key secret.
    pub key_secret: Secret<String>,
    /// What the gateway signs webhooks with.
    pub hook_secret: Secret<String>,
}

fn set_active(
    scope: &mut Scope,
    only: Option<GatewayAccountId>,
    is_active: bool,
) -> Result<usize, AppError> {
    let now = scope.now();
    let mut rows = gateway_accounts::table
        .filter(gateway_accounts::tenant_id.eq(scope.tenant()))
        .filter(gateway_accounts::is_active.ne(is_active))
        .select(gateway_accounts::id)
        .into_boxed();
    if let Some(id) = only {
        rows = rows.filter(gateway_accounts::id.eq(id));
    }
    let ids: Vec<GatewayAccountId> = scope.load(rows)?;
    let rows = gateway_accounts::table.filter(
        gateway_accounts::tenant_id
            .eq(scope.tenant())
            .and(gateway_accounts::id.eq_any(ids)),
    );
    Ok(scope.execute(diesel::update(rows).set((
        gateway_accounts::is_active.eq(is_active),
        gateway_accounts::updated_at.eq(now),
    )))?)
}

/// Keeps an account, its secrets sealed under the installation's key; from now on retailers pay by it.
///
/// # Errors
/// `Refused` for one that is known already.
pub fn add(
    scope: &mut Scope,
    key: &Secret<Vec<u8>>,
    id: GatewayAccountId,
    keys: &Keys,
) -> Result<(), AppError> {
    set_active(scope, None, false)?;
    let (now, tenant) = (scope.now(), scope.tenant());
    let seal = |secret: &Secret<String>| secrets::seal(key, tenant, secret.expose().as_bytes());
    let insert = diesel::insert_into(gateway_accounts::table).values((
        gateway_accounts::id.eq(id),
        gateway_accounts::gateway.eq(&keys.gateway),
        gateway_accounts::key_id.eq(&keys.key_id),
        gateway_accounts::key_secret_sealed.eq(seal(&keys.key_secret)?),
        gateway_accounts::hook_secret_sealed.eq(seal(&keys.hook_secret)?),
        gateway_accounts::is_active.eq(true),
        gateway_accounts::created_at.eq(now),
        gateway_accounts::updated_at.eq(now),
    ));
    match scope.execute(insert).map_err(AppError::from) {
        Err(error)
            if error.constraint() == Some("gateway_accounts_tenant_id_gateway_key_id_key") =>
        {
            let said = Said::new("The account {key} is known already.");
            Err(AppError::refused(said.with("key", keys.key_id.as_str())))
        }
        other => other.map(drop),
    }
}

/// Nobody can begin to pay by an account any more. What was begun is still heard of.
///
/// # Errors
/// `NotFound`; `Refused` when it is out of use already.
pub fn stop(scope: &mut Scope, id: GatewayAccountId) -> Result<GatewayAccount, AppError> {
    let account = GatewayAccount::find(scope, id)?;
    if set_active(scope, Some(id), false)? == 0 {
        return Err(AppError::refused(Said::new("It is out of use already.")));
    }
    Ok(account)
}

/// Retailers pay by this account again, and by no other.
///
/// # Errors
/// `NotFound`; `Refused` when it is in use already.
pub fn start(scope: &mut Scope, id: GatewayAccountId) -> Result<GatewayAccount, AppError> {
    let account = GatewayAccount::find(scope, id)?;
    if account.is_active {
        return Err(AppError::refused(Said::new("It is in use already.")));
    }
    set_active(scope, None, false)?;
    set_active(scope, Some(id), true)?;
    Ok(account)
}
