//! Keys of the authority that are pinned in this installation.

use crate::error::AppError;
use crate::integrations::rules::PublicKey;
use crate::platform::db::{PlatformTx, prepared};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Binary, Bool, Integer, Nullable, Text, Timestamptz};

/// A pinned key.
#[derive(Clone, Debug, diesel::QueryableByName)]
pub struct PinnedKey {
    /// `sandbox` or `live`.
    #[diesel(sql_type = Text)]
    pub environment: String,
    /// `signing` or `encryption`.
    #[diesel(sql_type = Text)]
    pub purpose: String,
    /// Its name at the authority.
    #[diesel(sql_type = Text)]
    pub kid: String,
    /// Its length.
    #[diesel(sql_type = Integer)]
    pub bits: i32,
    #[diesel(sql_type = Timestamptz)]
    pub added_at: DateTime<Utc>,
    /// When it was taken out of use; old signatures still verify.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub retired_at: Option<DateTime<Utc>>,
}

impl PinnedKey {
    /// All of them, the live ones first and the newest first among them: a handful in many years.
    ///
    /// # Errors
    /// When the database does not answer.
    #[expect(
        clippy::disallowed_methods,
        reason = "a length that only SQL knows, of a table without companies"
    )]
    pub fn all(tx: &mut PlatformTx) -> Result<Vec<Self>, AppError> {
        Ok(tx.load(prepared(
            "select environment, purpose, kid, length(modulus) * 8 as bits, added_at, retired_at from authority_keys
               order by environment, purpose desc, added_at desc, kid limit 200",
        ))?)
    }
}

/// Pins a key of the real authority; says whether it is another one than was there. Only one that is out of use makes way: what a key was
/// pinned as by mistake can be put right under the name that signatures give it, and nobody takes the place of a key in use.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a table without companies, beside the statement that reads it"
)]
pub fn pin(
    tx: &mut PlatformTx,
    purpose: &str,
    kid: &str,
    key: &PublicKey,
) -> Result<bool, AppError> {
    let now = tx.now();
    let rows = tx.execute(
        prepared(
            "insert into authority_keys (environment, purpose, kid, modulus, exponent, added_at) values ('live', $1, $2, $3, $4, $5)
             on conflict (environment, purpose, kid) do update
               set modulus = excluded.modulus, exponent = excluded.exponent, added_at = excluded.added_at, retired_at = null
               where authority_keys.retired_at is not null
                 and (authority_keys.modulus, authority_keys.exponent) is distinct from (excluded.modulus, excluded.exponent)",
        )
        .bind::<Text, _>(purpose)
        .bind::<Text, _>(kid)
        .bind::<Binary, _>(&key.modulus)
        .bind::<Integer, _>(key.exponent)
        .bind::<Timestamptz, _>(now),
    )?;
    Ok(rows == 1)
}

/// Takes a key of the real authority out of use, or into use again; says whether there is such a key.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a table without companies, beside the statement that reads it"
)]
pub fn use_key(
    tx: &mut PlatformTx,
    purpose: &str,
    kid: &str,
    is_used: bool,
) -> Result<bool, AppError> {
    let now = tx.now();
    let rows = tx.execute(
        prepared(
            "update authority_keys set retired_at = case when $3 then null else coalesce(retired_at, $4) end
               where environment = 'live' and purpose = $1 and kid = $2",
        )
        .bind::<Text, _>(purpose)
        .bind::<Text, _>(kid)
        .bind::<Bool, _>(is_used)
        .bind::<Timestamptz, _>(now),
    )?;
    Ok(rows == 1)
}
