//! The one login of an account that all workers share: whoever finds none takes the lease and signs in, the others wait.

use crate::accounting::model::{Account, StoredSession, authority_key};
use crate::accounting::outside::{Away, Credentials, Environment, Seat, Session};
use crate::accounting::rules::einvoice::{Operation, Outcome, wait_for_login};
use crate::accounting::rules::errors;
use crate::config::Secret;
use crate::error::AppError;
use crate::kernel::ids::{EInvoiceAccountId, RegistrationId};
use crate::platform::db::Scope;
use crate::platform::db::schema::{einvoice_accounts, einvoice_sessions};
use crate::platform::secrets;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use url::Url;

/// A token that ends within this time is not begun with.
const SHORT: Duration = Duration::seconds(120);
/// How long somebody may take to sign in.
pub(super) const LOGIN: Duration = Duration::seconds(60);

/// The installation's key, and where the authority answers.
#[derive(Clone)]
pub struct Desk {
    /// What secrets are sealed under.
    pub key: Secret<Vec<u8>>,
    /// Which authority this installation speaks to, and where it answers.
    pub at: Option<(Environment, Url)>,
}

/// What a worker has to do about the login.
pub enum SignIn {
    /// Nothing: this one holds.
    Holds(Box<Session>),
    /// It has the lease: sign in, then keep what came of it.
    Yours,
    /// Not before then: somebody else is at it; or what was known of the account is no longer true, and has to be looked at anew.
    Wait(DateTime<Utc>),
}

impl Desk {
    fn text(&self, scope: &Scope, sealed: &[u8]) -> Result<Secret<String>, AppError> {
        let plain = secrets::open(&self.key, scope.tenant(), sealed)?;
        let text = String::from_utf8(plain.expose().clone()).map_err(AppError::internal)?;
        Ok(Secret::new(text))
    }

    fn bytes(&self, scope: &Scope, sealed: &[u8]) -> Result<Secret<[u8; 32]>, AppError> {
        let plain = secrets::open(&self.key, scope.tenant(), sealed)?;
        let key = <[u8; 32]>::try_from(plain.expose().as_slice()).map_err(AppError::internal)?;
        Ok(Secret::new(key))
    }

    /// Who calls, with secrets opened; none where this installation has no authority of the account's kind, or no key of it, and none while
    /// the authority refuses the account: it blocks who goes on.
    ///
    /// # Errors
    /// When a secret does not open.
    pub fn seat(
        &self,
        scope: &mut Scope,
        account: &Account,
        gstin: &str,
    ) -> Result<Option<Seat>, AppError> {
        if account.login_refused_at.is_some() {
            return Ok(None);
        }
        self.seat_to_try(scope, account, gstin)
    }

    /// The same for a person who tries whether the account holds by now.
    pub(super) fn seat_to_try(
        &self,
        scope: &mut Scope,
        account: &Account,
        gstin: &str,
    ) -> Result<Option<Seat>, AppError> {
        let Some((environment, base)) = &self.at else {
            return Ok(None);
        };
        if environment.as_str() != account.environment {
            return Ok(None);
        }
        let Some(key) = authority_key(scope, environment.as_str(), "encryption", None)? else {
            return Ok(None);
        };
        Ok(Some(Seat {
            environment: *environment,
            base: base.clone(),
            gstin: gstin.to_owned(),
            client_id: account.client_id.clone(),
            client_secret: self.text(scope, &account.client_secret_sealed)?,
            user: account.user_name.clone(),
            password: self.text(scope, &account.password_sealed)?,
            key,
        }))
    }

    fn stored(&self, scope: &Scope, row: &StoredSession) -> Result<Option<Session>, AppError> {
        let (Some(token), Some(app_key), Some(sek), Some(expires_at)) = (
            &row.token_sealed,
            &row.app_key_sealed,
            &row.sek_sealed,
            row.expires_at,
        ) else {
            return Ok(None);
        };
        if expires_at < scope.now() + SHORT {
            return Ok(None);
        }
        Ok(Some(Session {
            token: self.text(scope, token)?,
            app_key: self.bytes(scope, app_key)?,
            sek: self.bytes(scope, sek)?,
            expires_at,
        }))
    }

    /// The login that holds, or the lease to make one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn login(&self, scope: &mut Scope, account: &Account) -> Result<SignIn, AppError> {
        if let Some(row) = account.session(scope)?
            && let Some(session) = self.stored(scope, &row)?
        {
            return Ok(SignIn::Holds(Box::new(session)));
        }
        let now = scope.now();
        let until = now + LOGIN;
        let lease = diesel::insert_into(einvoice_sessions::table)
            .values((
                einvoice_sessions::id.eq(account.id),
                einvoice_sessions::login_until.eq(until),
                einvoice_sessions::updated_at.eq(now),
            ))
            .on_conflict((einvoice_sessions::tenant_id, einvoice_sessions::id))
            .do_update()
            .set((
                einvoice_sessions::login_until.eq(until),
                einvoice_sessions::updated_at.eq(now),
            ));
        // Only a lease that nobody has, or that has run out.
        let taken = scope.execute(diesel::query_dsl::methods::FilterDsl::filter(
            lease,
            einvoice_sessions::login_until
                .is_null()
                .or(einvoice_sessions::login_until.lt(now)),
        ))?;
        if taken == 1 {
            // Whoever had the lease before may have been refused: one refusal is enough.
            if !account.holds_still(scope)? {
                forget(scope, account.id, None)?;
                return Ok(SignIn::Wait(now));
            }
        }
        // Somebody signs in at this moment, or just did: between the look above and the lease, too, which is then given back.
        let row = account.session(scope)?;
        if let Some(row) = &row
            && let Some(session) = self.stored(scope, row)?
        {
            if taken == 1 {
                give_back(scope, account.id)?;
            }
            return Ok(SignIn::Holds(Box::new(session)));
        }
        if taken == 1 {
            return Ok(SignIn::Yours);
        }
        let ends = row.and_then(|row| row.login_until).unwrap_or(until);
        let lasts = now - (ends - LOGIN);
        let chance = uuid::Uuid::new_v4().as_bytes()[0];
        Ok(SignIn::Wait(now + wait_for_login(lasts, chance)))
    }

    /// Keeps a login that was made under the lease, and gives the lease back. The account is let in.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn keep(
        &self,
        scope: &mut Scope,
        account: EInvoiceAccountId,
        session: &Session,
    ) -> Result<(), AppError> {
        // Account before session, as everybody locks them.
        let_in(scope, account)?;
        let seal = |plain: &[u8]| secrets::seal(&self.key, scope.tenant(), plain);
        let token = seal(session.token.expose().as_bytes())?;
        let app_key = seal(session.app_key.expose())?;
        let sek = seal(session.sek.expose())?;
        let row = einvoice_sessions::table.filter(
            einvoice_sessions::tenant_id
                .eq(scope.tenant())
                .and(einvoice_sessions::id.eq(account)),
        );
        let now = scope.now();
        scope.execute(diesel::update(row).set((
            einvoice_sessions::token_sealed.eq(token),
            einvoice_sessions::app_key_sealed.eq(app_key),
            einvoice_sessions::sek_sealed.eq(sek),
            einvoice_sessions::expires_at.eq(session.expires_at),
            einvoice_sessions::login_until.eq(None::<DateTime<Utc>>),
            einvoice_sessions::logins.eq(einvoice_sessions::logins + 1),
            einvoice_sessions::updated_at.eq(now),
        )))?;
        Ok(())
    }

    /// Keeps the account that a sandbox gave: made, or changed. Its login is forgotten.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_account(
        &self,
        scope: &mut Scope,
        registration: RegistrationId,
        environment: Environment,
        credentials: &Credentials,
    ) -> Result<(), AppError> {
        let seal = |plain: &str| secrets::seal(&self.key, scope.tenant(), plain.as_bytes());
        let client_secret = seal(credentials.client_secret.expose())?;
        let password = seal(credentials.password.expose())?;
        let now = scope.now();
        let values = (
            einvoice_accounts::environment.eq(environment.as_str()),
            einvoice_accounts::client_id.eq(credentials.client_id.clone()),
            einvoice_accounts::client_secret_sealed.eq(client_secret),
            einvoice_accounts::user_name.eq(credentials.user.clone()),
            einvoice_accounts::password_sealed.eq(password),
            einvoice_accounts::secrets_set_at.eq(now),
            einvoice_accounts::secrets_set_by_name.eq(""),
            einvoice_accounts::updated_at.eq(now),
        );
        let id: EInvoiceAccountId = scope.one(
            diesel::insert_into(einvoice_accounts::table)
                .values((
                    einvoice_accounts::id.eq(EInvoiceAccountId::new()),
                    einvoice_accounts::registration_id.eq(registration),
                    einvoice_accounts::created_at.eq(now),
                    values.clone(),
                ))
                .on_conflict((
                    einvoice_accounts::tenant_id,
                    einvoice_accounts::registration_id,
                ))
                .do_update()
                .set(values)
                .returning(einvoice_accounts::id),
        )?;
        let_in(scope, id)?;
        forget(scope, id, None)
    }
}

/// After a login that did not come about: the lease is given back. Where the authority said that the account is wrong, and not for want of
/// time, nobody signs in with it again by itself, unless it was changed meanwhile. A "no" for another reason stops the one who asked, and not
/// all that the registration has to send.
///
/// # Errors
/// When the database refuses.
pub fn not_let_in(scope: &mut Scope, account: &Account, away: &Away) -> Result<(), AppError> {
    if let Away::Refused(codes) = away
        && errors::outcome(Operation::Generate, codes) != Outcome::Busy
        && let Some((code, said)) = errors::about_account(codes)
    {
        let now = scope.now();
        let code: String = code.chars().take(20).collect();
        let row = einvoice_accounts::table.filter(
            einvoice_accounts::tenant_id
                .eq(scope.tenant())
                .and(einvoice_accounts::id.eq(account.id))
                .and(einvoice_accounts::updated_at.eq(account.updated_at)),
        );
        // Its version stays: whoever has it open is about to put it right.
        scope.execute(diesel::update(row).set((
            einvoice_accounts::login_refused_at.eq(now),
            einvoice_accounts::login_refused_code.eq(Some(code).filter(|code| !code.is_empty())),
            einvoice_accounts::login_refused_said.eq(errors::short(said)),
        )))?;
    }
    forget(scope, account.id, None)
}

/// The authority lets an account in, or it is another now: what was refused before is forgotten.
pub(super) fn let_in(scope: &mut Scope, account: EInvoiceAccountId) -> Result<(), AppError> {
    let row = einvoice_accounts::table.filter(
        einvoice_accounts::tenant_id
            .eq(scope.tenant())
            .and(einvoice_accounts::id.eq(account))
            .and(einvoice_accounts::login_refused_at.is_not_null()),
    );
    scope.execute(diesel::update(row).set((
        einvoice_accounts::login_refused_at.eq(None::<DateTime<Utc>>),
        einvoice_accounts::login_refused_code.eq(None::<String>),
        einvoice_accounts::login_refused_said.eq(None::<String>),
    )))?;
    Ok(())
}

/// Gives a lease back under which nobody had to sign in.
fn give_back(scope: &mut Scope, account: EInvoiceAccountId) -> Result<(), AppError> {
    let row = einvoice_sessions::table.filter(
        einvoice_sessions::tenant_id
            .eq(scope.tenant())
            .and(einvoice_sessions::id.eq(account)),
    );
    scope.execute(
        diesel::update(row).set(einvoice_sessions::login_until.eq(None::<DateTime<Utc>>)),
    )?;
    Ok(())
}

/// Forgets a login, so that the next call signs in: any, or the one that ends at this moment. Another that somebody made meanwhile stays.
///
/// # Errors
/// When the database refuses.
pub fn forget(
    scope: &mut Scope,
    account: EInvoiceAccountId,
    ends: Option<DateTime<Utc>>,
) -> Result<(), AppError> {
    let row = einvoice_sessions::table.filter(
        einvoice_sessions::tenant_id
            .eq(scope.tenant())
            .and(einvoice_sessions::id.eq(account)),
    );
    match ends {
        Some(ends) => scope.execute(diesel::delete(
            row.filter(einvoice_sessions::expires_at.eq(ends)),
        ))?,
        None => scope.execute(diesel::delete(row))?,
    };
    Ok(())
}
