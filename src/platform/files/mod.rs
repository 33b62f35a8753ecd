//! Files of companies: a row says what it is and who may read it, the store keeps the bytes under `tenant/file`.
//!
//! A file is written in two steps. Its row comes first and is *pending*: it expires soon. Then come the bytes, and whoever uses the file
//! keeps it, in the transaction of that use. So a crash in between leaves a row that housekeeping takes away with its bytes, never bytes that
//! nobody knows of, and never a page that shows a file without bytes.

pub mod picture;
mod store;

pub use store::Store;

use super::db::schema::files;
use super::db::{Db, Meter, PlatformActor, Scope};
use crate::error::AppError;
use crate::kernel::ids::{FileId, TenantId, UserId};
use chrono::{DateTime, Duration, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use sha2::{Digest, Sha256};
use std::io::{Seek, SeekFrom};
use uuid::Uuid;

/// A file, as its row tells of it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = files)]
pub struct File {
    /// The file.
    pub id: FileId,
    /// Name for saving it.
    pub name: String,
    /// Media type that it is served with.
    pub media_type: String,
    /// Size in bytes.
    pub bytes: i64,
    /// What it is for: logo, export.
    pub purpose: String,
    /// The permission that a reader must have.
    pub needs: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it is swept away, or never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A file to be written down.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// The file.
    pub id: FileId,
    /// Name for saving it.
    pub name: String,
    /// Media type.
    pub media_type: &'static str,
    /// Size in bytes.
    pub bytes: i64,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// What it is for: `logo` or `export`.
    pub purpose: &'static str,
    /// The permission that a reader must have.
    pub needs: &'static str,
    /// Who made it; the transaction's own person when nobody is named.
    pub created_by: Option<UserId>,
    /// How long it is kept; a pending one for a day.
    pub lives: Duration,
}

impl File {
    fn of<'q>(scope: &Scope) -> files::BoxedQuery<'q, Pg> {
        files::table
            .filter(files::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// A file of this company that is there and has not had its time.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: FileId) -> Result<Self, AppError> {
        let now = scope.now();
        let query = Self::of(scope)
            .filter(files::id.eq(id))
            .filter(diesel::dsl::not(files::is_pending))
            .filter(files::expires_at.is_null().or(files::expires_at.gt(now)))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// Exports that can still be fetched, newest first; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn exports(scope: &mut Scope, readable: Vec<&'static str>) -> Result<Vec<Self>, AppError> {
        let now = scope.now();
        let query = Self::of(scope)
            .filter(files::purpose.eq("export"))
            .filter(diesel::dsl::not(files::is_pending))
            .filter(files::needs.eq_any(readable))
            .filter(files::expires_at.gt(now))
            .order((files::created_at.desc(), files::id.desc()))
            .limit(100)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }
}

/// Writes a file's row. The bytes follow, or are there already.
///
/// # Errors
/// When the database refuses.
pub fn add(scope: &mut Scope, new: &NewFile) -> Result<(), AppError> {
    let (now, person) = (scope.now(), scope.member().user());
    scope.execute(diesel::insert_into(files::table).values((
        files::id.eq(new.id),
        files::name.eq(&new.name),
        files::media_type.eq(new.media_type),
        files::bytes.eq(new.bytes),
        files::sha256.eq(&new.sha256),
        files::purpose.eq(new.purpose),
        files::needs.eq(new.needs),
        files::created_by.eq(new.created_by.or(person)),
        files::created_at.eq(now),
        files::expires_at.eq(now + new.lives),
        files::is_pending.eq(true),
    )))?;
    Ok(())
}

fn set_end(scope: &mut Scope, ids: &[FileId], end: Option<DateTime<Utc>>) -> Result<(), AppError> {
    let rows = files::table.filter(
        files::tenant_id
            .eq(scope.tenant())
            .and(files::id.eq_any(ids.to_vec())),
    );
    scope.execute(
        diesel::update(rows).set((files::expires_at.eq(end), files::is_pending.eq(false))),
    )?;
    Ok(())
}

/// Pending files are used from now on, and stay.
///
/// # Errors
/// When the database refuses.
pub fn keep(scope: &mut Scope, ids: &[FileId]) -> Result<(), AppError> {
    set_end(scope, ids, None)
}

/// A pending file is ready, and stays for so long.
///
/// # Errors
/// When the database refuses.
pub fn keep_for(scope: &mut Scope, id: FileId, lives: Duration) -> Result<(), AppError> {
    let now = scope.now();
    set_end(scope, &[id], Some(now + lives))
}

/// Files are not used any more; housekeeping takes them away.
///
/// # Errors
/// When the database refuses.
pub fn let_go(scope: &mut Scope, ids: &[FileId]) -> Result<(), AppError> {
    let now = scope.now();
    set_end(scope, ids, Some(now))
}

/// Size and SHA-256 of a file, which is at its beginning before and after.
///
/// # Errors
/// When it can't be read.
pub fn measure(file: &mut std::fs::File) -> Result<(i64, Vec<u8>), AppError> {
    let mut hash = Sha256::new();
    let bytes = std::io::copy(file, &mut hash).map_err(AppError::internal)?;
    file.seek(SeekFrom::Start(0)).map_err(AppError::internal)?;
    let bytes = i64::try_from(bytes).map_err(AppError::internal)?;
    Ok((bytes, hash.finalize().to_vec()))
}

#[derive(QueryableByName)]
struct Expired {
    #[diesel(sql_type = SqlUuid)]
    tenant: Uuid,
    #[diesel(sql_type = SqlUuid)]
    file: Uuid,
}

/// Takes away files that have had their time: the bytes first, so that a crash leaves a row to come back to.
///
/// # Errors
/// When the database or the store refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a function call: the rows of all companies are behind it"
)]
pub fn sweep(db: &Db, store: &Store) -> Result<usize, AppError> {
    let actor = PlatformActor {
        cause: Some("sweep"),
        ..PlatformActor::default()
    };
    let expired: Vec<Expired> = db.platform_read(&actor, &Meter::default(), |tx| {
        Ok(tx.load(diesel::sql_query(
            "select tenant, file from expired_files(1000)",
        ))?)
    })?;
    let mut failed = None;
    for one in &expired {
        let (tenant, file) = (TenantId::from(one.tenant), FileId::from(one.file));
        if let Err(error) = store.remove(tenant, file) {
            // One that can't be removed must not keep the others.
            failed = Some(error);
            continue;
        }
        let removed = db.platform_write(&actor, &Meter::default(), |tx| {
            tx.in_company(tenant, |scope| {
                let row = files::table
                    .filter(files::tenant_id.eq(scope.tenant()).and(files::id.eq(file)));
                scope.execute(diesel::delete(row))?;
                Ok(())
            })
        });
        if let Err(error) = removed {
            failed = Some(error);
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(expired.len()),
    }
}
