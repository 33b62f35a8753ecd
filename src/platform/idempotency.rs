//! The same request twice gives the same answer once.
//!
//! A form carries a one-time key. The change claims it in its own transaction, so that change and answer commit together; a second arrival
//! waits for the first to end, then gets its answer. The same key with another body is a new question.

use super::db::{PlatformTx, Prepared, Scope, prepared};
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

/// A transaction in which an answer can be kept: a company's or the platform's.
pub trait Keeps {
    /// Runs a statement of ours and gives the kept answer, if there is one.
    ///
    /// # Errors
    /// What the database refuses.
    fn kept(&mut self, statement: Prepared<'static>) -> QueryResult<Vec<Kept>>;

    /// Runs a statement of ours.
    ///
    /// # Errors
    /// What the database refuses.
    fn run(&mut self, statement: Prepared<'static>) -> QueryResult<usize>;
}

macro_rules! keeps {
    ($($transaction:ident)*) => { $(
        impl Keeps for $transaction<'_> {
            fn kept(&mut self, statement: Prepared<'static>) -> QueryResult<Vec<Kept>> {
                self.load(statement)
            }

            fn run(&mut self, statement: Prepared<'static>) -> QueryResult<usize> {
                self.execute(statement)
            }
        }
    )* };
}
keeps! { Scope PlatformTx }

/// Does the work of a keyed request, unless it was done before. `location` tells where its answer sends the browser.
///
/// # Errors
/// `Repeated` with the first answer when the request was answered before; whatever `work` fails with.
pub fn once<X: Keeps, T>(
    tx: &mut X,
    once: &Once,
    work: impl FnOnce(&mut X) -> Result<T, AppError>,
    location: impl FnOnce(&T) -> &str,
) -> Result<T, AppError> {
    claim(tx, once)?;
    let done = work(tx)?;
    keep(tx, once, location(&done))?;
    Ok(done)
}

/// Claims the key for this transaction.
#[expect(
    clippy::disallowed_methods,
    reason = "a set-returning function, which the query builder can't call"
)]
fn claim(tx: &mut impl Keeps, once: &Once) -> Result<(), AppError> {
    let statement = prepared("select status, location from claim_key($1, $2, $3)")
        .bind::<SqlUuid, _>(once.key)
        .bind::<Text, _>(once.route.to_owned())
        .bind::<Binary, _>(once.body_hash.to_vec());
    match tx.kept(statement)?.pop() {
        None => Ok(()),
        Some(Kept {
            location: Some(location),
        }) => Err(AppError::Repeated { location }),
        // Claim and answer commit together, so a claimed key without an answer means that somebody kept none.
        Some(Kept { location: None }) => Err(AppError::internal("a claimed key without an answer")),
    }
}

/// Keeps the answer of a claimed key.
#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
fn keep(tx: &mut impl Keeps, once: &Once, location: &str) -> Result<(), AppError> {
    let statement = prepared("select keep_answer($1, $2, $3, $4, $5)")
        .bind::<SqlUuid, _>(once.key)
        .bind::<Text, _>(once.route.to_owned())
        .bind::<Binary, _>(once.body_hash.to_vec())
        .bind::<SmallInt, _>(303)
        .bind::<Text, _>(location.to_owned());
    tx.run(statement)?;
    Ok(())
}
