//! Tries to get in: counted by account and by address, and shown to the person.

use crate::error::AppError;
use crate::kernel::ids::UserId;
use crate::platform::db::PlatformTx;
use crate::platform::db::schema::sign_in_attempts;
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// Wrong answers for one account in the window.
pub const MOST_ACCOUNT: usize = 5;
/// Wrong answers from one address in the window.
pub const MOST_ADDRESS: usize = 30;
/// Codes sent to one account in the window.
pub const MOST_CODES: usize = 3;
/// How far back tries count.
const WINDOW_MINUTES: i64 = 15;

/// Where a try comes from, and at which account it is aimed.
#[derive(Clone, Debug)]
pub struct Source {
    /// What was typed, lower case, cut to length.
    pub email: String,
    /// Network address.
    pub address: String,
    /// Browser.
    pub agent: Option<String>,
}

impl Source {
    /// A try at an account. Anything typed is counted, an address or not.
    pub fn new(email: &str, address: &str, agent: Option<String>) -> Self {
        Self {
            email: email
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect(),
            address: address.to_owned(),
            agent,
        }
    }
}

/// Lets a try through, or says how long to wait. Tries at one account queue up behind each other until their transaction ends, so many at
/// once can't slip past the count.
///
/// # Errors
/// `TooMany`.
pub fn admit(tx: &mut PlatformTx, source: &Source) -> Result<(), AppError> {
    let lock = format!("sign-in {}", source.email);
    tx.one::<i64>(diesel::select(
        sql::<BigInt>("count(*) from (select pg_advisory_xact_lock(hashtextextended(")
            .bind::<Text, _>(lock)
            .sql(", 4711))) locked"),
    ))?;
    let since = tx.now() - Duration::minutes(WINDOW_MINUTES);
    let wrong = sign_in_attempts::table.filter(
        sign_in_attempts::outcome
            .eq("wrong")
            .and(sign_in_attempts::at.gt(since)),
    );
    // Only tries since the last success count for the account: a person who got in starts anew.
    let reset: Option<DateTime<Utc>> = tx.one(
        sign_in_attempts::table
            .filter(
                sign_in_attempts::email
                    .eq(&source.email)
                    .and(sign_in_attempts::outcome.eq_any(["signed_in", "reset"]))
                    .and(sign_in_attempts::at.gt(since)),
            )
            .select(diesel::dsl::max(sign_in_attempts::at)),
    )?;
    let account: Vec<DateTime<Utc>> = tx.load(
        wrong
            .filter(
                sign_in_attempts::email
                    .eq(&source.email)
                    .and(sign_in_attempts::at.gt(reset.unwrap_or(since))),
            )
            .order(sign_in_attempts::at.desc())
            .limit(MOST_ACCOUNT as i64)
            .select(sign_in_attempts::at),
    )?;
    refuse_when_full(tx.now(), &account, MOST_ACCOUNT)?;
    let address: Vec<DateTime<Utc>> = tx.load(
        wrong
            .filter(sign_in_attempts::address.eq(&source.address))
            .order(sign_in_attempts::at.desc())
            .limit(MOST_ADDRESS as i64)
            .select(sign_in_attempts::at),
    )?;
    refuse_when_full(tx.now(), &address, MOST_ADDRESS)
}

fn refuse_when_full(
    now: DateTime<Utc>,
    latest_first: &[DateTime<Utc>],
    most: usize,
) -> Result<(), AppError> {
    let Some(oldest) = latest_first.get(most - 1) else {
        return Ok(());
    };
    let wait = *oldest + Duration::minutes(WINDOW_MINUTES) - now;
    Err(AppError::TooMany {
        retry_secs: u32::try_from(wait.num_seconds().max(1)).unwrap_or(u32::MAX),
    })
}

/// How many codes were sent to an account lately.
///
/// # Errors
/// When the database refuses.
pub fn codes_sent(tx: &mut PlatformTx, email: &str) -> Result<usize, AppError> {
    let since = tx.now() - Duration::minutes(WINDOW_MINUTES);
    let count: i64 = tx.one(
        sign_in_attempts::table
            .filter(
                sign_in_attempts::email
                    .eq(email)
                    .and(sign_in_attempts::outcome.eq("code_sent"))
                    .and(sign_in_attempts::at.gt(since)),
            )
            .count(),
    )?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Writes down what came of a try; returns its place, by which [`settle`] says it better.
///
/// # Errors
/// When the database refuses.
pub fn note(
    tx: &mut PlatformTx,
    source: &Source,
    user: Option<UserId>,
    outcome: &'static str,
) -> Result<i64, AppError> {
    let now = tx.now();
    Ok(tx.one(
        diesel::insert_into(sign_in_attempts::table)
            .values((
                sign_in_attempts::at.eq(now),
                sign_in_attempts::email.eq(&source.email),
                sign_in_attempts::address.eq(&source.address),
                sign_in_attempts::user_id.eq(user),
                sign_in_attempts::agent.eq(&source.agent),
                sign_in_attempts::outcome.eq(outcome),
            ))
            .returning(sign_in_attempts::id),
    )?)
}

/// What came of a try that was written down as wrong before it was known to be right.
///
/// # Errors
/// When the database refuses.
pub fn settle(tx: &mut PlatformTx, attempt: i64, outcome: &'static str) -> Result<(), AppError> {
    tx.execute(
        diesel::update(sign_in_attempts::table.find(attempt))
            .set(sign_in_attempts::outcome.eq(outcome)),
    )?;
    Ok(())
}

/// A try as the person sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sign_in_attempts)]
pub struct Attempt {
    /// When.
    pub at: DateTime<Utc>,
    /// Network address.
    pub address: String,
    /// Browser.
    pub agent: Option<String>,
    /// What came of it.
    pub outcome: String,
}

/// The last tries at a person's account, newest first; at most 20.
///
/// # Errors
/// When the database refuses.
pub fn of_user(tx: &mut PlatformTx, user: UserId) -> Result<Vec<Attempt>, AppError> {
    Ok(tx.load(
        sign_in_attempts::table
            .filter(sign_in_attempts::user_id.eq(user))
            .order((sign_in_attempts::at.desc(), sign_in_attempts::id.desc()))
            .limit(20)
            .select(Attempt::as_select()),
    )?)
}

/// A person's failed tries of the last 30 days, newest first; at most 20.
///
/// # Errors
/// When the database refuses.
pub fn failed(tx: &mut PlatformTx, user: UserId) -> Result<Vec<Attempt>, AppError> {
    let since = tx.now() - Duration::days(30);
    Ok(tx.load(
        sign_in_attempts::table
            .filter(
                sign_in_attempts::user_id
                    .eq(user)
                    .and(sign_in_attempts::outcome.eq_any(["wrong", "throttled", "disabled"]))
                    .and(sign_in_attempts::at.gt(since)),
            )
            .order((sign_in_attempts::at.desc(), sign_in_attempts::id.desc()))
            .limit(20)
            .select(Attempt::as_select()),
    )?)
}
