//! The jobs of an import: one looks at every row, one writes them. Both may come again at any row.

use super::actions::{self, Expected, Told};
use super::importer::{Importer, Line, Mode, Outcome, Run, Settings};
use super::model::Import;
use super::read::Source;
use super::rules::Reader;
use crate::error::AppError;
use crate::kernel::ids::{ImportId, UserId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::files::Store;
use crate::platform::jobs::{JobError, JobRun, Registry};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Rows of a batch: one transaction each.
const BATCH: usize = 1_000;

/// What a job needs.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Work {
    /// The import.
    pub import: ImportId,
    /// Who asked; the rows are written in their name.
    pub by: Option<UserId>,
}

/// Adds the jobs of a kind of import.
pub fn on<I: Importer>(registry: &mut Registry, store: &Store) {
    let files = store.clone();
    registry.on(I::KIND.check, move |run| go::<I>(run, &files, Mode::Check));
    let files = store.clone();
    registry.on(I::KIND.apply, move |run| go::<I>(run, &files, Mode::Write));
}

/// A file on its way through a job.
struct Pass<'a, I: Importer> {
    run: &'a JobRun,
    work: Work,
    settings: &'a Settings,
    mode: Mode,
    status: &'static str,
    done: usize,
    total: usize,
    /// Rows that an earlier try has refused: later ones know nothing of them.
    refused: HashSet<u32>,
    memory: I::Memory,
}

fn go<I: Importer>(run: &JobRun, store: &Store, mode: Mode) -> Result<(), JobError> {
    let work: Work = serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
    let import = run.read(|scope| Import::find(scope, I::KIND.code, work.import))?;
    let (status, end) = match mode {
        Mode::Check => ("checking", "checked"),
        Mode::Write => ("running", "done"),
    };
    let page = format!("{}/{}", I::KIND.path, work.import);
    if import.status != status {
        // An earlier try came to the end.
        run.finish_in_company(|_| Ok(serde_json::json!({ "page": page })))?;
        return Ok(());
    }
    let settings = import.settings()?;
    let mut source =
        Source::open(store.whole(run.tenant()?, import.file()?)?).map_err(AppError::refused)?;
    let total = lines::<I>(&mut source, &settings)?.count();
    let done = match mode {
        Mode::Check => {
            let counted = i32::try_from(total).map_err(AppError::internal)?;
            run.write(|scope| actions::begin(scope, work.import, Some(counted)))?;
            0
        }
        Mode::Write => usize::try_from(import.rows_done).map_err(AppError::internal)?,
    };
    let refused = if done > 0 {
        let refused = run.read(|scope| import.refusals(scope))?;
        refused.into_keys().collect()
    } else {
        HashSet::new()
    };
    let mut pass = Pass::<I> {
        run,
        work,
        settings: &settings,
        mode,
        status,
        done,
        total,
        refused,
        memory: I::Memory::default(),
    };
    let mut batch = Vec::with_capacity(BATCH);
    for (place, line) in lines::<I>(&mut source, &settings)?.enumerate() {
        let is_behind = place < done;
        batch.push(line);
        if batch.len() == BATCH || place + 1 == done {
            pass.take(&mut batch, is_behind)?;
        }
    }
    pass.take(&mut batch, false)?;
    run.finish_in_company(|scope| {
        actions::end(scope, work.import, end)?;
        Ok(serde_json::json!({ "page": page }))
    })?;
    Ok(())
}

/// The lines of a file, one after the other.
fn lines<'a, I: Importer>(
    source: &'a mut Source,
    settings: &'a Settings,
) -> Result<impl Iterator<Item = Line> + 'a, AppError> {
    let mut reader = Reader::new(settings, I::fields());
    Ok(source
        .rows(&settings.sheet)
        .map_err(AppError::refused)?
        .filter_map(move |row| reader.line(&row)))
}

impl<I: Importer> Pass<'_, I> {
    /// Does a batch and empties it. Rows that an earlier try has written are only remembered.
    fn take(&mut self, batch: &mut Vec<Line>, is_behind: bool) -> Result<(), AppError> {
        let mut lines = std::mem::replace(batch, Vec::with_capacity(BATCH));
        if lines.is_empty() {
            return Ok(());
        }
        let run = Run {
            import: Some(self.work.import),
            settings: self.settings,
            mode: self.mode,
        };
        if is_behind {
            lines.retain(|line| !self.refused.contains(&line.number));
            I::recall(&run, &lines, &mut self.memory);
            return Ok(());
        }
        let expected = Expected {
            import: self.work.import,
            status: self.status,
            done: i32::try_from(self.done).map_err(AppError::internal)?,
        };
        let memory = &mut self.memory;
        self.run.write_for(self.work.by, |scope| {
            actions::hold(scope, &I::KIND, expected)?;
            let outcomes = attempt::<I>(scope, &run, &lines, memory)?;
            let rows: Vec<Told> = lines
                .iter()
                .zip(outcomes)
                .map(|(line, outcome)| Told {
                    line: line.number,
                    called: match outcome {
                        Outcome::Refused(_) | Outcome::Kept(_) | Outcome::Warned { .. } => {
                            I::called(line)
                        }
                        Outcome::Created | Outcome::Merged(_) => String::new(),
                    },
                    outcome,
                })
                .collect();
            actions::record(scope, self.work.import, &rows)
        })?;
        self.done += lines.len();
        self.run.progress(self.done, Some(self.total), "")
    }
}

/// A batch; where the database refuses one of its rows, the halves of it, down to the row.
fn attempt<I: Importer>(
    scope: &mut Scope,
    run: &Run,
    lines: &[Line],
    memory: &mut I::Memory,
) -> Result<Vec<Outcome>, AppError> {
    let outcome = scope.attempt(|scope| I::batch(scope, run, lines, memory));
    let rule = match &outcome {
        Err(error) => error.constraint().map(str::to_owned),
        Ok(_) => None,
    };
    match (rule, lines) {
        (None, _) => outcome,
        (Some(rule), [_]) => Ok(vec![Outcome::Refused(
            Said::new("The database refuses this row, by its rule {rule}.").with("rule", rule),
        )]),
        (Some(_), lines) => {
            let (first, second) = lines.split_at(lines.len() / 2);
            let mut outcomes = attempt::<I>(scope, run, first, memory)?;
            outcomes.extend(attempt::<I>(scope, run, second, memory)?);
            Ok(outcomes)
        }
    }
}
