//! Users as rows.

use crate::error::AppError;
use crate::kernel::email::Email;
use crate::kernel::ids::UserId;
use crate::kernel::language::Said;
use crate::platform::db::PlatformTx;
use crate::platform::db::schema::{one_time_codes, sessions, users};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A person.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct User {
    /// The person, everywhere.
    pub id: UserId,
    /// Sign-in name.
    pub email: String,
    /// Name.
    pub name: String,
    /// E.164, or nothing.
    pub phone: Option<String>,
    /// argon2id; nothing until a password is set.
    pub password_hash: Option<String>,
    /// Runs the installation.
    pub is_platform_admin: bool,
    /// Chosen language.
    pub language: Option<String>,
    /// Since when the person may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Last change; guards against lost edits.
    pub updated_at: DateTime<Utc>,
}

/// A person to be added.
pub struct NewUser<'a> {
    /// Sign-in name.
    pub email: &'a Email,
    /// Name.
    pub name: &'a str,
    /// argon2id.
    pub password_hash: Option<&'a str>,
    /// Runs the installation.
    pub is_platform_admin: bool,
    /// Chosen language.
    pub language: Option<&'static str>,
}

/// Adds a person.
///
/// # Errors
/// The constraint `users_email_key` when the address has an account already.
pub fn create(tx: &mut PlatformTx, new: &NewUser) -> Result<UserId, AppError> {
    let (id, now) = (UserId::new(), tx.now());
    tx.execute(diesel::insert_into(users::table).values((
        users::id.eq(id),
        users::email.eq(new.email.as_str()),
        users::name.eq(new.name),
        users::password_hash.eq(new.password_hash),
        users::password_changed_at.eq(new.password_hash.map(|_| now)),
        users::is_platform_admin.eq(new.is_platform_admin),
        users::language.eq(new.language),
        users::created_at.eq(now),
        users::updated_at.eq(now),
    )))?;
    Ok(id)
}

/// The person with this address, if there is one.
///
/// # Errors
/// When the database refuses.
pub fn by_email(tx: &mut PlatformTx, email: &str) -> Result<Option<User>, AppError> {
    Ok(tx.maybe(
        users::table
            .filter(users::email.eq(email))
            .select(User::as_select()),
    )?)
}

/// Whether anybody has an account: an installation that somebody uses, or used.
///
/// # Errors
/// When the database refuses.
pub fn is_anybody(tx: &mut PlatformTx) -> Result<bool, AppError> {
    Ok(tx.one(diesel::select(diesel::dsl::exists(
        users::table.select(users::id),
    )))?)
}

/// Which of these addresses have an account.
///
/// # Errors
/// When the database refuses.
pub fn known(tx: &mut PlatformTx, addresses: &[&str]) -> Result<Vec<String>, AppError> {
    let named = users::table.filter(users::email.eq_any(addresses.to_vec()));
    Ok(tx.load(named.select(users::email))?)
}

/// A person.
///
/// # Errors
/// `NotFound` when there is no such person.
pub fn find(tx: &mut PlatformTx, id: UserId) -> Result<User, AppError> {
    Ok(tx.one(users::table.find(id).select(User::as_select()))?)
}

/// Sets a new password, and ends every session but one: who knew the old password is out.
///
/// # Errors
/// When the database refuses.
pub fn set_password(
    tx: &mut PlatformTx,
    id: UserId,
    hash: &str,
    keep: Option<crate::kernel::ids::SessionId>,
) -> Result<(), AppError> {
    let now = tx.now();
    tx.execute(diesel::update(users::table.find(id)).set((
        users::password_hash.eq(hash),
        users::password_changed_at.eq(now),
        users::updated_at.eq(now),
    )))?;
    tx.execute(diesel::delete(
        one_time_codes::table.filter(one_time_codes::user_id.eq(id)),
    ))?;
    super::sessions::revoke_others(tx, id, keep)?;
    Ok(())
}

/// Changes name and phone, unless somebody changed the person since `version`; says whether it did.
///
/// # Errors
/// When the database refuses.
pub fn rename(
    tx: &mut PlatformTx,
    id: UserId,
    name: &str,
    phone: Option<&str>,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let now = tx.now();
    let mine = users::table.filter(users::id.eq(id).and(users::updated_at.eq(version)));
    Ok(tx.execute(diesel::update(mine).set((
        users::name.eq(name),
        users::phone.eq(phone),
        users::updated_at.eq(now),
    )))? == 1)
}

/// What a person chose for every page.
pub struct Preferences {
    /// Tag of a language; nothing follows the browser.
    pub language: Option<&'static str>,
    /// light or dark; nothing follows the system.
    pub theme: Option<&'static str>,
    /// Whether single-key shortcuts work.
    pub has_shortcuts: bool,
}

/// Keeps a person's choices.
///
/// # Errors
/// When the database refuses.
pub fn prefer(tx: &mut PlatformTx, id: UserId, chosen: &Preferences) -> Result<(), AppError> {
    tx.execute(diesel::update(users::table.find(id)).set((
        users::language.eq(chosen.language),
        users::theme.eq(chosen.theme),
        users::has_shortcuts.eq(chosen.has_shortcuts),
    )))?;
    Ok(())
}

/// Keeps only the language.
///
/// # Errors
/// When the database refuses.
pub fn speak(tx: &mut PlatformTx, id: UserId, language: &'static str) -> Result<(), AppError> {
    tx.execute(diesel::update(users::table.find(id)).set(users::language.eq(language)))?;
    Ok(())
}

/// Shuts a person out (or lets them in again): their sessions end with it.
///
/// # Errors
/// `Refused` for the last platform admin who can still sign in.
pub fn set_disabled(tx: &mut PlatformTx, id: UserId, is_disabled: bool) -> Result<(), AppError> {
    let now = tx.now();
    if is_disabled {
        // Locked in the order of their ids: two admins who disable each other wait here, and the second is told.
        let admins: Vec<UserId> = tx.load(
            users::table
                .filter(users::is_platform_admin.and(users::disabled_at.is_null()))
                .order(users::id)
                .for_update()
                .select(users::id),
        )?;
        if admins == [id] {
            return Err(AppError::refused(Said::new(
                "Nobody else could run this installation. Make somebody else a platform admin first.",
            )));
        }
    }
    tx.execute(diesel::update(users::table.find(id)).set((
        users::disabled_at.eq(is_disabled.then_some(now)),
        users::updated_at.eq(now),
    )))?;
    if is_disabled {
        tx.execute(diesel::delete(
            sessions::table.filter(sessions::user_id.eq(id)),
        ))?;
    }
    Ok(())
}
