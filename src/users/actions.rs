//! The verbs: try to sign in, send a code, redeem it, set a password.

use super::views::{CodeHtml, CodeText};
use crate::error::AppError;
use crate::kernel::email::Email;
use crate::kernel::ids::UserId;
use crate::kernel::language::{Lang, Said};
use crate::platform::accounts::attempts::{self, Source};
use crate::platform::accounts::codes::{self, Purpose};
use crate::platform::accounts::users;
use crate::platform::db::PlatformTx;
use crate::platform::mail::{self, Letter};
use crate::web::page;

/// A try that was let through: counted as wrong until it is known to be right.
pub struct Try {
    attempt: i64,
    /// The account, if there is one that may sign in.
    pub user: Option<UserId>,
    /// Its password's hash.
    pub hash: Option<String>,
}

/// Lets a try through the throttle and writes it down.
///
/// # Errors
/// `TooMany` when there were too many wrong ones.
pub fn begin_try(tx: &mut PlatformTx, source: &Source) -> Result<Try, AppError> {
    attempts::admit(tx, source)?;
    let user = users::by_email(tx, &source.email)?;
    let attempt = attempts::note(tx, source, user.as_ref().map(|user| user.id), "wrong")?;
    let user = user.filter(|user| user.disabled_at.is_none());
    Ok(Try {
        attempt,
        hash: user.as_ref().and_then(|user| user.password_hash.clone()),
        user: user.map(|user| user.id),
    })
}

/// The try was right.
///
/// # Errors
/// When the database refuses.
pub fn succeed(tx: &mut PlatformTx, tried: &Try) -> Result<(), AppError> {
    attempts::settle(tx, tried.attempt, "signed_in")
}

/// Sends a code to an address, if it is somebody's; says nothing about whether it is.
///
/// # Errors
/// When the database refuses.
pub fn send_code(
    tx: &mut PlatformTx,
    secret: &[u8],
    source: &Source,
    purpose: Purpose,
    fallback: Lang,
) -> Result<(), AppError> {
    let user = users::by_email(tx, &source.email)?.filter(|user| user.disabled_at.is_none());
    let sent = attempts::codes_sent(tx, &source.email)?;
    attempts::note(tx, source, user.as_ref().map(|user| user.id), "code_sent")?;
    let Some(user) = user.filter(|_| sent < attempts::MOST_CODES) else {
        return Ok(());
    };
    let code = codes::make(tx, secret, user.id, purpose)?;
    let lang = user
        .language
        .as_deref()
        .and_then(Lang::from_code)
        .unwrap_or(fallback);
    let is_reset = purpose == Purpose::Reset;
    let subject = if is_reset {
        Said::new("Your code for a new password")
    } else {
        Said::new("Your code to sign in")
    };
    mail::write(
        tx,
        &Letter {
            kind: "code",
            to: user.email.clone(),
            subject: lang.say(&subject),
            text: page::print(
                &CodeText {
                    name: &user.name,
                    code: &code,
                    is_reset,
                },
                lang,
            )?,
            html: page::print(
                &CodeHtml {
                    lang,
                    name: &user.name,
                    code: &code,
                    is_reset,
                },
                lang,
            )?,
        },
    )?;
    Ok(())
}

/// Signs in by code: the account, when the code is right.
///
/// # Errors
/// `TooMany`.
pub fn redeem(
    tx: &mut PlatformTx,
    secret: &[u8],
    source: &Source,
    code: &str,
) -> Result<Option<UserId>, AppError> {
    let tried = begin_try(tx, source)?;
    let Some(user) = tried.user else {
        return Ok(None);
    };
    if !codes::redeem(tx, secret, user, Purpose::SignIn, code)? {
        return Ok(None);
    }
    succeed(tx, &tried)?;
    Ok(Some(user))
}

/// Sets a new password by code; ends every session of the person. Whether the code was right.
///
/// # Errors
/// `TooMany`.
pub fn reset(
    tx: &mut PlatformTx,
    secret: &[u8],
    source: &Source,
    code: &str,
    hash: &str,
) -> Result<bool, AppError> {
    let tried = begin_try(tx, source)?;
    let Some(user) = tried.user else {
        return Ok(false);
    };
    if !codes::redeem(tx, secret, user, Purpose::Reset, code)? {
        return Ok(false);
    }
    attempts::settle(tx, tried.attempt, "reset")?;
    users::set_password(tx, user, hash, None)?;
    Ok(true)
}

/// Adds a platform admin, or makes an existing person one.
///
/// # Errors
/// When the database refuses.
pub fn make_admin(
    tx: &mut PlatformTx,
    email: &Email,
    name: &str,
    hash: &str,
) -> Result<UserId, AppError> {
    users::create(
        tx,
        &users::NewUser {
            email,
            name,
            password_hash: Some(hash),
            is_platform_admin: true,
            language: None,
        },
    )
}
