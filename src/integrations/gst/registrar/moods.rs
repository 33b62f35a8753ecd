//! How a sandbox behaves: well, or as somebody told it on the platform's page, for all or for one taxpayer, for every call or for one kind.

use crate::error::AppError;
use crate::platform::db::PlatformTx;
use crate::platform::db::prepared;
use chrono::{DateTime, Utc};
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz};

states! {
    /// How a sandbox behaves.
    Mood:
    /// As it should.
    Well "well"
    /// Does what it is asked, and answers late.
    Slow "slow"
    /// Refuses with a code.
    Failing "failing"
    /// Does what it is asked, and never answers.
    Losing "losing"
    /// Is not there.
    Down "down"
}

states! {
    /// Which sandbox.
    Who:
    /// The authority.
    Registrar "registrar"
    /// The payment gateway.
    Gateway "gateway"
}

/// The kinds of calls that a mood can be for; empty is every kind.
pub const OPERATIONS: [&str; 8] = [
    "",
    "sign_in",
    "generate",
    "find",
    "cancel",
    "eway_bill",
    "taxpayer",
    "pay",
];

/// What somebody told a sandbox.
#[derive(Clone, Debug, diesel::QueryableByName)]
pub struct Told {
    #[diesel(sql_type = Text)]
    pub who: Who,
    /// The only one who meets this mood; empty: everybody.
    #[diesel(sql_type = Text)]
    pub gstin: String,
    /// One of [`OPERATIONS`].
    #[diesel(sql_type = Text)]
    pub operation: String,
    #[diesel(sql_type = Text)]
    pub mood: Mood,
    #[diesel(sql_type = Integer)]
    pub delay_ms: i32,
    /// What failing says.
    #[diesel(sql_type = Nullable<Text>)]
    pub code: Option<String>,
    /// `None`: until told otherwise.
    #[diesel(sql_type = Nullable<Integer>)]
    pub calls_left: Option<i32>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
}

/// The mood that this call meets, the narrowest first, counted off where it is for so many calls.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "the sandboxes' schema is not in schema.rs: they are strangers"
)]
pub fn take(
    tx: &mut PlatformTx,
    who: Who,
    gstin: &str,
    operation: &str,
) -> Result<Option<Told>, AppError> {
    let now = tx.now();
    let query = prepared(
        "with chosen as (
             select who, gstin, operation, mood, delay_ms, code, calls_left, updated_at from sandbox.moods
             where who = $1 and gstin in ('', $2) and operation in ('', $3) and mood <> 'well'
             order by gstin = '', operation = '' limit 1 for update),
         counted as (
             update sandbox.moods m
             set mood = case when c.calls_left = 1 then 'well' else m.mood end,
                 calls_left = case when c.calls_left > 1 then c.calls_left - 1 end, updated_at = $4
             from chosen c
             where m.who = c.who and m.gstin = c.gstin and m.operation = c.operation and c.calls_left is not null)
         select * from chosen",
    )
    .bind::<Text, _>(who)
    .bind::<Text, _>(gstin.to_owned())
    .bind::<Text, _>(operation.to_owned())
    .bind::<Timestamptz, _>(now);
    Ok(tx.load(query)?.into_iter().next())
}

/// Tells a sandbox how to behave; what it was told before for the same is forgotten.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "the sandboxes' schema is not in schema.rs: they are strangers"
)]
pub fn tell(tx: &mut PlatformTx, told: &Told) -> Result<(), AppError> {
    let now = tx.now();
    tx.execute(
        prepared(
            "insert into sandbox.moods (who, gstin, operation, mood, delay_ms, code, calls_left, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (who, gstin, operation) do update
             set mood = excluded.mood, delay_ms = excluded.delay_ms, code = excluded.code, calls_left = excluded.calls_left, updated_at = excluded.updated_at",
        )
        .bind::<Text, _>(told.who)
        .bind::<Text, _>(told.gstin.clone())
        .bind::<Text, _>(told.operation.clone())
        .bind::<Text, _>(told.mood)
        .bind::<Integer, _>(told.delay_ms)
        .bind::<Nullable<Text>, _>(told.code.clone())
        .bind::<Nullable<Integer>, _>(told.calls_left)
        .bind::<Timestamptz, _>(now),
    )?;
    Ok(())
}

/// Everything that sandboxes are told and don't do well by themselves.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "the sandboxes' schema is not in schema.rs: they are strangers"
)]
pub fn all(tx: &mut PlatformTx) -> Result<Vec<Told>, AppError> {
    Ok(tx.load(prepared(
        "select who, gstin, operation, mood, delay_ms, code, calls_left, updated_at from sandbox.moods where mood <> 'well'
         order by who desc, gstin, operation limit 100",
    ))?)
}
