//! One-time codes: eight digits by mail, ten minutes, five tries, once.

use crate::error::AppError;
use crate::kernel::ids::{CodeId, UserId};
use crate::platform::db::PlatformTx;
use crate::platform::db::schema::one_time_codes;
use chrono::Duration;
use diesel::prelude::*;
use rand::Rng;
use sha2::{Digest, Sha256};

/// How long a code is good.
pub const MINUTES: i64 = 10;

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To set a new password.
    Reset,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Reset => "reset",
        }
    }
}

/// Hash of a code, bound to its record and to this installation's key: the table alone gives no code away.
fn hash(secret: &[u8], id: CodeId, code: &str) -> Vec<u8> {
    let inner = Sha256::new()
        .chain_update(secret)
        .chain_update(id.uuid().as_bytes())
        .chain_update(code.as_bytes())
        .finalize();
    Sha256::new()
        .chain_update(secret)
        .chain_update(inner)
        .finalize()
        .to_vec()
}

/// Makes a code for a person; older ones for the same purpose are void. Returns it for the letter.
///
/// # Errors
/// When the database refuses.
pub fn make(
    tx: &mut PlatformTx,
    secret: &[u8],
    user: UserId,
    purpose: Purpose,
) -> Result<String, AppError> {
    let code = format!("{:08}", rand::rng().random_range(0..100_000_000_u32));
    let (id, now) = (CodeId::new(), tx.now());
    tx.execute(diesel::delete(
        one_time_codes::table.filter(
            one_time_codes::user_id
                .eq(user)
                .and(one_time_codes::purpose.eq(purpose.code())),
        ),
    ))?;
    tx.execute(diesel::insert_into(one_time_codes::table).values((
        one_time_codes::id.eq(id),
        one_time_codes::user_id.eq(user),
        one_time_codes::purpose.eq(purpose.code()),
        one_time_codes::code_hash.eq(hash(secret, id, &code)),
        one_time_codes::expires_at.eq(now + Duration::minutes(MINUTES)),
        one_time_codes::created_at.eq(now),
    )))?;
    Ok(code)
}

/// Whether this is the person's live code; uses it up if so, and a try if not.
///
/// # Errors
/// When the database refuses.
pub fn redeem(
    tx: &mut PlatformTx,
    secret: &[u8],
    user: UserId,
    purpose: Purpose,
    typed: &str,
) -> Result<bool, AppError> {
    let now = tx.now();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    // The row is locked, so five tries are five, however many come at once.
    let live: Option<(CodeId, Vec<u8>)> = tx.maybe(
        one_time_codes::table
            .filter(
                one_time_codes::user_id
                    .eq(user)
                    .and(one_time_codes::purpose.eq(purpose.code())),
            )
            .filter(
                one_time_codes::used_at
                    .is_null()
                    .and(one_time_codes::expires_at.gt(now))
                    .and(one_time_codes::tries_left.gt(0)),
            )
            .order(one_time_codes::created_at.desc())
            .limit(1)
            .for_update()
            .select((one_time_codes::id, one_time_codes::code_hash)),
    )?;
    let Some((id, stored)) = live else {
        return Ok(false);
    };
    let given = hash(secret, id, &digits);
    let is_right = given
        .iter()
        .zip(&stored)
        .fold(0, |sum, (a, b)| sum | (a ^ b))
        == 0;
    let row = one_time_codes::table.find(id);
    if is_right {
        tx.execute(diesel::update(row).set(one_time_codes::used_at.eq(now)))?;
    } else {
        tx.execute(
            diesel::update(row).set(one_time_codes::tries_left.eq(one_time_codes::tries_left - 1)),
        )?;
    }
    Ok(is_right)
}
