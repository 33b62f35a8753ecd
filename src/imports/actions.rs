//! The verbs of imports: take a file in, choose its columns, check, write, count.

use super::importer::{Kind, Outcome, Settings};
use super::jobs::Work;
use super::model::{self, Import, JobState, Reason};
use super::rules;
use crate::error::AppError;
use crate::kernel::ids::{FileId, ImportId, TenantId};
use crate::kernel::language::Said;
use crate::platform::db::schema::{import_rows, imports};
use crate::platform::db::{Scope, prepared};
use crate::platform::files;
use crate::platform::jobs::{NewJob, enqueue};
use chrono::{DateTime, Duration, Utc};
use diesel::dsl;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Jsonb, Text, Uuid as SqlUuid};

/// How long a file is kept after it was sent.
const KEPT: Duration = Duration::days(90);

fn json(settings: &Settings) -> Result<serde_json::Value, AppError> {
    serde_json::to_value(settings).map_err(AppError::internal)
}

/// Takes in a file that lies in the store, pending.
///
/// # Errors
/// When the database refuses.
pub fn start(
    scope: &mut Scope,
    kind: &Kind,
    (file, name): (FileId, &str),
    settings: &Settings,
) -> Result<ImportId, AppError> {
    let (id, now, person) = (ImportId::new(), scope.now(), scope.member().user());
    scope.execute(diesel::insert_into(imports::table).values((
        imports::id.eq(id),
        imports::kind.eq(kind.code),
        imports::file_id.eq(file),
        imports::file_name.eq(name),
        imports::settings.eq(json(settings)?),
        imports::created_by.eq(person),
        imports::created_at.eq(now),
        imports::updated_at.eq(now),
    )))?;
    files::keep_for(scope, file, KEPT)?;
    Ok(id)
}

/// An import whose columns can still be chosen, locked.
fn open(scope: &mut Scope, kind: &Kind, id: ImportId) -> Result<Import, AppError> {
    let import = Import::lock(scope, kind.code, id)?;
    if import.is_open() {
        return Ok(import);
    }
    Err(AppError::refused(if import.is_under_way() {
        Said::new("This import is under way. Wait until it has ended.")
    } else {
        Said::new("This import is done. To bring the file in again, send it again.")
    }))
}

type Own = dsl::Filter<
    imports::dsl::imports,
    dsl::And<dsl::Eq<imports::tenant_id, TenantId>, dsl::Eq<imports::id, ImportId>>,
>;

/// The row of an import, for a change by its key.
fn own(scope: &Scope, id: ImportId) -> Own {
    imports::table.filter(
        imports::tenant_id
            .eq(scope.tenant())
            .and(imports::id.eq(id)),
    )
}

/// Keeps how the file is to be read.
///
/// # Errors
/// `NotFound`; `Refused` once it runs.
pub fn choose(
    scope: &mut Scope,
    kind: &Kind,
    id: ImportId,
    settings: &Settings,
) -> Result<(), AppError> {
    open(scope, kind, id)?;
    let (row, now) = (own(scope, id), scope.now());
    scope.execute(diesel::update(row).set((
        imports::settings.eq(json(settings)?),
        imports::status.eq("new"),
        imports::updated_at.eq(now),
    )))?;
    Ok(())
}

/// What is known of a file's layout without whoever chose its columns.
#[derive(Clone, Debug)]
pub struct Layout {
    /// What tells files of this layout from others.
    pub mark: Vec<u8>,
    /// How such a file is most likely read.
    pub likely: Settings,
    /// Fields that were not theirs to choose.
    pub withheld: Vec<&'static str>,
}

/// Has every row checked by a job, and remembers how files with these heads are read.
///
/// # Errors
/// `NotFound`; `Refused` once it runs.
pub fn check(
    scope: &mut Scope,
    kind: &Kind,
    (id, layout): (ImportId, &Layout),
    settings: &Settings,
    title: String,
) -> Result<(), AppError> {
    open(scope, kind, id)?;
    remember(scope, kind, layout, settings)?;
    set_off(
        scope,
        id,
        ("checking", Some(json(settings)?)),
        (kind.check, title),
    )
}

/// Has every row written by a job. A job that was given up goes on where it stopped.
///
/// # Errors
/// `NotFound`; `Refused` for what was not checked, or runs already.
pub fn run(scope: &mut Scope, kind: &Kind, id: ImportId, title: String) -> Result<(), AppError> {
    let import = Import::lock(scope, kind.code, id)?;
    let is_given_up = JobState::of(scope, import.job_id)?.is_none_or(|job| job.is_given_up());
    match import.status.as_str() {
        "checked" => {
            begin(scope, id, import.rows_total)?;
            set_off(scope, id, ("running", None), (kind.apply, title))
        }
        "running" if is_given_up => set_off(scope, id, ("running", None), (kind.apply, title)),
        "checking" if is_given_up => set_off(scope, id, ("checking", None), (kind.check, title)),
        "checking" | "running" => Err(AppError::refused(Said::new(
            "This import is under way. Wait until it has ended.",
        ))),
        "done" => Err(AppError::refused(Said::new(
            "This import is done. To bring the file in again, send it again.",
        ))),
        _ => Err(AppError::refused(Said::new(
            "Check the rows first; then you see what would come of them.",
        ))),
    }
}

fn set_off(
    scope: &mut Scope,
    id: ImportId,
    (status, settings): (&'static str, Option<serde_json::Value>),
    (kind, title): (&'static str, String),
) -> Result<(), AppError> {
    let work = Work {
        import: id,
        by: scope.member().user(),
    };
    let job = NewJob::new(kind, title, &work)?;
    enqueue(scope, &job)?;
    let (row, now) = (own(scope, id), scope.now());
    scope.execute(diesel::update(row).set((
        settings.map(|settings| imports::settings.eq(settings)),
        imports::status.eq(status),
        imports::job_id.eq(job.id.uuid()),
        imports::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Begins to count from the first row.
///
/// # Errors
/// When the database refuses.
pub fn begin(scope: &mut Scope, id: ImportId, total: Option<i32>) -> Result<(), AppError> {
    let said = import_rows::table.filter(
        import_rows::tenant_id
            .eq(scope.tenant())
            .and(import_rows::import_id.eq(id)),
    );
    scope.execute(diesel::delete(said))?;
    let (row, now) = (own(scope, id), scope.now());
    scope.execute(diesel::update(row).set((
        imports::rows_total.eq(total),
        imports::rows_done.eq(0),
        imports::created.eq(0),
        imports::merged.eq(0),
        imports::refused.eq(0),
        imports::warned.eq(0),
        imports::kept.eq(0),
        imports::updated_at.eq(now),
    )))?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "an upsert on three columns")]
fn remember(
    scope: &mut Scope,
    kind: &Kind,
    layout: &Layout,
    chosen: &Settings,
) -> Result<(), AppError> {
    // The memory is the whole company's: what one role may not choose must not be lost to the others.
    let settings = if layout.withheld.is_empty() {
        json(chosen)?
    } else {
        let before = model::remembered(scope, kind.code, &layout.mark)?;
        let known = before.as_ref().unwrap_or(&layout.likely);
        json(&rules::remembered(chosen, known, &layout.withheld))?
    };
    let now = scope.now();
    scope.execute(
            prepared(
                "insert into import_mappings (id, kind, layout, settings, created_at, updated_at) values (gen_random_uuid(), $1, $2, $3, $4, $4)
                   on conflict (tenant_id, kind, layout) do update set settings = excluded.settings, updated_at = excluded.updated_at",
            )
            .bind::<Text, _>(kind.code)
            .bind::<diesel::sql_types::Binary, _>(&layout.mark)
            .bind::<Jsonb, _>(&settings)
            .bind::<diesel::sql_types::Timestamptz, _>(now),
        )?;
    Ok(())
}

/// What a job expects to find before its next batch.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// The import.
    pub import: ImportId,
    /// checking or running.
    pub status: &'static str,
    /// Rows done so far.
    pub done: i32,
}

/// Locks the import for a batch.
///
/// # Errors
/// When another worker has gone on with it: what this one has done is rolled back, so each row counts once.
pub fn hold(scope: &mut Scope, kind: &Kind, expected: Expected) -> Result<(), AppError> {
    let import = Import::lock(scope, kind.code, expected.import)?;
    if import.status == expected.status && import.rows_done == expected.done {
        return Ok(());
    }
    Err(AppError::internal(
        "another worker has gone on with this import",
    ))
}

/// What came of a row.
#[derive(Clone, Debug)]
pub struct Told {
    /// The row as a spreadsheet numbers it.
    pub line: u32,
    /// What it is recognised by; empty where nobody has to find it.
    pub called: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// Counts a batch, and keeps what is said about its rows. Two statements.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of many rows by arrays"
)]
pub fn record(scope: &mut Scope, id: ImportId, rows: &[Told]) -> Result<(), AppError> {
    let (mut lines, mut outcomes, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    let (mut created, mut merged, mut kept, mut warned, mut refused) = (0, 0, 0, 0, 0);
    for row in rows {
        let (word, said) = match &row.outcome {
            Outcome::Created => {
                created += 1;
                continue;
            }
            Outcome::Merged(said) => {
                merged += 1;
                ("merged", said)
            }
            Outcome::Kept(said) => {
                merged += 1;
                kept += 1;
                ("kept", said)
            }
            Outcome::Warned { is_new, said } => {
                if *is_new {
                    created += 1;
                } else {
                    merged += 1;
                }
                warned += 1;
                ("warned", said)
            }
            Outcome::Refused(said) => {
                refused += 1;
                ("refused", said)
            }
        };
        let reason = Reason {
            said: said.clone(),
            called: row.called.clone(),
        };
        lines.push(i32::try_from(row.line).map_err(AppError::internal)?);
        outcomes.push(word);
        reasons.push(serde_json::to_value(reason).map_err(AppError::internal)?);
    }
    if !lines.is_empty() {
        scope.execute(
            prepared(
                "insert into import_rows (import_id, line, outcome, reason) select $1, * from unnest($2, $3, $4)",
            )
            .bind::<SqlUuid, _>(id)
            .bind::<Array<Integer>, _>(lines)
            .bind::<Array<Text>, _>(outcomes)
            .bind::<Array<Jsonb>, _>(reasons),
        )?;
    }
    let done = i32::try_from(rows.len()).map_err(AppError::internal)?;
    let (row, now) = (own(scope, id), scope.now());
    scope.execute(diesel::update(row).set((
        imports::rows_done.eq(imports::rows_done + done),
        imports::created.eq(imports::created + created),
        imports::merged.eq(imports::merged + merged),
        imports::refused.eq(imports::refused + refused),
        imports::warned.eq(imports::warned + warned),
        imports::kept.eq(imports::kept + kept),
        imports::updated_at.eq(now),
    )))?;
    Ok(())
}

/// All rows were looked at, or written.
///
/// # Errors
/// When the database refuses.
pub fn end(scope: &mut Scope, id: ImportId, status: &'static str) -> Result<(), AppError> {
    let now = scope.now();
    let finished: Option<DateTime<Utc>> = (status == "done").then_some(now);
    let row = own(scope, id);
    scope.execute(diesel::update(row).set((
        imports::status.eq(status),
        imports::finished_at.eq(finished),
        imports::updated_at.eq(now),
    )))?;
    Ok(())
}
