//! The same request twice gives the same answer once.
//!
//! A form carries a one-time key. The change claims it in its own transaction, so that change and answer commit together; a second arrival
//! waits for the first to end, then gets its answer. The same key with another body is a new question.

use crate::error::AppError;
use diesel::QueryResult;
use diesel::sql_types::{Binary, Nullable, SmallInt, Text, Uuid as SqlUuid};
use uuid::Uuid;

/// A keyed request.
pub struct Once<'a> {
    /// The form's one-time key.
    pub key: Uuid,
    /// Method and path.
    pub route: &'a str,
    /// SHA-256 of the body.
    pub body_hash: &'a [u8],
}

/// A kept answer.
#[derive(diesel::QueryableByName)]
pub struct Kept {
    #[diesel(sql_type = Nullable<Text>)]
    location: Option<String>,
}

/// A statement of this module, ready to run in whichever transaction the change runs in.
pub type Statement =
    diesel::query_builder::BoxedSqlQuery<'static, diesel::pg::Pg, diesel::query_builder::SqlQuery>;

/// Claims the key for this transaction.
///
/// # Errors
/// `Repeated` with the first answer when the request was answered before.
#[expect(
    clippy::disallowed_methods,
    reason = "a set-returning function, which the query builder can't call"
)]
pub fn claim(
    load: impl FnOnce(Statement) -> QueryResult<Vec<Kept>>,
    once: &Once,
) -> Result<(), AppError> {
    let statement = diesel::sql_query("select status, location from claim_key($1, $2, $3)")
        .into_boxed()
        .bind::<SqlUuid, _>(once.key)
        .bind::<Text, _>(once.route.to_owned())
        .bind::<Binary, _>(once.body_hash.to_vec());
    match load(statement)?.pop() {
        None => Ok(()),
        Some(Kept {
            location: Some(location),
        }) => Err(AppError::Repeated { location }),
        // Claim and answer commit together, so a claimed key without an answer means that somebody kept none.
        Some(Kept { location: None }) => Err(AppError::internal("a claimed key without an answer")),
    }
}

/// Keeps the answer of a claimed key.
///
/// # Errors
/// When the database refuses.
#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
pub fn keep(
    execute: impl FnOnce(Statement) -> QueryResult<usize>,
    once: &Once,
    location: &str,
) -> Result<(), AppError> {
    let statement = diesel::sql_query("select keep_answer($1, $2, $3, $4, $5)")
        .into_boxed()
        .bind::<SqlUuid, _>(once.key)
        .bind::<Text, _>(once.route.to_owned())
        .bind::<Binary, _>(once.body_hash.to_vec())
        .bind::<SmallInt, _>(303)
        .bind::<Text, _>(location.to_owned());
    execute(statement)?;
    Ok(())
}
