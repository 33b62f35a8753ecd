//! Sessions as rows. The cookie carries the key; the table knows only its hash.

use super::Person;
use super::tokens::hash;
use crate::error::AppError;
use crate::kernel::ids::{SessionId, UserId};
use crate::platform::db::schema::sessions;
use crate::platform::db::{Db, Meter, PlatformActor, PlatformTx};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use std::collections::HashMap;

/// What the web layer keeps with a session.
pub type State = HashMap<String, String>;

/// A live session, opened by its key.
pub struct Open {
    /// What a person revokes it by.
    pub id: SessionId,
    /// What the web layer kept.
    pub state: State,
    /// The person and their doors, if somebody is signed in.
    pub who: Option<Person>,
}

/// How long sessions live.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// Without use.
    pub idle: Duration,
    /// In all.
    pub absolute: Duration,
}

/// A session to be written.
pub struct NewSession<'a> {
    /// The key, before hashing.
    pub key: &'a str,
    /// What the web layer keeps.
    pub state: &'a State,
    /// Who is signed in.
    pub user: Option<UserId>,
    /// Network address.
    pub address: Option<String>,
    /// Browser.
    pub agent: Option<String>,
}

/// Opens the live session of this key, and marks it as seen (to the minute). One statement.
///
/// # Errors
/// `DatabaseAway` and `Busy`.
pub fn open(
    db: &Db,
    meter: &Meter,
    key: &str,
    lifetimes: Lifetimes,
) -> Result<Option<Open>, AppError> {
    let Some(row) = db.open_session(meter, &hash(key), lifetimes.idle)? else {
        return Ok(None);
    };
    let state = serde_json::from_value(row.state).map_err(AppError::internal)?;
    let who = row
        .who
        .map(serde_json::from_value)
        .transpose()
        .map_err(AppError::internal)?;
    Ok(Some(Open {
        id: SessionId::from(row.id),
        state,
        who,
    }))
}

/// Writes a new session.
///
/// # Errors
/// When the database refuses.
pub fn save(tx: &mut PlatformTx, new: &NewSession, lifetimes: Lifetimes) -> Result<(), AppError> {
    let now = tx.now();
    tx.execute(
        diesel::insert_into(sessions::table).values((
            sessions::key_hash.eq(hash(new.key)),
            sessions::id.eq(SessionId::new()),
            sessions::user_id.eq(new.user),
            sessions::state.eq(serde_json::to_value(new.state).map_err(AppError::internal)?),
            sessions::address.eq(&new.address),
            sessions::agent.eq(new
                .agent
                .as_ref()
                .map(|agent| agent.chars().take(400).collect::<String>())),
            sessions::created_at.eq(now),
            sessions::seen_at.eq(now),
            sessions::expires_at.eq(now + lifetimes.absolute),
        )),
    )?;
    Ok(())
}

/// Writes what the web layer keeps with a session; false when there is no such session any more.
///
/// # Errors
/// When the database refuses.
pub fn update(
    tx: &mut PlatformTx,
    key: &str,
    state: &State,
    user: Option<UserId>,
) -> Result<bool, AppError> {
    let state = serde_json::to_value(state).map_err(AppError::internal)?;
    let rows = tx.execute(
        diesel::update(sessions::table.filter(sessions::key_hash.eq(hash(key))))
            .set((sessions::state.eq(state), sessions::user_id.eq(user))),
    )?;
    Ok(rows == 1)
}

/// Ends the session of this key.
///
/// # Errors
/// When the database refuses.
pub fn delete(tx: &mut PlatformTx, key: &str) -> Result<(), AppError> {
    tx.execute(diesel::delete(
        sessions::table.filter(sessions::key_hash.eq(hash(key))),
    ))?;
    Ok(())
}

/// A session as its owner sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// What it is revoked by.
    pub id: SessionId,
    /// Network address at sign-in.
    pub address: Option<String>,
    /// Browser at sign-in.
    pub agent: Option<String>,
    /// Start.
    pub created_at: DateTime<Utc>,
    /// Last use, to the minute.
    pub seen_at: DateTime<Utc>,
}

/// A person's live sessions, the last used first; at most 100.
///
/// # Errors
/// When the database refuses.
pub fn of_user(tx: &mut PlatformTx, user: UserId) -> Result<Vec<Session>, AppError> {
    let now = tx.now();
    Ok(tx.load(
        sessions::table
            .filter(sessions::user_id.eq(user).and(sessions::expires_at.gt(now)))
            .order((sessions::seen_at.desc(), sessions::id.desc()))
            .limit(100)
            .select(Session::as_select()),
    )?)
}

/// Ends one session of a person; false when it is not theirs or has ended.
///
/// # Errors
/// When the database refuses.
pub fn revoke(tx: &mut PlatformTx, user: UserId, id: SessionId) -> Result<bool, AppError> {
    Ok(tx.execute(diesel::delete(
        sessions::table.filter(sessions::user_id.eq(user).and(sessions::id.eq(id))),
    ))? == 1)
}

/// Ends every session of a person but one, and says how many.
///
/// # Errors
/// When the database refuses.
pub fn revoke_others(
    tx: &mut PlatformTx,
    user: UserId,
    but: Option<SessionId>,
) -> Result<usize, AppError> {
    let all = sessions::table.filter(sessions::user_id.eq(user));
    Ok(match but {
        Some(id) => tx.execute(diesel::delete(all.filter(sessions::id.ne(id))))?,
        None => tx.execute(diesel::delete(all))?,
    })
}

/// Sweeps sessions that ended on their own, and says how many.
///
/// # Errors
/// When the database refuses.
pub fn sweep(db: &Db, lifetimes: Lifetimes) -> Result<usize, AppError> {
    let actor = PlatformActor {
        cause: Some("sweep"),
        ..PlatformActor::default()
    };
    db.platform_write(&actor, &Meter::default(), |tx| {
        let now = tx.now();
        let ended = sessions::table.filter(
            sessions::expires_at
                .lt(now)
                .or(sessions::seen_at.lt(now - lifetimes.idle)),
        );
        Ok(tx.execute(diesel::delete(ended))?)
    })
}
