//! The registrar's own books: keys, taxpayers, logins, calls. They survive a kill, as the real ones would.
#![expect(
    clippy::disallowed_methods,
    reason = "the sandboxes' schema is not in schema.rs: they are strangers"
)]

use super::check::Taxpayer;
use super::crypto::{Key, PublicHalf};
use crate::error::AppError;
use crate::platform::db::{PlatformTx, prepared};
use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Binary, Bool, Integer, Nullable, Numeric, Text, Timestamptz};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

#[derive(QueryableByName)]
struct Bytes {
    #[diesel(sql_type = Binary)]
    bytes: Vec<u8>,
}

#[derive(QueryableByName)]
struct Truth {
    #[diesel(sql_type = Bool)]
    is_so: bool,
}

/// The private key for a purpose, as PKCS#8.
///
/// # Errors
/// When the database refuses.
pub fn key(tx: &mut PlatformTx, purpose: &'static str) -> Result<Option<Vec<u8>>, AppError> {
    let query = prepared("select private_key as bytes from sandbox.keys where purpose = $1")
        .bind::<Text, _>(purpose);
    Ok(tx
        .load::<Bytes>(query)?
        .into_iter()
        .next()
        .map(|row| row.bytes))
}

/// Keeps a key, unless there is one, and pins the public half of whichever is kept.
///
/// # Errors
/// When the database refuses.
pub fn keep_key(
    tx: &mut PlatformTx,
    purpose: &'static str,
    public: &PublicHalf,
    pkcs8: &[u8],
) -> Result<(), AppError> {
    let now = tx.now();
    let kept = tx.execute(
        prepared("insert into sandbox.keys (purpose, kid, private_key, created_at) values ($1, $2, $3, $4) on conflict do nothing")
            .bind::<Text, _>(purpose)
            .bind::<Text, _>(public.kid())
            .bind::<Binary, _>(pkcs8.to_vec())
            .bind::<Timestamptz, _>(now),
    )?;
    if kept == 1 {
        tx.execute(
            prepared(
                "insert into authority_keys (environment, purpose, kid, modulus, exponent, added_at) values ('sandbox', $1, $2, $3, $4, $5)
                 on conflict do nothing",
            )
            .bind::<Text, _>(purpose)
            .bind::<Text, _>(public.kid())
            .bind::<Binary, _>(public.modulus.clone())
            .bind::<Integer, _>(i32::try_from(public.exponent).unwrap_or(i32::MAX))
            .bind::<Timestamptz, _>(now),
        )?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct TaxpayerRow {
    #[diesel(sql_type = Text)]
    gstin: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    taxpayer_type: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    state_code: String,
    #[diesel(sql_type = Bool)]
    is_einvoicing: bool,
    #[diesel(sql_type = Numeric)]
    turnover: Decimal,
}

impl From<TaxpayerRow> for Taxpayer {
    fn from(row: TaxpayerRow) -> Self {
        Self {
            gstin: row.gstin,
            name: row.name,
            taxpayer_type: row.taxpayer_type,
            status: row.status,
            state_code: row.state_code,
            is_einvoicing: row.is_einvoicing,
            turnover: row.turnover,
        }
    }
}

/// Those of these taxpayers that are known, by GSTIN.
///
/// # Errors
/// When the database refuses.
pub fn taxpayers(
    tx: &mut PlatformTx,
    gstins: &[&str],
) -> Result<BTreeMap<String, Taxpayer>, AppError> {
    let query = prepared(
        "select gstin, name, taxpayer_type, status, state_code, is_einvoicing, turnover from sandbox.taxpayers where gstin = any ($1)",
    )
    .bind::<Array<Text>, _>(gstins.iter().map(|gstin| (*gstin).to_owned()).collect::<Vec<_>>());
    Ok(tx
        .load::<TaxpayerRow>(query)?
        .into_iter()
        .map(|row| (row.gstin.clone(), row.into()))
        .collect())
}

/// Taxpayers in the order of their GSTINs, at most 100, those whose GSTIN or name holds what is looked for.
///
/// # Errors
/// When the database refuses.
pub fn search_taxpayers(tx: &mut PlatformTx, search: &str) -> Result<Vec<Taxpayer>, AppError> {
    let query = prepared(
        "select gstin, name, taxpayer_type, status, state_code, is_einvoicing, turnover from sandbox.taxpayers
         where position(lower($1) in lower(gstin || ' ' || name)) > 0 order by gstin limit 100",
    )
    .bind::<Text, _>(search.to_owned());
    Ok(tx
        .load::<TaxpayerRow>(query)?
        .into_iter()
        .map(Taxpayer::from)
        .collect())
}

/// What a taxpayer signs in with.
#[derive(Clone, Debug, QueryableByName)]
pub struct Login {
    #[diesel(sql_type = Nullable<Text>)]
    pub client_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub client_secret: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub user_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub password: Option<String>,
    #[diesel(sql_type = Text)]
    pub status: String,
}

impl Login {
    /// Client id, client secret, user and password, where there are all of them.
    pub fn whole(self) -> Option<[String; 4]> {
        Some([
            self.client_id?,
            self.client_secret?,
            self.user_name?,
            self.password?,
        ])
    }
}

/// The login of a taxpayer. Whoever asks for it at the same time comes after.
///
/// # Errors
/// When the database refuses.
pub fn login(tx: &mut PlatformTx, gstin: &str) -> Result<Option<Login>, AppError> {
    let query = prepared(
        "select client_id, client_secret, user_name, password, status from sandbox.taxpayers where gstin = $1 for update",
    )
    .bind::<Text, _>(gstin.to_owned());
    Ok(tx.load(query)?.into_iter().next())
}

/// Whether anybody signs in with this client.
///
/// # Errors
/// When the database refuses.
pub fn is_client(tx: &mut PlatformTx, id: &str, secret: &str) -> Result<bool, AppError> {
    let query = prepared(
        "select exists (select from sandbox.taxpayers where client_id = $1 and client_secret = $2) as is_so",
    )
    .bind::<Text, _>(id.to_owned())
    .bind::<Text, _>(secret.to_owned());
    Ok(tx.one::<Truth>(query)?.is_so)
}

/// A taxpayer as somebody enrols it.
#[derive(Clone, Debug)]
pub struct Enrolment {
    pub gstin: String,
    pub name: String,
    pub taxpayer_type: String,
    pub status: String,
    pub is_einvoicing: bool,
    pub turnover: Decimal,
    /// Client id, client secret, user, password; left as it was with `None`.
    pub login: Option<[String; 4]>,
}

/// Enrols a taxpayer, or changes what is known of it.
///
/// # Errors
/// When the database refuses.
pub fn enrol(tx: &mut PlatformTx, enrolment: &Enrolment) -> Result<(), AppError> {
    let word = |index: usize| enrolment.login.as_ref().map(|login| login[index].clone());
    tx.execute(
        prepared(
            "insert into sandbox.taxpayers as t (gstin, name, taxpayer_type, status, state_code, is_einvoicing, turnover, client_id, client_secret, user_name, password)
             values ($1, $2, $3, $4, left($1, 2), $5, $6, $7, $8, $9, $10)
             on conflict (gstin) do update
             set name = excluded.name, taxpayer_type = excluded.taxpayer_type, status = excluded.status, is_einvoicing = excluded.is_einvoicing,
                 turnover = excluded.turnover, client_id = coalesce(excluded.client_id, t.client_id), client_secret = coalesce(excluded.client_secret, t.client_secret),
                 user_name = coalesce(excluded.user_name, t.user_name), password = coalesce(excluded.password, t.password)",
        )
        .bind::<Text, _>(enrolment.gstin.clone())
        .bind::<Text, _>(enrolment.name.clone())
        .bind::<Text, _>(enrolment.taxpayer_type.clone())
        .bind::<Text, _>(enrolment.status.clone())
        .bind::<Bool, _>(enrolment.is_einvoicing)
        .bind::<Numeric, _>(enrolment.turnover)
        .bind::<Nullable<Text>, _>(word(0))
        .bind::<Nullable<Text>, _>(word(1))
        .bind::<Nullable<Text>, _>(word(2))
        .bind::<Nullable<Text>, _>(word(3)),
    )?;
    Ok(())
}

/// A taxpayer that the common portal knows becomes known here, too; one that is known stays as it is.
///
/// # Errors
/// When the database refuses.
pub fn adopt(tx: &mut PlatformTx, gstin: &str) -> Result<(), AppError> {
    tx.execute(
        prepared(
            "insert into sandbox.taxpayers (gstin, name, state_code) values ($1, 'Taxpayer ' || $1, left($1, 2)) on conflict do nothing",
        )
        .bind::<Text, _>(gstin.to_owned()),
    )?;
    Ok(())
}

/// A login that holds.
#[derive(Clone, Debug, QueryableByName)]
pub struct Token {
    #[diesel(sql_type = Text)]
    pub token: String,
    #[diesel(sql_type = Text)]
    pub gstin: String,
    #[diesel(sql_type = Text)]
    pub user_name: String,
    #[diesel(sql_type = Text)]
    pub client_id: String,
    #[diesel(sql_type = Binary)]
    pub sek: Vec<u8>,
    #[diesel(sql_type = Timestamptz)]
    pub expires_at: DateTime<Utc>,
}

impl Token {
    /// The session's key.
    pub fn key(&self) -> Option<Key> {
        self.sek.as_slice().try_into().ok()
    }
}

/// A login by its token, unless it has ended.
///
/// # Errors
/// When the database refuses.
pub fn token(tx: &mut PlatformTx, token: &str) -> Result<Option<Token>, AppError> {
    let now = tx.now();
    let query = prepared(
        "select token, gstin, user_name, client_id, sek, expires_at from sandbox.tokens where token = $1 and expires_at > $2",
    )
    .bind::<Text, _>(token.to_owned())
    .bind::<Timestamptz, _>(now);
    Ok(tx.load(query)?.into_iter().next())
}

/// The login that a user of a taxpayer has now.
///
/// # Errors
/// When the database refuses.
pub fn token_of(tx: &mut PlatformTx, gstin: &str, user: &str) -> Result<Option<Token>, AppError> {
    let now = tx.now();
    let query = prepared(
        "select token, gstin, user_name, client_id, sek, expires_at from sandbox.tokens
         where gstin = $1 and user_name = $2 and expires_at > $3 order by expires_at desc limit 1",
    )
    .bind::<Text, _>(gstin.to_owned())
    .bind::<Text, _>(user.to_owned())
    .bind::<Timestamptz, _>(now);
    Ok(tx.load(query)?.into_iter().next())
}

/// Keeps a new login; the user's others end.
///
/// # Errors
/// When the database refuses.
pub fn keep_token(tx: &mut PlatformTx, token: &Token) -> Result<(), AppError> {
    tx.execute(
        prepared("delete from sandbox.tokens where gstin = $1 and user_name = $2")
            .bind::<Text, _>(token.gstin.clone())
            .bind::<Text, _>(token.user_name.clone()),
    )?;
    tx.execute(
        prepared(
            "insert into sandbox.tokens (token, gstin, user_name, client_id, sek, expires_at) values ($1, $2, $3, $4, $5, $6)",
        )
        .bind::<Text, _>(token.token.clone())
        .bind::<Text, _>(token.gstin.clone())
        .bind::<Text, _>(token.user_name.clone())
        .bind::<Text, _>(token.client_id.clone())
        .bind::<Binary, _>(token.sek.clone())
        .bind::<Timestamptz, _>(token.expires_at),
    )?;
    Ok(())
}

/// A call that a sandbox was asked.
#[derive(Clone, Debug, QueryableByName)]
pub struct Heard {
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub who: String,
    #[diesel(sql_type = Text)]
    pub method: String,
    #[diesel(sql_type = Text)]
    pub path: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub gstin: Option<String>,
    /// What it was about: `INV MH/26-27/00101`, an IRN, a bill.
    #[diesel(sql_type = Nullable<Text>)]
    pub document: Option<String>,
    /// What was refused; empty when it was done.
    #[diesel(sql_type = Array<Text>)]
    pub codes: Vec<String>,
    /// Whether the caller got no answer.
    #[diesel(sql_type = Bool)]
    pub was_lost: bool,
}

/// Writes a call down.
///
/// # Errors
/// When the database refuses.
pub fn hear(tx: &mut PlatformTx, heard: &Heard) -> Result<(), AppError> {
    tx.execute(
        prepared(
            "insert into sandbox.calls (at, who, method, path, gstin, document, codes, was_lost) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind::<Timestamptz, _>(heard.at)
        .bind::<Text, _>(heard.who.clone())
        .bind::<Text, _>(heard.method.clone())
        .bind::<Text, _>(heard.path.clone())
        .bind::<Nullable<Text>, _>(heard.gstin.clone())
        .bind::<Nullable<Text>, _>(heard.document.clone())
        .bind::<Array<Text>, _>(heard.codes.clone())
        .bind::<Bool, _>(heard.was_lost),
    )?;
    Ok(())
}

/// The newest calls, newest first.
///
/// # Errors
/// When the database refuses.
pub fn last_calls(tx: &mut PlatformTx, count: i32) -> Result<Vec<Heard>, AppError> {
    Ok(tx.load(
        prepared("select at, who, method, path, gstin, document, codes, was_lost from sandbox.calls order by id desc limit $1")
            .bind::<Integer, _>(count),
    )?)
}

/// Forgets calls and ended logins of more than a day ago.
///
/// # Errors
/// When the database refuses.
pub fn sweep(tx: &mut PlatformTx) -> Result<(), AppError> {
    let before = tx.now() - Duration::days(1);
    for text in [
        "delete from sandbox.calls where at < $1",
        "delete from sandbox.tokens where expires_at < $1",
    ] {
        tx.execute(prepared(text).bind::<Timestamptz, _>(before))?;
    }
    Ok(())
}
