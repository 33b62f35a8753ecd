//! The account of a registration as people keep it, and trying it out.

use super::begin::no_account;
use super::session::{Desk, LOGIN, forget, let_in};
use crate::accounting::actions::settings::{Saved, is_same};
use crate::accounting::fault::Fault;
use crate::accounting::model::{Account, Document};
use crate::accounting::outside::{Environment, Seat};
use crate::accounting::rules::errors;
use crate::companies::model::{Company, Registration};
use crate::config::Secret;
use crate::error::AppError;
use crate::kernel::ids::{EInvoiceAccountId, RegistrationId};
use crate::kernel::language::{Said, text};
use crate::platform::db::Scope;
use crate::platform::db::schema::{einvoice_accounts, einvoice_sessions};
use crate::platform::secrets;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// How somebody puts right what keeps a wish from being asked; a key of the message catalogue.
const CORRECT: &str = text!("Correct the account at the authority, then ask again.");

/// An account as it is to be. Secrets that are left out stay as they are.
#[derive(Clone, Debug)]
pub struct AccountChange {
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Option<Secret<String>>,
    /// API user of the GSTIN.
    pub user: String,
    /// Its password.
    pub password: Option<Secret<String>>,
    /// Whether documents are sent.
    pub is_active: bool,
}

/// What keeps an account that the authority has refused from being used, for a document that waits for it.
pub(super) fn refused(document: &Document, account: &Account) -> Option<Fault> {
    account.login_refused_at?;
    let said = errors::in_words(
        Said::new("The authority does not let {gstin} in: {words}"),
        account.login_refused_code.as_deref(),
        account.login_refused_said.as_deref().unwrap_or_default(),
    );
    let said = said.with("gstin", &document.supplier_gstin);
    let fix = Said::new("Correct the account at the authority, then send it again.");
    let place = format!("/settings/e-invoices/{}", document.supplier_gstin);
    let mut fault = Fault::new("account", said, fix).at(place);
    fault.document = Some(document.number.clone());
    Some(fault)
}

/// What keeps a registration from calling: the authority has refused its account, or it has none that can be used.
pub(super) fn no_seat(document: &Document, account: Option<&Account>) -> Fault {
    account
        .filter(|account| account.is_active)
        .and_then(|account| refused(document, account))
        .unwrap_or_else(|| no_account(document))
}

/// The same for a wish, which is asked for again by a person: nothing is sent.
pub(super) fn no_seat_to_ask(document: &Document, account: Option<&Account>) -> Fault {
    let is_refused =
        account.is_some_and(|account| account.is_active && account.login_refused_at.is_some());
    let mut fault = no_seat(document, account);
    fault.fix = Said::new(if is_refused {
        CORRECT
    } else {
        text!("Enter its account for e-invoices, then ask again.")
    });
    fault
}

/// Why a login was refused, for a wish that waits for it.
pub(super) fn login_faults_to_ask(document: &Document, codes: &[(String, String)]) -> Vec<Fault> {
    let mut faults = login_faults(document, codes);
    for fault in &mut faults {
        fault.fix = Said::new(CORRECT);
    }
    faults
}

/// Why a login was refused, for a document that waits for it.
pub(super) fn login_faults(document: &Document, codes: &[(String, String)]) -> Vec<Fault> {
    let about = (document.number.as_str(), document.supplier_gstin.as_str());
    codes
        .iter()
        .map(|(code, words)| errors::login_fault(code, words, about))
        .collect()
}

/// Keeps the account of a registration, secrets sealed; its login is forgotten. `who` gave the secrets. One that was refused is tried again
/// where it is another now. Unless somebody saved since `version`.
///
/// # Errors
/// `NotFound`.
pub fn save_account(
    scope: &mut Scope,
    (desk, environment): (&Desk, Environment),
    (gstin, who): (&str, &str),
    change: &AccountChange,
    version: &str,
) -> Result<Saved, AppError> {
    Company::lock(scope)?;
    let registration = Registration::by_gstin(scope, gstin)?;
    let saved = Account::of_registration(scope, registration.id)?;
    if !is_same(saved.as_ref().map(|row| row.updated_at), version) {
        return Ok(Saved::Meanwhile);
    }
    let is_stray = saved
        .as_ref()
        .is_some_and(|saved| saved.environment != environment.as_str());
    if is_stray && (change.client_secret.is_none() || change.password.is_none()) {
        return Ok(Saved::Wrong(Said::new(
            "The account was for another authority. Enter both secrets of this one.",
        )));
    }
    let tenant = scope.tenant();
    let old = saved.as_ref();
    let seal = |secret: &Option<Secret<String>>, old: Option<&Vec<u8>>| match (secret, old) {
        (Some(secret), _) => secrets::seal(&desk.key, tenant, secret.expose().as_bytes()).map(Some),
        (None, old) => Ok(old.cloned()),
    };
    let client_secret = seal(
        &change.client_secret,
        old.map(|old| &old.client_secret_sealed),
    )?;
    let password = seal(&change.password, old.map(|old| &old.password_sealed))?;
    // A secret can only be left out where there is one.
    let (Some(client_secret), Some(password)) = (client_secret, password) else {
        return Ok(Saved::Meanwhile);
    };
    let is_new_secret = change.client_secret.is_some() || change.password.is_some();
    let is_another = is_new_secret
        || old.is_none_or(|old| old.client_id != change.client_id || old.user_name != change.user);
    let set = match old {
        Some(old) if !is_new_secret => (old.secrets_set_at, old.secrets_set_by_name.clone()),
        _ => (scope.now(), who.to_owned()),
    };
    write(
        scope,
        (old.map(|old| old.id), registration.id, environment),
        change,
        ([client_secret, password], set),
    )?;
    if let Some(old) = old.filter(|_| is_another) {
        let_in(scope, old.id)?;
    }
    Ok(Saved::Done)
}

fn write(
    scope: &mut Scope,
    (id, registration, environment): (Option<EInvoiceAccountId>, RegistrationId, Environment),
    change: &AccountChange,
    ([client_secret, password], (set_at, set_by)): ([Vec<u8>; 2], (DateTime<Utc>, String)),
) -> Result<(), AppError> {
    let now = scope.now();
    let values = (
        einvoice_accounts::environment.eq(environment.as_str()),
        einvoice_accounts::client_id.eq(&change.client_id),
        einvoice_accounts::client_secret_sealed.eq(client_secret),
        einvoice_accounts::user_name.eq(&change.user),
        einvoice_accounts::password_sealed.eq(password),
        einvoice_accounts::is_active.eq(change.is_active),
        einvoice_accounts::secrets_set_at.eq(set_at),
        einvoice_accounts::secrets_set_by_name.eq(set_by),
        einvoice_accounts::updated_at.eq(now),
    );
    let Some(id) = id else {
        scope.execute(diesel::insert_into(einvoice_accounts::table).values((
            einvoice_accounts::id.eq(EInvoiceAccountId::new()),
            einvoice_accounts::registration_id.eq(registration),
            einvoice_accounts::created_at.eq(now),
            values,
        )))?;
        return Ok(());
    };
    let row = einvoice_accounts::table.filter(
        einvoice_accounts::tenant_id
            .eq(scope.tenant())
            .and(einvoice_accounts::id.eq(id)),
    );
    scope.execute(diesel::update(row).set(values))?;
    forget(scope, id, None)
}

/// Takes the lease to sign in now, whether a login holds or not, and whether the account was refused or not: the account, and who calls. The
/// login is forgotten meanwhile.
///
/// # Errors
/// `NotFound`; `Refused` without an account, without an authority, and while somebody else signs in.
pub fn sign_in_now(
    scope: &mut Scope,
    desk: &Desk,
    gstin: &str,
) -> Result<(Account, Seat), AppError> {
    let registration = Registration::by_gstin(scope, gstin)?;
    let Some(account) = Account::of_registration(scope, registration.id)? else {
        let said = Said::new("{gstin} has no account at the authority yet.");
        return Err(AppError::refused(said.with("gstin", gstin)));
    };
    let Some(seat) = desk.seat_to_try(scope, &account, gstin)? else {
        return Err(AppError::refused(Said::new(
            "This installation does not know the key of the authority that this account is for, so nobody can sign in there.",
        )));
    };
    let (now, until) = (scope.now(), scope.now() + LOGIN);
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
            einvoice_sessions::token_sealed.eq(None::<Vec<u8>>),
            einvoice_sessions::app_key_sealed.eq(None::<Vec<u8>>),
            einvoice_sessions::sek_sealed.eq(None::<Vec<u8>>),
            einvoice_sessions::expires_at.eq(None::<DateTime<Utc>>),
            einvoice_sessions::updated_at.eq(now),
        ));
    // Only a lease that nobody has, or that has run out.
    let taken = scope.execute(diesel::query_dsl::methods::FilterDsl::filter(
        lease,
        einvoice_sessions::login_until
            .is_null()
            .or(einvoice_sessions::login_until.lt(now)),
    ))?;
    if taken == 0 {
        return Err(AppError::refused(Said::new(
            "Somebody is signing in at this moment. Try it again in a minute.",
        )));
    }
    Ok((account, seat))
}
