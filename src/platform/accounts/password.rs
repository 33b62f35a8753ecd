//! Passwords: argon2id, on the blocking pool only.

use crate::error::AppError;
use crate::kernel::language::{Said, text};
use crate::kernel::text::one_line;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::OnceLock;

/// Shortest password.
pub const LEAST: usize = 10;
/// Longest password: hashing must not be a lever for somebody who sends megabytes.
pub const MOST: usize = 200;

/// What people choose first, and so do those who guess.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "qwertyuiop",
    "password12",
    "password123",
    "passwordpassword",
    "iloveyou12",
    "abcdefghij",
    "1111111111",
    "mandimandi",
];

/// A password as typed, good enough to be set. Never printed.
pub struct NewPassword(String);

impl NewPassword {
    /// A password for this e-mail address.
    ///
    /// # Errors
    /// A sentence when it is too short, too long, too common, or the address itself.
    pub fn parse(typed: &str, email: &str) -> Result<Self, Said> {
        let length = typed.chars().count();
        if length < LEAST {
            return Err(
                Said::new("The password must have {least} characters or more.")
                    .with("least", LEAST),
            );
        }
        one_line(text!("Password"), typed, MOST)?;
        let lower = typed.to_lowercase();
        let local = email.split('@').next().unwrap_or_default();
        if COMMON.contains(&lower.as_str())
            || lower == email
            || (!local.is_empty() && lower.trim_end_matches(|c: char| c.is_ascii_digit()) == local)
        {
            return Err(Said::new(
                "This password is easy to guess. Choose another, for example four words.",
            ));
        }
        Ok(Self(typed.to_owned()))
    }

    /// Its hash. Takes some tens of milliseconds and 19 MiB: for the blocking pool.
    ///
    /// # Errors
    /// When hashing fails, which only a fault of ours makes it do.
    pub fn hash(&self) -> Result<String, AppError> {
        hash(&self.0)
    }
}

fn hasher() -> Result<Argon2<'static>, AppError> {
    // OWASP's parameters for argon2id: 19 MiB, two passes, one lane.
    let params =
        Params::new(19_456, 2, 1, None).map_err(|error| AppError::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String, AppError> {
    Ok(hasher()?
        .hash_password(password.as_bytes())
        .map_err(|error| AppError::internal(error.to_string()))?
        .to_string())
}

/// Whether this is the password of that hash. An account without one costs the same work, so the time tells nothing.
///
/// # Errors
/// When a stored hash can't be read.
pub fn matches(stored: Option<&str>, typed: &str) -> Result<bool, AppError> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let nobody = match NOBODY.get() {
        Some(hash) => hash,
        None => {
            let made = hash("nobody has this password")?;
            NOBODY.get_or_init(|| made)
        }
    };
    let parsed = PasswordHash::new(stored.unwrap_or(nobody))
        .map_err(|error| AppError::internal(error.to_string()))?;
    let typed: String = typed.chars().take(MOST).collect();
    Ok(hasher()?.verify_password(typed.as_bytes(), &parsed).is_ok() && stored.is_some())
}
