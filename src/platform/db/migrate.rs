//! Brings the database to the shape that this program knows.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::{Connection, PgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

/// The migrations, inside the program.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// Why the database could not be brought into shape, naming the missing right or the wrong setting exactly.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No connection.
    #[error("The database does not answer: {0}")]
    Connect(#[from] diesel::ConnectionError),
    /// Too old.
    #[error("PostgreSQL {0} is too old: Mandi needs 15 or newer.")]
    Version(String),
    /// Not UTF-8.
    #[error(
        "The database has the encoding {0}; Mandi needs UTF8. Create it with: create database … encoding 'UTF8' template template0"
    )]
    Encoding(String),
    /// A right is missing.
    #[error("{0}")]
    Right(String),
    /// Migrations are missing where they must all be there.
    #[error("Migrations are missing in this database: {0} of them. Run mandi migrate first.")]
    Behind(usize),
    /// A migration failed.
    #[error("The migration failed: {0}")]
    Failed(String),
    /// Any other question that failed.
    #[error("The database refused: {0}")]
    Query(#[from] diesel::result::Error),
}

/// Applies what is missing, one process at a time, and lets the application's login in. Returns the names of what was applied.
///
/// `owner_url` signs in as the owner of the tables; `app_url` as the application, where that is another login.
///
/// # Errors
/// See [`MigrateError`].
pub fn migrate(owner_url: &str, app_url: &str) -> Result<Vec<String>, MigrateError> {
    let mut pg = connect(owner_url)?;
    check_server(&mut pg)?;
    // Two processes that start together must not both migrate. The lock goes with the connection.
    pg.batch_execute("select pg_advisory_lock(4711001)")?;
    check_rights(&mut pg)?;
    let applied = pg
        .run_pending_migrations(MIGRATIONS)
        .map_err(|error| MigrateError::Failed(error.to_string()))?;
    let names = applied.iter().map(ToString::to_string).collect();
    if app_url != owner_url {
        admit(&mut pg, app_url)?;
    }
    Ok(names)
}

/// Names of migrations that the database lacks.
///
/// # Errors
/// When the database does not answer.
pub fn pending(owner_url: &str) -> Result<Vec<String>, MigrateError> {
    let mut pg = connect(owner_url)?;
    let pending = pg
        .pending_migrations(MIGRATIONS)
        .map_err(|error| MigrateError::Failed(error.to_string()))?;
    Ok(pending
        .iter()
        .map(|migration| migration.name().to_string())
        .collect())
}

/// Refuses a database that is not in the shape that this program knows. Writes nothing, not even into an empty one.
pub(in crate::platform) fn must_be_complete(pg: &mut PgConnection) -> Result<(), MigrateError> {
    let kept = "(to_regclass('public.__diesel_schema_migrations') is not null)::text";
    let missing = if ask(pg, kept)? == "true" {
        pg.pending_migrations(MIGRATIONS)
            .map_err(|error| MigrateError::Failed(error.to_string()))?
            .len()
    } else {
        known()
    };
    match missing {
        0 => Ok(()),
        missing => Err(MigrateError::Behind(missing)),
    }
}

/// How many migrations this program knows.
pub fn known() -> usize {
    MigrationSource::<diesel::pg::Pg>::migrations(&MIGRATIONS).map_or(0, |all| all.len())
}

#[expect(
    clippy::disallowed_methods,
    reason = "migrations run as the owner, on a connection of their own"
)]
pub(in crate::platform) fn connect(url: &str) -> Result<PgConnection, MigrateError> {
    let mut pg = PgConnection::establish(url)?;
    pg.batch_execute("set timezone = 'UTC'; set client_min_messages = warning")?;
    Ok(pg)
}

fn ask(pg: &mut PgConnection, sql: &str) -> Result<String, diesel::result::Error> {
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(sql)).get_result(pg)
}

fn check_server(pg: &mut PgConnection) -> Result<(), MigrateError> {
    let version = ask(pg, "current_setting('server_version_num')")?;
    if version.parse::<u32>().unwrap_or(0) < 150_000 {
        return Err(MigrateError::Version(ask(
            pg,
            "current_setting('server_version')",
        )?));
    }
    let encoding = ask(pg, "current_setting('server_encoding')")?;
    if encoding != "UTF8" {
        return Err(MigrateError::Encoding(encoding));
    }
    Ok(())
}

/// What the owner must be allowed before anything is tried, so that the message can name it.
fn check_rights(pg: &mut PgConnection) -> Result<(), MigrateError> {
    let who = ask(pg, "current_user::text")?;
    let database = ask(pg, "current_database()::text")?;
    let missing = ask(
        pg,
        "case when not has_schema_privilege('public', 'create') then 'schema' \
              when (select count(*) from pg_roles where rolname in ('mandi_app', 'mandi_platform')) < 2 \
                   and not (select rolcreaterole or rolsuper from pg_roles where rolname = current_user) then 'roles' \
              when exists (select from pg_roles where rolname in ('mandi_app', 'mandi_platform') and not pg_has_role(current_user, oid, 'member')) \
                   and not (select rolcreaterole or rolsuper from pg_roles where rolname = current_user) then 'member' \
              when (select count(*) from pg_available_extensions where name in ('pg_trgm', 'btree_gin')) < 2 then 'contrib' \
              when (select count(*) from pg_extension where extname in ('pg_trgm', 'btree_gin')) < 2 \
                   and not has_database_privilege(current_database(), 'create') then 'extensions' \
              else '' end",
    )?;
    let fix = match missing.as_str() {
        "schema" => format!(
            "may not create tables in schema public of database {database}. As the administrator run: alter database \"{database}\" owner to \"{who}\""
        ),
        "roles" => format!(
            "may not create the roles mandi_app and mandi_platform. As the administrator run: create role mandi_app nologin; \
             create role mandi_platform nologin; grant mandi_app, mandi_platform to \"{who}\""
        ),
        "member" => format!(
            "is not a member of mandi_app and mandi_platform. As the administrator run: grant mandi_app, mandi_platform to \"{who}\""
        ),
        "contrib" => "finds no pg_trgm and btree_gin on this server. Install PostgreSQL's contrib package".to_owned(),
        "extensions" => "may not add extensions. As the administrator run: create extension pg_trgm; create extension btree_gin".to_owned(),
        _ => return Ok(()),
    };
    Err(MigrateError::Right(format!(
        "The database login \"{who}\" {fix}"
    )))
}

/// Lets the application's own login take the two roles, and no more.
fn admit(pg: &mut PgConnection, app_url: &str) -> Result<(), MigrateError> {
    let login = ask(&mut connect(app_url)?, "current_user::text")?;
    let missing = ask(
        pg,
        &format!(
            "(not (pg_has_role('{0}', 'mandi_app', 'member') and pg_has_role('{0}', 'mandi_platform', 'member')))::text",
            login.replace('\'', "''")
        ),
    )?;
    if missing == "true" {
        let quoted = login.replace('"', "\"\"");
        pg.batch_execute(&format!("grant mandi_app, mandi_platform to \"{quoted}\"")).map_err(|error| {
            MigrateError::Right(format!(
                "The database login \"{login}\" is not a member of mandi_app and mandi_platform ({error}). As the administrator run: grant mandi_app, mandi_platform to \"{login}\""
            ))
        })?;
    }
    Ok(())
}
